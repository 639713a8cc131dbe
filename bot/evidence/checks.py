"""What a check is, whatever it looks at: its rules, what it found, and the few ways to say so."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from bot.domain.errors import EipasError
from bot.domain.evidence import Compared, Measure, Outcome

_NAMED: Final = 8
"""So many offenders are named in a sentence; all of them are in the findings."""

T = TypeVar("T")
C = TypeVar("C")
"""The context that a kit's checks are given: what is judged, and what several checks share."""


class Unmeasurable(EipasError):
    """A check could not be tried, so that it neither held nor failed; `reason` is a whole sentence."""

    message_template = "{reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What a check found.

    `share` is how much of what it looked at holds, 0 to 1, where that was counted; `compared` are the statements that a
    check of fit compared.
    """

    outcome: Outcome
    detail: str
    findings: tuple[str, ...] = ()
    raw: str = ""
    share: float | None = None
    compared: tuple[Compared, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRule:
    """What a check's outcome counts for: its score, its weight there, and the cap on proven harm."""

    key: str
    score: str
    weight: float
    cap: int | None
    measures: Measure = Measure.SOUNDNESS


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSpec(CheckRule, Generic[C]):
    """One check: its rule, its tool, how a person runs the same over a folder of artefacts, and the mend it suggests.

    `weight` is the check's share in its score; `command` is shown to people.
    """

    title: str
    tool: str
    command: str
    run: Callable[[C], CheckResult]
    fix: str


class Once(Generic[T]):
    """A value computed at most once, by whichever thread asks first; a failure is remembered likewise."""

    def __init__(self, compute: Callable[[], T]) -> None:
        self._compute = compute
        self._lock = threading.Lock()
        self._outcome: tuple[T] | Exception | None = None

    def get(self) -> T:
        """Return the value, or raise what computing it raised."""
        with self._lock:
            if self._outcome is None:
                try:
                    self._outcome = (self._compute(),)
                except Exception as problem:  # raised again, to everyone who asks
                    self._outcome = problem
            if isinstance(self._outcome, Exception):
                raise self._outcome
            return self._outcome[0]


def held(detail: str, raw: Any = None) -> CheckResult:
    """Say that the fact is as it should be."""
    return CheckResult(outcome=Outcome.HELD, detail=detail, raw=as_raw(raw))


def failed(detail: str, findings: Sequence[str], raw: Any = None) -> CheckResult:
    """Say that the fact is not as it should be; `findings` names each offender."""
    return CheckResult(
        outcome=Outcome.FAILED,
        detail=detail,
        findings=tuple(findings),
        raw=as_raw(raw if raw is not None else list(findings)),
    )


def not_measured(reason: str) -> CheckResult:
    """Say that it could not be found out. Never counted as held."""
    return CheckResult(outcome=Outcome.NOT_MEASURED, detail=reason)


def not_applicable(reason: str) -> CheckResult:
    """Say that the question does not arise, and why: never held, as passing on nothing proves nothing."""
    return CheckResult(outcome=Outcome.NOT_APPLICABLE, detail=reason)


def nothing_there(reason: str, asked: Iterable[str]) -> CheckResult:
    """Say that the result has nothing of what the check looks at: that does not apply where nobody asked for it.

    Where somebody did (`asked` are their words for it), it could not be looked at, and stays among what was not
    measured: a design must not gain by leaving out what can be checked.
    """
    wanted = sorted(set(asked))
    if not wanted:
        return not_applicable(reason)
    return not_measured(f"{reason} People asked for it: {named(wanted)}.")


def judge(offenders: Sequence[str], *, good: str, bad: str, raw: Any = None) -> CheckResult:
    """Failed if there are offenders, naming them after `bad`; otherwise held with the words `good`."""
    if offenders:
        return failed(f"{bad}: {named(offenders)}.", offenders, raw)
    return held(good, raw)


def named(names: Sequence[str]) -> str:
    """Join names to words, the first eight of them."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def as_raw(value: Any) -> str:
    """Text stays; anything else becomes JSON, stable in order."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, default=str)


OWN: Final = "own"
"""This product itself among the tools."""


def own_version() -> str:
    """Return the version of this product; ``from source`` where it is not installed."""
    return tool_versions({OWN: "eipas-slack"})[OWN]


def tool_versions(packages: Mapping[str, str]) -> dict[str, str]:
    """Versions of the tools by name, from the packages that bring them; what is not installed is ``absent``.

    The tool ``own`` is this product itself.
    """
    found = {"python": platform.python_version()}
    for tool, package in packages.items():
        try:
            found[tool] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[tool] = "absent" if tool != OWN else "from source"
    return found
