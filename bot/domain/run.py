"""A run: one background execution of a designer, and the table of what may happen to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.transitions import Transitions

_STOPPED = re.compile(r"Stopped by (?:<@)?([A-Z0-9]+)>?\.")
"""The brackets are of Slack's markup, which reasons once were kept in."""


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    PARKED = "parked"
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"


class RunEvent(StrEnum):
    """What may happen to a run."""

    BEGUN = "begun"
    RESCUED = "rescued"
    PARKED = "parked"
    RESUMED = "resumed"
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"


_S, _E = RunState, RunEvent
RUN_TRANSITIONS: Final = Transitions(
    "run",
    {
        (_S.QUEUED, _E.BEGUN): _S.RUNNING,
        (_S.QUEUED, _E.RESCUED): _S.QUEUED,
        (_S.QUEUED, _E.FAILED): _S.FAILED,
        (_S.QUEUED, _E.STOPPED): _S.STOPPED,
        (_S.RUNNING, _E.BEGUN): _S.RUNNING,
        (_S.RUNNING, _E.RESCUED): _S.RUNNING,
        (_S.RUNNING, _E.PARKED): _S.PARKED,
        (_S.RUNNING, _E.FINISHED): _S.FINISHED,
        (_S.RUNNING, _E.FAILED): _S.FAILED,
        (_S.RUNNING, _E.STOPPED): _S.STOPPED,
        (_S.PARKED, _E.RESUMED): _S.QUEUED,
        (_S.PARKED, _E.STOPPED): _S.STOPPED,
    },
)
"""BEGUN of a running one is another worker that takes it up; a queued one fails whose workers keep dying."""


def stopped_by(user: str) -> str:
    """Return the reason of a run that somebody stopped."""
    return f"Stopped by {user}."


def who_stopped(reason: str) -> str:
    """Return who stopped a run by its reason, by Slack's id; "" if it is another reason."""
    found = _STOPPED.fullmatch(reason)
    return found[1] if found else ""


LIVE = frozenset({RunState.QUEUED, RunState.RUNNING, RunState.PARKED})
"""States of a run that may still bring a result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of a run's live progress. `status` is one of Slack's task_card statuses."""

    key: str
    title: str
    status: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One background execution of a designer for one iteration.

    `wake_at` is set while it waits for a time. `starts` counts how often it was enqueued (part of the engine's id),
    `begins` how often a worker took it up since it last made a stop by itself: one that keeps dying is ended. `heard`
    are the ids of the notes that were handed to its designer while it ran.
    """

    id: str
    evaluation_id: str
    iteration: int
    attempt: int
    state: RunState
    designer: str
    model: str | None
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    wake_at: datetime | None = None
    reason: str = ""
    waits_for: str = ""
    tasks: tuple[Task, ...] = ()
    heard: tuple[str, ...] = ()
    spent_usd: float = 0.0
    starts: int = 0
    begins: int = 0
