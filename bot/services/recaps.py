"""What was understood: read before the go, shown in the thread, corrected by the people."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from bot.domain.design import Brief
from bot.domain.errors import EipasError, IllegalEvent, InvalidInput, TooLong, Unavailable
from bot.domain.evaluation import FIELD_LIMIT, Evaluation, Note
from bot.domain.evidence import Artefact
from bot.domain.lifecycle import HINTS, Event, State
from bot.domain.recap import ASKED_AT_ONCE, Recap, RecapState, StoredRecap
from bot.services.book import Book
from bot.services.common import Actor, ServiceContext, audit, evaluation_of, move, new_id
from bot.services.designer import Advisor
from bot.services.ports import Tx
from bot.services.questions import settle, withdraw_go
from bot.services.recap_document import recap_document
from bot.services.recap_request import recap_of
from bot.services.run_launch import brief_of

log = structlog.get_logger(__name__)
KEPT_LINES = 12
"""Lines of a section that are kept with the evaluation; its file has them all."""

_OPEN = (State.COLLECTING, State.AWAITING_GO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What somebody says otherwise; `about` is the id of the statement that it replaces, "" for none.

    Without a text the other one of two statements that disagree was chosen.
    """

    text: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionForm:
    """What the form says of one evaluation."""

    evaluation_id: str
    wordings: tuple[Wording, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    recap: Recap | None = None
    document: Artefact | None = None
    reason: str = ""


class RecapService:
    """Does the long work `recap`, and takes corrections."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context

    async def read(self, evaluation_id: str, iteration: int, subject: str) -> None:
        """Read what the recap of an iteration is about and keep what was understood. Safe to repeat.

        Raises:
            Unavailable: the database is not there; the engine asks again.
        """
        begun = await self._context.db.read(lambda tx: self._begin(tx, evaluation_id, iteration, subject))
        if begun is None:
            return
        evaluation, brief = begun
        book = Book(
            context=self._context, evaluation_id=evaluation_id, iteration=iteration,
            payer=payer_of(evaluation_id, iteration),
        )  # fmt: skip
        try:
            outcome = await self._read(evaluation, brief, book)
        except BaseException:
            # Interrupted: what was billed until then is booked, and the engine does the work again.
            await self._context.db.transaction(book.write)
            raise
        await self._context.db.transaction(lambda tx: self._end(tx, evaluation_id, iteration, subject, outcome, book))

    async def correct(self, actor: Actor, evaluation_id: str, wordings: Sequence[Wording]) -> Evaluation:
        """Keep corrections of what was understood; each is a statement of its own, and newer than all before.

        An open go gate is withdrawn and opened anew: what it judges has changed.

        Raises:
            InvalidInput: nothing is corrected.
            TooLong: a text is above FIELD_LIMIT characters.
            IllegalEvent: the go is given.
        """
        return await self._context.db.transaction(
            lambda tx: self._correct(tx, actor, evaluation_id, wordings), delivery=actor.delivery
        )

    async def _read(self, evaluation: Evaluation, brief: Brief, book: Book) -> _Outcome:
        kit = self._context.kit(evaluation)
        if kit.summarizer is None:
            return _Outcome(reason="This role tells nothing before the go any more.")
        try:
            known = await self._with_model(kit.advisor, brief, book)
            recap = replace(await kit.summarizer.recap(known), readings=known.readings)
        except Unavailable:
            raise
        except EipasError as error:
            return _Outcome(reason=str(error.fields.get("reason", error.message)))
        except Exception as error:
            # A bug in a reader must not leave people waiting: the log has the trace, and the go needs no recap.
            log.exception("recap_crashed", evaluation=evaluation.id)
            return _Outcome(reason=f"An internal error kept it from being read ({type(error).__name__}).")
        kept = recap.bounded(KEPT_LINES, ASKED_AT_ONCE)
        if kept.whole:
            return _Outcome(recap=kept)
        document = await asyncio.to_thread(recap_document, recap, evaluation.title, brief.iteration)
        return _Outcome(recap=kept, document=document)

    async def _with_model(self, advisor: Advisor | None, brief: Brief, book: Book) -> Brief:
        """Return the brief with what a model reads in it. One that cannot read now may do so when the run begins."""
        if advisor is None:
            return brief
        try:
            found = await advisor.read_statements(brief, book)
        except Unavailable:
            raise
        except EipasError as error:
            log.warning("statements_not_read", evaluation=book.evaluation_id, reason=error.message)
            return brief
        return replace(brief, readings=(*brief.readings, *found))

    def _begin(self, tx: Tx, evaluation_id: str, iteration: int, subject: str) -> tuple[Evaluation, Brief] | None:
        evaluation = tx.evaluations.get(evaluation_id, lock=False)
        stored = recap_of(tx, evaluation_id, iteration)
        wanted = stored is not None and stored.state is RecapState.PENDING and stored.subject == subject
        if not wanted or evaluation.iteration != iteration:
            return None
        return evaluation, brief_of(tx, self._context, evaluation)

    def _end(self, tx: Tx, evaluation_id: str, iteration: int, subject: str, outcome: _Outcome, book: Book) -> None:
        evaluation = tx.evaluations.get(evaluation_id)
        book.write(tx)
        stored = recap_of(tx, evaluation_id, iteration)
        if stored is None or stored.subject != subject or stored.state is not RecapState.PENDING:
            return
        spent = tx.ledger.spent_usd(evaluation_id, payer=book.payer)
        tx.recaps.put(_ended(stored, outcome, tx.files.put(outcome.document) if outcome.document else "", spent))
        tx.evaluations.save(evaluation)

    def _correct(self, tx: Tx, actor: Actor, evaluation_id: str, wordings: Sequence[Wording]) -> Evaluation:
        evaluation = evaluation_of(tx, actor, evaluation_id)
        said = [spoken for one in wordings if (spoken := _spoken(tx, evaluation, one)).text]
        if not said:
            raise InvalidInput(problem="Nothing was corrected: every field is empty.")
        if evaluation.state not in _OPEN:
            hint = f"what was understood is corrected before the go; {HINTS[evaluation.state]}"
            raise IllegalEvent(state=evaluation.state.replace("_", " "), hint=hint, event="correct")
        for one in said:
            self._keep(tx, actor, evaluation, one)
        withdraw_go(tx, evaluation)
        return settle(tx, self._context, move(tx, evaluation, Event.ANSWERS_CHANGED, actor), actor)

    def _keep(self, tx: Tx, actor: Actor, evaluation: Evaluation, wording: Wording) -> None:
        if len(wording.text) > FIELD_LIMIT:
            raise TooLong(what="A correction", length=len(wording.text), limit=FIELD_LIMIT)
        note = Note(
            id=new_id("nt"), iteration=evaluation.iteration, by=actor.user, text=wording.text, at=tx.now, ts="",
            correction=True, about=wording.about,
        )  # fmt: skip
        tx.notes.add(evaluation.id, note)
        audit(tx, evaluation.id, actor, "corrected", note=note.id, about=wording.about)


def _spoken(tx: Tx, evaluation: Evaluation, wording: Wording) -> Wording:
    """Return a wording with its text; a choice is the quotation of what was chosen, which says nothing anew."""
    if wording.text.strip() or not wording.about:
        return replace(wording, text=wording.text.strip())
    stored = recap_of(tx, evaluation.id, evaluation.iteration)
    asked = stored.recap.questions if stored is not None and stored.recap is not None else ()
    chosen = (choice.text for one in asked for choice in one.choices if choice.replaces == wording.about)
    text = next(chosen, "")
    return replace(wording, text=f"> {text}" if text else "")


def payer_of(evaluation_id: str, iteration: int) -> str:
    """Return what the calls before the go of an iteration are known by in the ledger."""
    return f"{evaluation_id}:{iteration}:recap"


def _ended(stored: StoredRecap, outcome: _Outcome, file_sha256: str, spent_usd: float) -> StoredRecap:
    if outcome.recap is None:
        return replace(stored, state=RecapState.FAILED, reason=outcome.reason[:1000])
    return replace(
        stored,
        state=RecapState.READY,
        recap=replace(outcome.recap, spent_usd=spent_usd),
        file_sha256=file_sha256,
        reason="",
    )
