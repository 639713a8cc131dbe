"""Three-way merges of rendered files that people edited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

MARK = "<<<<<<< yours"
_BEGIN, _MIDDLE, _END = f"{MARK}\n", "=======\n", ">>>>>>> rendered now\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A place that both sides changed: its first and last line in the merged text, counted from 1, marks included."""

    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The merged text, and where people must decide."""

    text: str
    conflicts: tuple[Conflict, ...] = ()


def merged(base: str, theirs: str, ours: str) -> Merged:
    """Merge what is rendered now (`theirs`) into what people made (`ours`) of what was rendered before (`base`).

    Lines that both sides changed differently stand between the marks that git writes; nothing of either side is lost.
    The method is that of diff3 (Khanna, Kunal, Pierce: "A Formal Investigation of Diff3", 2007).
    """
    if ours in (base, theirs):
        return Merged(text=theirs)
    if base == theirs:
        return Merged(text=ours)
    lines: list[str] = []
    conflicts: list[Conflict] = []
    for old, mine, new in _chunks(_lines(base), _lines(ours), _lines(theirs)):
        if new in (mine, old):
            lines += mine
        elif old == mine:
            lines += new
        else:
            made = [_BEGIN, *_ended(mine), _MIDDLE, *_ended(new), _END]
            conflicts.append(Conflict(first_line=len(lines) + 1, last_line=len(lines) + len(made)))
            lines += made
    return Merged(text="".join(lines), conflicts=tuple(conflicts))


def _chunks(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Yield (base, ours, theirs) in turn: stretches that all three share, and what lies between them."""
    mine, new = _matches(base, ours), _matches(base, theirs)
    shared = [line for line in range(len(base)) if line in mine and line in new]
    b = o = t = 0
    for line in shared:
        if (b, o, t) != (line, mine[line], new[line]):
            yield base[b:line], ours[o : mine[line]], theirs[t : new[line]]
        kept = [base[line]]
        yield kept, kept, kept
        b, o, t = line + 1, mine[line] + 1, new[line] + 1
    yield base[b:], ours[o:], theirs[t:]


def _matches(base: list[str], side: list[str]) -> dict[int, int]:
    """Return which line of the side each line of the base became."""
    blocks = SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks()
    return {a + step: b + step for a, b, size in blocks for step in range(size)}


def _lines(text: str) -> list[str]:
    # Only LF ends a line: str.splitlines would also end one at form feeds within texts.
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _ended(lines: list[str]) -> list[str]:
    """Return lines of which the last ends, so that a mark can follow."""
    return [*lines[:-1], lines[-1] if lines[-1].endswith("\n") else f"{lines[-1]}\n"] if lines else []
