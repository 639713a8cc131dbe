"""Conditions over a row's columns, as people write them, into SQL that PostgreSQL is sure to take.

Only what is understood in full is rendered: names of columns, literals, comparisons, arithmetic, NOT/AND/OR, IN,
BETWEEN, IS NULL, lower, upper and length. Anything else is for people to read, and None is returned for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from bot.roles.backend_developer.blueprint import FieldType
from bot.roles.backend_developer.renderers.names import folded, literal, quoted
from bot.roles.backend_developer.renderers.shapes import Column

logging.getLogger("sqlglot").setLevel(logging.ERROR)  # it warns of every statement that it keeps word for word

_LONGEST = 400
_FAMILIES: dict[FieldType, str] = {
    **dict.fromkeys((FieldType.INTEGER, FieldType.BIGINT, FieldType.DECIMAL, FieldType.MONEY), "number"),
    FieldType.FLOAT: "number",
    **dict.fromkeys((FieldType.STRING, FieldType.TEXT, FieldType.EMAIL, FieldType.URL, FieldType.ENUM), "text"),
    FieldType.BOOLEAN: "boolean",
    FieldType.DATE: "date",
    FieldType.TIMESTAMP: "timestamp",
    FieldType.TIME: "time",
    FieldType.DURATION: "duration",
    FieldType.UUID: "uuid",
}
_COMPARED: dict[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="
}  # fmt: skip
_ARITHMETIC: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
_JOINED: dict[type[exp.Expr], str] = {exp.And: "AND", exp.Or: "OR"}
_CALLS: dict[type[exp.Expr], tuple[str, str, str]] = {
    exp.Lower: ("lower", "text", "text"), exp.Upper: ("upper", "text", "text"),
    exp.Length: ("char_length", "text", "number"),
}  # fmt: skip
_SIGNS = str.maketrans({"≤": "<=", "≥": ">=", "≠": "<>", "“": "'", "”": "'"})


class _NotUnderstood(Exception):
    """Something in a condition is none of what is rendered."""


def condition(said: str, columns: Mapping[str, Column]) -> str | None:
    """Return the condition as SQL over these columns, or None if any of it is not understood."""
    if not said.strip() or len(said) > _LONGEST or said.count("(") > 20:
        return None
    said = " ".join(said.split())
    try:
        tree = sqlglot.parse_one(said.translate(_SIGNS).replace("==", "="), read="postgres")
        family, text = _Writer(columns).write(tree)
    except (SqlglotError, _NotUnderstood, RecursionError, ValueError, AttributeError, TypeError):
        return None
    return text if family == "boolean" else None


class _Writer:
    """Writes a tree's nodes; each gives the family of its values and its SQL."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = {folded(name): column for name, column in columns.items()} | dict(columns)

    def write(self, node: exp.Expr) -> tuple[str, str]:
        """Return family and SQL.

        Raises:
            _NotUnderstood: the node is of no kind that is rendered.
        """
        for kinds, writer in self._writers():
            if type(node) in kinds:
                return writer(node)
        raise _NotUnderstood

    def _writers(self) -> tuple[tuple[Mapping[type[exp.Expr], object], Callable[[exp.Expr], tuple[str, str]]], ...]:
        return (
            ({exp.Column: 0}, self._column),
            ({exp.Literal: 0, exp.Boolean: 0, exp.Neg: 0}, self._literal),
            ({exp.Paren: 0}, lambda node: self._wrapped(node.this)),
            ({exp.Not: 0}, self._negated),
            ({exp.Is: 0}, self._is),
            ({exp.In: 0}, self._in),
            ({exp.Between: 0}, self._between),
            (_COMPARED, self._comparison),
            (_ARITHMETIC, self._arithmetic),
            (_JOINED, self._junction),
            (_CALLS, self._call),
        )

    def _column(self, node: exp.Expr) -> tuple[str, str]:
        found = self._columns.get(node.name) or self._columns.get(folded(node.name))
        if found is None or node.args.get("table") or found.type not in _FAMILIES:
            raise _NotUnderstood
        return _FAMILIES[found.type], quoted(found.name)

    def _literal(self, node: exp.Expr) -> tuple[str, str]:
        if isinstance(node, exp.Boolean):
            return "boolean", "true" if node.this else "false"
        if isinstance(node, exp.Neg):
            family, text = self.write(node.this)
            if family != "number" or not isinstance(node.this, exp.Literal):
                raise _NotUnderstood
            return "number", f"-{text}"
        if isinstance(node, exp.Literal) and node.is_string:
            return "text", literal(node.name)
        float(node.name)
        return "number", node.name

    def _wrapped(self, node: exp.Expr) -> tuple[str, str]:
        family, text = self.write(node)
        return family, f"({text})"

    def _negated(self, node: exp.Expr) -> tuple[str, str]:
        family, text = self.write(node.this)
        if family != "boolean":
            raise _NotUnderstood
        return "boolean", f"NOT ({text})"

    def _is(self, node: exp.Expr) -> tuple[str, str]:
        if not isinstance(node.expression, exp.Null):
            raise _NotUnderstood
        return "boolean", f"{self.write(node.this)[1]} IS NULL"

    def _in(self, node: exp.Expr) -> tuple[str, str]:
        family, text = self.write(node.this)
        listed = [self.write(item) for item in node.expressions]
        if not listed or any(one != family for one, _text in listed):
            raise _NotUnderstood
        return "boolean", f"{text} IN ({', '.join(item for _family, item in listed)})"

    def _between(self, node: exp.Expr) -> tuple[str, str]:
        parts = [self.write(part) for part in (node.this, node.args["low"], node.args["high"])]
        if len({family for family, _text in parts}) != 1 or node.args.get("symmetric"):
            raise _NotUnderstood
        return "boolean", f"{parts[0][1]} BETWEEN {parts[1][1]} AND {parts[2][1]}"

    def _comparison(self, node: exp.Expr) -> tuple[str, str]:
        (left, one), (right, other) = self.write(node.this), self.write(node.expression)
        if left != right:
            raise _NotUnderstood
        return "boolean", f"{one} {_COMPARED[type(node)]} {other}"

    def _arithmetic(self, node: exp.Expr) -> tuple[str, str]:
        (left, one), (right, other) = self.write(node.this), self.write(node.expression)
        if left != "number" or right != "number":
            raise _NotUnderstood
        return "number", f"{one} {_ARITHMETIC[type(node)]} {other}"

    def _junction(self, node: exp.Expr) -> tuple[str, str]:
        (left, one), (right, other) = self.write(node.this), self.write(node.expression)
        if left != "boolean" or right != "boolean":
            raise _NotUnderstood
        return "boolean", f"({one}) {_JOINED[type(node)]} ({other})"

    def _call(self, node: exp.Expr) -> tuple[str, str]:
        name, wanted, given = _CALLS[type(node)]
        family, text = self.write(node.this)
        if family != wanted:
            raise _NotUnderstood
        return given, f"{name}({text})"
