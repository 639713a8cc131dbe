"""Faults in the rendered migrations."""

from __future__ import annotations

import re

from tests.judge.bases import Base
from tests.judge.faults.asked import _need
from tests.judge.faults.model import Fault, many
from tests.judge.spoil import DoesNotApplyError


def _swap(pattern: str, new: str, *, count: int = 0) -> object:
    def plant(text: str, base: Base) -> str:
        changed, hits = re.subn(pattern, new, text, count=count, flags=re.MULTILINE | re.DOTALL)
        if not hits:
            raise DoesNotApplyError(pattern)
        return changed

    return plant


def _more(statement: str) -> object:
    return lambda text, base: f"{text}\n{statement}\n"


def _column(which: str, kind: str) -> object:
    """Give a column another type, its own checks gone."""

    def plant(text: str, base: Base) -> str:
        table, column = _table(base, getattr(base, which)[0]), getattr(base, which)[1]
        head, body, tail = _cut(text, table)
        lines = [line for line in body.split("\n") if f"ck_{table}_{column} " not in line]
        lines = [
            re.sub(rf"^(    {column}) .*?( NOT NULL)?(,?)$", rf"\1 {kind}\2\3", line) for line in lines
        ]  # fmt: skip
        return head + _tidy("\n".join(lines)) + tail

    return plant


def _column_gone(text: str, base: Base) -> str:
    table, column = _table(base, base.text[0]), base.text[1]
    head, body, tail = _cut(text, table)
    lines = [
        line
        for line in body.split("\n")
        if f"ck_{table}_{column} " not in line and not line.startswith(f"    {column} ")
    ]
    return head + _tidy("\n".join(lines)) + tail


def _table(base: Base, name: str) -> str:
    return next(e["plural"] for e in base.design()["entities"] if e["name"] == name)  # type: ignore[no-any-return]


def _cut(text: str, table: str) -> tuple[str, str, str]:
    start = text.index(f"CREATE TABLE {table} (")
    end = text.index("\n);", start)
    return text[:start], text[start:end], text[end:]


def _tidy(body: str) -> str:
    return body.rstrip().removesuffix(",")


def _nullable(text: str, base: Base) -> str:
    table, column = _table(base, base.text[0]), base.text[1]
    head, body, tail = _cut(text, table)
    return head + body.replace(f"    {column} TEXT NOT NULL", f"    {column} TEXT") + tail


def _no_check(text: str, base: Base) -> str:
    table, column = _table(base, base.state[0]), base.state[1]
    head, body, tail = _cut(text, table)
    return head + _tidy("\n".join(line for line in body.split("\n") if f"ck_{table}_{column} " not in line)) + tail


def _no_rule(text: str, base: Base) -> str:
    _need(base.compare)
    kept = "\n".join(line for line in text.split("\n") if not re.search(r"ck_\w+_rule_", line))
    return re.sub(r",\n\);", "\n);", kept)


def _no_trigger(text: str, base: Base) -> str:
    return re.sub(r"^CREATE TRIGGER \w+_states .*?;$", "", text, flags=re.MULTILINE | re.DOTALL)


def _no_unique(text: str, base: Base) -> str:
    table, column = _table(base, base.unique[0]), base.unique[1]
    return re.sub(rf",\n    CONSTRAINT uq_{table}_(?:\w+_)?{column} UNIQUE \([^)]*\)", "", text)


def _no_foreign_key(text: str, base: Base) -> str:
    table = _table(base, base.relation[0])
    return re.sub(rf"\n    CONSTRAINT fk_{table}_{base.relation[1]}_id [^\n]*,", "", text, count=1)


def _foreign_cascades(text: str, base: Base) -> str:
    table = _table(base, base.relation[0])
    return re.sub(
        rf"(CONSTRAINT fk_{table}_{base.relation[1]}_id [^\n]*)ON DELETE RESTRICT", r"\1ON DELETE CASCADE", text
    )


def _no_index(text: str, base: Base) -> str:
    return re.sub(r"^CREATE INDEX ix_\w+_created_at_id ON [^\n]*;\n", "", text, flags=re.MULTILINE)


def _no_key_index(text: str, base: Base) -> str:
    table, name = _table(base, base.relation[0]), f"{base.relation[1]}_id"
    return re.sub(rf"^CREATE INDEX \w+ ON {table} \([^)]*{name}[^)]*\);\n", "", text, flags=re.MULTILINE)


def _tenant_key_loose(text: str, base: Base) -> str:
    """A row of one tenant may point at one of another: the key without its tenant."""
    _need(base.scoped)
    table = _table(base, base.scoped)
    loose = re.sub(
        rf"FOREIGN KEY\(\w+, (\w+)\) REFERENCES {table} \(\w+, id\)", rf"FOREIGN KEY(\1) REFERENCES {table} (id)", text
    )
    if loose == text:
        raise DoesNotApplyError(table)
    return loose


def _policy(pattern: str, new: str) -> object:
    def plant(text: str, base: Base) -> str:
        _need(base.scoped)
        changed, hits = re.subn(pattern, new, text, flags=re.DOTALL)
        if not hits:
            raise DoesNotApplyError(pattern)
        return changed

    return plant


_COMPARED = r"\(\w+ = NULLIF\(current_setting\('app\.tenant_id', true\), ''\)::uuid\)"

SCHEMA: tuple[Fault, ...] = many(
    "migration",
    (
        "a migration is no SQL",
        _swap("CREATE TABLE", "CREATE TABEL", count=1),
        "database.migrations_apply database.parses",
    ),
    ("a migration fails when it runs", _more("SELECT 1 / 0;"), "database.migrations_apply"),
    ("a migration stops half way", lambda t, b: t[: len(t) // 2], "database.migrations_apply database.parses"),
    ("no index for lists", _no_index, "performance.lists_use_indexes database.foreign_keys_indexed"),
    ("a foreign key has no index", _no_key_index, "database.foreign_keys_indexed"),
    ("a foreign key is missing", _no_foreign_key, "database.relations_enforced"),
    ("a foreign key cascades instead of restricting", _foreign_cascades, "database.relations_enforced"),
    (
        "an index is there twice",
        _swap(r"^(CREATE INDEX )(ix_\w+)( ON [^\n]*;)$", r"\1\2\3\n\1again\3", count=1),
        "database.indexes_distinct",
    ),
    ("a column is missing", _column_gone, "database.as_designed"),
    ("an amount is float8", _column("money", "DOUBLE PRECISION"), "database.money_exact database.as_designed"),
    ("an amount is PostgreSQL's money", _column("money", "MONEY"), "database.money_exact database.as_designed"),
    ("a time has no zone", _column("time", "TIMESTAMP"), "database.times_have_zones"),
    (
        "a time is text in the database",
        _column("time", "TEXT"),
        "database.as_designed database.times_typed database.migrations_apply",
    ),
    ("a number is text in the database", _column("whole", "TEXT"), "database.as_designed"),
    ("a truth value is a number in the database", _column("truth", "BIGINT"), "database.as_designed"),
    ("a text is unbounded JSON in the database", _column("text", "JSONB"), "database.as_designed"),
    ("a required column may be empty", _nullable, "database.as_designed"),
    ("a choice has no CHECK", _no_check, "database.as_designed"),
    ("a rule has no CHECK", _no_rule, "database.as_designed database.said_kept"),
    ("changes of state have no trigger", _no_trigger, "database.as_designed database.said_kept"),
    ("no UNIQUE", _no_unique, "database.as_designed database.said_kept"),
    (
        "keys are of four bytes",
        _swap(
            r"id UUID DEFAULT gen_random_uuid\(\) NOT NULL,\n    (name|company|title)",
            r"id INTEGER GENERATED ALWAYS AS IDENTITY NOT NULL,\n    \1",
            count=1,
        ),
        "database.keys_wide database.foreign_key_types database.migrations_apply",
    ),
    (
        "a table has no key",
        _swap(r",\n    CONSTRAINT pk_(?:reminders|scans|payments) PRIMARY KEY \([^)]*\)", ""),
        "database.primary_keys",
    ),
    (
        "everything is granted to everybody",
        _more("GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC;"),
        "security.grants_narrow",
    ),
    (
        "reading is granted to everybody",
        _more("GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC;"),
        "security.grants_narrow",
    ),
    (
        "a function runs as its owner",
        _more("CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1::bigint $$;"),
        "security.grants_narrow",
    ),
    ("no policy at all", _policy(r"CREATE POLICY .*?;\n", ""), "security.tenants_scoped"),
    (
        "policies let everything through",
        _policy(_COMPARED, "(true)"),
        "security.tenants_isolated security.tenants_scoped",
    ),
    (
        "policies let everything be written",
        _policy(rf"WITH CHECK {_COMPARED}", "WITH CHECK (true)"),
        "security.tenants_isolated",
    ),
    (
        "policies are made and not switched on",
        _policy(r"ALTER TABLE \w+ ENABLE ROW LEVEL SECURITY;\n", ""),
        "security.tenants_scoped",
    ),
    (
        "a policy lets all pass who name no tenant",
        _policy(
            r"USING \((\w+) = (NULLIF\(current_setting\('app\.tenant_id', true\), ''\)::uuid)\)",
            r"USING (\1 = \2 OR \2 IS NULL)",
        ),
        "security.tenants_isolated",
    ),
    ("a row may point at another tenant's", _tenant_key_loose, "security.tenants_joined_within"),
    ("a column of the tenant may be empty", _policy(r"(clinic_id UUID) NOT NULL", r"\1"), "security.tenants_scoped"),
    (
        "a default gives everything to somebody",
        _more("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO PUBLIC;"),
        "security.grants_narrow",
    ),
    (
        "a table that the design has not",
        _more("CREATE TABLE stray (id bigint PRIMARY KEY, note text);"),
        "database.as_designed",
    ),
    (
        "a plain password's column",
        _more("ALTER TABLE idempotency_keys ADD COLUMN password text;"),
        "database.passwords_hashed database.as_designed",
    ),
    (
        "rows are put in that nobody said",
        _more("CREATE TABLE seeds (id bigint PRIMARY KEY, password text); INSERT INTO seeds VALUES (1, 'x');"),
        "database.passwords_hashed database.as_designed",
    ),
    (
        "a constraint is not valid",
        _more("ALTER TABLE idempotency_keys ADD CONSTRAINT late CHECK (status > 0) NOT VALID;"),
        "database.constraints_valid database.as_designed",
    ),
)  # type: ignore[arg-type]
"""Faults of migrations."""
