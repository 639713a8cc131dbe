"""Reading: what commands, the Home tab and the projections show."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.domain.errors import NotFound, NothingYet
from bot.domain.evaluation import Dossier, Evaluation
from bot.domain.gate import Gate
from bot.domain.lifecycle import CLOSED
from bot.domain.surface import SurfaceId, SurfaceKind
from bot.services.access import HINT, AccessService
from bot.services.common import Actor, ServiceContext
from bot.services.ports import Tx

_STARTING: Final = timedelta(minutes=1)
_LOOKS_S: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
LISTED = 20
AMONG = 200
"""How many of a workspace's newest are looked through for those that one person may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What one person's Home tab shows."""

    waiting: tuple[tuple[Gate, Evaluation], ...]
    mine: tuple[Evaluation, ...]
    decided: tuple[tuple[Gate, Evaluation], ...]


class QueryService:
    """Snapshots; all that is ever written here is what stands in Slack and what should be looked at."""

    def __init__(self, context: ServiceContext, access: AccessService) -> None:
        self._context, self._access = context, access

    async def dossier(self, evaluation_id: str, team: str | None = None) -> Dossier:
        """Everything about one evaluation; for a `team` those of other workspaces are not there. Raises NotFound."""
        found = await self._context.db.read(lambda tx: tx.dossier(evaluation_id))
        if team not in (None, found.evaluation.team):
            raise NotFound(what="evaluation", name=evaluation_id, hint=HINT)
        return found

    async def seen(self, actor: Actor, evaluation_id: str) -> Dossier:
        """Everything about one evaluation, for somebody who may see it. Raises NotFound for all others."""
        await self._access.must_see(actor, evaluation_id)
        return await self.dossier(evaluation_id)

    async def find(self, team: str, name: str, user: str) -> Dossier:
        """By id or its beginning, among those that the person may see; without a name their newest open evaluation.

        Raises:
            NotFound: none of them, or more than one, begins so.
            NothingYet: they are involved in none.
        """
        if name:
            return await self._begins(Actor(team=team, user=user), name)

        def fn(tx: Tx) -> Dossier:
            own = tx.evaluations.listing(team, user=user, limit=1) or tx.evaluations.listing(
                team, user=user, open_only=False, limit=1
            )
            if not own:
                raise NothingYet(hint="The start command opens the form that starts one.")
            return tx.dossier(own[0].id)

        return await self._context.db.read(fn)

    async def _begins(self, actor: Actor, name: str) -> Dossier:
        """What a person may not see neither answers to its beginning nor makes another's ambiguous."""
        found = await self._context.db.read(lambda tx: _named(tx, actor.team, name))
        seen = [evaluation for evaluation in found if await self._sees(actor, evaluation)]
        if len(seen) != 1:
            hint = "More than one begins like that; give more of it." if seen else HINT
            raise NotFound(what="evaluation", name=name, hint=hint)
        return await self.dossier(seen[0].id)

    async def _sees(self, actor: Actor, evaluation: Evaluation) -> bool:
        gates = await self._context.db.read(lambda tx: tx.gates.all(evaluation.id))
        return await self._access.may_see(actor, evaluation, gates)

    async def visible(self, actor: Actor) -> tuple[Evaluation, ...]:
        """Every evaluation that a person may see, open or not, newest first."""

        def fn(tx: Tx) -> tuple[Evaluation, ...]:
            newest = tx.evaluations.listing(actor.team, open_only=False, limit=AMONG)
            return (*newest, *tx.evaluations.listing(actor.team, user=actor.user, open_only=False))

        merged = {evaluation.id: evaluation for evaluation in await self._context.db.read(fn)}
        ordered = sorted(merged.values(), key=lambda evaluation: (evaluation.created_at, evaluation.id), reverse=True)
        return (await self._access.visible(actor, ordered))[:LISTED]

    async def in_thread(self, team: str, channel: str, thread_ts: str) -> Evaluation | None:
        """The evaluation whose thread this is: whoever writes in a channel reads it, and so may see it.

        Slack shows a root message before it has answered the bot that it stands: who replies at once is not lost.
        """

        def fn(tx: Tx) -> tuple[Evaluation | None, bool]:
            found = tx.evaluations.in_thread(team, channel, thread_ts)
            if found is not None:
                return tx.evaluations.get(found, lock=False), False
            return None, tx.evaluations.unplaced(team, channel, tx.now - _STARTING)

        for pause in (*_LOOKS_S, 0.0):
            found, starting = await self._context.db.read(fn)
            if found is not None or not starting:
                break
            await asyncio.sleep(pause)
        return found

    async def listing(self, team: str, user: str | None, *, open_only: bool = True) -> tuple[Evaluation, ...]:
        """Newest first; with `user` those they own or may decide."""
        return await self._context.db.read(lambda tx: tx.evaluations.listing(team, user=user, open_only=open_only))

    async def desk(self, team: str, user: str) -> Desk:
        """What waits for a person, what they own, what was decided lately."""

        def fn(tx: Tx) -> Desk:
            def beside(gates: tuple[Gate, ...]) -> tuple[tuple[Gate, Evaluation], ...]:
                return tuple((gate, tx.evaluations.get(gate.evaluation_id, lock=False)) for gate in gates)

            return Desk(
                waiting=beside(tx.gates.waiting_for(team, user)),
                mine=tx.evaluations.listing(team, user=user),
                decided=beside(tx.gates.decided_by(team, user)),
            )

        return await self._context.db.read(fn)

    async def once(self, actor: Actor) -> None:
        """Remember a delivery that changes nothing, so that its answer is given once. Raises Replayed."""
        await self._context.db.transaction(lambda tx: None, delivery=actor.delivery)

    async def open_home(self, team: str, user: str) -> None:
        """Keep this person's Home tab in step from now on."""
        surface = SurfaceId(kind=SurfaceKind.HOME, team=team, owner=user)
        await self._context.db.transaction(lambda tx: tx.surfaces.want(surface))

    async def message_gone(self, team: str, channel: str, thread_ts: str, ts: str) -> bool:
        """Somebody deleted a message; return whether it was one of ours, which is put up again.

        In the thread of an evaluation that is over nobody needs it any more.
        """

        def fn(tx: Tx) -> bool:
            found = tx.evaluations.in_thread(team, channel, thread_ts)
            if found is None or (evaluation := tx.evaluations.get(found)).state in CLOSED:
                return False
            surface = SurfaceId(kind=SurfaceKind.THREAD, team=team, owner=evaluation.id)
            lost = [row for row in tx.surfaces.posted(surface).values() if row.ts == ts and row.state == "posted"]
            for row in lost:
                tx.surfaces.put(replace(row, state="gone", updated_at=tx.now))
                tx.surfaces.want(surface)
            return bool(lost)

        return await self._context.db.transaction(fn)

    async def file(self, sha256: str) -> bytes:
        """The bytes of a file of an iteration. Raises NotFound."""
        return await self._context.db.read(lambda tx: tx.files.get(sha256))


def _named(tx: Tx, team: str, name: str) -> tuple[Evaluation, ...]:
    """Return the evaluation of that id, else those whose ids begin so; a whole id reads one row, not two hundred."""
    first = tx.evaluations.beginning(team, name, 1)
    if not first or first[0].id == name:
        return first
    return tx.evaluations.beginning(team, name, AMONG)
