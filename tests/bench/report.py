"""Figures, goals, and the page that shows both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.plan import NO_GOALS


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure, measured several times."""

    values: Sequence[float]

    @property
    def middle(self) -> float:
        return median(self.values)

    def words(self, digits: int = 2) -> str:
        """Return the median, and in brackets the least and the most."""
        if len(self.values) == 1:
            return f"{self.middle:,.{digits}f}"
        return f"{self.middle:,.{digits}f} ({min(self.values):,.{digits}f}–{max(self.values):,.{digits}f})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One promise with its figure: `least` or `most` is what the median has to reach or stay under.

    `limit` is the most that anybody can reach, as measured in the same run.
    """

    number: int
    what: str
    found: Spread
    unit: str
    least: float | None = None
    most: float | None = None
    limit: Spread | None = None

    @property
    def holds(self) -> bool:
        at_least = self.least is None or self.found.middle >= self.least
        return at_least and (self.most is None or self.found.middle <= self.most)

    def row(self) -> list[str]:
        target = f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"
        unit = "" if self.unit == "x" else f" {self.unit}"
        times = "×" if self.unit == "x" else ""
        digits = 0 if self.unit == "ids" else 2
        words = f"{self.found.words(digits)}{times}{unit}"
        reach = "" if self.limit is None else f" (nobody beyond {self.limit.words()}{times})"
        return [str(self.number), self.what, words, f"{target}{times}{unit}{reach}", "yes" if self.holds else "**no**"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A table without goals. `note` says how it was measured."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page(machine: Sequence[str], goals: Sequence[Goal], sections: Sequence[Section]) -> str:
    """Return the whole page as Markdown."""
    held = sum(goal.holds for goal in goals)
    parts = [
        "# Benchmarks",
        "Written by `make bench`, which measures everything below in one run. Figures are the medians of interleaved "
        "rounds, in brackets the least and the most; ratios are taken round by round, so that what slows the machine "
        "slows both sides. Only one server runs at a time: the others are stopped by a signal.",
        "\n".join(f"- {line}" for line in machine),
        f"## Goals: {held} of {len(goals)} hold",
        table(["goal", "what", "found", "target", "holds"], [goal.row() for goal in goals]),
        "## What is no goal",
        table(["what", "why"], NO_GOALS),
    ]
    for section in sections:
        parts += [f"## {section.title}", *([section.note] if section.note else []), table(section.head, section.rows)]
    return "\n\n".join(parts) + "\n"
