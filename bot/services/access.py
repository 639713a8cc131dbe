"""Who may see an evaluation and who may take part in it: the one place that answers both."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from bot.domain.errors import GuestsOnlyWatch, NotFound
from bot.domain.evaluation import Evaluation
from bot.domain.gate import Gate
from bot.domain.phrase import people
from bot.services.common import Actor, ServiceContext
from bot.services.directory import OUTSIDE
from bot.services.ports import Tx

HINT = "The list command shows those there are."


class AccessService:
    """Whoever is involved sees an evaluation, and who reads its thread's channel; for all others it is not there."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context

    async def may_see(self, actor: Actor, evaluation: Evaluation, gates: Iterable[Gate] = ()) -> bool:
        """Return whether `actor` may see `evaluation`; `gates` add those whom an escalation asked."""
        if evaluation.team != actor.team:
            return False
        if evaluation.involves(actor.user) or any(actor.user in gate.deciders for gate in gates):
            return True
        return await self._context.directory.reads(evaluation.team, evaluation.channel, actor.user)

    async def must_see(self, actor: Actor, evaluation_id: str, channel: str = "") -> Evaluation:
        """Return the evaluation, or raise NotFound in the words for one that does not exist.

        `channel` is where Slack says that the person acted: who acts in the thread's channel reads it.
        """
        evaluation, gates = await self._context.db.read(lambda tx: _looked_at(tx, actor, evaluation_id, channel))
        if not _acts_inside(actor, evaluation, channel) and not await self.may_see(actor, evaluation, gates):
            raise NotFound(what="evaluation", name=evaluation_id, hint=HINT)
        return evaluation

    async def visible(self, actor: Actor, evaluations: Iterable[Evaluation]) -> tuple[Evaluation, ...]:
        """Return those that `actor` may see, in the same order."""
        asked = tuple(evaluations)
        seen = await asyncio.gather(*(self.may_see(actor, evaluation) for evaluation in asked))
        return tuple(evaluation for evaluation, sees in zip(asked, seen, strict=True) if sees)

    async def takes_part(self, actor: Actor, evaluation: Evaluation) -> bool:
        """Return whether `actor` may answer, skip and decide: guests and other companies' people only where let in.

        While Slack cannot be asked who somebody is, what the delivery says decides.
        """
        if evaluation.guests:
            return True
        if actor.foreign:
            return False
        return await self._context.directory.standing(actor.team, actor.user) not in OUTSIDE

    async def must_take_part(self, actor: Actor, evaluation: Evaluation) -> None:
        """Raise GuestsOnlyWatch unless `takes_part`."""
        if not await self.takes_part(actor, evaluation):
            raise GuestsOnlyWatch(owner=people([evaluation.owner]))


def _acts_inside(actor: Actor, evaluation: Evaluation, channel: str) -> bool:
    return bool(channel) and (evaluation.team, evaluation.channel) == (actor.team, channel)


def _looked_at(tx: Tx, actor: Actor, evaluation_id: str, channel: str) -> tuple[Evaluation, tuple[Gate, ...]]:
    """Read an evaluation, and its gates only where they may decide who sees it."""
    evaluation = tx.evaluations.get(evaluation_id, lock=False)
    if _acts_inside(actor, evaluation, channel) or evaluation.involves(actor.user):
        return evaluation, ()
    return evaluation, tx.gates.all(evaluation_id)
