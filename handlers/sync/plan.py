"""The difference between what should stand in Slack and what is known to stand there. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from bot.domain.surface import Desired, FilePost, Message, Posted
from handlers.sync.line import Importance

SUMMARIES = frozenset({"root", "stakeholders"})
"""Keys of the messages that say once more, for those who come later, what stands elsewhere."""

_POSTED_WITHIN_S = 1.5
"""Between Slack's time of a message and ours at its answer; clocks that differ make an update wait once for nothing."""


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
    desired: Sequence[Desired],
    posted: Mapping[str, Posted],
    now: datetime,
    update_interval: timedelta,
    summary_interval: timedelta = timedelta(0),
    told_interval: timedelta = timedelta(0),
    *,
    updated: Container[str] = (),
    reading_interval: timedelta = timedelta(0),
) -> tuple[Step, ...]:
    """Return the steps. What is posted but not desired any more is left as it stands.

    Updates come first, by importance: somebody looks at the card that they clicked, and the root sums up. What is new
    follows in the order of `desired`, which is its order in the thread.

    `update_interval` is the least time between updates of one message (Slack allows one in 3 s); of a volatile one also
    between its post and the first update. `summary_interval` is that of one that only sums up: what is stale by then
    was never sent. `told_interval` is that of a message whose news the thread's own line tells. `updated` are keys of
    messages that are known to have been updated since they were posted. `reading_interval` is how long the first post
    of an incomplete message waits to be complete; what is new below it waits as well.
    """

    def spacing(item: Desired) -> timedelta:
        told = told_interval if isinstance(item, Message) and item.status else timedelta(0)
        return summary_interval if item.key in SUMMARIES else max(update_interval, told)

    intervals = {item.key: spacing(item) for item in desired}
    steps = [_step(item, posted.get(item.key), now, intervals[item.key], item.key in updated) for item in desired]
    found = [step for step in steps if step is not None]
    return tuple(sorted(_in_time(found, now, reading_interval), key=_rank))


def _in_time(steps: Sequence[Step], now: datetime, reading_interval: timedelta) -> Iterator[Step]:
    """Put off what is not complete yet, and what is new below it; nothing for longer than the interval."""
    waiting = False
    for step in steps:
        item = step.item
        begun = item.incomplete_since if isinstance(item, Message) and step.do is Do.POST else None
        due = now if begun is None else begun + reading_interval
        if due > now and not waiting:
            waiting = True
            yield replace(step, do=Do.WAIT, at=due)
        elif not (waiting and step.do in (Do.POST, Do.UPLOAD)):
            yield step


def batches(steps: Sequence[Step]) -> Iterator[tuple[Step, ...]]:
    """Group steps that are one call: new files that follow one another under the same words are one message."""
    for _, batch in groupby(steps, key=_call):
        yield tuple(batch)


def _call(step: Step) -> tuple[str, str]:
    if step.do is Do.UPLOAD and isinstance(step.item, FilePost):
        return "files", step.item.comment
    return "step", step.item.key


def importance(item: Desired) -> Importance:
    """Return how important it is that Slack shows this soon."""
    if isinstance(item, FilePost) or ".gate." in item.key or item.key.endswith((".review", ".outcome")):
        return Importance.GATE
    if item.key in SUMMARIES:
        return Importance.SUMMARY
    return Importance.LIVE if item.volatile else Importance.CLICKED


def _rank(step: Step) -> int:
    return importance(step.item) if step.do is Do.UPDATE else len(Importance)


def _step(item: Desired, known: Posted | None, now: datetime, interval: timedelta, again: bool) -> Step | None:
    if known is None or known.state in ("gone", "refused"):
        return Step(do=Do.UPLOAD if isinstance(item, FilePost) else Do.POST, item=item, posted=known)
    if known.state == "sending":
        return Step(do=Do.RECOVER, item=item, posted=known)
    if known.digest == item.digest or isinstance(item, FilePost):
        return None
    spaced = item.volatile or item.key in SUMMARIES or again or _was_updated(known)
    return _update(item, known, now, interval if spaced else timedelta(0))


def _update(item: Message, known: Posted, now: datetime, interval: timedelta) -> Step:
    due = known.updated_at + interval if known.updated_at else now
    if due > now:
        return Step(do=Do.WAIT, item=item, posted=known, at=due)
    return Step(do=Do.UPDATE, item=item, posted=known)


def _was_updated(known: Posted) -> bool:
    """Whether a message was updated since it was posted: what somebody clicked right after that is shown at once."""
    if known.ts is None or known.updated_at is None:
        return False
    return known.updated_at.timestamp() - float(known.ts) > _POSTED_WITHIN_S
