"""Lets a text in HTML, in Jira's markup or with pictures for bullets be read as Markdown, each character in its place.

What is written instead of a tag is as long as the tag, so that every offset stays the text's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

_TAGS = (
    "ul|ol|li|p|br|hr|h[1-6]|table|thead|tbody|tr|td|th|s|del|strike|b|strong|i|em|u|code|div|span|section|article"
    "|dl|dt|dd|small|mark|body|html|main"
)
_TAG = re.compile(rf"<(?P<close>/?)(?P<name>{_TAGS})(?=[\s/>])[^<>\n]{{0,200}}>")
_RUN = re.compile(rf"(?:</?(?:{_TAGS})(?=[\s/>])[^<>\n]{{0,200}}>[ \t\r\n]{{0,80}}){{1,40}}")
_CLOSED = re.compile(r"</(?:ul|ol|li|p|h[1-6]|table|tr|td|div|s|del|strike|b|strong|span|dl)>|<br ?/?>")
_FENCE = re.compile(r"```(?!html).{0,100000}?(?:```|\Z)", re.S)
_CODE = re.compile(
    r"(?<![^\n])(?P<mark>\{(?:code|noformat)(?::(?P<language>\w{1,10}))?[^{}\n]{0,80}\})(?=[ \t]*(?:\n|\Z))"
)
"""A line of its own: elsewhere ``/coupons/{code}`` is a path."""
_MEAN_SOMETHING: Final = frozenset("✅✔☑✓❌✗✘✖🚫⛔☐☒➕➖⬜🙅🙆👍👎")
"""Pictures that say yes or no, which are more than ornament."""
_FEWEST_BULLETS = 2
_TITLE_WORDS = 4


def as_markdown(text: str) -> str:
    r"""Return a text of the same length in which markup that is not Markdown's is.

    >>> as_markdown("<ul><li>GET /a</li><li><s>GET /b</s></li></ul>")
    '     \n- GET /a      \n- ~~GET /b~~             '
    """
    if "{code" in text or "{noformat" in text:
        text = _CODE.sub(lambda m: f"```{m['language'] or ''}".ljust(len(m[0]))[: max(len(m[0]), 3)], text)
    if "</" in text or "<br" in text:
        text = _html(text)
    return text if text.isascii() else _pictures(text)


def _html(text: str) -> str:
    if not _CLOSED.search(text):
        return text
    made, at, page = [], 0, _Page()
    for fence in (*_FENCE.finditer(text), None):
        end = fence.start() if fence else len(text)
        made.append(_RUN.sub(page.run, text[at:end]))
        if fence:
            made.append(fence[0])
            at = fence.end()
    return "".join(made)


class _Page:
    """HTML while it is rewritten: the lists that are open, and the cells of a table's first row."""

    def __init__(self) -> None:
        self.depth = 0
        self.cells = 0
        self.rows = 0

    def run(self, found: re.Match[str]) -> str:
        """Return what stands for some tags that follow each other, as long as they are."""
        closing, block, opening, lines = "", "", "", 0
        for tag in _TAG.finditer(found[0]):
            name, close = tag["name"], bool(tag["close"])
            if name in {"ul", "ol", "dl"}:
                self.depth = max(0, self.depth + (-1 if close else 1))
                lines = max(lines, 1)
            elif name == "li" and not close:
                block = "  " * (self.depth - 1) + "- "
            elif name[0] == "h" and name[1:].isdigit():
                lines, block = 2, "" if close else "#" * int(name[1]) + " "
            elif name in {"s", "del", "strike"}:
                if close and not opening:
                    closing = "~~"
                else:
                    opening = "" if close else "~~"
            elif name in {"table", "tr", "td", "th"}:
                closing, block, lines = self._cell(name, close, closing, block, lines)
            elif name in {"p", "div", "section", "article", "br", "hr", "dt", "dd", "li"}:
                lines = max(lines, 1 if name in {"br", "dd", "li"} else 2)
        return _fitted(found[0], closing, lines, block, opening)

    def _cell(self, name: str, close: bool, closing: str, block: str, lines: int) -> tuple[str, str, int]:
        """Return what closes the line before, what begins this one, and how many lines are between, at a cell's tag."""
        if name == "table":
            self.rows = 0
            return closing, block, 2
        if name == "tr" and close:
            rule = "|--" + "|-" * (self.cells - 1) + "|" if self.rows == 0 and self.cells else ""
            self.rows += 1
            return closing + " |" + (f"\n{rule}" if rule else ""), "", 1
        if name == "tr":
            self.cells = 0
            return closing, "| ", max(lines, 1)
        if not close:
            self.cells += 1
            return closing, "| ", lines
        return closing, block, lines


def _fitted(tags: str, closing: str, lines: int, block: str, opening: str) -> str:
    """Return the parts at the length of the tags, blanks between them; where they do not fit, only what ends a line."""
    if block or lines:
        for breaks in ("\n" * max(lines, 1 if block.strip() != "|" else lines), "\n"):
            made = closing, breaks + block + opening
            if len(made[0]) + len(made[1]) <= len(tags):
                return made[0] + " " * (len(tags) - len(made[0]) - len(made[1])) + made[1]
        made = "", f"\n{block.lstrip()}{opening}"
        return (made[1] if len(made[1]) <= len(tags) else "\n").rjust(len(tags))
    if opening:
        return opening.rjust(len(tags))
    return closing.ljust(len(tags)) if len(closing) <= len(tags) else " " * len(tags)


_FIRST = re.compile(
    r"^[ \t]*(?:(?P<sign>[^\w\s\x00-\x7f])|\d(?=\ufe0f?\u20e3))(?P<more>[\ufe0f\u20e3\u200d]*)(?=[ \t]+\S)", re.M
)
_PICTURE = r"[\u2600-\u27bf\u2b50-\u2b55\U0001f000-\U0001faff][\ufe0f\u200d]*"
_INSIDE = re.compile(rf"{_PICTURE}(?=[ \t]{{0,9}}[:,;)])")
_LAST = re.compile(rf"(?P<line>^[^\n]{{0,60}}?)(?P<signs>(?:[ \t]*{_PICTURE}){{1,6}})(?=[ \t]*$)", re.M)


def _pictures(text: str) -> str:
    """Return a text with bullets for the pictures that begin several lines, and without those that adorn a title."""
    signs = Counter(m["sign"] or "1" for m in _FIRST.finditer(text))
    bullets = {
        sign
        for sign, often in signs.items()
        if often >= _FEWEST_BULLETS
        and sign not in _MEAN_SOMETHING
        and (sign == "1" or unicodedata.category(sign) == "So")
    }
    if bullets:
        text = _FIRST.sub(lambda m: _bullet(m) if (m["sign"] or "1") in bullets else m[0], text)
    text = _INSIDE.sub(lambda m: m[0] if m[0][0] in _MEAN_SOMETHING else " " * len(m[0]), text)
    return _LAST.sub(_untitled, text)


def _bullet(found: re.Match[str]) -> str:
    size = len(found[0]) - len(found[0].lstrip(" \t"))
    return found[0][:size] + "-".ljust(len(found[0]) - size)


def _untitled(found: re.Match[str]) -> str:
    line = found["line"]
    if (
        len(line.split()) > _TITLE_WORDS
        or not line.strip()
        or set(found["signs"]) & _MEAN_SOMETHING
        or ":" in line[:-1]
    ):
        return found[0]
    return line + " " * len(found["signs"])
