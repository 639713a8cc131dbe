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
_SPREAD: Final = (10.0, 15.0, 20.0)
"""Values of two columns: low enough for a share in percent, and none of them a bound that many columns have."""

_COMPARES: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Is: operator.is_, ast.IsNot: operator.is_not,
}  # fmt: skip
_SUMS: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {ast.Add: operator.add, ast.Sub: operator.sub}


class _Unknown(Exception):
    """The expression has something in it that is not worked out here."""


def held_by(said: str, definitions: Iterable[str]) -> bool | None:
    """Whether checks let through what a comparison of two values that people said does, and nothing else.

    One check alone may do so, or all of them together. None if that cannot be worked out: the comparison is no simple
    one, or each check has functions, texts or other columns in it.
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
    """Return which of these rows a constraint's definition lets in; None if it cannot be worked out."""
    text = definition.strip().removesuffix(" NOT VALID")
    if not text.upper().startswith("CHECK") or "'" in text:
        return None
    bare = _CAST.sub("", text[len("CHECK") :])
    bare = _WORD.sub(_word, bare.replace("<>", "!="))
    bare = re.sub(r"(?<![<>!=])=(?!=)", "==", bare)
    try:
        body = ast.parse(bare.strip(), mode="eval").body
        return tuple(bool(_worth(body, row)) for row in rows)
    except (SyntaxError, ValueError, RecursionError, TypeError, _Unknown):
        return None


def _word(found: re.Match[str]) -> str:
    quoted, bare = found.groups()
    return _KEPT.get(bare.casefold(), f"v_{plain(bare)}") if bare else f"v_{plain(quoted)}"


def _worth(node: ast.expr, row: Mapping[str, float]) -> Any:
    if isinstance(node, ast.BoolOp):
        parts = [_worth(part, row) for part in node.values]
        return all(parts) if isinstance(node.op, ast.And) else any(parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        inner = _worth(node.operand, row)
        return not inner if isinstance(node.op, ast.Not) else -inner
    if isinstance(node, ast.BinOp) and type(node.op) in _SUMS:
        return _SUMS[type(node.op)](_worth(node.left, row), _worth(node.right, row))
    if isinstance(node, ast.Compare):
        sides = [_worth(side, row) for side in (node.left, *node.comparators)]
        return all(_COMPARES[type(op)](a, b) for op, a, b in zip(node.ops, sides, sides[1:], strict=False))
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name) and node.id.removeprefix("v_") in row:
        return row[node.id.removeprefix("v_")]
    raise _Unknown
