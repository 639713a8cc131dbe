"""Cuts a text into segments: fences, tables, headings with their lists, paragraphs, and what does not count.

Markdown's blocks are `markdown-it-py`'s; around it stands what people in a chat do otherwise: fences without a line
of their own, `•` bullets, bold lines as headings, quotes that end with their line, notations without a fence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.reading.blocks import notation_blocks
from bot.reading.segments import Segment, SegmentKind

PLAIN_SUFFIXES = frozenset({"", ".md", ".markdown", ".txt"})
"""Suffixes of documents that are read as text; a document of any other suffix is one segment."""

_MARKDOWN_LIMIT = 10_000
"""Lines up to which Markdown's blocks are looked for (about 1 s); a longer text is cut at its lines, which is quick."""

_LINE = re.compile(r"\r\n|\r|\n")
_BOLD_LINE = re.compile(r"\s*(\*\*|\*|__)(?=\S)([^*_\n]{1,80})(\*\*|\*|__)\s*:?\s*(\([^)\n]{0,80}\))?\s*$")
_BULLET = re.compile(r"[•◦▪‣·–—](?=\s)")
_MAIL = re.compile(
    r"(on\s.{4,120}\swrote:|am\s.{4,120}\sschrieb\b.{0,80}:|-{2,}\s*(original message|forwarded "
    r"message|ursprüngliche nachricht"
    r"|weitergeleitete nachricht)\s*-{2,}|begin forwarded message:)\s*$",
    re.I,
)
_BRACKET = re.compile(r"[()]")
_INLINE_SQL = re.compile(r"(?<=[^\s;])[ \t]+(create[ \t]+table[ \t]+[\w.\"`\[\]]{1,120}[ \t]*\()", re.I)
_ITEM_MARK = re.compile(r"\s*([-*+•◦▪‣·–—]|\d{1,4}[.)])\s+(\[[ xX]\]\s+)?")

_markdown = MarkdownIt("commonmark", {"maxNesting": 20}).enable("table")
_markdown.disable(["lheading", "code", "html_block", "reference", "blockquote", "fence", "inline"])


@dataclass(frozen=True, slots=True)
class Split:
    """A text's segments in its order, and the stretches that do not count (quotes, comments, older mails)."""

    segments: tuple[Segment, ...]
    withdrawn: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int


def _lines(text: str) -> list[_Line]:
    found, at = [], 0
    for end in _LINE.finditer(text):
        found.append(_Line(text[at : end.start()], at))
        at = end.end()
    found.append(_Line(text[at:], at))
    return found


def split(source: str, text: str, *, topic: str = "", suffix: str = "") -> Split:
    """Cut a text into segments whose offsets are the text's own."""
    if suffix.lower() not in PLAIN_SUFFIXES:
        whole = Segment(source=source, start=0, text=text, kind="document", info=suffix.lower(), topic=topic)
        return Split((whole,) if text.strip() else (), ())
    return _Splitter(source, text, topic).run()


class _Splitter:
    def __init__(self, source: str, text: str, topic: str) -> None:
        self.source, self.text, self.topic = source, text, topic
        self.segments: list[Segment] = []
        self.withdrawn: list[Segment] = []
        self.headings: list[tuple[int, str]] = []
        self.lead = ""

    def run(self) -> Split:
        for kind, start, end in _rough(self.text):
            if kind == "text":
                self._plain(start, end)
            elif kind == "withdrawn":
                self._drop(start, end)
            else:
                self._fence(start, end)
        return Split(tuple(self.segments), tuple(self.withdrawn))

    def _add(self, kind: SegmentKind, start: int, end: int, info: str = "", lead: str | None = None) -> None:
        text = self.text[start:end]
        trimmed = text.strip("\r\n")
        start += len(text) - len(text.lstrip("\r\n"))
        if not trimmed.strip():
            return
        self.segments.append(
            Segment(
                source=self.source,
                start=start,
                text=trimmed,
                kind=kind,
                info=info,
                headings=tuple(title for _, title in self.headings),
                lead=self.lead if lead is None else lead,
                topic=self.topic,
            )
        )

    def _drop(self, start: int, end: int) -> None:
        if self.text[start:end].strip():
            self.withdrawn.append(
                Segment(source=self.source, start=start, text=self.text[start:end], kind="paragraph", topic=self.topic)
            )

    def _fence(self, start: int, end: int) -> None:
        inner = self.text[start + 3 : end - 3] if end - start >= 6 else ""
        head = re.match(r"[ \t]*([\w+#.-]{0,30})[ \t]*(?=\r?\n)", inner)
        info, skip = (head[1].lower(), head.end()) if head else ("", 0)
        self._add("fence", start + 3 + skip, end - 3, info)

    def _plain(self, start: int, end: int) -> None:
        """Cut text that is in no fence; a table's DDL in the middle of a sentence is a segment of its own."""
        for match in _INLINE_SQL.finditer(self.text, start, end):
            close = _sql_end(self.text, match.end(), end)
            before = self.text[self.text.rfind("\n", 0, match.start()) + 1 : match.start()]
            if match.start() < start or close < 0 or "--" in before or "/*" in before:
                continue
            self._lines(start, match.start(1))
            self._add("fence", match.start(1), close, "sql")
            start = close
        self._lines(start, end)

    def _lines(self, start: int, end: int) -> None:
        lines = [_Line(line.text, line.start + start) for line in _lines(self.text[start:end])]
        at = 0
        for first, last in [*notation_blocks([line.text for line in lines]), (len(lines), len(lines))]:
            self._quotes(lines[at:first])
            if first < last:
                self._add("fence", lines[first].start, lines[last - 1].start + len(lines[last - 1].text))
                self.lead = ""
            at = last

    def _quotes(self, lines: Sequence[_Line]) -> None:
        kept: list[_Line] = []
        for line in lines:
            bare = line.text.lstrip()
            if len(bare) < 260 and _MAIL.match(bare):
                self._blocks(kept)
                self._drop(line.start, lines[-1].start + len(lines[-1].text))
                return
            quoted = bare.startswith(">") and not bare.startswith(">=")
            if quoted or bare.startswith("//"):
                self._blocks(kept)
                kept = []
                self._drop(line.start, line.start + len(line.text))
            else:
                kept.append(line)
        self._blocks(kept)

    def _blocks(self, lines: Sequence[_Line]) -> None:
        if not any(line.text.strip() for line in lines):
            return
        if len(lines) > _MARKDOWN_LIMIT:
            for at in range(0, len(lines), 50):
                last = lines[min(at + 50, len(lines)) - 1]
                kind: SegmentKind = "list" if _ITEM_MARK.match(lines[at].text) else "paragraph"
                self._add(kind, lines[at].start, last.start + len(last.text))
            return
        source = "\n".join(_BULLET.sub("-", line.text) for line in lines)
        _Blocks(self, lines, _markdown.parse(source)).run()

    def heading(self, level: int, title: str) -> None:
        """Enter a heading: it ends those of its level and below."""
        self.headings = [(n, t) for n, t in self.headings if n < level] + [(level, title)]
        self.lead = ""


class _Blocks:
    """Walks Markdown's tokens over some lines and adds a segment for each leaf block."""

    def __init__(self, to: _Splitter, lines: Sequence[_Line], tokens: Sequence[Token]) -> None:
        self.to, self.lines, self.tokens = to, lines, tokens
        self.done = 0

    def run(self) -> None:
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            first, last = token.map or [0, 0]
            if token.type in {"bullet_list_open", "ordered_list_open"}:
                at = self._list(at, self.to.lead)
                self.to.lead = ""
                continue
            if token.type == "heading_open":
                self._add("heading", first, last)
                self.to.heading(int(token.tag[1]), self.lines[first].text.strip().strip("#").strip(" *_:"))
            elif token.type == "table_open":
                self._add("table", first, last)
                self.to.lead = ""
            elif token.type == "paragraph_open":
                self._paragraph(first, last)
            elif token.type == "hr":
                self._add("heading", first, last)
            at += 1

    def _add(self, kind: SegmentKind, first: int, last: int, lead: str | None = None) -> None:
        while last > first and not self.lines[last - 1].text.strip():
            last -= 1
        if last > first:
            end = self.lines[last - 1]
            self.to._add(kind, self.lines[first].start, end.start + len(end.text), lead=lead)

    def _paragraph(self, first: int, last: int) -> None:
        at = first
        for n in range(first, last):
            bold = _BOLD_LINE.match(self.lines[n].text) if len(self.lines[n].text) < 200 else None
            if bold:
                self._add("paragraph", at, n)
                self._add("heading", n, n + 1)
                self.to.heading(7, bold[2].strip().rstrip(":"))
                at = n + 1
        if at < last:
            self._add("paragraph", at, last)
            self.to.lead = self.lines[last - 1].text.strip()

    def _list(self, at: int, lead: str) -> int:
        """Add a list: runs of its items, each nested list by itself with its item as lead. Return where it ends."""
        depth, run = self.tokens[at].level, self.tokens[at].map or [0, 0]
        first, item, n = run[0], run[0], at + 1
        while n < len(self.tokens) and not (self.tokens[n].level == depth and self.tokens[n].nesting == -1):
            token = self.tokens[n]
            if token.type == "list_item_open":
                item = (token.map or [0, 0])[0]
            elif token.type in {"bullet_list_open", "ordered_list_open"}:
                inner = token.map or [0, 0]
                self._items(first, inner[0], lead)
                n = self._list(n, _ITEM_MARK.sub("", self.lines[item].text).strip())
                first = inner[1]
                continue
            n += 1
        self._items(first, run[1], lead)
        return n + 1

    def _items(self, first: int, last: int, lead: str) -> None:
        """Add a run of items; an unindented sentence that Markdown takes into the last item stands by itself."""
        while last > first and not self.lines[last - 1].text.strip():
            last -= 1
        cut = last
        while cut > first + 1 and _loose(self.lines[cut - 1].text):
            cut -= 1
        self._add("list", first, cut, lead)
        self._add("paragraph", cut, last, "")


def _sql_end(text: str, start: int, end: int) -> int:
    """Return where the bracket that is open at an offset is closed, with its semicolon; -1 if nowhere near."""
    depth = 1
    for found in _BRACKET.finditer(text, start, min(end, start + 20_000)):
        depth += 1 if found.group() == "(" else -1
        if depth == 0:
            return found.end() + (text[found.end() : found.end() + 1] == ";")
    return -1


def _loose(line: str) -> bool:
    return (
        bool(line.strip())
        and not line[0].isspace()
        and not _ITEM_MARK.match(line)
        and (line[0].isupper() or line[0] in "/`*")
    )


def _rough(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield stretches of text, fences and HTML comments, in order; a fence that nobody closes goes to the end."""
    at, fence, comment = 0, -2, -2
    while at < len(text):
        if fence != -1 and fence < at:
            fence = text.find("```", at)
        if comment != -1 and comment < at:
            comment = text.find("<!--", at)
        marks = [n for n in (fence, comment) if n >= 0]
        if not marks:
            break
        start = min(marks)
        if start > at:
            yield "text", at, start
        if start == fence:
            stop = text.find("```", start + 3)
            if stop < 0:
                inner = re.match(r"[ \t]*[\w+#.-]{0,30}[ \t]*", text[start + 3 : start + 60])
                yield "text", start + 3 + (inner.end() if inner and "\n" in text[start + 3 :] else 0), len(text)
                return
            yield "fence", start, stop + 3
            at = stop + 3
        else:
            stop = text.find("-->", start)
            at = len(text) if stop < 0 else stop + 3
            yield "withdrawn", start, at
    if at < len(text):
        yield "text", at, len(text)
