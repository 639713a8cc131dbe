"""Tables that only join two others: a relation of many to many, told by each of their lines."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.facts import AnyFact, RelationFact, RuleFact
from bot.reading.notations.sql_columns import Table

_STAMPS = frozenset({"created_at", "updated_at", "createdat", "updatedat", "created", "updated", "id", "deleted_at"})


def joined_sides(table: Table) -> tuple[RelationFact, RelationFact] | None:
    """Return the two sides that a table joins, None where it is a thing of its own."""
    sides = [(names, relation) for names, relation in table.relations if len(names) == 1]
    if len(sides) != 2 or len(table.relations) != 2:
        return None
    names = {sides[0][0][0], sides[1][0][0]}
    extra = [name for name in table.columns if name not in names and name.lower() not in _STAMPS]
    keyed = any(set(key) == names for key in table.keys)
    if extra and not (keyed and len(extra) <= 3 and "id" not in table.columns):
        return None
    return sides[0][1], sides[1][1]


def as_join(table: Table, sides: tuple[RelationFact, RelationFact]) -> list[AnyFact]:
    """Return what a joining table says: one relation, told by each of its lines."""
    one, other = sides
    names = {names[0] for names, _ in table.relations}
    own = tuple(column for name, column in table.columns.items() if name not in names and name.lower() not in _STAMPS)
    relation = RelationFact(
        statement=table.statement,
        source=one.target,
        target=other.target,
        cardinality="many_to_many",
        name=table.name,
        on_delete=one.on_delete if one.on_delete == other.on_delete else None,
        fields=own,
    )
    told = dict.fromkeys(
        [
            table.statement,
            *(column.statement for column in table.columns.values()),
            *(side.statement for side in sides),
            *(fact.statement for fact in table.facts),
        ]
    )
    rules = [fact for fact in table.facts if isinstance(fact, RuleFact) and fact.kind != "unique"]
    return [*(replace(relation, statement=statement) for statement in told), *rules]
