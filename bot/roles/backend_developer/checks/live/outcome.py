"""What probes found: each names an operation, what was expected of it and what was seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, Final, TypeAlias

from bot.evidence.checks import Unmeasurable

_KEPT: Final = 60
"""So many failures are kept per check; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A probe that failed: `check` is the key of the check that it counts for."""

    check: str
    operation: str
    what: str
    expected: str
    seen: str

    def words(self) -> str:
        """Say it in one line."""
        return f"{self.operation}: {self.what}: expected {self.expected}, seen {self.seen}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured of one operation under load, in milliseconds and requests per second."""

    operation: str
    requests: int
    failed: int
    p50: float
    p95: float
    p99: float
    rate: float


@dataclass(slots=True)
class Findings:
    """Everything that was tried in one run of a service."""

    held: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    untried: dict[str, dict[str, str]] = field(default_factory=dict)
    """By check: what could not be tried, and why."""
    figures: list[Figure] = field(default_factory=list)
    problem: str = ""
    """Why nothing (more) could be tried."""
    sandbox: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    """Phases that were gone through to their end."""
    log: str = ""

    def record(self, check: str, operation: str, what: str, *, expected: str, seen: object, held: bool) -> bool:
        """Write one probe's outcome down; return whether it held."""
        if held:
            self.held[check] = self.held.get(check, 0) + 1
            return True
        self.failed[check] = self.failed.get(check, 0) + 1
        words = str(seen)[:300]
        one = Failure(check=check, operation=operation, what=what[:200], expected=expected[:200], seen=words)
        if self.failed[check] <= _KEPT and one not in self.failures:
            self.failures.append(one)
        return False

    def leave(self, check: str, what: str, why: str) -> None:
        """Write down that something could not be tried."""
        self.untried.setdefault(check, {})[what[:200]] = why[:300]

    @contextmanager
    def timed(self, phase: str, clock: Any) -> Iterator[None]:
        """Measure a phase in seconds and note it when it came to its end."""
        began = clock()
        try:
            yield
            self.done.append(phase)
        finally:
            self.seconds[phase] = round(clock() - began, 2)

    def joined(self, other: Findings) -> Findings:
        """Return what both found, of two runs that tried different things."""
        made = Findings.of_json(self.as_json())
        for mine, more in ((made.held, other.held), (made.failed, other.failed)):
            for key, count in more.items():
                mine[key] = mine.get(key, 0) + count
        for key, left in other.untried.items():
            made.untried.setdefault(key, {}).update(left)
        made.failures += [one for one in other.failures if one not in made.failures]
        made.figures += other.figures
        made.problem = made.problem or other.problem
        made.seconds |= {name: round(made.seconds.get(name, 0) + took, 2) for name, took in other.seconds.items()}
        made.done = [*made.done, *(phase for phase in other.done if phase not in made.done)]
        made.log = other.log or made.log
        return made

    def as_json(self) -> dict[str, Any]:
        """Return it as data."""
        return asdict(self)

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> Findings:
        """Read what `as_json` gave."""
        made = cls(**{name: value for name, value in said.items() if name not in ("failures", "figures")})
        made.failures = [Failure(**one) for one in said["failures"]]
        made.figures = [Figure(**one) for one in said["figures"]]
        return made


Live: TypeAlias = Findings | Unmeasurable
"""What was found of a running service, or why nothing was."""

NOT_RUN: Final = Unmeasurable(reason="Only static evidence was asked for; the service was not run.")
