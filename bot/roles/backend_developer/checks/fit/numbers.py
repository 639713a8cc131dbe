"""Numbers and conventions of the whole interface, against the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.domain.facts import ConventionFact, NumberFact, Stance
from bot.roles.backend_developer.checks.document import mapping
from bot.roles.backend_developer.checks.fit.gaps import API, PERFORMANCE, Gap
from bot.roles.backend_developer.checks.fit.rendered import Rendered, plain, spoken

_NUMBER: Final = re.compile(r"(\w+):? (\d+(?:\.\d+)?(?:e[+-]?\d+)?) (\S+)")
_OF_A_THING: Final = re.compile(r"\((\w+)\)$")
_UNITS: Final = {"s": ("ms", 1000.0), "sec": ("ms", 1000.0), "seconds": ("ms", 1000.0), "min": ("ms", 60_000.0),
                 "rpm": ("rps", 1 / 60)}  # fmt: skip


def number(fact: NumberFact, made: Rendered) -> Iterator[Gap]:
    """A number stands in the document as it was said, at its operation if it was said of one."""
    if fact.stance is Stance.DENIED:
        return
    told = str(mapping(made.document.root.get("info")).get("description", "")).splitlines()
    lines = [line for line in told if not (of := _OF_A_THING.search(line)) or spoken(of[1]) == spoken(fact.entity)]
    # What was said of everything is not held by one operation, and what was said of one not by another.
    held = made.operations(fact.method, fact.path) if fact.path else made.document.endpoints if fact.entity else ()
    lines += [str(line) for e in held for line in e.node.get("x-budgets") or ()]
    stated = {
        (metric, *_in_base(float(value), unit)) for line in lines for metric, value, unit in _NUMBER.findall(line)
    }
    unit, value = _in_base(fact.value, fact.unit)
    if not any(m == fact.metric and u == unit and abs(v - value) <= 1e-6 * max(1, abs(value)) for m, u, v in stated):
        yield PERFORMANCE, f"{fact.metric} {fact.value:g} {fact.unit} is not carried over"


def _in_base(value: float, unit: str) -> tuple[str, float]:
    base, factor = _UNITS.get(unit.lower(), (unit.lower(), 1.0))
    return base, value * factor


def convention(fact: ConventionFact, made: Rendered) -> Iterator[Gap]:
    """Of conventions the base path can be compared; the others are words, see `account`."""
    if fact.kind == "base_path" and plain(made.document.base_path) != plain(fact.value):
        yield API, f"the base path is not {fact.value}"
