"""The DBML reader gives tables, columns, references and enums, and loses no more than a broken line."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import EntityFact, FieldFact, RelationFact, RuleFact, Stance, Standing, ValueType
from bot.reading.notations.dbml import DbmlReader
from bot.reading.segments import Segment
from tests.reading.support import facts, hostile, read, spans_are_exact

HARBOUR = """\
Table captains as C {
  id integer [pk, increment]
  full_name varchar(80) [not null, unique, note: 'as in the passport']
  rank captain_rank [default: 'mate']
  mood varchar(9) [note: "glad | Grim"]
  // nick varchar
  broken [[[
}
Table fleet.ships {
  id uuid [pk]
  captain_id integer [not null, ref: > C.id]
  berth_id int // later
  indexes {
    (captain_id, berth_id) [unique]
  }
}
Table ports { id int }
Enum captain_rank { mate
 Master [note: 'x'] }
Ref: fleet.ships.berth_id > berths.id [delete: set null]
Ref calls: fleet.ships.id <> ports.id
"""


def test_columns_keep_their_settings() -> None:
    """Keys, null, defaults, lengths, notes and enum members are those of the column's line."""
    reading = read(DbmlReader(), HARBOUR)
    found = {one.name: one for one in reversed(facts(reading, FieldFact)) if one.entity == "captains"}
    assert found["id"].primary_key
    assert (found["full_name"].nullable, found["full_name"].unique, found["full_name"].max_length) == (False, True, 80)
    assert found["full_name"].description == "as in the passport"
    assert (found["rank"].values, found["rank"].default) == (("mate", "Master"), "mate")
    assert found["mood"].values == ("glad", "Grim")
    assert [one.name for one in facts(reading, EntityFact)] == ["captains", "ships", "ports"]
    assert [one.fields for one in facts(reading, RuleFact)] == [("captain_id", "berth_id")]


def test_references_name_tables_by_alias_and_schema() -> None:
    """Inline and separate references give source, target, cardinality and what happens on delete."""
    said = {
        (one.source, one.target, one.cardinality, one.required, one.on_delete)
        for one in facts(read(DbmlReader(), HARBOUR), RelationFact)
    }
    assert said == {
        ("ships", "captains", "many_to_one", True, None),
        ("ships", "berths", "many_to_one", None, "set_null"),
        ("ships", "ports", "many_to_many", None, None),
    }


def test_one_broken_column_loses_itself_only() -> None:
    """A line that pydbml refuses is not understood, a commented one withdrawn, one marked "later" postponed."""
    reading = read(DbmlReader(), HARBOUR)
    standing = {one.text: one.standing for one in reading.statements}
    assert standing["broken [[["] is Standing.NOT_UNDERSTOOD
    assert standing["// nick varchar"] is Standing.WITHDRAWN
    assert [one.stance for one in facts(reading, FieldFact) if one.name == "berth_id"] == [Stance.POSTPONED]


DUMPED = """\
Table "berth" {
  "depth" decimal(6,2) [not null, check: `[depth]>=(2)`]
  "state" varchar(20) [check: `(state)::text = ANY ((ARRAY['free'::text, 'taken'::text])::text[])`, default: 'free']
  "opened" date [check: `opened <= (CURRENT_DATE - '1 day'::interval)`]
  "length" int [check: ``length` < 400`]
  "changed" "datetime on update CURRENT_TIMESTAMP" [default: `CURRENT_TIMESTAMP`]
}
"""


def test_checks_of_dumped_columns_are_read() -> None:
    """A column's check says its bounds or members, whosever quotes it uses; what is neither is a rule."""
    reading = read(DbmlReader(), DUMPED)
    found = {one.name: one for one in facts(reading, FieldFact)}
    assert (found["depth"].minimum, found["depth"].nullable) == (2, False)
    assert (found["state"].type, found["state"].values, found["state"].default) == (
        ValueType.ENUM,
        ("free", "taken"),
        "free",
    )
    assert (found["length"].maximum, found["changed"].type) == (399, ValueType.TIMESTAMP)
    assert [one.fields for one in facts(reading, RuleFact)] == [("opened",)]
    assert not [one for one in reading.statements if one.standing is Standing.NOT_UNDERSTOOD]


def test_prose_is_not_dbml() -> None:
    """A sentence that begins with Table, and other schema languages, are left to other readers."""
    for text in (
        "Table of contents { draft }",
        "table users has a name",
        "type Table { id: ID }",
        "CREATE TABLE a (id int)",
    ):
        assert not DbmlReader().recognises(Segment(source="answer:x", start=0, text=text, kind="paragraph"))


def test_a_hostile_megabyte_is_read_in_time() -> None:
    """Deep brackets, one huge line, unterminated quotes and a million columns are read or refused in time."""
    pieces = (
        "{",
        "}",
        "'",
        "a int\n",
        "Table b {\n",
        "x",
        "Ref: a.b > c.d\n",
        "((((\n",
        "'''\n",
        "a int [ref: > b.c]\n",
    )
    hostile(DbmlReader(), "Table a {\n  id int [pk]\n", *pieces)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="TableRef{}[]:<>'\" \nid.(,)/é", max_size=120))
def test_spans_slice_whatever_follows(text: str) -> None:
    """Whatever people paste, statements are slices of it and facts cite them."""
    spans_are_exact(read(DbmlReader(), whole := "Table a {\n  id int [pk]\n" + text), whole)
