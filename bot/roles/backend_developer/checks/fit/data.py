"""Entities, fields, relations, rules and states, against the database and the document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.domain.facts import EntityFact, RelationFact, RuleFact, Stance, StateFact
from bot.reading.names import same_verb, words
from bot.roles.backend_developer.checks.catalogue import Table
from bot.roles.backend_developer.checks.fit.fields import all_tables, unique_by
from bot.roles.backend_developer.checks.fit.gaps import API, DATABASE, Gap
from bot.roles.backend_developer.checks.fit.relations import held_by
from bot.roles.backend_developer.checks.fit.rendered import (
    LITERAL,
    Rendered,
    column_of,
    members,
    plain,
    references,
)

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
        if not any(any(references(t, source)) and any(references(t, target)) for t in all_tables(made)):
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
        return named and unique_by(table, columns, made, among_some=bool(fact.condition))
    if fact.kind in ("compare", "bound"):
        words = {plain(word) for word in re.split(r"[^\w]+", fact.expression)}
        about = columns or {name for name in table.columns if plain(name) in words}
        holding = [c.definition for c in table.constraints if c.kind in "cx" and about <= set(c.columns)]
        if not about:
            return False
        worked_out = held_by(fact.expression, (one for one in holding if one.startswith("CHECK")))
        ranges = [one for one in holding if not one.startswith("CHECK")]
        looked_at = holding if worked_out is None else ranges
        return bool(worked_out) or any(_same_way(fact.expression, definition) for definition in looked_at)
    if fact.kind in ("retention", "count"):
        rules = (made.schema(fact.entity) or made.schema_of(table) or {}).get("x-rules") or ()
        same = [one for one in rules if one.get("kind") == fact.kind and one.get("value") == fact.value]
        event = fact.condition if fact.kind == "retention" else ""
        return any(not event or _counts_from(event, one.get("fields") or ()) for one in same)
    return {
        "no_overlap": "x" in kinds,
        "immutable": _stays(fact, table, made),
        "soft_delete": any(column_of(table, name) for name in ("deleted_at", "deleted", "archived_at")),
        "audit": "audit" in triggers or "history" in triggers,
    }.get(fact.kind, False)


def _counts_from(event: str, fields: Sequence[str]) -> bool:
    """Whether rows are kept from what people named, and not from when they were made, which may be long before."""
    heard = words(event.lower())[-1:]
    return any(
        part == one or same_verb(part, one) or same_verb(one, part)
        for name in fields for part in words(name) for one in heard
    )  # fmt: skip


def _stays(fact: RuleFact, table: Table, made: Rendered) -> bool:
    """Whether a trigger keeps rows from changing; from a state on it is one that holds more than the state."""
    refusing = [s for s in made.catalogue.facts["triggers"] if s.startswith(f"{table.name} ") and "RAISE" in s]
    if not fact.condition or fact.fields:
        return bool(refusing)
    heard = [word.lower() for word in words(fact.condition)]
    states = {
        value: name for name, column in table.columns.items() for value in members(table, column)
        if any(same_verb(value.lower(), word) or value.lower() == word for word in heard)
    }  # fmt: skip
    return any(
        f"'{value}'" in one and any(f"NEW.{other}" in one.replace('"', "") for other in table.columns if other != name)
        for value, name in states.items()
        for one in refusing
    )


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
    tables = [found] if (found := made.meant(fact.entity)) else [] if fact.entity else all_tables(made)
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
