"""Syntax trees of program code by tree-sitter, with offsets into the text, within bounds of time."""

from __future__ import annotations

import importlib
import re
import time
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.domain.facts import Standing
from bot.reading.names import name_key
from bot.reading.notations.declarations import Declarations
from bot.reading.notations.notes import Notes
from bot.reading.segments import Segment

if TYPE_CHECKING:
    from tree_sitter import Language, Node

LONGEST_CODE = 250_000
"""Longest text of code that is parsed, in characters; what follows is not understood."""
LONGEST_PIECE = 60_000
"""Longest piece between two blank lines at the left margin: broken code costs the square of its length."""
_SECONDS = 1.0
"""How long the pieces of one text may take to parse altogether."""


@lru_cache(maxsize=8)
def _language(module: str, function: str) -> Language:
    """Return a grammar, loaded when first needed."""
    from tree_sitter import Language  # noqa: PLC0415

    return Language(getattr(importlib.import_module(module), function)())


class CodeTree:
    """The top-level nodes of one text, piece by piece, and the text behind them."""

    def __init__(self, text: str, module: str, function: str = "language") -> None:
        self.text = text
        self._plain = re.sub(r"[^\x00-\x7f]", lambda match: " " if match.group().isspace() else "x", text)
        self._grammar = (module, function)
        self._base = 0
        self.unread: list[tuple[int, int]] = []

    def top_level(self) -> Iterator[Node]:
        """Yield the top-level nodes; while one is looked at, the offsets are those of its piece."""
        from tree_sitter import Parser  # noqa: PLC0415

        parser = Parser(_language(*self._grammar))
        deadline = time.monotonic() + _SECONDS
        for start, end in self._pieces():
            if end - start > LONGEST_PIECE or time.monotonic() > deadline:
                self.unread.append((start, end))
                continue
            tree = parser.parse(self._plain[start:end].encode("ascii"))
            if tree is None:
                self.unread.append((start, end))
                continue
            self._base = start
            yield from tree.root_node.children

    def _pieces(self) -> Iterator[tuple[int, int]]:
        """Yield pieces of the text, cut where a declaration begins at the left margin after a blank line."""
        limit = min(len(self._plain), LONGEST_CODE)
        start = 0
        for match in re.compile(r"\n[ \t]*\r?\n(?=[A-Za-z@/#])").finditer(self._plain, 0, limit):
            if match.end() - start > 2_000:
                yield start, match.end()
                start = match.end()
        if start < limit:
            yield start, limit
        if limit < len(self.text):
            self.unread.append((limit, len(self.text)))

    def span(self, node: Node) -> tuple[int, int]:
        """Return where a node stands in the text."""
        return self._base + node.start_byte, self._base + node.end_byte

    def said(self, node: Node | None) -> str:
        """Return what a node covers, "" for none."""
        if node is None:
            return ""
        start, end = self.span(node)
        return self.text[start:end]

    def line_comment(self, node: Node) -> str:
        """Return the comment that stands behind a node on its line."""
        _, end = self.span(node)
        rest = self.text[end : end + 300].split("\n", 1)[0]
        found = re.match(r"\s*[;,]?\s*(?://|#|/\*)\s*(.*?)\s*(?:\*/)?$", rest)
        return found.group(1) if found else ""


class CodeSource:
    """One text of code while it is being read: its tree, what it declares and what is noted of it."""

    def __init__(self, segment: Segment, reader: str, module: str, function: str = "language") -> None:
        self.notes = Notes(segment, reader)
        self.declared = Declarations(self.notes)
        self.tree = CodeTree(segment.text, module, function)

    def note_unread(self) -> None:
        """Note what the tree left out, once all of it was looked at."""
        for start, end in self.tree.unread:
            self.notes.say(start, end, Standing.NOT_UNDERSTOOD)


_FORM = re.compile(
    r"^(?:Create|Update|New|Patch|Edit|Delete|Get|List)?(\w+?)"
    r"(?:Dto|DTO|Request|Response|Input|Payload|Form|Params|Req|Res|Resp|ViewModel)$|^(?:Create|Update|Patch)(\w+)$"
)
_BEHAVES = re.compile(
    r"(?:Service|Controller|Repository|Options|Config|Module|Handler|Store|Context|Middleware|Client|Adapter|Server"
    r"|Builder|Factory|Exception|Application|Mapper|Validator|Configuration|Test|Tests|Manager|Router|Util|Utils)$"
)


def mark_forms(declared: Declarations, form: re.Pattern[str] = _FORM) -> None:
    """Let a request's body (`CreateOrderRequest` beside Order) be no entity.

    What a name is the form of stands in the first group of `form` that matched.
    """
    keys = {name_key(name): name for name in declared.entities}
    for name, entity in declared.entities.items():
        match = form.match(name)
        base = keys.get(name_key(next(filter(None, match.groups())))) if match else None
        if base and base != name:
            entity.abstract = True


def mark_behaviour(declared: Declarations) -> None:
    """Let what behaves (`OrderService`) be no entity."""
    for name, entity in declared.entities.items():
        if _BEHAVES.search(name):
            entity.abstract = True
