"""The ledger of paid calls, and the inquiries that are paid for without a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import NotFound
from bot.domain.spending import Inquiry, exact
from storage import tables
from storage.unit_of_work import UnitOfWork
from storage.values import select_of, shallow

_OPEN = insert(tables.ledger)
_CLOSE = update(tables.ledger).where(
    tables.ledger.c.payer == bindparam("of_payer"), tables.ledger.c.id == bindparam("of_call")
)
_SPENT = select(func.coalesce(func.sum(func.coalesce(tables.ledger.c.usd, tables.ledger.c.estimate_usd)), 0.0)).where(
    tables.ledger.c.evaluation_id == bindparam("of_id")
)
_SPENT_BY_ITERATION = _SPENT.where(tables.ledger.c.iteration == bindparam("of_iteration"))
_SPENT_BY_PAYER = _SPENT.where(tables.ledger.c.payer == bindparam("of_payer"))
_CALLS = (
    select(tables.ledger.c.call)
    .where(tables.ledger.c.payer == bindparam("of_payer"))
    .order_by(tables.ledger.c.opened_at, tables.ledger.c.id)
)

_INQUIRIES = (
    select(*select_of(Inquiry, tables.inquiry))
    .where(tables.inquiry.c.evaluation_id == bindparam("of_id"))
    .order_by(tables.inquiry.c.iteration, tables.inquiry.c.created_at, tables.inquiry.c.cause)
)
_ADD = insert(tables.inquiry)
_SAVE = update(tables.inquiry).where(
    tables.inquiry.c.evaluation_id == bindparam("of_id"),
    tables.inquiry.c.iteration == bindparam("of_iteration"),
    tables.inquiry.c.cause == bindparam("of_cause"),
)


class SqlLedger:
    """See `bot.services.repositories.Ledger`."""

    __slots__ = ("_session",)

    def __init__(self, session: UnitOfWork) -> None:
        self._session = session

    def open(
        self, evaluation_id: str, iteration: int, payer: str, call_id: str, model: str, estimate_usd: float
    ) -> None:
        """Book a paid call before it is made, at its estimate."""
        row = {
            "evaluation_id": evaluation_id, "iteration": iteration, "payer": payer, "id": call_id, "model": model,
            "estimate_usd": estimate_usd, "opened_at": self._session.now,
        }  # fmt: skip
        self._session.change(_OPEN, row)

    def close(self, payer: str, call: Mapping[str, Any]) -> None:
        """Book what it cost; without `usd` the estimate stands, for it may have been billed. Raises NotFound."""
        values = {"usd": call.get("usd"), "closed_at": self._session.now, "call": call}
        if not self._session.change(_CLOSE, {"of_payer": payer, "of_call": call["id"], **values}):
            raise NotFound(what="call", name=call["id"], hint="It was never opened.")

    def spent_usd(self, evaluation_id: str, *, iteration: int | None = None, payer: str | None = None) -> float:
        """Money booked, calls without an answer at their estimate."""
        values: dict[str, Any] = {"of_id": evaluation_id}
        if payer is not None:
            return exact(self._session.scalar(_SPENT_BY_PAYER, {**values, "of_payer": payer}))
        if iteration is not None:
            return exact(self._session.scalar(_SPENT_BY_ITERATION, {**values, "of_iteration": iteration}))
        return exact(self._session.scalar(_SPENT, values))

    def calls(self, payer: str) -> tuple[Mapping[str, Any] | None, ...]:
        """Return how each call of a payer ended, None for one whose answer never came."""
        return tuple(self._session.column(_CALLS, {"of_payer": payer}))


class SqlInquiries:
    """See `bot.services.repositories.Inquiries`."""

    __slots__ = ("_session",)

    def __init__(self, session: UnitOfWork) -> None:
        self._session = session

    def add(self, inquiry: Inquiry) -> None:
        """Store a new one, or raise Stale if there is one for this iteration and cause."""
        self._session.change(_ADD, shallow(inquiry, tables.inquiry))

    def save(self, inquiry: Inquiry) -> None:
        """Store how it stands. Raises NotFound."""
        row = shallow(inquiry, tables.inquiry)
        key = {f"of_{name}": row.pop(name) for name in ("iteration", "cause")}
        if not self._session.change(_SAVE, {"of_id": row.pop("evaluation_id"), **key, **row}):
            raise NotFound(what="inquiry", name=inquiry.id, hint="It was never begun.")

    def all(self, evaluation_id: str) -> tuple[Inquiry, ...]:
        """By iteration and age."""
        return tuple(Inquiry(**row) for row in self._session.rows(_INQUIRIES, {"of_id": evaluation_id}))
