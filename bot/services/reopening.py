"""After the end: a cancelled evaluation goes on where it stood, and any that is over begins anew as a copy."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from bot.domain.errors import IllegalEvent
from bot.domain.evaluation import Answer, Dossier, Evaluation, Iteration
from bot.domain.inputs import Input, Scan
from bot.domain.lifecycle import CLOSED, HINTS, Event, State
from bot.domain.role import Role
from bot.reading.inputs import scan
from bot.services.access import AccessService
from bot.services.approvers import Naming, must_be_able_to_decide
from bot.services.common import Actor, ServiceContext, audit, evaluation_of, move, must_own, new_id
from bot.services.evaluations import opening_questions, refresh_context
from bot.services.ports import Tx
from bot.services.questions import ask_next, open_questions, settle


class ReopeningService:
    """Takes back a cancellation, and copies what is over."""

    def __init__(self, context: ServiceContext, access: AccessService) -> None:
        self._context, self._access = context, access

    async def reopen(self, actor: Actor, evaluation_id: str) -> Evaluation:
        """Take a cancellation back: documents and answers are as they were, and the go is asked for anew.

        Raises:
            NotAllowed: only who may cancel it may reopen it.
            IllegalEvent: it is not cancelled.
        """
        return await self._context.db.transaction(
            lambda tx: self._reopen(tx, actor, evaluation_id), delivery=actor.delivery
        )

    async def clone(self, actor: Actor, evaluation_id: str) -> Evaluation:
        """Start a copy of an evaluation that is over: its idea, documents, answers to the role's questions and people.

        Whoever may see it may copy it, and owns the copy.

        Raises:
            NotFound: there is none that this person may see.
            GuestsOnlyWatch: a guest, where guests are not let in.
            IllegalEvent: it is still open.
            ApproversRefused: somebody who decided has left, or is now a guest.
        """
        await self._access.must_take_part(actor, await self._access.must_see(actor, evaluation_id))
        dossier = await self._context.db.read(lambda tx: tx.dossier(evaluation_id))
        source = dossier.evaluation
        if source.state not in CLOSED:
            state = source.state.replace("_", " ")
            raise IllegalEvent(state=state, hint=f"only what is over is copied; {HINTS[source.state]}", event="clone")
        role = self._context.role(source)
        naming = Naming(team=actor.team, owner=actor.user, approvers=source.approvers, needed=1, guests=source.guests)
        await must_be_able_to_decide(self._context, role, naming)
        found = await asyncio.to_thread(_scan, self._own_folder(source), role)
        return await self._context.db.transaction(
            lambda tx: self._clone(tx, actor, dossier, role, found), delivery=actor.delivery
        )

    def _own_folder(self, source: Evaluation) -> Path | None:
        """The folder that its people named, None where the bot made one for it."""
        folder = Path(source.workspace) if source.workspace else None
        return None if folder is None or folder.is_relative_to(self._context.workspaces) else folder

    def _reopen(self, tx: Tx, actor: Actor, evaluation_id: str) -> Evaluation:
        evaluation = evaluation_of(tx, actor, evaluation_id)
        must_own(evaluation, actor, "reopen this evaluation", self._context.rules.policy)
        ended = evaluation.cancellations
        back = (*ended[:-1], *(replace(one, reopened_by=actor.user, reopened_at=tx.now) for one in ended[-1:]))
        moved = move(tx, evaluation, Event.RESTORED, actor, failure="", cancellations=back)
        return settle(tx, self._context, moved, actor)

    def _clone(self, tx: Tx, actor: Actor, dossier: Dossier, role: Role, found: Scan | None) -> Evaluation:
        source, evaluation_id = dossier.evaluation, new_id("ev")
        workspace = str(self._own_folder(source) or self._context.workspaces / evaluation_id)
        known = found.highest_iteration if found else 0
        number = max(known, tx.evaluations.highest_iteration(workspace, role.name)) + 1
        copy = replace(
            source, id=evaluation_id, owner=actor.user, state=State.COLLECTING, version=1, iteration=number,
            created_at=tx.now, updated_at=tx.now, thread_ts=None, workspace=workspace, failure="", goal="",
            budget_usd=self._context.rules.budget_usd, cancellations=(),
        )  # fmt: skip
        tx.evaluations.add(copy)
        tx.iterations.add(copy.id, Iteration(number=number, goal="", started_at=tx.now))
        tx.questions.add(copy.id, opening_questions(role, number))
        for document in _documents(dossier):
            tx.inputs.put(copy.id, document)
        refresh_context(tx, copy, role, dossier.context)
        audit(tx, copy.id, actor, "started", title=copy.title, copy_of=source.id, workspace=workspace)
        _copy_answers(tx, dossier, copy)
        if open_questions(tx, copy):
            ask_next(tx, copy)
            return copy
        return settle(tx, self._context, copy, actor)


def _scan(folder: Path | None, role: Role) -> Scan | None:
    return scan(folder, role) if folder is not None and folder.is_dir() else None


def _documents(dossier: Dossier) -> tuple[Input, ...]:
    return dossier.context.inputs


def _copy_answers(tx: Tx, dossier: Dossier, copy: Evaluation) -> None:
    """Take over the newest answers to the role's own questions, under the names of those who gave them."""
    asked = {question.key for question in tx.questions.all(copy.id)}
    for question in dossier.questions:
        said = question.answer
        if question.key in asked and question.run_id is None and said is not None:
            tx.questions.mark_asked(copy.id, question.key, tx.now)
            answer = Answer(version=1, text=said.text, by=said.by, at=tx.now, via=said.via, skipped=said.skipped)
            tx.questions.answer(copy.id, question.key, answer)
