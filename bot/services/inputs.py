"""Documents given in Slack: noted at once, fetched in the background, read or refused by name."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.domain.errors import EipasError, IllegalEvent
from bot.domain.evaluation import ANSWER_LIMIT, ContextReview, Evaluation, Upload
from bot.domain.inputs import TEXT, Input, InputRefused, Refusal
from bot.domain.lifecycle import CLOSED, HINTS, Event, State
from bot.reading.inputs import take
from bot.services.common import Actor, ServiceContext, audit, move
from bot.services.evaluations import receive, refresh_context
from bot.services.inquiries import inquire
from bot.services.ports import Downloader, Tx
from bot.services.questions import after_answers, record, settle, withdraw_go
from bot.services.reply_place import is_open_for, joined

log = structlog.get_logger(__name__)
_OPEN = (State.COLLECTING, State.AWAITING_GO)


class InputService:
    """Takes uploaded documents into an evaluation while its answers are open."""

    def __init__(self, context: ServiceContext, download: Downloader) -> None:
        self._context, self._download = context, download

    async def give(
        self,
        actor: Actor,
        channel: str,
        thread_ts: str,
        files: Sequence[tuple[str, str, int]],
        ts: str = "",
        answers: str = "",
    ) -> Evaluation | None:
        """Note files (id, name, bytes) given in an evaluation's thread; None if it is no evaluation's thread.

        `ts` is the message that brought them; with `answers` their text is the answer to the question of that key, and
        no document.

        Raises:
            IllegalEvent: the go gate is behind us; documents are taken again in the next iteration.
        """
        found = await self._context.db.read(lambda tx: tx.evaluations.in_thread(actor.team, channel, thread_ts))
        if found is None:
            return None

        def fn(tx: Tx) -> Evaluation:
            evaluation = tx.evaluations.get(found)
            if evaluation.state not in _OPEN:
                hint = f"documents are closed; {HINTS[evaluation.state]}"
                raise IllegalEvent(state=evaluation.state.replace("_", " "), hint=hint, event="upload")
            uploads = (
                Upload(
                    file_id=file_id,
                    name=name,
                    size=size,
                    by=actor.user,
                    at=tx.now,
                    state="pending",
                    ts=ts,
                    answers=answers,
                )
                for file_id, name, size in files
            )
            fresh = [receive(tx, evaluation, actor, upload) for upload in uploads]
            return tx.evaluations.save(evaluation) if any(fresh) else evaluation

        return await self._context.db.transaction(fn, delivery=actor.delivery)

    async def fetch(self, evaluation_id: str, file_id: str) -> None:
        """Fetch one noted file, read it and take it in, or record in words why not. Safe to repeat."""
        evaluation, upload = await self._context.db.read(lambda tx: _find(tx, evaluation_id, file_id))
        if upload is None or upload.state != "pending":
            return
        read = await self._read(evaluation, upload)
        await self._context.db.transaction(lambda tx: self._settle(tx, evaluation_id, file_id, read))

    async def _read(self, evaluation: Evaluation, upload: Upload) -> Input | Refusal:
        try:
            # A form names a file by its id alone: nobody shall have one read that they were never shown.
            data = await self._download(evaluation.team, upload.file_id, "" if upload.ts else upload.by)
            return await asyncio.to_thread(take, data, upload.name, self._context.role(evaluation), "upload")
        except InputRefused as refused:
            return Refusal(
                path=upload.name,
                message=refused.message,
                line=refused.fields.get("line"),
                column=refused.fields.get("column"),
            )
        except EipasError as error:
            return Refusal(path=upload.name, message=error.message)
        except Exception as error:
            # Left pending, it would look as if it were still on its way, for ever.
            log.exception("fetch_crashed", evaluation=evaluation.id, file=upload.file_id)
            message = f"An internal error kept it from being read ({type(error).__name__}). Please upload it again."
            return Refusal(path=upload.name, message=message)

    def _settle(self, tx: Tx, evaluation_id: str, file_id: str, read: Input | Refusal) -> None:
        evaluation, upload = _find(tx, evaluation_id, file_id, lock=True)
        if upload is None or upload.state != "pending":
            return
        actor = Actor(team=evaluation.team, user=upload.by)
        if isinstance(read, Input) and self._answers(tx, evaluation, actor, upload, read):
            return
        refused = [r for r in tx.inputs.context(evaluation_id).refused if r.path != upload.name]
        if isinstance(read, Input) and evaluation.state in _OPEN:
            tx.inputs.put(evaluation_id, read)
            tx.inputs.settle_upload(evaluation_id, replace(upload, state="read", path=read.path))
            audit(tx, evaluation_id, actor, "file_read", file=upload.name, path=read.path, sha256=read.sha256)
        else:
            refusal = read if isinstance(read, Refusal) else Refusal(path=upload.name, message=_late(evaluation))
            tx.inputs.settle_upload(evaluation_id, replace(upload, state="refused", problem=refusal.message))
            audit(tx, evaluation_id, actor, "file_refused", file=upload.name, problem=refusal.message)
            refused.append(refusal)
        refresh_context(tx, evaluation, self._context.role(evaluation), ContextReview(refused=tuple(refused)))
        if isinstance(read, Refusal) or evaluation.state not in _OPEN:
            inquire(tx, self._context, tx.evaluations.save(evaluation))
            return
        # What the go gate judges has changed, as with an answer: its votes are void, and a new one is opened.
        withdraw_go(tx, evaluation)
        moved = settle(tx, self._context, move(tx, evaluation, Event.ANSWERS_CHANGED, actor), actor)
        inquire(tx, self._context, moved)

    def _answers(self, tx: Tx, evaluation: Evaluation, actor: Actor, upload: Upload, read: Input) -> bool:
        """Take a pasted text as the answer that it was given as, while that can be given; else it is a document."""
        question = next((q for q in tx.questions.all(evaluation.id) if q.key == upload.answers), None)
        text = read.body.get(TEXT)
        if question is None or not isinstance(text, str) or not is_open_for(tx, evaluation, question):
            return False
        whole, messages = joined(question.answer, text.strip(), upload.ts)
        if len(whole) > ANSWER_LIMIT:
            return False
        tx.inputs.settle_upload(evaluation.id, replace(upload, state="read"))
        if record(tx, actor, evaluation, question, whole, "reply", messages):
            after_answers(tx, self._context, evaluation, actor)
        return True


def _late(evaluation: Evaluation) -> str:
    if evaluation.state in CLOSED:
        return "It arrived after the evaluation had ended."
    return "It arrived after the go gate; give it again in the next iteration."


def _find(tx: Tx, evaluation_id: str, file_id: str, *, lock: bool = False) -> tuple[Evaluation, Upload | None]:
    evaluation = tx.evaluations.get(evaluation_id, lock=lock)
    return evaluation, next((u for u in tx.inputs.context(evaluation_id).uploads if u.file_id == file_id), None)
