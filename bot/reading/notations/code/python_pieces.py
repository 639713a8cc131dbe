"""Cuts Python into pieces that its own parser takes, so that a broken one loses only itself."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_CODE = 250_000
_LONGEST_PIECE = 60_000
_BOUNDARY = re.compile(r"\n(?=class[ \t]|@\w|def[ \t]|async[ \t]def[ \t]|[A-Za-z_]\w*[ \t]*=|from[ \t]|import[ \t])")


@dataclass(slots=True)
class _Piece:
    """A piece of the text that is parsed by itself; `shift` is what stands before it only for the parser."""

    start: int
    text: str
    shift: int
    line_starts: list[int]

    def offset(self, line: int, column: int) -> int:
        """Return the offset into the whole text of a line and column of the parser."""
        return max(
            self.start, self.start - self.shift + self.line_starts[min(line, len(self.line_starts)) - 1] + column
        )


class PythonCode:
    """One text of Python, of which one piece at a time is parsed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._piece = _Piece(0, "", 0, [0])

    def pieces(self) -> Iterator[tuple[int, int]]:
        """Yield the pieces between declarations at the left margin; decorators stay with what they decorate."""
        limit, start = min(len(self.text), LONGEST_CODE), 0
        waiting = self.text.startswith("@")
        for match in _BOUNDARY.finditer(self.text, 0, limit):
            last = self.text[self.text.rfind("\n", 0, match.start()) + 1 : match.start()]
            if waiting and last.startswith(("@", ")", " ", "\t")):
                waiting = not self.text.startswith(("class", "def", "async"), match.end())
                continue
            yield start, match.end()
            start = match.end()
            waiting = self.text.startswith("@", start)
        if start < limit:
            yield start, limit

    def parsed(self, text: str, start: int) -> list[ast.stmt] | None:
        """Return the statements of a piece, None where Python refuses it."""
        first = re.search(r"^([ \t]*)[^\s#]", text, re.M)
        indented = bool(first and first.group(1))
        whole = "if 1:\n" + text if indented else text
        if len(text) > _LONGEST_PIECE:
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                body = ast.parse(whole).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        starts = [0, *(match.end() for match in re.finditer("\n", whole))]
        self._piece = _Piece(start, text, 6 if indented else 0, starts)
        return body[0].body if indented and body and isinstance(body[0], ast.If) else body

    def span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        """Return where a node stands in the text."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return self._piece.offset(node.lineno, node.col_offset), self._piece.offset(end_line, end_column)

    def said(self, node: ast.expr | None) -> str:
        """Return what a node covers as written, a string without its quotes."""
        if node is None:
            return ""
        start, end = self.span(node)
        said = self.text[start:end]
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return re.sub(r"^[rubf]*(\"\"\"|'''|\"|')|(\"\"\"|'''|\"|')$", "", said, flags=re.I)
        return said

    def function_name(self, call: ast.Call) -> str:
        """Return the last part of what a call calls."""
        return self.said(call.func).rpartition(".")[2]

    def comment(self, end: int) -> str:
        """Return the comment behind a statement on its line."""
        found = re.match(r"[^\n#]{0,20}#\s*([^\n]*)", self.text[end : end + 300])
        return found.group(1).strip() if found else ""
