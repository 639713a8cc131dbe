"""Entities, fields, relations, rules and states, against the database and the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.domain.facts import EntityFact, FieldFact, RelationFact, RuleFact, Stance, StateFact, ValueType
from bot.roles.backend_developer.checks.catalogue import Column, Table
from bot.roles.backend_developer.checks.document import Node
from bot.roles.backend_developer.checks.fit.gaps import API, DATABASE, SECURITY, Gap
from bot.roles.backend_developer.checks.fit.rendered import (
    LITERAL,
    Rendered,
    column_of,
    members,
    plain,
    property_of,
    references,
    same_members,
)
from bot.roles.backend_developer.checks.names import in_small_units, is_secret

_TEXT = frozenset({"text", "varchar", "bpchar", "citext"})
_WHOLE = frozenset({"int2", "int4", "int8"})
_KEPT_AS: Final[dict[ValueType, frozenset[str]]] = {
    ValueType.UUID: frozenset({"uuid"}),
    ValueType.STRING: _TEXT | {"uuid", "inet"},
    ValueType.TEXT: _TEXT,
    ValueType.EMAIL: _TEXT,
    ValueType.URL: _TEXT,
    ValueType.FILE: _TEXT | {"uuid"},
    ValueType.INTEGER: _WHOLE,
    ValueType.BIGINT: _WHOLE,
    ValueType.DECIMAL: frozenset({"numeric"}),
    ValueType.MONEY: frozenset({"numeric"}),
    ValueType.FLOAT: frozenset({"float4", "float8", "numeric"}),
    ValueType.BOOLEAN: frozenset({"bool"}),
    ValueType.DATE: frozenset({"date"}),
    ValueType.TIME: frozenset({"time", "timetz"}),
    ValueType.TIMESTAMP: frozenset({"timestamptz", "timestamp"}),
    ValueType.DURATION: frozenset({"interval"}) | _WHOLE,
    ValueType.JSON: frozenset({"json", "jsonb"}),
    ValueType.OBJECT: frozenset({"json", "jsonb"}),
    ValueType.BINARY: frozenset({"bytea"}),
    ValueType.POINT: frozenset({"point", "json", "jsonb"}),
}
SPOKEN_AS: Final[dict[str, frozenset[str]]] = {
    "bool": frozenset({"boolean"}),
    "int2": frozenset({"integer"}),
    "int4": frozenset({"integer"}),
    "int8": frozenset({"integer", "string"}),
    "date": frozenset({"string"}),
    "timestamptz": frozenset({"string"}),
    "timestamp": frozenset({"string"}),
    "time": frozenset({"string"}),
    "uuid": frozenset({"string"}),
    "text": frozenset({"string"}),
    "varchar": frozenset({"string"}),
    "numeric": frozenset({"string", "number", "integer"}),
    "float8": frozenset({"number"}),
}
"""Types of the document that a column's values may have there."""

_ON_DELETE: Final = {"cascade": "ON DELETE CASCADE", "set_null": "ON DELETE SET NULL"}


def entity(fact: EntityFact, made: Rendered) -> Iterator[Gap]:
    """A thing has a table, and a schema in the document; one that was refused has neither."""
    table = made.table(fact.name) or made.table(fact.plural)
    if fact.stance is Stance.DENIED:
        if table is not None:
            yield DATABASE, f"{fact.name} was refused, and there is a table {table.name}"
        return
    if table is None:
        yield DATABASE, f"{fact.name} has no table"
    if made.schema(fact.name) is None and (table is None or made.schema_of(table) is None):
        yield API, f"{fact.name} has no schema in the document"


def attribute(fact: FieldFact, made: Rendered) -> Iterator[Gap]:
    """A field has a column and a property, both of its type, with its members, bounds and marks."""
    label = f"{fact.entity}.{fact.name}".lstrip(".")
    tables = [found] if (found := made.table(fact.entity)) else [] if fact.entity else _all(made)
    hit = next(((table, column) for table in tables if (column := column_of(table, fact.name))), None)
    if fact.stance is Stance.DENIED:
        if hit is not None:
            yield DATABASE, f"{label} was refused, and is kept"
        return
    if hit is None:
        yield (
            DATABASE,
            f"{label} has no column" if tables else f"{fact.entity} has no table, so {fact.name} is not kept",
        )
        return
    table, column = hit
    yield from ((DATABASE, f"{label} {why}") for why in _column(fact, table, column, made))
    schema = made.schema(fact.entity) or made.schema_of(table)
    if schema is None:
        return
    shown = property_of(made.document, schema, column.name)
    hidden = fact.write_only or fact.sensitive or is_secret(column.name)
    if shown is None and not hidden:
        yield API, f"{label} is in no answer"
    if shown is not None:
        yield from ((API, f"{label} {why}") for why in _property(fact, table, column, shown))
        if fact.sensitive and not shown.get("x-sensitive"):
            yield SECURITY, f"{label} is not marked as personal"


def _all(made: Rendered) -> list[Table]:
    return list(made.catalogue.tables.values())


def _column(fact: FieldFact, table: Table, column: Column, made: Rendered) -> Iterator[str]:
    pointing = any(c.kind == "f" and column.name in c.columns for c in table.constraints)
    kept = _KEPT_AS.get(fact.type) if fact.type else None
    if fact.type is ValueType.MONEY and column.type in _WHOLE and (fact.unit or in_small_units(column.name)):
        kept = None
    if kept and column.type not in kept and column.kind == "b" and not pointing:
        yield f"is kept as {column.type}, not as {fact.type}"
    if fact.type is ValueType.ARRAY and not (column.type.startswith("_") or column.type in ("json", "jsonb")):
        yield f"is kept as {column.type}, not as a list"
    if fact.values and not same_members(fact.values, members(table, column)):
        have = ", ".join(sorted(members(table, column))) or "anything"
        yield f"takes {have} and not {', '.join(fact.values)}"
    if (fact.required or fact.nullable is False) and not column.required:
        yield "may be empty"
    if fact.nullable and column.required:
        yield "may not be empty"
    if fact.unique and not _unique(table, {column.name}, made):
        yield "may occur twice"
    if fact.primary_key and column.name not in table.primary_key:
        yield "is not the key"
    target = made.table(fact.references) if fact.references else None
    if fact.references and (target is None or not any(column.name in c.columns for c in references(table, target))):
        yield f"does not point at {fact.references}"
    if fact.default is not None and not column.defaulted and not column.identity:
        yield f"has no default, where {fact.default} was said"
    elif fact.default is not None and not _same_literal(fact.default, column.default):
        yield f"has the default {column.default}, where {fact.default} was said"


def _unique(table: Table, columns: set[str], made: Rendered) -> bool:
    """Whether no two rows, of a tenant where there are tenants, have all of these alike: by no column more or less."""
    tenant = {made.catalogue.tenant_column(table)}
    return any(c.kind in "pu" and set(c.columns) - tenant == columns - tenant for c in table.constraints if columns)


_QUOTED: Final = re.compile(r"'((?:[^']|'')*)'(?:::.*)?")
_PLAIN: Final = re.compile(r"-?\d+(?:\.\d+)?|true|false", re.IGNORECASE)


def _same_literal(said: str, default: str) -> bool:
    """Whether a column is filled with what was said; what is no literal (``now()``) cannot be compared."""
    quoted, given = _QUOTED.fullmatch(default), said.strip().strip("'\"")
    if not given or (quoted is None and _PLAIN.fullmatch(default) is None):
        return True
    found = quoted[1].replace("''", "'") if quoted else default
    if _PLAIN.fullmatch(found) is None and _PLAIN.fullmatch(given) is None:
        return plain(found) == plain(given) or not plain(given)
    try:
        return float(found) == float(given)
    except ValueError:
        return found.casefold() == given.casefold()


def _property(fact: FieldFact, table: Table, column: Column, shown: Node) -> Iterator[str]:
    kinds = shown.get("type")
    spoken = set(kinds if isinstance(kinds, list) else [kinds]) - {"null", None}
    allowed = SPOKEN_AS.get(column.type)
    if allowed and spoken and not spoken & allowed:
        yield f"is {', '.join(sorted(map(str, spoken)))} in the document and {column.type} in the database"
    listed = shown.get("enum")
    if fact.values and not same_members(fact.values, frozenset(map(str, listed or ())) - {"None"}):
        yield "has other values in the document"
    for said, word in (
        (fact.minimum, "minimum"),
        (fact.maximum, "maximum"),
        (fact.min_length, "minLength"),
        (fact.max_length, "maxLength"),
    ):
        if said is None or _within(said, word, fact.values):
            continue
        if not _bound_held(said, word, table, column, shown):
            yield f"is not held to the {word} {said:g}"


def _within(said: float, word: str, values: tuple[str, ...]) -> bool:
    """Whether a list of values says more than a bound of their length: each of them is as long or short as it says."""
    lengths = [len(value) for value in values]
    if not lengths or not word.endswith("Length"):
        return False
    return max(lengths) <= said if word == "maxLength" else min(lengths) >= said


def _bound_held(said: float, word: str, table: Table, column: Column, shown: Node) -> bool:
    places = (shown.get(word), shown.get(f"x-{word}"))
    if any(isinstance(found, int | float) and float(found) == said for found in places):
        return True
    checks = (c.definition for c in table.constraints if c.kind == "c" and column.name in c.columns)
    return any(f"{said:g}" in definition.replace("'", "") for definition in checks)


def relation(fact: RelationFact, made: Rendered) -> Iterator[Gap]:
    """A relation is a foreign key in its direction, unique for one-to-one, a table between for many-to-many."""
    label = f"{fact.source} → {fact.target}"
    source, target = made.table(fact.source), made.table(fact.target)
    if fact.stance is Stance.DENIED:
        if source and target and any(references(source, target)):
            yield DATABASE, f"{label} was refused, and there is a foreign key"
        return
    if source is None or target is None:
        yield DATABASE, f"{label}: {fact.source if source is None else fact.target} has no table"
        return
    direct = list(references(source, target))
    if fact.cardinality == "many_to_many":
        if not any(any(references(t, source)) and any(references(t, target)) for t in _all(made)):
            yield DATABASE, f"{label} is many to many, and no table stands between"
        return
    if not direct:
        back = any(references(target, source))
        yield DATABASE, f"{label} points the other way" if back else f"{label} is no foreign key"
        return
    if fact.cardinality == "one_to_one" and not any(
        other.kind in "pu" and set(other.columns) <= set(key.columns) for key in direct for other in source.constraints
    ):
        yield DATABASE, f"{label} is one to one, and may occur many times"
    wanted = _ON_DELETE.get(fact.on_delete or "")
    if wanted and not any(wanted in key.definition for key in direct):
        yield DATABASE, f"{label} does not {fact.on_delete} on delete"
    if fact.on_delete == "restrict" and any("CASCADE" in key.definition for key in direct):
        yield DATABASE, f"{label} cascades, where it was to restrict"
    if fact.required and not any(source.columns[key.columns[-1]].required for key in direct):
        yield DATABASE, f"{label} may be empty"


def rule(fact: RuleFact, made: Rendered) -> Iterator[Gap]:
    """A rule over rows is held by the database; what only words say is not held."""
    table = made.meant(fact.entity)
    if fact.stance is Stance.DENIED:
        return
    if table is None:
        yield DATABASE, f"{fact.entity or 'a thing that was not named'} has no table to hold a rule"
        return
    if not _held(fact, table, made):
        yield DATABASE, f"nothing holds “{fact.text or fact.expression or fact.kind}” of {fact.entity}"


def _held(fact: RuleFact, table: Table, made: Rendered) -> bool:
    columns = {column.name for name in fact.fields if (column := column_of(table, name))}
    named = len(columns) == len({plain(name) for name in fact.fields})
    triggers = " ".join(s for s in made.catalogue.facts["triggers"] if s.startswith(f"{table.name} "))
    kinds = {constraint.kind for constraint in table.constraints}
    if fact.kind == "unique":
        return named and _unique(table, columns, made)
    if fact.kind in ("compare", "bound"):
        words = {plain(word) for word in re.split(r"[^\w]+", fact.expression)}
        about = columns or {name for name in table.columns if plain(name) in words}
        holding = [c.definition for c in table.constraints if c.kind in "cx" and about <= set(c.columns)]
        return bool(about) and any(_same_way(fact.expression, definition) for definition in holding)
    if fact.kind in ("retention", "count"):
        rules = (made.schema(fact.entity) or made.schema_of(table) or {}).get("x-rules") or ()
        return any(one.get("kind") == fact.kind and one.get("value") == fact.value for one in rules)
    return {
        "no_overlap": "x" in kinds,
        "immutable": "RAISE" in triggers,
        "soft_delete": any(column_of(table, name) for name in ("deleted_at", "deleted", "archived_at")),
        "audit": "audit" in triggers or "history" in triggers,
    }.get(fact.kind, False)


_COMPARED: Final = re.compile(r"\"?(\w+)\"?\)?(?:::\w+)?\s*(<=|>=|<|>)\s*\(?\"?(\w+)")
_TURNED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _same_way(said: str, definition: str) -> bool:
    """Whether a constraint compares two columns as was said, equal ones among it; nothing else is looked into."""
    wanted = _COMPARED.search(said)
    if wanted is None:
        return True
    left, sign, right = (plain(wanted[1]), wanted[2], plain(wanted[3]))
    found = [(plain(a), op, plain(b)) for a, op, b in _COMPARED.findall(definition)]
    about = [one for one in found if {one[0], one[2]} == {left, right}]
    ways = {(left, sign), (right, _TURNED[sign])}
    return not about or any((a, op) in ways for a, op, _ in about)


def state(fact: StateFact, made: Rendered) -> Iterator[Gap]:
    """A state is a value that the database knows, and a change of state is guarded by it."""
    tables = [found] if (found := made.meant(fact.entity)) else [] if fact.entity else _all(made)
    label = f"{fact.entity} {fact.target}".strip()
    lives = [
        table
        for table in tables
        if any(plain(fact.target) in {plain(m) for m in members(table, c)} for c in table.columns.values())
    ]
    if fact.stance is Stance.DENIED:
        return
    if not lives:
        yield DATABASE, f"no row can be {label}"
        return
    guards = " ".join(s for t in lives for s in made.catalogue.facts["triggers"] if s.startswith(f"{t.name} "))
    unguarded = [name for name in (*fact.sources, fact.target) if plain(name) not in plain(guards)]
    if fact.sources and unguarded:
        yield DATABASE, f"the change {' or '.join(fact.sources)} → {label} is not guarded"
        return
    allowed = moves(guards)
    refused = [name for name in fact.sources if allowed and (plain(name), plain(fact.target)) not in allowed]
    if refused:
        yield DATABASE, f"the change {' or '.join(refused)} → {label} is refused"


_MOVE: Final = re.compile(r"OLD\.(\S+) IN \((.*?)\) AND NEW\.\1 = '((?:[^']|'')*)'")


def moves(guards: str) -> frozenset[tuple[str, str]]:
    """Return the changes of state that triggers let through, as keys; none if they are written in another way."""
    return frozenset(
        (plain(source), plain(target))
        for _, sources, target in _MOVE.findall(guards)
        for source in LITERAL.findall(sources)
    )
