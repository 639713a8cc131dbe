"""The difference between what should stand in Slack and what is known to stand there. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.surface import Desired, FilePost, Message, Posted


class Do(StrEnum):
    """What one step does."""

    POST = "post"
    UPDATE = "update"
    UPLOAD = "upload"
    RECOVER = "recover"
    WAIT = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do for one key. RECOVER finds out whether an uncertain send took effect; WAIT comes back at `at`."""

    do: Do
    item: Desired
    posted: Posted | None = None
    at: datetime | None = None


def plan(
    desired: Sequence[Desired], posted: Mapping[str, Posted], now: datetime, update_interval: timedelta
) -> tuple[Step, ...]:
    """Return the steps. What is posted but not desired any more is left as it stands.

    Updates come first, the root's after those of the cards below it: somebody looks at the card that they clicked. What
    is new follows in the order of `desired`, which is its order in the thread.

    `update_interval` is the least time between updates of a volatile message (Slack allows one in 3 s).
    """
    steps = (_step(item, posted.get(item.key), now, update_interval) for item in desired)
    return tuple(sorted((step for step in steps if step is not None), key=_rank))


def _rank(step: Step) -> int:
    if step.do is not Do.UPDATE:
        return 2
    return 1 if step.item.key == "root" else 0


def _step(item: Desired, known: Posted | None, now: datetime, update_interval: timedelta) -> Step | None:
    if known is None or known.state in ("gone", "refused"):
        return Step(do=Do.UPLOAD if isinstance(item, FilePost) else Do.POST, item=item, posted=known)
    if known.state == "sending":
        return Step(do=Do.RECOVER, item=item, posted=known)
    if known.digest == item.digest or isinstance(item, FilePost):
        return None
    return _update(item, known, now, update_interval)


def _update(item: Message, known: Posted, now: datetime, update_interval: timedelta) -> Step:
    due = known.updated_at + update_interval if item.volatile and known.updated_at else now
    if due > now:
        return Step(do=Do.WAIT, item=item, posted=known, at=due)
    return Step(do=Do.UPDATE, item=item, posted=known)
