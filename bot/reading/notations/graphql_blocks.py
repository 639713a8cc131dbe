"""Cuts GraphQL's schema language into definitions, each parsed by itself: a broken one loses only itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from graphql import GraphQLError, parse
from graphql.language import DefinitionNode

_MOST_BLOCKS = 4000
"""Definitions of one text that are read, and lines between two of them that are told apart."""
_HEAVY = 100_000
"""Words and signs that are parsed altogether, a description being one: graphql-core takes about 10 µs for each."""
_TOKEN = re.compile(r'"""(?:[^"]|"(?!""))*"""|"[^"\n]*"|\#[^\n]*|\w+|[^\s,]')


@dataclass(frozen=True, slots=True)
class Block:
    """A definition: where it stands and what it was parsed to."""

    start: int
    end: int
    node: DefinitionNode | None


def blocks(text: str) -> Iterator[Block]:
    """Yield the definitions of a text, each parsed by itself; what stands between them is none."""
    plain = WORDS.sub(_blank, text)
    starts = [_with_description(text, match.start()) for match in islice(_TOP.finditer(plain), _MOST_BLOCKS)]
    if starts and text[: starts[0]].strip():
        yield from _prose(text, 0, starts[0])
    heavy = 0
    for start, limit in zip(starts, [*starts[1:], len(text)], strict=True):
        end = start + len(text[start : _end(plain, start, limit)].rstrip())
        heavy += sum(1 for _ in _TOKEN.finditer(text, start, end))
        node = _parse(text[start:end]) if heavy < _HEAVY else None
        if node is None and heavy < _HEAVY and _UNBRACED.match(plain, start, end):
            end = _line_end(plain, start, limit)
            node = _parse(text[start:end])
        if node is None and heavy < _HEAVY:
            mended, lost = _mended(text[start:end])
            node = _parse(mended)
            yield from (Block(start + one, start + other, None) for one, other in lost if node is not None)
        yield Block(start, end, node)
        yield from _prose(text, end, limit)


WORDS = re.compile(r'"""(?:[^"]|"(?!""))*"""|"[^"\n]*"|\#[^\n]*')
"""Descriptions and comments, in which anything may stand."""
_TOP = re.compile(
    r"^[ \t]*+(?:(?:extend\s+)?(?:type|input|interface|enum|union|scalar)\s+\w"
    r"|(?:extend\s+)?schema\s*[@{]|directive\s+@)",
    re.M,
)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def _with_description(text: str, start: int) -> int:
    """Return where a definition begins, the description before it included."""
    lead = start
    while lead and text[lead - 1].isspace():
        lead -= 1
    if text[max(lead - 3, 0) : lead] == '"""':
        begin = text.rfind('"""', 0, lead - 3)
    else:
        begin = text.rfind('"', text.rfind("\n", 0, lead) + 1, lead - 1) if text[lead - 1 : lead] == '"' else -1
    return begin if begin >= 0 else start


_UNBRACED = re.compile(r"\s*(?:extend\s+)?(?:union|scalar|directive|schema)\b")
"""What need not end in a brace: it may go on for lines, to the next definition."""


def _prose(text: str, start: int, end: int) -> Iterator[Block]:
    """Yield the lines between definitions that are neither empty nor comments; after so many the rest is one."""
    for number, match in enumerate(re.finditer(r"[^\n]+", text[start:end])):
        if number == _MOST_BLOCKS:
            yield Block(start + match.start(), end, None)
            return
        if match.group().strip(" \t,}\r") and not match.group().lstrip().startswith("#"):
            yield Block(start + match.start(), start + match.end(), None)


def _end(text: str, start: int, limit: int) -> int:
    """Return where a definition of a text without descriptions ends: after its brace, or before the next one."""
    brace = _CLOSED.search(text, start, limit)
    if _UNBRACED.match(text, start, limit) and (brace is None or "{" not in text[start : brace.end()]):
        return start + len(text[start:limit].rstrip())
    if brace is not None:
        return brace.end()
    return limit if "{" in text[start:limit] else _line_end(text, start, limit)


_CLOSED = re.compile(r"\}[ \t]*(?=\n|$|#)")


def _line_end(text: str, start: int, limit: int) -> int:
    """Return where the line ends in which a definition begins, or where that itself has to end."""
    line = text.find("\n", start + len(text[start:limit]) - len(text[start:limit].lstrip()), limit)
    return line if line > 0 else limit


def _parse(text: str) -> DefinitionNode | None:
    """Return the tree of one definition; None if it is refused."""
    if text.count("[") > 2000 or re.search(r"\[{30}", text):
        return None
    try:
        found = parse(text, max_tokens=40_000).definitions
    except (GraphQLError, RecursionError):
        return None
    return found[0] if len(found) == 1 else None


def _mended(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a definition whose lines that are no fields are blanked, and their spans; a missing brace is added."""
    lost: list[tuple[int, int]] = []
    parts: list[str] = []
    place = 0
    opened = False
    for line in text.split("\n"):
        if not line:
            parts.append(line)
            place += 1
            continue
        plain = re.sub(r"#.*$", "", line).strip().rstrip(",")
        fine = not opened or plain in {"", "}", "{"} or _FIELD_LINE.fullmatch(plain) or '"' in plain
        opened = opened or "{" in line
        if not fine:
            lost.append((place, place + len(line)))
        parts.append(DEFAULT.sub(lambda match: " " * len(match.group()), line) if fine else " " * len(line))
        place += len(line) + 1
    mended = "\n".join(parts)
    return mended + "}" * (mended.count("{") - mended.count("}")), lost


DEFAULT = re.compile(r"=\s*(\"[^\"\n]*\"|[\w.-]+)")
"""A default, which GraphQL knows only of inputs and people write everywhere."""
_FIELD_LINE = re.compile(
    r"\w+(?:\([^()]*\))?\s*:\s*\[{0,3}\w+!?\]?!?\]?!?(?:\s*=\s*[^@]+)?(?:\s*@\w+(?:\([^()]*\))?)*\}?|[A-Z_]\w*"
)
