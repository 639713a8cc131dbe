"""Doing the steps of a plan: one call to Slack each, what holds up one step alone being noted and passed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from cachetools import LRUCache
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.surface import Desired, FilePost, Message, Posted, SurfaceId, SurfaceKind
from bot.services.ports import Database
from bot.services.queries import QueryService
from handlers.sync import retry_policy
from handlers.sync.budget import Budget, Held
from handlers.sync.lease import SurfaceLease
from handlers.sync.new_blocks import NewBlocks
from handlers.sync.plan import Do, Step, batches, plan
from handlers.sync.poster import Poster
from handlers.sync.progress import Progress
from handlers.sync.receipts import Receipts
from handlers.sync.refusals import FILES, Refusal, Refusals, classify

log = structlog.get_logger(__name__)

_KNOWN = 10_000
"""Of how many messages is remembered that they were updated: Slack takes the next update only after a while."""

_HEADLESS = {"thread_not_found", "cannot_reply_to_message"}


class ThreadGone(Exception):
    """Somebody deleted the thread's first message: all of it is put up anew."""


class Unsure(Exception):
    """A call that ended without an answer may still take effect until `until`: it is looked up once more then."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds between posts in a channel and between updates of one live message; how many surfaces at once.

    `slow_s` is how soon is tried again what only people can mend. `settle_s` is how long after a call that got no
    answer it may still take effect; only then what is not found is sent again, and what was updated is updated last.
    `reading_s` is how long the first post of a card waits for what is being read for it.
    `minute_s` is how long the minute lasts that Slack counts calls in; 0 where it counts none. `charts` says whether
    Slack's chart block is tried.
    """

    post_s: float = 1.0
    update_s: float = 3.0
    at_once: int = 16
    lease_s: float = 120.0
    slow_s: float = 120.0
    settle_s: float = 10.0
    minute_s: float = 60.0
    reading_s: float = 3.0
    charts: bool = False


@dataclass(slots=True)
class Outcome:
    """When to come back to a surface, None if all stands; why, in Slack's words; and which keys wait for the budget.

    `acted` says whether anything was brought in step, `posted` whether something new stands there, `failed` whether all
    of the surface was stopped.
    """

    failed: bool = False
    acted: bool = False
    posted: bool = False
    moments: list[datetime] = field(default_factory=list)
    problem: str = ""
    waiting: list[str] = field(default_factory=list)

    @property
    def at(self) -> datetime | None:
        """When to come back, None if all stands."""
        return min(self.moments, default=None)

    @property
    def in_vain(self) -> bool:
        """Whether all that was to be done has to wait for the budget."""
        return bool(self.waiting) and not self.acted

    @classmethod
    def failing(cls, problem: str, until: datetime) -> Outcome:
        """Return what stopped all of a surface, and when it is tried again."""
        return cls(failed=True, moments=[until], problem=problem)

    def waits(self, key: str, until: datetime) -> None:
        """Note that a message waits for the budget."""
        self.moments.append(until)
        self.waiting.append(key)
        self.problem = self.problem or "ratelimited"

    def lacks(self, problem: str, until: datetime) -> None:
        """Note what is refused for reasons of its own, and when it is tried again."""
        self.moments.append(until)
        self.problem = problem


class Applier:
    """Brings what stands in Slack in step with what should stand there, as far as the budget goes."""

    def __init__(self, db: Database, queries: QueryService, budget: Budget, pace: Pace) -> None:
        self._db, self._queries, self._budget, self._pace = db, queries, budget, pace
        self._new_blocks = NewBlocks(charts=pace.charts)
        self._refusals = Refusals(pace.slow_s)
        self.receipts, self._progress = Receipts(db, budget), Progress(budget)
        self._updated: LRUCache[tuple[SurfaceId, str], None] = LRUCache(_KNOWN)

    async def apply(
        self,
        hold: SurfaceLease,
        client: AsyncWebClient,
        channel: str,
        desired: tuple[Desired, ...],
        thread_ts: str | None,
    ) -> Outcome:
        """Bring one surface's messages and files in step; `thread_ts` is None until its root stands.

        Raises what stops all of the surface: ThreadGone, Unsure, SlackApiError, and what means a lost connection.
        """
        surface = hold.surface
        posted = await self._db.read(lambda tx: tx.surfaces.posted(surface))
        settle_s = self._pace.settle_s
        poster = Poster(self._db, client, surface, channel, self._budget, hold, settle_s, self._new_blocks)
        for row in posted.values():
            if row.state == "surplus":
                await poster.take_back(row, thread_ts)
        if surface.kind is SurfaceKind.THREAD and (root := posted.get("root")) is not None and root.state == "gone":
            raise ThreadGone
        outcome, in_order = Outcome(), True
        told = self._pace.minute_s / 4 if self._progress.serves(surface.team) else 0.0
        pauses = [timedelta(seconds=s) for s in (self._pace.update_s, self._pace.minute_s, told)]
        updated = {item.key for item in desired if (surface, item.key) in self._updated}
        reading = timedelta(seconds=self._pace.reading_s)
        steps = plan(desired, posted, datetime.now(UTC), *pauses, updated=updated, reading_interval=reading)
        for batch in batches(steps):
            ready = tuple(step for step in batch if self._is_ready(surface, step, outcome))
            if ready and (in_order or ready[0].do is Do.UPDATE):
                step, ts = ready[0], await self._step(poster, ready, thread_ts, outcome)
                # What comes below in the thread waits for a message above it; for a file nothing waits.
                in_order = in_order and not (ts is None and step.do is not Do.UPDATE and _carries_on(step, outcome))
                if surface.kind is SurfaceKind.THREAD and step.item.key == "root":
                    thread_ts = ts or thread_ts
        outcome.moments += poster.unsure
        soon = datetime.now(UTC) + timedelta(seconds=self._pace.minute_s / 60)
        waits_long = outcome.waiting not in ([], ["root"]) and outcome.at is not None and outcome.at > soon
        if waits_long and surface.kind is SurfaceKind.THREAD:
            await self.receipts.give(client, surface, channel, thread_ts)
        elif surface.kind is SurfaceKind.THREAD:
            status = next((item.status for item in desired if isinstance(item, Message) and item.status), "")
            await self._progress.show(client, surface, channel, thread_ts, status, posted=outcome.posted)
        return outcome

    def _is_ready(self, surface: SurfaceId, step: Step, outcome: Outcome) -> bool:
        """Whether a step may be tried now; what holds it up is noted."""
        if step.do is Do.WAIT and step.at is not None:
            outcome.moments.append(step.at)
            return False
        if (put_off := self._refusals.of(surface, step.item)) is not None:
            outcome.lacks(put_off.problem, put_off.until)
            return False
        return True

    async def _step(self, poster: Poster, batch: Sequence[Step], thread_ts: str | None, outcome: Outcome) -> str | None:
        """Do steps that are one call; what holds up these alone is noted. Raises what stops all of the surface."""
        surface = poster.surface
        try:
            ts = await self._do(poster, batch, thread_ts)
            outcome.acted = True
            outcome.posted |= batch[0].do in (Do.POST, Do.UPLOAD)
            return ts
        except Held as held:
            for step in batch:
                outcome.waits(step.item.key, held.until)
        except SlackApiError as error:
            match classify(error):
                case Refusal.RATE:
                    await self._hold(surface, error)
                    for step in batch:
                        outcome.waits(step.item.key, datetime.now(UTC) + retry_policy.pause(error, self._pace.slow_s))
                case Refusal.STEP if len(batch) > 1 and error.response.get("error") not in FILES:
                    # One file is refused, and Slack does not say which.
                    for step in batch:
                        await self._step(poster, (step,), thread_ts, outcome)
                case Refusal.STEP if batch[0].item.key != "root":
                    for step in batch:
                        put_off = self._refusals.note(surface, step.item, error)
                        outcome.lacks(put_off.problem, put_off.until)
                        log.warning("step_refused", owner=surface.owner, key=step.item.key, error=put_off.word,
                                    detail=retry_policy.detail(error))  # fmt: skip
                case _:
                    raise
        return None

    async def _hold(self, surface: SurfaceId, error: SlackApiError) -> None:
        await self._budget.hold(surface.team, retry_policy.method_of(error), retry_policy.retry_after(error))

    async def _do(self, poster: Poster, batch: Sequence[Step], thread_ts: str | None) -> str | None:
        """Do steps that are one call; returns the ts of a message that was posted or found."""
        step = batch[0]
        item, known = step.item, step.posted
        parent = None if item.key == "root" else thread_ts
        if step.do is Do.RECOVER and known is not None:
            found = await poster.recover(item, known, parent)
            if found is not None:
                return await self._refresh(poster, item, found, parent)
            self._let_settle(known)
        if isinstance(item, FilePost):
            files = [one.item for one in batch if isinstance(one.item, FilePost)]
            await poster.upload([(file, await self._queries.file(file.sha256)) for file in files], parent)
            return None
        if step.do is Do.UPDATE and known is not None:
            return await self._refresh(poster, item, known, parent)
        try:
            return await poster.post(item, parent)
        except SlackApiError as error:
            if parent is not None and error.response.get("error") in _HEADLESS:
                raise ThreadGone from error
            raise

    def _let_settle(self, known: Posted) -> None:
        """Raise while a send of which nothing is to be found may still be on its way."""
        until = (known.updated_at or datetime.min.replace(tzinfo=UTC)) + timedelta(seconds=self._pace.settle_s)
        if until > datetime.now(UTC):
            raise Unsure(until)

    async def _refresh(self, poster: Poster, item: Desired, found: Posted, parent: str | None) -> str | None:
        """Bring what stands up to date; what was found may be from an older state, and an update is idempotent."""
        if isinstance(item, FilePost):
            return found.ts
        self._updated[poster.surface, item.key] = None
        if await poster.update(item, found):
            return found.ts
        if item.key == "root":
            raise ThreadGone
        return await poster.post(item, parent)


def _carries_on(step: Step, outcome: Outcome) -> bool:
    """Whether what follows in the thread has to wait for this step, which waits for the budget itself."""
    return isinstance(step.item, Message) and step.item.key in outcome.waiting
