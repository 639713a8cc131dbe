"""Artefacts, the checks that really ran on them, and nothing else: a number comes only from here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """A rendered file. `name` is a relative path such as ``migrations/0001_initial.sql``."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Hex digest of the content: the artefact's identity."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverables:
    """What is handed over with a result and not judged: files, and (name, value) facts about them for the review.

    `tree` is what a repository gets, by path, and `removed` what is to be deleted there.
    """

    files: tuple[Artefact, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    tree: Mapping[str, bytes] = field(default_factory=dict)
    removed: tuple[str, ...] = ()


MEMORY_FOLDER = ".eipas"
"""Folder within what is handed over in which a kit remembers what it made, for the next iteration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What a result's deliverables go on from, and what people may have edited since.

    `repository` are the team's files in their repository, `workspace` is the workspace's folder, `earlier` are the zips
    of earlier iterations, the newest first.
    """

    earlier: tuple[Artefact, ...] = ()
    workspace: str = ""
    repository: Mapping[str, bytes] = field(default_factory=dict)


class Measure(StrEnum):
    """Which of the two questions a check answers: is the result sound, or does it do what was asked."""

    SOUNDNESS = "soundness"
    FIT = "fit"


class Outcome(StrEnum):
    """A check held, failed, was not measured, or does not apply: there was nothing that could hold or fail.

    Nothing but what held is ever counted as held.
    """

    HELD = "held"
    FAILED = "failed"
    NOT_MEASURED = "not_measured"
    NOT_APPLICABLE = "not_applicable"


class Fulfilment(StrEnum):
    """What became of a statement that a check of fit compared with the result."""

    DONE = "done"
    NOT_DONE = "not_done"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A statement that a check of fit compared with the result.

    `statement` is its id, the same in each area where it counts; `text` its words, cut; `gap` what is not as it says.
    """

    statement: str
    text: str
    outcome: Fulfilment
    gap: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One measured fact about the artefacts.

    `score` names the ScoreSpec it counts for, `weight` its share there; `cap` limits that score if it failed (proven
    harm).
    `detail` says in words what was found; `raw` is the tool's own output, of which the report carries the sha256.
    `share` is how much of what it looked at holds, 0 to 1, where that was counted; `compared` are the statements that a
    check of fit compared.
    """

    key: str
    title: str
    score: str
    outcome: Outcome
    detail: str
    tool: str
    tool_version: str
    command: str
    weight: float = 1.0
    cap: int | None = None
    fix: str = ""
    findings: tuple[str, ...] = ()
    raw: str = ""
    measures: Measure = Measure.SOUNDNESS
    share: float | None = None
    compared: tuple[Compared, ...] = ()

    @property
    def nothing_said(self) -> bool:
        """Whether a check of fit had nothing to compare, and not only could not be run."""
        # Results that are older than the outcome's name say it by weighing nothing.
        before = self.outcome is Outcome.NOT_MEASURED and self.weight == 0
        return self.measures is Measure.FIT and (before or self.outcome is Outcome.NOT_APPLICABLE)

    @property
    def raw_sha256(self) -> str:
        """Hex digest of the raw output."""
        return hashlib.sha256(self.raw.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score derived from checks.

    `value` is None where less than the needed share was measured, or where `nothing_said`, that is nobody said anything
    that it could be held against: unproven, shown as such.
    """

    key: str
    name: str
    value: int | None
    measured_share: float
    held: int
    failed: int
    not_measured: int
    capped_by: tuple[str, ...] = ()
    nothing_said: bool = False
    not_applicable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """The overall score and its parts."""

    overall: int | None
    measured_share: float
    parts: tuple[Score, ...]

    def part(self, key: str) -> Score | None:
        """Return the score with that key, if the role has it."""
        return next((part for part in self.parts if part.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check that did not hold tells the designer: where, what, and how it may be mended."""

    check: str
    detail: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Everything measured about one proposal; not `complete` if only what is quick was tried."""

    artefacts: tuple[Artefact, ...]
    checks: tuple[Check, ...]
    scorecard: Scorecard
    tools: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The failed checks, as findings."""
        return tuple(
            Finding(check=c.key, detail=c.detail, fix=c.fix) for c in self.checks if c.outcome is Outcome.FAILED
        )
