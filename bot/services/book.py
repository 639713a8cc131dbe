"""The ledger of paid calls that are made before there is a run: questions for an idea, and what a model reads of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.services.common import ServiceContext, new_id
from bot.services.designer import DesignFailed
from bot.services.ports import Tx


@dataclass(slots=True, kw_only=True)
class Book:
    """The ledger of one such piece of work, known by `payer`; see `bot.services.designer.Ledger`.

    A call is closed together with what came of it: killed in between, it is made again and was paid for at most twice,
    as with a run's.
    """

    context: ServiceContext
    evaluation_id: str
    iteration: int
    payer: str
    _ended: list[Mapping[str, Any]] = field(default_factory=list)

    async def open_call(self, model: str, estimate_usd: float) -> str:
        """Book a call before it is made. Raises DesignFailed if it does not fit the evaluation's budget."""
        call_id = new_id("cl")
        await self.context.db.transaction(lambda tx: self._open(tx, call_id, model, estimate_usd))
        return call_id

    async def close_call(self, call: Mapping[str, Any]) -> None:
        """Note how a call ended; `write` books it."""
        self._ended.append(call)

    def write(self, tx: Tx) -> None:
        """Book what has ended."""
        for call in self._ended:
            tx.ledger.close(self.payer, call)
        self._ended = []

    def _open(self, tx: Tx, call_id: str, model: str, estimate_usd: float) -> None:
        self.write(tx)
        evaluation = tx.evaluations.get(self.evaluation_id, lock=False)
        spent = tx.ledger.spent_usd(evaluation.id)
        if spent + estimate_usd > evaluation.budget_usd:
            raise DesignFailed(
                reason=f"The budget of ${evaluation.budget_usd:.2f} does not reach: ${spent:.2f} is spent, and asking "
                f"may cost ${estimate_usd:.2f}."
            )
        tx.ledger.open(evaluation.id, self.iteration, self.payer, call_id, model, estimate_usd)
