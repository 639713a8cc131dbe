"""Documents given in Slack: noted at once, fetched in the background, read or refused by name."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.errors import EipasError, IllegalEvent
from bot.domain.evaluation import ContextReview, Evaluation, Upload
from bot.domain.inputs import Input, InputRefused, Refusal
from bot.domain.lifecycle import HINTS, Event, State
from bot.inputs import take
from bot.services.common import Actor, House, audit, move
from bot.services.evaluations import receive, refresh_context
from bot.services.ports import Downloader, Tx
from bot.services.questions import settle, withdraw_go

_OPEN = (State.COLLECTING, State.AWAITING_GO)


class InputService:
    """Takes uploaded documents into an evaluation while its answers are open."""

    def __init__(self, house: House, download: Downloader) -> None:
        self._house, self._download = house, download

    async def give(self, actor: Actor, channel: str, thread_ts: str, files: Sequence[tuple[str, str, int]]) -> Evaluation | None:
        """Note files (id, name, bytes) given in an evaluation's thread; None if it is no evaluation's thread.

        Raises:
            IllegalEvent: the go gate is behind us; documents are taken again in the next iteration.
        """

        def fn(tx: Tx) -> Evaluation | None:
            evaluation = tx.evaluations.by_thread(actor.team, channel, thread_ts)
            if evaluation is None:
                return None
            if evaluation.state not in _OPEN:
                raise IllegalEvent(state=evaluation.state.replace("_", " "), hint=f"documents are closed; {HINTS[evaluation.state]}", event="upload")
            evaluation = tx.evaluations.get(evaluation.id)
            for file_id, name, size in files:
                receive(tx, evaluation, actor, Upload(file_id=file_id, name=name, size=size, by=actor.user, at=tx.now, state="pending"))
            return tx.evaluations.save(evaluation)

        return await self._house.db.transaction(fn, delivery=actor.delivery)

    async def fetch(self, evaluation_id: str, file_id: str) -> None:
        """Fetch one noted file, read it and take it in, or record in words why not. Safe to repeat."""
        evaluation, upload = await self._house.db.read(lambda tx: _find(tx, evaluation_id, file_id))
        if upload is None or upload.state != "pending":
            return
        role = self._house.role(evaluation)
        document: Input | None = None
        problem = ""
        line: int | None = None
        try:
            data = await self._download(evaluation.team, file_id)
            document = await asyncio.to_thread(take, data, upload.name, role, "upload")
        except InputRefused as refused:
            problem, line = refused.message, refused.fields.get("line")
        except EipasError as error:
            problem = error.message
        noted, taken = upload, document
        await self._house.db.transaction(lambda tx: self._settle(tx, evaluation_id, noted, taken, problem, line))

    def _settle(self, tx: Tx, evaluation_id: str, upload: Upload, document: Input | None, problem: str, line: int | None) -> None:
        evaluation = tx.evaluations.get(evaluation_id)
        role, actor = self._house.role(evaluation), Actor(team=evaluation.team, user=upload.by)
        context = tx.inputs.context(evaluation_id)
        refused = tuple(r for r in context.refused if r.path != upload.name)
        if document is None:
            tx.inputs.settle_upload(evaluation_id, replace(upload, state="refused", problem=problem))
            refused = (*refused, Refusal(path=upload.name, message=problem, line=line))
            audit(tx, evaluation_id, actor, "file_refused", file=upload.name, problem=problem)
        elif evaluation.state not in _OPEN:
            late = "It arrived after the go gate; give it again in the next iteration."
            tx.inputs.settle_upload(evaluation_id, replace(upload, state="refused", problem=late))
        else:
            tx.inputs.put(evaluation_id, document)
            tx.inputs.settle_upload(evaluation_id, replace(upload, state="read", path=document.path))
            audit(tx, evaluation_id, actor, "file_read", file=upload.name, path=document.path, sha256=document.sha256)
        refresh_context(tx, evaluation, role, ContextReview(refused=refused))
        if document is not None and evaluation.state is State.AWAITING_GO:
            # What the go gate judges has changed: its votes are void, and a new one is opened.
            withdraw_go(tx, evaluation)
            settle(tx, self._house, move(tx, evaluation, Event.ANSWERS_CHANGED, actor), actor)
            return
        tx.evaluations.save(evaluation)


def _find(tx: Tx, evaluation_id: str, file_id: str) -> tuple[Evaluation, Upload | None]:
    evaluation = tx.evaluations.get(evaluation_id, lock=False)
    return evaluation, next((u for u in tx.inputs.context(evaluation_id).uploads if u.file_id == file_id), None)
