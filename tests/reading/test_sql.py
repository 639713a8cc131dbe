"""The SQL reader gives tables, columns, keys and rules of three dialects, also where a statement is broken."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import (
    AccessFact,
    EntityFact,
    FieldFact,
    Reading,
    RelationFact,
    RuleFact,
    Stance,
    Standing,
    TenancyFact,
    ValueType,
)
from bot.reading.notations.sql import SqlReader
from bot.reading.segments import Segment
from tests.reading.support import facts, hostile, read, spans_are_exact

MARINA = """\
CREATE TYPE berth_state AS ENUM ('Free', 'taken');
CREATE TABLE marina.berths (
    id bigserial PRIMARY KEY,
    code varchar(8) NOT NULL UNIQUE,
    state berth_state NOT NULL DEFAULT 'Free',
    depth_cm int CHECK (depth_cm > 0 AND depth_cm <= 900),
    price numeric(8,2) CHECK (price BETWEEN 1 AND 99.5),
    side text CHECK (side IN ('port', 'starboard')),
    kind text, -- pontoon | buoy | quay
    -- old_code varchar(3),
    length_m real GENERATED ALWAYS AS (depth_cm / 100.0) STORED,
    tags text[]
);
CREATE TABLE stays (
    id uuid PRIMARY KEY,
    berth_id bigint NOT NULL REFERENCES marina.berths (id) ON DELETE CASCADE,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    flurb glorp zing zong,
    CHECK (starts_on < ends_on),
    UNIQUE (berth_id, starts_on),
    EXCLUDE USING gist (berth_id WITH =, daterange(starts_on, ends_on) WITH &&)
);
CREATE TABLE crew (id int PRIMARY KEY, name text);
CREATE TABLE stay_crew (
    stay_id uuid REFERENCES stays ON DELETE CASCADE,
    crew_id int REFERENCES crew ON DELETE CASCADE,
    watch text,
    PRIMARY KEY (stay_id, crew_id)
);
-- CREATE TABLE dead (id int);
ALTER TABLE crew ADD COLUMN skipper boolean NOT NULL DEFAULT false;
ALTER TABLE ONLY stays ADD CONSTRAINT boss FOREIGN KEY (crew_id) REFERENCES crew (id) ON DELETE SET NULL;
CREATE UNIQUE INDEX one_open ON stays (berth_id) WHERE left_at IS NULL;
COMMENT ON COLUMN crew.name IS 'as in the passport';
CREATE POLICY apart ON stays USING (tenant_id = current_setting('app.tenant_id')::uuid);
CREATE POLICY own ON crew FOR SELECT TO sailor USING (user_id = auth.uid());
CREATE TRIGGER broken this is not anything;
"""


def test_columns_carry_types_bounds_and_members() -> None:
    """Types, lengths, enum members, bounds, defaults and comments of columns are those of the DDL."""
    fields = {(one.entity, one.name): one for one in facts(read(SqlReader(), MARINA), FieldFact) if one.type}
    assert fields["berth", "id"].primary_key
    assert (fields["berth", "code"].max_length, fields["berth", "code"].unique, fields["berth", "code"].required) == (
        8,
        True,
        True,
    )
    assert (fields["berth", "state"].values, fields["berth", "state"].default) == (("Free", "taken"), "Free")
    assert (fields["berth", "depth_cm"].minimum, fields["berth", "depth_cm"].maximum) == (1, 900)
    assert (fields["berth", "price"].type, fields["berth", "price"].maximum) == (ValueType.DECIMAL, 99.5)
    assert fields["berth", "side"].values == ("port", "starboard")
    assert fields["berth", "kind"].values == ("pontoon", "buoy", "quay")
    assert fields["berth", "length_m"].read_only
    assert (fields["berth", "tags"].type, fields["berth", "tags"].items) == (ValueType.ARRAY, ValueType.TEXT)
    assert fields["crew", "skipper"].type is ValueType.BOOLEAN


def test_keys_relations_and_rules_are_read() -> None:
    """Foreign keys, joining tables, unique indexes, comparisons and exclusions are facts."""
    reading = read(SqlReader(), MARINA)
    assert {one.name for one in facts(reading, EntityFact)} == {"berth", "stay", "crew"}
    relations = {(one.source, one.target, one.cardinality, one.on_delete) for one in facts(reading, RelationFact)}
    assert relations == {
        ("stay", "berth", "many_to_one", "cascade"),
        ("stay", "crew", "many_to_one", "set_null"),
        ("stay", "crew", "many_to_many", "cascade"),
    }
    joined = next(one for one in facts(reading, RelationFact) if one.cardinality == "many_to_many")
    assert [one.name for one in joined.fields] == ["watch"]
    rules = {(one.kind, one.fields, one.condition) for one in facts(reading, RuleFact)}
    assert {
        ("compare", ("starts_on", "ends_on"), ""),
        ("unique", ("berth_id", "starts_on"), ""),
        ("unique", ("berth_id",), "left_at IS NULL"),
    } <= rules
    assert "no_overlap" in {kind for kind, _, _ in rules}


def test_policies_give_tenancy_and_access() -> None:
    """A policy that compares with the tenant or with the caller says so."""
    reading = read(SqlReader(), MARINA)
    assert [(one.tenant, one.entities) for one in facts(reading, TenancyFact)] == [("tenant", ("stay",))]
    assert [(one.role, one.verbs, one.own) for one in facts(reading, AccessFact)] == [("sailor", ("read",), True)]


def test_a_policy_may_compare_the_other_way_round() -> None:
    """The caller may stand on either side of the equals sign."""
    text = "CREATE POLICY p ON logs FOR UPDATE USING ( auth.uid() = author_id );\nCREATE TABLE logs (id int);"
    made = facts(read(SqlReader(), text), AccessFact)
    assert [(one.entity, one.verbs, one.own) for one in made] == [("log", ("update",), True)]


def test_what_is_refused_loses_only_itself() -> None:
    """A column or statement that no dialect takes is not understood; commented SQL is withdrawn."""
    reading = read(SqlReader(), MARINA)
    lost = [one.text for one in reading.statements if one.standing is Standing.NOT_UNDERSTOOD]
    assert lost == ["flurb glorp zing zong", "CREATE TRIGGER broken this is not anything"]
    withdrawn = [one.text for one in reading.statements if one.standing is Standing.WITHDRAWN]
    assert withdrawn == ["-- old_code varchar(3),", "-- CREATE TABLE dead (id int);"]


def test_mysql_is_read() -> None:
    """MySQL's backticks, ENUM, UNSIGNED, COMMENT and KEY clauses are read."""
    text = (
        "CREATE TABLE `shop_orders` (\n  `id` int(11) unsigned NOT NULL AUTO_INCREMENT,\n"
        "  `state` enum('new','paid') NOT NULL DEFAULT 'new' COMMENT 'life',\n  `active` tinyint(1) DEFAULT NULL,\n"
        "  `buyer_id` bigint NOT NULL,\n  PRIMARY KEY (`id`),\n  KEY `k` (`state`),\n"
        "  UNIQUE KEY `u` (`buyer_id`,`state`),\n"
        "  CONSTRAINT `c` FOREIGN KEY (`buyer_id`) REFERENCES `buyers` (`id`) ON DELETE CASCADE\n"
        ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='x';\n"
        "INSERT INTO `shop_orders` VALUES (1,'new',1,2);\nDROP TABLE IF EXISTS `x`;\n"
    )
    reading = read(SqlReader(), text)
    fields = {one.name: one for one in facts(reading, FieldFact) if one.type}
    assert (fields["state"].values, fields["state"].default, fields["state"].description) == (
        ("new", "paid"),
        "new",
        "life",
    )
    assert (fields["active"].type, fields["active"].nullable, fields["id"].minimum) == (ValueType.BOOLEAN, True, 0)
    assert [(one.source, one.target, one.on_delete) for one in facts(reading, RelationFact)] == [
        ("shop_order", "buyer", "cascade")
    ]
    assert not [one for one in reading.statements if one.standing is Standing.NOT_UNDERSTOOD]


def test_sqlite_and_missing_semicolons_are_read() -> None:
    """SQLite's columns without a type, AUTOINCREMENT, and statements without semicolons are read."""
    text = "create table dive (id integer primary key autoincrement, depth)\ncreate table site (id integer, name text"
    reading = read(SqlReader(), text)
    assert [one.name for one in facts(reading, EntityFact)] == ["dive", "site"]
    assert [one.name for one in facts(reading, FieldFact)] == ["id", "depth", "id", "name"]


def test_dropped_columns_are_denied() -> None:
    """ALTER TABLE DROP COLUMN takes the column back."""
    reading = read(SqlReader(), "CREATE TABLE cat (id int, tail int);\nALTER TABLE cat DROP COLUMN tail;")
    denied = [one.name for one in facts(reading, FieldFact) if one.stance is Stance.DENIED]
    assert denied == ["tail"]


def test_rows_of_a_code_table_give_its_members() -> None:
    """INSERT into a small table of codes tells the codes."""
    text = "CREATE TABLE kinds (id int, code text);\nINSERT INTO kinds (id, code) VALUES (1, 'a'), (2, 'b');"
    assert ("a", "b") in {one.values for one in facts(read(SqlReader(), text), FieldFact)}


def test_columns_may_be_called_key_and_index() -> None:
    """`key text` is a column, `KEY text (text)` an index of MySQL's."""
    text = "CREATE TABLE prefs (key text NOT NULL, index int, `text` varchar(9), KEY text (`text`), KEY (`index`));"
    assert [one.name for one in facts(read(SqlReader(), text), FieldFact)] == ["key", "index", "text"]


def test_numbers_in_a_check_are_numbers() -> None:
    """0 and 1 are no and yes, a row of whole numbers is two bounds, others a rule, and none of them an enum."""
    text = (
        "CREATE TABLE a (pinned INTEGER CHECK (pinned IN (0, 1)) DEFAULT 0, stars int CHECK (stars IN (3,1,2)),"
        " step int, size text CHECK (size IN ('1', '2')), CHECK (step IN (1, 5, 10)));"
    )
    reading = read(SqlReader(), text)
    found = {one.name: one for one in facts(reading, FieldFact)}
    assert (found["pinned"].type, found["pinned"].values) == (ValueType.BOOLEAN, ())
    assert (found["stars"].type, found["stars"].minimum, found["stars"].maximum) == (ValueType.INTEGER, 1, 3)
    assert (found["step"].type, found["size"].type) == (ValueType.INTEGER, ValueType.ENUM)
    assert [one.expression for one in facts(reading, RuleFact)] == ["step in (1, 5, 10)"]


def test_rows_alone_say_nothing() -> None:
    """A script that only fills tables is SQL, of which nothing is asked and nothing is not understood."""
    text = "BEGIN;\nINSERT OR IGNORE INTO crew (id, name) VALUES (1, 'Bo; the (best)');\nINSERT INTO crew VALUES (2);\n"
    reading = read(SqlReader(), text, kind="document", info=".sql")
    assert {one.standing for one in reading.statements} == {Standing.NOTHING_SAID}


def test_computed_and_wrapped_columns_are_kept() -> None:
    """SQL Server's computed columns are filled by the database; ClickHouse's wrappers say nothing of the type."""
    text = (
        "CREATE TABLE t (name varchar(40), low AS LOWER(name) PERSISTED, city LowCardinality(String),"
        " paid Nullable(Decimal(10, 2)));"
    )
    found = {one.name: one for one in facts(read(SqlReader(), text), FieldFact)}
    assert (found["low"].read_only, found["city"].type, found["paid"].type) == (
        True,
        ValueType.STRING,
        ValueType.DECIMAL,
    )


def test_comments_of_a_script_ask_for_nothing_but_what_they_tell() -> None:
    """Licences and what the next statement does say nothing; a remark about the data nobody has read."""
    text = (
        "-- Copyright the crew\n-- Use it as you like.\n\nCREATE TABLE cat (id int);\n"
        '-- Create an index on the id for faster lookups\nCREATE INDEX "by id" ON cat (id);\n'
        "-- cats older than twenty years are kept for ever\n"
    )
    reading = read(SqlReader(), text, kind="document", info=".sql")
    lost = [one.text for one in reading.statements if one.standing is Standing.NOT_UNDERSTOOD]
    assert lost == ["-- cats older than twenty years are kept for ever"]


def test_a_hostile_megabyte_is_read_or_refused_in_time() -> None:
    """No megabyte takes longer than two seconds of the processor."""
    pieces = ("(", "a int, ", "'", "--\n", "/*", "$x$", "create table t (a int);\n", "check (a in (", "\n\n", "a and ")
    hostile(SqlReader(), "create table t (", *pieces)
    hostile(SqlReader(), "create table t (a int check (", "a or b > 1 or ", "not ", "(")
    hostile(SqlReader(), "create trigger a begin ", "x;", "end;\n", "create trigger a begin ;")
    hostile(SqlReader(), "", "insert into a (b) values (1);\n", "insert into a (", "-- copyright\n")
    hostile(SqlReader(), "create table t (a ", "nullable(", "key a (", "as (")
    hostile(SqlReader(), "alter table a ", "add b int, ", "alter table a add b int;\n", "drop column x, ")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.integers(0, len(MARINA)))
def test_spans_are_exact_whatever_is_pasted(noise: str, place: int) -> None:
    """Every statement's text is what stands at its span, with any text put anywhere."""
    text = MARINA[:place] + noise + MARINA[place:]
    reading = SqlReader().read(Segment(source="answer:x", start=0, text=text, kind="fence"))
    spans_are_exact(reading or Reading(), text)


def test_what_a_comment_quotes_tells_nothing_of_the_dialect() -> None:
    """A backtick in a quoted text makes no MySQL of it, where names in double quotes would be texts."""
    text = """CREATE TABLE visits (id uuid PRIMARY KEY, "order" text, CHECK ("order" IN ('early', 'late')));
    COMMENT ON TABLE visits IS 'see `visits` of the old system';"""
    reading = SqlReader().read(Segment(source="answer:x", start=0, text=text, kind="fence"))
    assert reading is not None
    assert [f.values for f in reading.facts if isinstance(f, FieldFact) and f.name == "order" and f.values] == [
        ("early", "late")
    ]


def test_a_quoted_backtick_makes_no_mysql() -> None:
    """A backslash closes no string of PostgreSQL's, whatever another comment quotes; MySQL's own is read as before."""
    plain = (
        "CREATE TABLE berths (id uuid PRIMARY KEY, made timestamptz DEFAULT now());\n"
        "COMMENT ON TABLE berths IS '\\';\nCOMMENT ON COLUMN berths.made IS 'a `name` of old';\n"
        "CREATE TABLE stays (id uuid PRIMARY KEY);"
    )
    found = read(SqlReader(), plain)
    assert {one.name for one in facts(found, EntityFact)} == {"berth", "stay"}
    assert next(one for one in facts(found, FieldFact) if one.description).description == "a `name` of old"
    mysql = "CREATE TABLE `berths` (`side` varchar(9) COMMENT 'it\\'s port, see', `code` varchar(8) NOT NULL);"
    assert {one.name for one in facts(read(SqlReader(), mysql), FieldFact)} == {"side", "code"}
