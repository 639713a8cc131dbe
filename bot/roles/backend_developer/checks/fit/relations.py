"""How two values must stand to each other by a CHECK: worked out for less, the same and more, not read off."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from bot.roles.backend_developer.checks.fit.rendered import plain

_SIGNS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "==": operator.eq, "<>": operator.ne, "!=": operator.ne,
}  # fmt: skip
_RELATION: Final = re.compile(r"^\s*\(?\"?(\w+)\"?\)?\s*(<=|>=|<>|!=|==|<|>|=)\s*\(?\"?(-?[\w.]+)\"?\)?\s*$")
_CAST: Final = re.compile(
    r"::(?:timestamp with(?:out)? time zone|time with(?:out)? time zone|double precision|character varying|\w+)"
    r"(?:\(\d+(?:,\s*\d+)?\))?(?:\[\])?"
)
_WORD: Final = re.compile(r"\"(\w+)\"|\b([A-Za-z_]\w*)")
_KEPT: Final = {
    "and": "and", "or": "or", "not": "not", "is": "is", "null": "None", "true": "True", "false": "False",
}  # fmt: skip
_QUOTED: Final = re.compile(r"('(?:[^']|'')*')")
_EQUALS: Final = re.compile(r"(?<![<>!=])=(?!=)")
_SPREAD: Final = (10.0, 15.0, 20.0)
"""Values of two columns: low enough for a share in percent, and none of them a bound that many columns have."""

_COMPARES: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
_SUMS: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {ast.Add: operator.add, ast.Sub: operator.sub}


class _UnknownError(Exception):
    """The expression has something in it that is not worked out here."""


def held_by(said: str, definitions: Iterable[str]) -> bool | None:
    """Whether checks let through what a comparison of two values that people said does, and nothing else.

    One check alone may do so, or all of them together. None if that cannot be worked out: the comparison is no simple
    one, or each check has functions or arrays in it.
    """
    found = _RELATION.match(said)
    rows = _rows(found[1], found[3]) if found is not None else []
    if found is None or not rows:
        return None
    wanted = tuple(_SIGNS[found[2]](row[plain(found[1])], _value(row, found[3])) for row in rows)
    let = [ways for one in definitions if (ways := _ways(one, rows)) is not None]
    if not let:
        return None
    together = tuple(all(column) for column in zip(*let, strict=True))
    return wanted in (*let, together)


def _rows(left: str, right: str) -> list[dict[str, float]]:
    """Return a row in which the first is less, one in which both are the same, one in which it is more."""
    low, middle, high = _SPREAD
    number = _number(right)
    if number is not None:
        return [{plain(left): number + step} for step in (-1, 0, 1)]
    if plain(left) == plain(right):
        return []
    pairs = ((low, high), (middle, middle), (high, low))
    return [{plain(left): one, plain(right): other} for one, other in pairs]


def _value(row: Mapping[str, float], name: str) -> float:
    number = _number(name)
    return row[plain(name)] if number is None else number


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _ways(definition: str, rows: Iterable[Mapping[str, float]]) -> tuple[bool, ...] | None:
    """Return which of these rows a constraint lets in, whatever else they hold; None if it cannot be worked out."""
    text = definition.strip().removesuffix(" NOT VALID")
    if not text.upper().startswith("CHECK"):
        return None
    bare = _CAST.sub("", text[len("CHECK") :])
    parts = _QUOTED.split(bare)  # every second part is a text between quotes
    parts[::2] = [_EQUALS.sub("==", _WORD.sub(_word, part.replace("<>", "!="))) for part in parts[::2]]
    try:
        body = ast.parse("".join(parts).strip(), mode="eval").body
        others = {node.id.removeprefix("v_") for node in ast.walk(body) if isinstance(node, ast.Name)}
        return tuple(
            any(_worth(body, {**dict.fromkeys(others, other), **row}) is not False for other in (None, _SPREAD[1]))
            for row in rows
        )
    except (SyntaxError, ValueError, RecursionError, TypeError, _UnknownError):
        return None


def _word(found: re.Match[str]) -> str:
    quoted, bare = found.groups()
    return _KEPT.get(bare.casefold(), f"v_{plain(bare)}") if bare else f"v_{plain(quoted)}"


def _worth(node: ast.expr, row: Mapping[str, Any]) -> Any:
    """Return what an expression comes to; None is NULL, and a row of which nothing is known is let in, as in SQL."""
    if isinstance(node, ast.BoolOp):
        parts = [_worth(part, row) for part in node.values]
        ends = isinstance(node.op, ast.Or)
        return ends if ends in parts else None if None in parts else not ends
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        inner = _worth(node.operand, row)
        return None if inner is None else not inner if isinstance(node.op, ast.Not) else -inner
    if isinstance(node, ast.BinOp) and type(node.op) in _SUMS:
        left, right = _worth(node.left, row), _worth(node.right, row)
        return None if left is None or right is None else _SUMS[type(node.op)](left, right)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _compared(node.ops[0], _worth(node.left, row), _worth(node.comparators[0], row))
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return row[node.id.removeprefix("v_")]
    raise _UnknownError


def _compared(sign: ast.cmpop, left: Any, right: Any) -> bool | None:
    if isinstance(sign, ast.Is | ast.IsNot):
        return (left is right) is isinstance(sign, ast.Is)
    return None if left is None or right is None else _COMPARES[type(sign)](left, right)
