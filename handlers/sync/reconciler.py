"""The loop that keeps every surface in step: woken after each commit, and by a sweep for what a crash left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from datetime import UTC, datetime, timedelta

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.evaluation import Dossier, Evaluation
from bot.domain.role import Role
from bot.domain.surface import Desired, Message, Surface, SurfaceId, SurfaceKind
from bot.services.ports import Database, Tx
from bot.services.queries import QueryService
from handlers.sync import retry_policy
from handlers.sync.applier import Applier, Outcome, Pace, ThreadGone, Unsure
from handlers.sync.budget import Budget, Held
from handlers.sync.lease import SurfaceLease
from handlers.sync.line import Importance
from handlers.sync.links import Links
from handlers.sync.loop_time import LoopTime
from handlers.sync.notices import WORDS, Notices
from handlers.sync.refusals import PLACES, Refusal, classify
from handlers.sync.throttle import Throttle
from handlers.sync.workers import Workers
from handlers.transport.backpressure import Backpressure
from handlers.transport.workspaces import NotInstalled
from handlers.views.home import MINE, WAITING, home
from handlers.views.receipts import receipts
from handlers.views.stakeholders import stakeholders
from handlers.views.state import Terms
from handlers.views.thread import thread

log = structlog.get_logger(__name__)

Clients = Callable[[str], Awaitable[AsyncWebClient]]
"""Team id to its Web API client."""

_SWEPT = 100
"""Dirty surfaces taken up at once; the next ones when these are worked off, so that machines share a long list."""

_WITH_ALL = 1.8
"""What bringing a surface in step takes of the loop, of what its own steps take: its commits are the writer's steps and
its calls the sockets', which a profile of clicks that follow on each other showed to be four fifths as much again."""

_SURE = {"", "ratelimited", "uncertain"}
"""How the sync before may have ended so that nothing is on the way any more."""


class Reconciler:
    """Claims dirty surfaces one lease at a time, so that several machines may do it."""

    def __init__(
        self,
        db: Database,
        queries: QueryService,
        clients: Clients,
        roles: Mapping[str, Role],
        pace: Pace,
        worker: str,
        terms: Mapping[str, Terms],
        pressure: Backpressure | None = None,
    ) -> None:
        self._db, self._queries, self._clients, self._roles = db, queries, clients, roles
        self._pace, self._worker, self._terms = pace, worker, terms
        self.budget = Budget(db, minute_s=pace.minute_s, post_s=pace.post_s)
        self._applier = Applier(db, queries, self.budget, pace)
        self._notices = Notices(db, self.budget)
        self._workers = Workers(self._sync, pace.at_once)
        self._pressure = pressure or Backpressure()
        self._links = Links()
        # Reading a dossier and laying out its thread takes milliseconds: of all workers one does so between two turns
        # of the loop, so that a click never waits for sixteen.
        self._layout = asyncio.Lock()
        self._throttle = Throttle(self._workers.later)
        self._more = False
        self.on_sync: Callable[[str, str], None] | None = None

    async def start(self) -> None:
        """Begin to work; what was dirty before is found at once."""
        self._workers.start()
        await self.sweep()

    async def stop(self) -> None:
        """Stop; a surface under way keeps its dirty mark and is taken up by whoever comes next."""
        await self._workers.stop()

    def wake(self, surfaces: frozenset[SurfaceId]) -> None:
        """Look at these surfaces soon; to be called on the loop, as the database does."""
        self._workers.put(surfaces)

    async def sweep(self) -> None:
        """Look for surfaces that are dirty and that nobody works on."""
        found = await self._db.read(lambda tx: tx.surfaces.dirty(_SWEPT, worker=self._worker))
        idle = [one for one in found if not (self._workers.has(one) or self._throttle.has(one))]
        self._workers.put(idle, swept=True)
        # Were the next hundred looked for while all of these wait for their slots, the loop would do nothing else.
        self._more = len(found) == _SWEPT and not all(self._throttle.has(one) for one in found)

    async def heal(self, team: str) -> None:
        """A workspace can be served again: what waited for that is looked at now."""
        self._workers.put(frozenset(await self._db.transaction(lambda tx: tx.surfaces.hurry(team))))

    async def behind(self, surface: SurfaceId) -> bool:
        """Whether a surface still differs from the state, or a sync of it is under way."""
        dirty = await self._db.read(lambda tx: tx.surfaces.behind(surface))
        return dirty or self._workers.has(surface)

    async def _sync(self, surface_id: SurfaceId) -> None:
        if self._more and self._workers.idle:
            self._more = False
            await self.sweep()
        if not self._throttle.lets(surface_id):
            return
        await self._pressure.over()
        look = LoopTime(self._look(surface_id))
        try:
            outcome = await look
        finally:
            self._pressure.took(_WITH_ALL * look.seconds)
        if outcome is not None and surface_id.kind is SurfaceKind.THREAD and not outcome.failed:
            self._throttle.looked(surface_id.team, look.seconds, in_vain=outcome.in_vain)
        else:
            self._throttle.passed(surface_id.team)

    async def _look(self, surface_id: SurfaceId) -> Outcome | None:
        """Claim a surface, bring it in step as far as the budget goes, and give it back; None if it is not free."""
        began = SurfaceLease.moment()
        claimed = await self._db.transaction(
            lambda tx: tx.surfaces.claim(surface_id, self._worker, self._pace.lease_s), durable=False
        )
        if claimed is None:
            return None
        outcome, retry_at, problem = None, claimed.retry_at, claimed.problem
        # Whatever people write meanwhile: Slack refuses it all until somebody mends the place.
        left_alone = problem in PLACES and retry_at is not None and retry_at > datetime.now(UTC)
        if not left_alone:
            outcome = await self._attempt(claimed, SurfaceLease(self._db, surface_id, self._keep_lease, began))
            retry_at, problem = outcome.at, outcome.problem
            if self.on_sync is not None:
                self.on_sync(surface_id.kind.value, problem or "done")
            if (until := await self._tell(claimed, problem)) is not None:
                retry_at, problem = until, problem or claimed.problem
        synced = claimed.wanted if retry_at is None else None
        await self._db.transaction(
            lambda tx: tx.surfaces.release(surface_id, self._worker, synced=synced, problem=problem, retry_at=retry_at),
            durable=False,
        )
        if retry_at is not None:
            self._workers.later(surface_id, (retry_at - datetime.now(UTC)).total_seconds())
        return outcome

    async def _attempt(self, surface: Surface, hold: SurfaceLease) -> Outcome:
        """Bring it in step, as far as Slack and the budget let it."""
        try:
            outcome = await self._bring(surface, hold)
            self.budget.settle(surface.id, outcome.waiting)
            return outcome
        except SlackApiError as error:
            word = str(error.response.get("error"))
            log.warning(
                "slack_refused",
                surface=surface.id.kind.value,
                owner=surface.id.owner,
                error=word,
                detail=retry_policy.detail(error),
            )
            if classify(error) is Refusal.RATE:
                await self.budget.hold(surface.id.team, retry_policy.method_of(error), retry_policy.retry_after(error))
            return Outcome.failing(word, datetime.now(UTC) + retry_policy.pause(error, self._pace.slow_s))
        except Held as held:
            return Outcome.failing("ratelimited", held.until)
        except Unsure as unsure:
            return Outcome.failing("uncertain", unsure.until)
        except NotInstalled as error:
            return Outcome.failing(type(error).__name__, datetime.now(UTC) + timedelta(seconds=self._pace.slow_s))
        except retry_policy.LOST as error:
            log.warning("slack_lost", surface=surface.id.kind.value, owner=surface.id.owner, error=repr(error))
            return Outcome.failing(type(error).__name__, datetime.now(UTC) + retry_policy.QUICK)

    async def _tell(self, surface: Surface, problem: str) -> datetime | None:
        """Tell the owner what people must mend, and that it is mended; Home tabs have nobody to tell.

        Returns when to come back if that has to wait.
        """
        over = not problem and surface.problem in WORDS
        if surface.id.kind is SurfaceKind.HOME or not (over or problem in WORDS):
            return None
        evaluation = (await self._queries.dossier(surface.id.owner)).evaluation
        try:
            client = await self._clients(surface.id.team)
            if over:
                await self._notices.settle(client, surface.id, evaluation)
            else:
                await self._notices.tell(client, surface.id, evaluation, problem)
        except Held as held:
            return held.until
        except (*retry_policy.LOST, NotInstalled) as error:
            log.warning("notice_lost", owner=surface.id.owner, error=repr(error))
        return None

    async def _bring(self, surface: Surface, hold: SurfaceLease) -> Outcome:
        client = _impatient(await self._clients(surface.id.team))
        if surface.id.kind is SurfaceKind.HOME:
            desk = await self._queries.desk(surface.id.team, surface.id.owner)
            linked = (*(of for _, of in desk.waiting[:WAITING]), *desk.mine[:MINE])
            links = await self._links.of_all(client, linked)
            await self.budget.take((surface.id, "home"), "views.publish", Importance.SUMMARY)
            await hold.ensure()
            await client.views_publish(
                user_id=surface.id.owner,
                view=home(surface.id.owner, desk.waiting, desk.mine, desk.decided, self._roles, links),
            )
            if surface.problem in _SURE:
                return Outcome()
            # What an earlier call without an answer sent may still arrive, and a tab tells nobody what it shows.
            return Outcome(moments=[datetime.now(UTC) + timedelta(seconds=self._pace.settle_s)])
        if surface.id.kind is SurfaceKind.STAKEHOLDERS:
            dossier = await self._queries.dossier(surface.id.owner)
            if dossier.evaluation.stakeholder_channel is None:
                return Outcome()
            message = await self._stakeholders(client, dossier)
            return await self._applier.apply(hold, client, dossier.evaluation.stakeholder_channel, (message,), None)
        evaluation, wanted, taken = await self._thread(surface.id.owner)
        if taken:
            await self._applier.receipts.mark(client, surface.id, evaluation.channel, taken)
        try:
            return await self._applier.apply(hold, client, evaluation.channel, wanted, evaluation.thread_ts)
        except ThreadGone:
            log.warning("thread_gone", owner=surface.id.owner)
            await self._db.transaction(lambda tx: tx.surfaces.forget(surface.id))
            again = await self._applier.apply(hold, client, evaluation.channel, wanted, None)
            await self._notices.tell(client, surface.id, evaluation, "thread_deleted")
            return again

    async def _thread(self, evaluation_id: str) -> tuple[Evaluation, tuple[Desired, ...], tuple[str, ...]]:
        """Return an evaluation, what should stand in its thread, and which replies want a receipt."""
        async with self._layout:
            dossier = await self._queries.dossier(evaluation_id)
            terms = self._terms[dossier.evaluation.role]
            role = self._roles[dossier.evaluation.role]
            wanted = thread(dossier, role, model=terms.model, policy=terms.policy)
            taken = receipts(dossier, datetime.now(UTC))
            return dossier.evaluation, wanted, taken

    async def _stakeholders(self, client: AsyncWebClient, dossier: Dossier) -> Message:
        evaluation = dossier.evaluation
        link = await self._links.of(client, evaluation)
        policy = self._terms[evaluation.role].policy
        return stakeholders(dossier, self._roles[evaluation.role], link, policy=policy)

    def _keep_lease(self, tx: Tx, surface: SurfaceId) -> None:
        tx.surfaces.renew(surface, self._worker, self._pace.lease_s)


def _impatient(client: AsyncWebClient) -> AsyncWebClient:
    """Return the client without its own retries: a worker that sleeps for one channel keeps others waiting."""
    impatient = copy(client)
    impatient.retry_handlers = []
    return impatient
