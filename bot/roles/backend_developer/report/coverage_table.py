"""The coverage as a table: each statement with what became of it, and each part that nobody said.

The table is a file of the iteration, and what its JSON says of the coverage is read from that file: there is one truth.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from bot.domain.design import Point, PointOutcome
from bot.domain.evidence import Artefact
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.coverage import UNCOUNTED, Account, Covered, assumed

NAME: Final = "coverage.csv"
ASSUMED: Final = "assumed"
_STATEMENT = 1000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection)."""

_REASONS: Final[Mapping[Account, str]] = {
    Account.OPEN: "its speaker left it open",
    Account.NOT_REALISED: "no part of the design says it",
    Account.NOT_UNDERSTOOD: "no reader could read it",
    Account.WITHDRAWN: "taken back, quoted, or said otherwise later",
    Account.NOTHING_SAID: "asks for nothing",
}

_BY_MODEL: Final = "read by the model, not by the rules"
_POINT: Final = 400
_OUTCOMES: Final[Mapping[str, PointOutcome]] = {
    Account.REALISED: "done",
    Account.DECLINED: "declined",
    Account.OPEN: "open",
    Account.NOT_REALISED: "not_done",
    Account.NOT_UNDERSTOOD: "not_understood",
}


class CoverageRow(NamedTuple):
    """One line: `standing` is an `Account`, or `ASSUMED` for a part that nobody said, which has no statement."""

    statement: str
    source: str
    standing: str
    parts: str
    reason: str


def coverage_file(covered: Sequence[Covered], blueprint: Blueprint) -> Artefact:
    """Return the table as a file: statements in the order of the texts, then what is assumed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CoverageRow._fields)
    for row in (*_said(covered, blueprint), *_assumed(blueprint)):
        writer.writerow([_cell(value) for value in row])
    return Artefact(name=NAME, media_type="text/csv", content=text.getvalue().encode("utf-8", "replace"))


def coverage_rows(artefacts: Iterable[Artefact]) -> tuple[CoverageRow, ...]:
    """Return the rows of the coverage among an assessment's files, none where there is no such file."""
    found = next((one for one in artefacts if one.name == NAME), None)
    if found is None:
        return ()
    lines = csv.reader(io.StringIO(found.content.decode("utf-8"), newline=""))
    return tuple(CoverageRow(*line) for line in lines if line != list(CoverageRow._fields))


def counts(rows: Iterable[CoverageRow]) -> dict[str, int]:
    """Return how many rows there are of each standing."""
    return dict(Counter(row.standing for row in rows))


def summary(rows: Sequence[CoverageRow]) -> str:
    """Return one line: the share that is accounted for, what is not, and how much is assumed."""
    found = counts(rows)
    total = sum(found.get(account, 0) for account in Account if account not in UNCOUNTED)
    done = found.get(Account.REALISED, 0)
    parts = [f"{done} of {total} statement{'' if total == 1 else 's'} realised by named parts"]
    words = (
        (Account.DECLINED, "left out as asked"),
        (Account.OPEN, "left open"),
        (Account.NOT_REALISED, "not realised"),
        (Account.NOT_UNDERSTOOD, "not understood"),
    )
    parts += [f"{found[account]} {said}" for account, said in words if found.get(account)]
    given = found.get(ASSUMED, 0)
    return f"{', '.join(parts)}; {given} part{'' if given == 1 else 's'} assumed"


def points_of(rows: Iterable[CoverageRow]) -> tuple[Point, ...]:
    """Return what became of each point of feedback, notes and corrections that asks for something."""
    found: list[Point] = []
    numbers: Counter[str] = Counter()
    for row in rows:
        kind, _, feedback = row.source.partition(":")
        if kind not in ("feedback", "note") or row.standing not in _OUTCOMES:
            continue
        numbers[feedback] += 1
        found.append(
            Point(
                feedback_id=feedback,
                number=numbers[feedback],
                text=row.statement[:_POINT],
                outcome=_OUTCOMES[row.standing],
                detail=(row.parts or row.reason)[:_POINT],
            )
        )
    return tuple(found)


def _said(covered: Iterable[Covered], blueprint: Blueprint) -> Iterable[CoverageRow]:
    why = {cite: one.why for one in blueprint.declined for cite in one.cites if one.why}
    for one in covered:
        said = one.statement
        reason = one.gap or _REASONS.get(one.account, "")
        if one.by_model and not reason:
            reason = _BY_MODEL
        parts = "; ".join(one.parts)
        if one.account is Account.DECLINED:
            parts, reason = "", f"{parts} ({why[said.id]})" if said.id in why else parts
        yield CoverageRow(said.text[:_STATEMENT], said.source, one.account.value, parts, reason)


def _assumed(blueprint: Blueprint) -> Iterable[CoverageRow]:
    return (CoverageRow("", "", ASSUMED, part, "said by nobody") for part in assumed(blueprint))


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
