"""Can a row be at all? What the checks of a table demand together, of numbers, days and columns beside each other."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, TypeAlias

from bot.roles.backend_developer.checks.catalogue import Catalogue, Table

Node: TypeAlias = str | float
"""A column, an expression over one, or a constant; days are constants by their number."""

_ATOM: Final = re.compile(
    r"\(*((?:char_length|length|cardinality)\([^()]*\)|\"[^\"]+\"|\w+)\)*(?:::[a-z ]+)?\s*(<=|>=|<|>|=)\s*"
    r"\(*('[^']*'|-?\d+(?:\.\d+)?|\"[^\"]+\"|\w+)\)*(?:::[a-z ]+)?"
)
_NOT_ALL: Final = re.compile(r"\b(OR|NOT|CASE|ANY|ALL|NULL)\b|[-+*/%|~]\s*\(?[\w']")
"""What makes a check more than comparisons that must all hold."""

_QUOTED: Final = re.compile(r"'(?:[^']|'')*'")
_WHOLE: Final = frozenset({"int2", "int4", "int8"})


def impossible(catalogue: Catalogue) -> Iterator[str]:
    """Yield the tables whose checks no row can meet, with what must be above itself."""
    for table in catalogue.tables.values():
        node = _above_itself(_demands(table))
        if node is not None:
            yield f"{table.name} (no {node} meets all of its checks)"


def _demands(table: Table) -> dict[Node, dict[Node, bool]]:
    """Return what must be at most what, and whether it must be less."""
    found: dict[Node, dict[Node, bool]] = defaultdict(dict)
    for constraint in table.constraints:
        if constraint.kind != "c" or _NOT_ALL.search(_QUOTED.sub("''", constraint.definition)):
            continue
        for left, sign, right in _ATOM.findall(constraint.definition):
            one, other = _node(left), _node(right)
            pairs = {"<": [(one, other, True)], "<=": [(one, other, False)], ">": [(other, one, True)],
                     ">=": [(other, one, False)], "=": [(one, other, False), (other, one, False)]}  # fmt: skip
            for low, high, strict in pairs[sign]:
                _note(found, *_whole(table, low, high, strict=strict))
    known = sorted(node for node in {*found, *(n for ends in found.values() for n in ends)} if isinstance(node, float))
    for low, high in pairwise(known):
        _note(found, low, high, strict=True)
    return found


def _note(found: dict[Node, dict[Node, bool]], low: Node, high: Node, strict: bool) -> None:
    found[low][high] = strict or found[low].get(high, False)


def _whole(table: Table, low: Node, high: Node, *, strict: bool) -> tuple[Node, Node, bool]:
    """Between 3 and 4 there is no whole number: above 3 is from 4 on."""
    if not strict:
        return low, high, False
    if isinstance(low, float) and isinstance(high, str) and _counts(table, high):
        return low + 1, high, False
    if isinstance(high, float) and isinstance(low, str) and _counts(table, low):
        return low, high - 1, False
    return low, high, True


def _counts(table: Table, node: str) -> bool:
    column = table.columns.get(node)
    return "(" in node or (column is not None and column.type in _WHOLE)


def _node(text: str) -> Node:
    bare = text.strip("'\"")
    try:
        return float(bare)
    except ValueError:
        pass
    try:
        return float(datetime.date.fromisoformat(bare[:10]).toordinal())
    except ValueError:
        return bare


def _above_itself(demands: dict[Node, dict[Node, bool]]) -> str | None:
    for start in [node for node in demands if isinstance(node, str)]:
        strict: dict[Node, bool] = {}
        waiting: list[tuple[Node, bool]] = [(start, False)]
        while waiting:
            node, less = waiting.pop()
            for higher, more in demands.get(node, {}).items():
                if higher not in strict or (less or more) > strict[higher]:
                    strict[higher] = less or more
                    waiting.append((higher, less or more))
        if strict.get(start):
            return start
    return None
