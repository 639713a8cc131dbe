"""Splits SQL into its statements and lists into their items, knowing strings, comments, brackets and dollar quotes."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache

_ESCAPED = r"'(?:[^'\\]|''|\\.)*(?:'|\Z)"
_STANDARD = r"(?:(?<!\w)[eE]'(?:[^'\\]|''|\\.)*(?:'|\Z)|'(?:[^']|'')*(?:'|\Z))"
"""A string: MySQL takes a backslash for an escape, standard SQL only in ``E'…'``: ``'C:\'`` is closed there."""
_TOKEN = re.compile(
    r"(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z)|(?:^|(?<=\n))[ \t]*\#[^\n]*)"
    r"|(?P<dollar>\$\$.*?(?:\$\$|\Z)|\$(?P<tag>[A-Za-z_]\w{0,30})\$.*?(?:\$(?P=tag)\$|\Z))"
    r"|(?P<string>'(?:[^'\\]|''|\\.)*(?:'|\Z)|\"[^\"\n]*(?:\"|$)|`[^`\n]*(?:`|$))"
    r"|(?P<sign>[();,\[\]])",
    re.S,
)


_PLAIN_TOKEN = re.compile(_TOKEN.pattern.replace(_ESCAPED, _STANDARD), re.S)
_SIGN = r"|(?P<sign>[();,\[\]])"


def _with_signs(token: re.Pattern[str], signs: str, flags: int = re.S) -> re.Pattern[str]:
    """Return the pattern of a token that stops at other signs: each that it need not stop at takes time."""
    return re.compile(token.pattern.replace(_SIGN, signs), flags)


_WORDED, _PLAIN_WORDED = _with_signs(_TOKEN, ""), _with_signs(_PLAIN_TOKEN, "")
"""Comments and strings alone."""
_MYSQL = re.compile(r"`|\bauto_increment\b|\bengine\s*=", re.I)


@lru_cache(maxsize=8)
def _escapes(text: str) -> bool:
    """Whether a backslash escapes in the strings of a text: it is MySQL's, or a string would never be closed."""
    if "\\'" not in text:
        return False
    if _MYSQL.search(_PLAIN_WORDED.sub("", text)):  # what a string or a comment quotes tells nothing of the dialect
        return True
    last = next(iter(deque(_PLAIN_TOKEN.finditer(text), maxlen=1)), None)
    left = last is not None and last.end() == len(text) and last.group("string") is not None
    return left and last is not None and not last.group().endswith("'")


def _token(text: str) -> re.Pattern[str]:
    return _TOKEN if _escapes(text) else _PLAIN_TOKEN


def blank_comments(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the text with its comments blanked, offsets kept, and where they were."""
    comments: list[tuple[int, int]] = []
    parts: list[str] = []
    last = 0
    for match in (_WORDED if _escapes(text) else _PLAIN_WORDED).finditer(text):
        if match.lastgroup == "comment":
            said = match.group()
            if said.startswith("/*!"):
                continue
            comments.append(match.span())
            parts += [text[last : match.start()], re.sub(r"[^\n]", " ", said)]
            last = match.end()
    parts.append(text[last:])
    return "".join(parts), comments


def statements(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each statement, without its semicolon; `text` has no comments any more.

    A statement that lacks its semicolon ends where a line begins a new one outside of brackets; a trigger's body, whose
    statements end in semicolons of their own, ends with END.
    """
    begun = -1
    for start, end in _plain_statements(text):
        first = start + len(text[start:end]) - len(text[start:end].lstrip())
        if begun < 0 and _WITH_BODY.match(text, first, end) and "$" not in text[first:end]:
            begun = first
        if begun < 0:
            yield first, end
        elif _END.match(text, first, end) or not _BEGIN.search(text, begun, end):
            yield begun, end
            begun = -1
    if begun >= 0:
        yield begun, len(text)


_WITH_BODY = re.compile(r"create\s+(?:or\s+replace\s+)?(?:definer\s*=\s*\S+\s+)?(?:trigger|procedure|function)\b", re.I)
_BEGIN, _END = re.compile(r"\bbegin\b", re.I), re.compile(r"end\b", re.I)


def _plain_statements(text: str) -> Iterator[tuple[int, int]]:
    """Yield what semicolons and heads of statements part."""
    start, depth = 0, 0
    for match in (_ESCAPED_OR_HEAD if _escapes(text) else _PLAIN_OR_HEAD).finditer(text):
        sign = match.group("sign")
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth = max(depth - 1, 0)
        elif sign == ";" or (match.group("head") and (depth == 0 or match.group("table"))):
            if text[start : match.start()].strip():
                yield start, match.start()
            start, depth = (match.end() if sign else match.start()), 0
    if text[start:].strip():
        yield start, len(text)


_HEAD = (
    r"|(?P<head>^[ \t]*(?:(?P<table>create\s+(?:temp\w*\s+|unlogged\s+)?table\b)|create\s+(?:unique\s+|type|index|or|"
    r"view|policy|domain|trigger|function)|alter\s+(?:table|type)|comment\s+on|insert\s+into|drop\s+table|grant\s)\b)"
)
_ESCAPED_OR_HEAD = _with_signs(_TOKEN, r"|(?P<sign>[();])" + _HEAD, re.S | re.M | re.I)
_PLAIN_OR_HEAD = _with_signs(_PLAIN_TOKEN, r"|(?P<sign>[();])" + _HEAD, re.S | re.M | re.I)


MOST_ITEMS = 10_000
"""Items of one list that are told apart."""


def items(text: str, start: int, end: int, most: int = MOST_ITEMS) -> list[tuple[int, int]]:
    """Return the spans of what commas part at the top level of this stretch; after `most` of them the rest is one."""
    found: list[tuple[int, int]] = []
    begin, depth = start, 0
    for match in _token(text).finditer(text, start, end):
        sign = match.group("sign")
        if sign in {"(", "["}:
            depth += 1
        elif sign in {")", "]"}:
            depth -= 1
        elif sign == "," and depth == 0:
            found.append((begin, match.start()))
            begin = match.end()
            if len(found) == most:
                break
    found.append((begin, end))
    return [(one, other) for one, other in found if text[one:other].strip()]


def brackets(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span inside the first pair of brackets; one that is never closed reaches to the end."""
    depth, begin = 0, -1
    for match in _token(text).finditer(text, start, end):
        sign = match.group("sign")
        if sign == "(":
            if depth == 0:
                begin = match.end()
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
            if depth == 0:
                return begin, match.start()
    return (begin, end) if begin >= 0 else None


_LONGEST_NAME = 400
"""Characters of a name with its schema that are looked at: brackets that nobody closes take a step for each pair."""


def bare(name: str) -> str:
    """Return a name without quotes and schema: ``public."User"`` is ``User``."""
    name = name[:_LONGEST_NAME]
    last = re.findall(r"\"[^\"]*\"|`[^`]*`|\[[^\]]*\]|[^.\s\"`\[\]]+", name)
    return last[-1].strip('"`[]') if last else name.strip()
