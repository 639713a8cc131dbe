"""Reads the conversations of runs for those who run the bot, whether it runs or not; changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.run import Run
from storage import tables
from storage.diagnostics import opened
from storage.engines import transaction_on
from storage.values import select_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A run, the title of its evaluation, its steps, and its paid calls as they were booked (None: never answered)."""

    run: Run
    title: str
    steps: tuple[Mapping[str, Any], ...]
    calls: tuple[Mapping[str, Any] | None, ...]


def transcripts(url: str, wanted: str) -> tuple[Transcript, ...]:
    """Return the runs whose id, or whose evaluation's id, begins with `wanted`, the oldest first.

    Raises:
        EipasError: the database cannot be read.
    """
    run, evaluation = tables.run.c, tables.evaluation.c
    query = (
        select(*select_of(Run, tables.run), evaluation.title)
        .join(tables.evaluation, run.evaluation_id == evaluation.id)
        .where(run.id.startswith(wanted, autoescape=True) | run.evaluation_id.startswith(wanted, autoescape=True))
        .order_by(run.created_at, run.id)
    )
    with opened(url) as engine, transaction_on(engine) as connection:
        return tuple(_transcript(connection, dict(row)) for row in connection.execute(query).mappings())


def _transcript(connection: Connection, row: dict[str, Any]) -> Transcript:
    title = str(row.pop("title"))
    found = Run(**row)
    step, ledger = tables.step.c, tables.ledger.c
    steps = connection.scalars(select(step.body).where(step.run_id == found.id).order_by(step.seq))
    calls = connection.scalars(select(ledger.call).where(ledger.payer == found.id).order_by(ledger.opened_at))
    return Transcript(run=found, title=title, steps=tuple(steps), calls=tuple(calls))
