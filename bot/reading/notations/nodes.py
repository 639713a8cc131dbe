"""Nodes of documents, each of which knows where it stands in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

DEEPEST = 60
"""Deepest nesting that is read; documents that people write are less than 20 deep."""


@dataclass(slots=True, eq=False)
class Node:
    """A scalar, list or map. `text` is a scalar's content; `plain` whether it stood without quotes."""

    kind: str
    start: int
    end: int
    text: str = ""
    plain: bool = False
    items: Sequence[Node] = ()
    entries: Sequence[tuple[Node, Node]] = ()

    def get(self, *names: str) -> Node | None:
        """Return the value of the first of these keys that a map has."""
        for name in names:
            for key, value in self.entries:
                if key.text == name:
                    return value
        return None

    def said(self, *names: str) -> str:
        """Return the text of a scalar under one of these keys, "" if there is none."""
        found = self.get(*names)
        return found.text if found is not None and found.kind == "scalar" and not found.is_null else ""

    def number(self, *names: str) -> float | None:
        """Return the number under one of these keys."""
        said = self.said(*names)
        return (
            float(said) if re.fullmatch(r"[+-]?(?:\d{1,30}\.?\d{0,30}|\.\d{1,30})(?:[eE][+-]?\d{1,2})?", said) else None
        )

    def flag(self, *names: str) -> bool | None:
        """Return the truth value under one of these keys."""
        return {"true": True, "yes": True, "false": False, "no": False}.get(self.said(*names).lower())

    @property
    def is_null(self) -> bool:
        """Whether this is null, as YAML or JSON writes it."""
        return self.kind == "scalar" and self.plain and self.text.lower() in {"", "null", "~"}

    def texts(self) -> list[str]:
        """Return the scalars of a list, or a scalar alone."""
        found = self.items if self.kind == "list" else [self]
        return [one.text for one in found if one.kind == "scalar" and not one.is_null]


@dataclass(frozen=True, slots=True)
class Tree:
    """A document's root and the spans of the text that could not be read."""

    root: Node
    unread: tuple[tuple[int, int], ...] = ()


class TooDeepError(ValueError):
    """The document is nested deeper, or has more nodes, than is looked into."""


def walk(root: Node) -> Iterator[Node]:
    """Yield every node of a tree once, whatever aliases it has."""
    seen: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        stack.extend(node.items)
        stack.extend(value for _, value in node.entries)
