"""What a designer holds during one run: the port's only real implementation, durable at every call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final, Self, TypeVar

from pydantic import TypeAdapter

from bot.domain.design import Brief, Feedback
from bot.domain.evaluation import NOTES_IN_DOSSIER, Question
from bot.domain.evidence import Artefact, Assessment, Check, Scorecard
from bot.domain.proposal import Proposal
from bot.domain.run import Run, Task
from bot.services.common import ServiceContext, new_id
from bot.services.designer import TaskStatus
from bot.services.ports import Kit, Tx
from bot.services.resume_state import ancestors
from bot.services.run_fencing import RunFenced, hold, locked
from bot.services.run_launch import notes_of

T = TypeVar("T")
EVIDENCE_TASK: Final = "evidence"
"""Key of the task by which an assessment tells how far it is."""

_EVIDENCE: Final = "Check, run and probe what was rendered"
_CHECKS = TypeAdapter(tuple[Check, ...])
_SCORECARD = TypeAdapter(Scorecard)


class StoredDesignSession:
    """See `DesignSession`. A run that was stopped, cancelled or taken over raises RunFenced at its next write."""

    def __init__(self, context: ServiceContext, run: Run, brief: Brief, kit: Kit[Any]) -> None:
        self._context, self._kit, self._held = context, kit, run
        self.brief, self.run_id = brief, run.id
        self._evaluation_id, self._iteration = run.evaluation_id, run.iteration
        self._heard: tuple[Feedback, ...] = ()

    async def assess(self, proposal: Proposal) -> Assessment:
        return await self._assessed(proposal, thorough=False)

    async def assess_thoroughly(self, proposal: Proposal) -> Assessment:
        """Measure everything, also what takes long; what was measured before is not measured again."""
        return await self._assessed(proposal, thorough=True)

    async def _assessed(self, proposal: Proposal, *, thorough: bool) -> Assessment:
        kept = await self._context.db.read(lambda tx: kept_assessment(tx, self.run_id, proposal))
        if kept is not None and (kept.complete or not thorough):
            return kept
        # What was handed out while the run went on is accounted for as well.
        brief = replace(self.brief, feedback=(*self.brief.feedback, *self._heard))
        async with _Telling(self) as telling:
            fresh = await self._kit.assess(proposal, brief, thorough=thorough, tell=telling.tell)
        heard = tuple(item.id for item in self._heard)
        await self._write(lambda tx, run: keep_assessment(tx, run.id, proposal, fresh, heard))
        return fresh

    async def progress(self, task: str, title: str, status: TaskStatus, detail: str = "") -> None:
        def fn(tx: Tx, run: Run) -> None:
            fresh = Task(key=task, title=title, status=status.value, detail=detail[:500])
            if fresh in run.tasks:
                return
            known = any(t.key == task for t in run.tasks)
            tasks = tuple(fresh if t.key == task else t for t in run.tasks) if known else (*run.tasks, fresh)
            tx.runs.save(replace(run, tasks=tasks))

        await self._write(fn)

    async def notes(self) -> tuple[Feedback, ...]:
        # By id, not by time: what is in the brief was there when the run was launched, everything else came later.
        known = {item.id for item in self.brief.feedback}
        notes = await self._context.db.read(lambda tx: tx.notes.all(self._evaluation_id))
        fresh = tuple(note for note in notes_of(notes, self._iteration) if note.id not in known)
        self._heard = fresh
        if fresh:
            await self._write(lambda tx, run: _hear(tx, run, fresh))
        return fresh

    async def ask(self, questions: Sequence[tuple[str, str, str]]) -> Mapping[str, str] | None:
        def fn(tx: Tx, run: Run) -> Mapping[str, str] | None:
            known = {q.key: q for q in tx.questions.all(run.evaluation_id)}
            told = {key: _told(known, key, ancestors(tx, run.id)) for key, _, _ in questions}
            keys = {key: told[key] or f"{run.id}.{key}" for key, _, _ in questions}
            fresh = [(key, text, why) for key, text, why in questions if keys[key] not in known]
            tx.questions.add(
                run.evaluation_id,
                [self._question(run, keys[k], n, text, why, tx) for n, (k, text, why) in enumerate(fresh, len(known))],
            )
            if fresh or not all(known[full].settled for full in keys.values()):
                return None
            return {key: answer.text for key, full in keys.items() if (answer := known[full].answer)}

        return await self._write(fn)

    @staticmethod
    def _question(run: Run, key: str, position: int, text: str, why: str, tx: Tx) -> Question:
        return Question(
            key=key, position=position, name="A question from the designer", text=text[:1000], why=why[:500],
            iteration=run.iteration, run_id=run.id, asked_at=tx.now,
        )  # fmt: skip

    async def steps(self) -> tuple[Mapping[str, Any], ...]:
        return await self._context.db.read(lambda tx: tx.runs.steps(self.run_id))

    async def append(self, steps: Sequence[Mapping[str, Any]], *, call: Mapping[str, Any] | None = None) -> None:
        def fn(tx: Tx, run: Run) -> None:
            tx.runs.append(run.id, steps)
            if call is not None:
                tx.ledger.close(run.id, call)
                self._book(tx, run)

        try:
            await self._write(fn)
        except RunFenced:
            if call is not None:
                await self.close_call(call)
            raise

    async def open_call(self, model: str, estimate_usd: float) -> str:
        call_id = new_id("cl")
        await self._write(
            lambda tx, run: tx.ledger.open(run.evaluation_id, run.iteration, run.id, call_id, model, estimate_usd)
        )
        return call_id

    async def close_call(self, call: Mapping[str, Any]) -> None:
        # Money was spent whether or not the run goes on: this is written even for a stopped run.
        def fn(tx: Tx) -> None:
            tx.ledger.close(self.run_id, call)
            self._book(tx, locked(tx, self.run_id)[1])

        await self._context.db.transaction(fn)

    def _book(self, tx: Tx, run: Run) -> None:
        tx.runs.save(replace(run, spent_usd=tx.ledger.spent_usd(run.evaluation_id, payer=run.id)))

    async def spent_usd(self) -> float:
        return await self._context.db.read(lambda tx: tx.ledger.spent_usd(self._evaluation_id))

    async def budget_usd(self) -> float:
        return await self._context.db.read(lambda tx: tx.evaluations.get(self._evaluation_id, lock=False).budget_usd)

    async def remember(self, key: str, value: Mapping[str, Any]) -> None:
        await self._write(lambda tx, run: tx.runs.remember(run.id, key, value))

    async def recall(self, key: str) -> Mapping[str, Any] | None:
        return await self._context.db.read(lambda tx: tx.runs.recall(self.run_id, key))

    async def _write(self, fn: Callable[[Tx, Run], T]) -> T:
        return await self._context.db.transaction(lambda tx: fn(tx, hold(tx, self._held)[1]))


class _Telling:
    """Shows in the live progress how far an assessment is: the newest words, one after another is written."""

    def __init__(self, session: StoredDesignSession) -> None:
        self._session = session
        self._newest = ""
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failed: object) -> None:
        if self._task is None:
            return
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        if failed[0] is None:
            await self._session.progress(EVIDENCE_TASK, _EVIDENCE, TaskStatus.COMPLETE)

    def tell(self, words: str) -> None:
        """Take down how far it is; called on the loop."""
        self._newest = words
        self._news.set()
        if self._task is None:
            self._task = asyncio.create_task(self._write())

    async def _write(self) -> None:
        # A run that was stopped meanwhile finds out by itself, at its own next write.
        with suppress(RunFenced):
            while True:
                await self._news.wait()
                self._news.clear()
                await self._session.progress(EVIDENCE_TASK, _EVIDENCE, TaskStatus.IN_PROGRESS, self._newest)


def _hear(tx: Tx, run: Run, notes: Sequence[Feedback]) -> None:
    """Record what the designer was handed, for the thread to say; once per note."""
    heard = tuple(dict.fromkeys((*run.heard, *(note.id for note in notes))))[-NOTES_IN_DOSSIER:]
    if heard != run.heard:
        tx.runs.save(replace(run, heard=heard))


def _told(known: Mapping[str, Question], key: str, runs: Sequence[str]) -> str:
    """Return the key under which a run before this one was given the answer, or an empty string."""
    asked = (f"{run_id}.{key}" for run_id in runs)
    return next((full for full in asked if full in known and known[full].settled), "")


def keep_assessment(tx: Tx, run_id: str, proposal: Proposal, assessment: Assessment, heard: Sequence[str] = ()) -> None:
    """Store an assessment with its run: files by digest, checks and scores as data.

    `heard` are the ids of the notes that it was made with beside the brief.
    """
    names = [{"name": a.name, "media_type": a.media_type, "sha256": tx.files.put(a)} for a in assessment.artefacts]
    value = {
        "artefacts": names,
        "checks": _CHECKS.dump_python(assessment.checks, mode="json"),
        "scorecard": _SCORECARD.dump_python(assessment.scorecard, mode="json"),
        "tools": dict(assessment.tools),
        "complete": assessment.complete,
        "heard": list(heard),
    }
    tx.runs.remember(run_id, _kept_as(proposal, complete=assessment.complete), value)


def kept_assessment(tx: Tx, run_id: str, proposal: Proposal) -> Assessment | None:
    """Return what was kept for this proposal in this run, or None."""
    value = tx.runs.recall(run_id, _kept_as(proposal, complete=True))
    value = value or tx.runs.recall(run_id, _kept_as(proposal, complete=False))
    if value is None:
        return None
    artefacts = tuple(
        Artefact(name=a["name"], media_type=a["media_type"], content=tx.files.get(a["sha256"]))
        for a in value["artefacts"]
    )
    return Assessment(
        artefacts=artefacts,
        checks=_CHECKS.validate_python(value["checks"]),
        scorecard=_SCORECARD.validate_python(value["scorecard"]),
        tools=value["tools"],
        complete=value.get("complete", True),
    )


def _kept_as(proposal: Proposal, *, complete: bool) -> str:
    return f"assessment:{proposal.digest}" if complete else f"assessment:{proposal.digest}:quick"


def assessed_with(tx: Tx, run: Run, proposal: Proposal) -> frozenset[str]:
    """Return the ids of the notes that a proposal was assessed with: those that came later are not among them."""
    value = tx.runs.recall(run.id, _kept_as(proposal, complete=True))
    value = value or tx.runs.recall(run.id, _kept_as(proposal, complete=False)) or {}
    return frozenset(value.get("heard", run.heard))
