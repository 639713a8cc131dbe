"""Iterations, their results, and the designs behind them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.design import Brief, Design
from bot.domain.errors import NotFound
from bot.domain.evaluation import Iteration, Result
from bot.domain.proposal import Proposal
from storage import tables
from storage.content_store import keep, read_all
from storage.unit_of_work import UnitOfWork
from storage.values import select_of, shallow

_ALL = (
    select(*select_of(Iteration, tables.iteration))
    .where(tables.iteration.c.evaluation_id == bindparam("of_id"))
    .order_by(tables.iteration.c.number)
)
_ADD = insert(tables.iteration)
_ONE = (tables.iteration.c.evaluation_id == bindparam("of_id"), tables.iteration.c.number == bindparam("of_number"))
_SAVE = update(tables.iteration).where(*_ONE)
_DESIGN = select(tables.iteration.c.design, tables.iteration.c.brief).where(*_ONE)


class SqlIterations:
    """See `bot.services.repositories.Iterations`."""

    __slots__ = ("_session",)

    def __init__(self, session: UnitOfWork) -> None:
        self._session = session

    def add(self, evaluation_id: str, iteration: Iteration) -> None:
        """Store a new iteration. Raises Stale if its number is taken."""
        self._session.change(_ADD, {"evaluation_id": evaluation_id, **self._row(iteration)})

    def save(self, evaluation_id: str, iteration: Iteration) -> None:
        """Store what became of it, or raise NotFound."""
        row = self._row(iteration)
        del row["number"]
        self._update(evaluation_id, iteration.number, row)

    def all(self, evaluation_id: str) -> tuple[Iteration, ...]:
        """By number."""
        rows = [dict(row) for row in self._session.rows(_ALL, {"of_id": evaluation_id})]
        results = read_all(self._session, [(Result, row["result"]) for row in rows if row["result"]])
        return tuple(Iteration(**{**row, "result": results.get(row["result"])}) for row in rows)

    def keep_design(self, evaluation_id: str, number: int, design: Design, brief: Brief) -> None:
        """Keep what an iteration's result was rendered from. Raises NotFound."""
        kept = {"design": keep(self._session, Design, design), "brief": keep(self._session, Brief, brief)}
        self._update(evaluation_id, number, kept)

    def design(self, evaluation_id: str, number: int, proposal_type: type[Proposal]) -> tuple[Design, Brief] | None:
        """Return the design and its brief, None if there is none yet."""
        row = self._session.row(_DESIGN, {"of_id": evaluation_id, "of_number": number})
        if row is None or row["design"] is None:
            return None
        found = read_all(self._session, [(Design, row["design"]), (Brief, row["brief"])], proposal_type)
        return found[row["design"]], found[row["brief"]]

    def _row(self, iteration: Iteration) -> dict[str, Any]:
        result = None if iteration.result is None else keep(self._session, Result, iteration.result)
        return {**shallow(iteration, tables.iteration), "result": result}

    def _update(self, evaluation_id: str, number: int, row: dict[str, Any]) -> None:
        if not self._session.change(_SAVE, {"of_id": evaluation_id, "of_number": number, **row}):
            raise NotFound(what="iteration", name=number, hint="The thread shows the iterations there are.")
