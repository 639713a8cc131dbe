"""What one attempt leaves to the next: its transcript and the values remembered beside it, unless they are no good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.attempt import PreviousAttempt, TranscriptHealth, why_afresh
from bot.domain.design import Brief
from bot.domain.proposal import Proposal
from bot.domain.run import LIVE, Run, Task
from bot.services.designer import Designer, TaskStatus
from bot.services.ports import Tx

ORIGIN_TASK = "origin"
"""Key of the task by which another attempt says what it makes of the one before."""

_RECORD, _ORIGIN = "attempt:record", "attempt:origin"
_OWN = frozenset({_RECORD, _ORIGIN})
"""Memories about an attempt itself, which the next one does not take over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeState:
    """How a new attempt begins. `origin` is None and the memories are empty where it begins with nothing."""

    brief: Brief
    tasks: tuple[Task, ...] = ()
    steps: tuple[Mapping[str, Any], ...] = ()
    memories: Mapping[str, Mapping[str, Any]]
    origin: Mapping[str, Any] | None = None

    def hand_to(self, tx: Tx, run: Run) -> None:
        """Write it under the stored run. The ledger is left alone: each turn stays booked on the run that paid it."""
        tx.runs.append(run.id, self.steps)
        for key, value in self.memories.items():
            tx.runs.remember(run.id, key, value)
        if self.origin is not None:
            tx.runs.remember(run.id, _ORIGIN, self.origin)


def judge(tx: Tx, run_id: str, record: TranscriptHealth) -> None:
    """Keep what a run's failure says of its record; a run of which nothing is kept was stopped, and left it sound."""
    tx.runs.remember(run_id, _RECORD, {"record": record.value})


def ancestors(tx: Tx, run_id: str) -> tuple[str, ...]:
    """Return the ids of the runs whose conversation this one goes on with, the newest first."""
    origin = tx.runs.recall(run_id, _ORIGIN) or {}
    return tuple(origin.get("runs", ()))


def resume_state(tx: Tx, earlier: Run | None, brief: Brief, designer: Designer, kind: type[Proposal]) -> ResumeState:
    """Return what an attempt at `brief` takes over from the one before; see `why_afresh`.

    Going on keeps the earlier brief: the first step of the conversation holds it, and what people said since reaches
    the designer as answers and notes.
    """
    steps = tx.runs.steps(earlier.id) if earlier is not None and earlier.state not in LIVE else ()
    if earlier is None or not steps:
        return ResumeState(brief=brief, memories={})
    memories = tx.runs.memories(earlier.id)
    left = _left(tx, earlier, len(steps), memories, kind)
    if because := why_afresh(left, designer.name, designer.model, brief):
        return ResumeState(brief=brief, tasks=(_said(f"Starts afresh, because {because}"),), memories={})
    kept = f"{len(steps)} step{'s' if len(steps) > 1 else ''} kept"
    return ResumeState(
        brief=left.brief,
        tasks=(_said(f"Goes on from attempt {earlier.attempt}: {kept}"),),
        steps=steps,
        memories={key: value for key, value in memories.items() if key not in _OWN},
        origin={"runs": [earlier.id, *_runs(memories)], "steps": len(steps)},
    )


def _left(
    tx: Tx, run: Run, steps: int, memories: Mapping[str, Mapping[str, Any]], kind: type[Proposal]
) -> PreviousAttempt:
    family = {run.id, *_runs(memories)}
    return PreviousAttempt(
        attempt=run.attempt,
        record=TranscriptHealth(memories.get(_RECORD, {}).get("record", TranscriptHealth.SOUND)),
        designer=run.designer,
        model=run.model,
        brief=tx.runs.brief(run.id, kind),
        steps=steps,
        inherited=memories.get(_ORIGIN, {}).get("steps", 0),
        asked=frozenset(q.key for q in tx.questions.all(run.evaluation_id) if q.run_id in family),
    )


def _runs(memories: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(memories.get(_ORIGIN, {}).get("runs", ()))


def _said(words: str) -> Task:
    return Task(key=ORIGIN_TASK, title=words, status=TaskStatus.COMPLETE.value)
