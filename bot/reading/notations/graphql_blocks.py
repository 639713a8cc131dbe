"""Cuts GraphQL's schema language into its definitions, each parsed by itself, so that a broken one loses only itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graphql import GraphQLError, parse
from graphql.language import DefinitionNode

_MOST_BLOCKS = 4000
_HEAVY = 60_000
"""Characters that are parsed altogether; graphql-core takes about a second for 150,000."""


@dataclass(frozen=True, slots=True)
class Block:
    """A definition: where it stands and what it was parsed to."""

    start: int
    end: int
    node: DefinitionNode | None


def blocks(text: str) -> Iterator[Block]:
    """Yield the definitions of a text, each parsed by itself; what stands between them is none."""
    starts = [match.start() for match in _TOP.finditer(text)][:_MOST_BLOCKS]
    if starts and text[: starts[0]].strip():
        yield from _prose(text, 0, starts[0])
    heavy = 0
    for number, start in enumerate(starts):
        limit = starts[number + 1] if number + 1 < len(starts) and number + 1 < _MOST_BLOCKS else len(text)
        end = _end(text, start, limit)
        heavy += end - start
        node = _parse(text[start:end]) if heavy < _HEAVY else None
        if node is None and heavy < _HEAVY:
            mended, lost = _mended(text[start:end])
            node = _parse(mended)
            yield from (Block(start + one, start + other, None) for one, other in lost if node is not None)
        yield Block(start, end, node)
        yield from _prose(text, end, limit)


_TOP = re.compile(
    r"^[ \t]*(?:\"\"\"(?:[^\"]|\"(?!\"\"))*\"\"\"\s*|\"[^\"\n]*\"\s*)?"
    r"(?:(?:extend\s+)?(?:type|input|interface|enum|union|scalar)\s+\w|schema\s*[@{]|directive\s+@)",
    re.M,
)


def _prose(text: str, start: int, end: int) -> Iterator[Block]:
    """Yield the lines between definitions that are neither empty nor comments."""
    for match in re.finditer(r"[^\n]+", text[start:end]):
        if match.group().strip(" \t,}\r") and not match.group().lstrip().startswith("#"):
            yield Block(start + match.start(), start + match.end(), None)


def _end(text: str, start: int, limit: int) -> int:
    """Return where a definition ends: after its brace, or before the next definition."""
    brace = re.compile(r"\}[ \t]*(?=\n|$|#)").search(text, start, limit)
    if brace is not None:
        return brace.end()
    line = text.find("\n", start + 1, limit)
    return line if line > 0 and "{" not in text[start:limit] and text[start:limit].lstrip()[:1] != '"' else limit


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
