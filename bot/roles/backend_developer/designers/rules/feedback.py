"""Feedback in points: what became of each statement of a rejection, a concern or a note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.design import Addressed, Feedback
from bot.roles.backend_developer.coverage import UNCOUNTED, Account, Covered

_WORDS = {
    Account.REALISED: "done",
    Account.DECLINED: "left out as asked",
    Account.OPEN: "open, a question",
    Account.NOT_REALISED: "not done: no part of the design says it",
    Account.NOT_UNDERSTOOD: "not understood",
}
_DONE = frozenset({Account.REALISED, Account.DECLINED})
_SHOWN = 160


def points_of(item: Feedback, covered: Iterable[Covered]) -> tuple[Covered, ...]:
    """Return the statements of one piece of feedback that ask for something."""
    wanted = {f"feedback:{item.id}", f"note:{item.id}"}
    return tuple(one for one in covered if one.statement.source in wanted and one.account not in UNCOUNTED)


def addressed_of(heard: Iterable[Feedback], covered: Sequence[Covered]) -> tuple[Addressed, ...]:
    """Return for each piece of feedback what became of each of its points; empty where none was done."""
    found = []
    for item in {one.id: one for one in heard}.values():
        points = points_of(item, covered)
        change = "; ".join(_outcome(point) for point in points) if any(p.account in _DONE for p in points) else ""
        found.append(Addressed(feedback_id=item.id, change=change))
    return tuple(found)


def open_points(heard: Iterable[Feedback], covered: Sequence[Covered]) -> tuple[str, ...]:
    """Return the points that are not done, each with what became of it."""
    items = {one.id: one for one in heard}.values()
    return tuple(_outcome(point) for item in items for point in points_of(item, covered) if point.account not in _DONE)


def _outcome(point: Covered) -> str:
    said = " ".join(point.statement.text.split())
    quoted = said if len(said) <= _SHOWN else f"{said[: _SHOWN - 1]}…"
    by = f" ({', '.join(point.parts[:3])})" if point.account in _DONE and point.parts else ""
    return f"“{quoted}”: {_WORDS[point.account]}{by}"
