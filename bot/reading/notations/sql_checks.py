"""What a CHECK says of a table's fields: members, bounds, lengths, patterns, comparisons."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from sqlglot import exp

from bot.domain.facts import FieldFact, RuleFact, ValueType

_COMPARISONS: dict[type[exp.Expr], str] = {exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=", exp.NEQ: "<>"}
_LENGTHS = frozenset({"cardinality", "octet_length", "array_length", "jsonb_array_length"})
"""Functions that count what a value holds, as `length` counts characters."""
_KINDS = {"object": ValueType.OBJECT, "array": ValueType.ARRAY}
_TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "<>": "<>"}


def read_check(
    condition: exp.Expr, text: str, entity: str, statement: str, types: dict[str, ValueType | None]
) -> list[FieldFact | RuleFact]:
    """Return what a CHECK says; what is no bound, member list or comparison is a rule word for word."""
    made: list[FieldFact | RuleFact] = []
    parts = list(condition.flatten()) if isinstance(condition, exp.And) else [condition]
    for part in parts:
        found = _read_part(part.unnest(), entity, statement, types)
        if found:
            made.extend(found)
            continue
        fields = tuple(dict.fromkeys(column.name for column in part.find_all(exp.Column)))
        said = text if len(parts) == 1 else part.sql(dialect="postgres")
        kind: Any = "compare" if len(fields) > 1 and any(type(one) in _COMPARISONS for one in part.walk()) else "other"
        made.append(RuleFact(statement=statement, entity=entity, kind=kind, fields=fields, expression=said, text=said))
    return made


def _read_part(
    part: exp.Expr, entity: str, statement: str, types: dict[str, ValueType | None]
) -> list[FieldFact | RuleFact]:
    """Return what one condition without AND says, nothing where it is of another kind."""
    if members := _members(part):
        name, values = members
        if all(re.fullmatch(r"-?\d{1,15}", value) for value in values) and _of_numbers(part):
            return [_whole_numbers(name, sorted({int(value) for value in values}), entity, statement)]
        return [FieldFact(statement=statement, entity=entity, name=name, type=ValueType.ENUM, values=values)]
    if isinstance(part, exp.Between):
        name = _column(part.this)
        low, high = _number(part.args["low"]), _number(part.args["high"])
        if name and low is not None and high is not None:
            return [FieldFact(statement=statement, entity=entity, name=name, minimum=low, maximum=high)]
    if isinstance(part, exp.RegexpLike | exp.RegexpILike) and (name := _column(part.this)):
        return [FieldFact(statement=statement, entity=entity, name=name, pattern=part.expression.name)]
    if found := _shape(part):
        return [replace(found, entity=entity, statement=statement)]
    sign = _COMPARISONS.get(type(part))
    return _comparison(part, sign, entity, statement, types) if sign else []


def _shape(part: exp.Expr) -> FieldFact | None:
    """Return what a value is to be: an array of these members only, or JSON of one kind."""
    if isinstance(part, exp.ArrayContainedBy) and isinstance(part.expression, exp.Array):
        given = [_literal(one) for one in part.expression.expressions]
        values = tuple(one for one in given if one is not None)
        if (name := _column(part.this)) and values and len(values) == len(given):
            return FieldFact(statement="", entity="", name=name, values=values)
    if isinstance(part, exp.EQ) and isinstance(part.this, exp.Anonymous):
        kind = _KINDS.get(_literal(part.expression) or "")
        if kind and part.this.name.lower() in {"jsonb_typeof", "json_typeof"} and len(part.this.expressions) == 1:
            name = _column(part.this.expressions[0])
            return FieldFact(statement="", entity="", name=name, type=kind) if name else None
    return None


def _counted(value: exp.Expr) -> str:
    """Return the name of the column whose characters, bytes or items are counted, "" if none are."""
    if isinstance(value, exp.Length):
        return _column(value.this)
    if isinstance(value, exp.Anonymous) and value.name.lower() in _LENGTHS and value.expressions:
        return _column(value.expressions[0])
    return ""


def _of_numbers(part: exp.Expr) -> bool:
    """Whether the members that a condition lists are numbers, not texts."""
    return not any(one.is_string for one in part.find_all(exp.Literal))


def _whole_numbers(name: str, numbers: list[int], entity: str, statement: str) -> FieldFact | RuleFact:
    """Return what a list of whole numbers says: 0 and 1 are no and yes, a row of them bounds, others a rule."""
    if numbers == [0, 1]:
        return FieldFact(statement=statement, entity=entity, name=name, type=ValueType.BOOLEAN)
    if numbers[-1] - numbers[0] == len(numbers) - 1:
        low, high = float(numbers[0]), float(numbers[-1])
        return FieldFact(statement=statement, entity=entity, name=name, minimum=low, maximum=high)
    said = f"{name} in ({', '.join(map(str, numbers))})"
    return RuleFact(statement=statement, entity=entity, kind="bound", fields=(name,), expression=said)


def _comparison(
    part: exp.Expr, sign: str, entity: str, statement: str, types: dict[str, ValueType | None]
) -> list[FieldFact | RuleFact]:
    """Return what ``field < number``, ``length(field) <= number`` or ``field < other`` says."""
    left, right = part.this.unnest(), part.expression.unnest()
    if _number(left) is not None:
        left, right, sign = right, left, _TURNED[sign]
    name, other, number = _column(left), _column(right), _number(right)
    if name and other:
        return [
            RuleFact(
                statement=statement,
                entity=entity,
                kind="compare",
                fields=(name, other),
                expression=f"{name} {sign} {other}",
            )
        ]
    if number is not None and (counted := _counted(left)):
        made = FieldFact(statement=statement, entity=entity, name=counted)
        whole = int(number) + (1 if sign == ">" else -1 if sign == "<" else 0)
        return [replace(made, min_length=whole) if sign[0] == ">" else replace(made, max_length=whole)]
    if not name or number is None or sign == "<>":
        return []
    made = FieldFact(statement=statement, entity=entity, name=name)
    if sign in {">", "<"}:
        if types.get(name) in {ValueType.INTEGER, ValueType.BIGINT}:
            number += 1 if sign == ">" else -1
        else:
            rule = RuleFact(
                statement=statement, entity=entity, kind="bound", fields=(name,), expression=f"{name} {sign} {number:g}"
            )
            return [replace(made, minimum=number) if sign == ">" else replace(made, maximum=number), rule]
    return [replace(made, minimum=number) if sign[0] == ">" else replace(made, maximum=number)]


def _members(part: exp.Expr) -> tuple[str, tuple[str, ...]] | None:
    """Return the field and its members of ``f IN ('a')``, ``f = ANY (ARRAY['a'])`` or ``f = 'a' OR f = 'b'``."""
    if isinstance(part, exp.In):
        name, given = _column(part.this), part.expressions
    elif isinstance(part, exp.EQ) and isinstance(part.expression, exp.Any):
        name, given = _column(part.this), [*part.expression.find_all(exp.Literal)]
    elif isinstance(part, exp.Or):
        sides = [side.unnest() for side in part.flatten()]
        sides = [side for side in sides if not isinstance(side, exp.Is)]
        if len(sides) == 1:
            return _members(sides[0])
        names = {_column(side.this) for side in sides if isinstance(side, exp.EQ)}
        if len(names) != 1 or not all(isinstance(side, exp.EQ) for side in sides):
            return None
        name, given = names.pop(), [side.expression for side in sides]
    else:
        return None
    values = [one for value in given if (one := _literal(value)) is not None]
    return (name, tuple(dict.fromkeys(values))) if name and values and len(values) == len(given) else None


def _literal(value: exp.Expr) -> str | None:
    """Return the text of a literal, casts taken off."""
    while isinstance(value, exp.Cast | exp.Paren):
        value = value.this
    return value.name if isinstance(value, exp.Literal) else None


def _column(value: exp.Expr) -> str:
    """Return the name of a column, casts and case folding taken off; "" if it is something else."""
    while isinstance(value, exp.Cast | exp.Paren | exp.Lower | exp.Upper | exp.Trim):
        value = value.this
    return value.name if isinstance(value, exp.Column | exp.Identifier) else ""


def _number(value: exp.Expr) -> float | None:
    """Return a literal's number."""
    while isinstance(value, exp.Cast | exp.Paren):
        value = value.this
    turned = isinstance(value, exp.Neg)
    said = value.this.name if turned else value.name if isinstance(value, exp.Literal) else ""
    if not re.fullmatch(r"\d{1,30}(?:\.\d{0,30})?", said):
        return None
    return -float(said) if turned else float(said)
