"""Who may be named to decide, and who decides in place of somebody who has left."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.errors import ApproversRefused, InvalidInput, NotAllowed, Stale
from bot.domain.evaluation import Evaluation
from bot.domain.gate import Gate, GateState, Policy
from bot.domain.phrase import Mention, people, phrase
from bot.domain.role import Role
from bot.services.common import Actor, ServiceContext, audit, eligible, evaluation_of
from bot.services.directory import NOBODY, OUTSIDE, Standing
from bot.services.evaluations import StartForm
from bot.services.ports import Tx

_WHY: Mapping[Standing, str] = {
    Standing.BOT: "is an app or a bot, which presses no button",
    Standing.DEACTIVATED: "is deactivated",
    Standing.ABSENT: "is not in this workspace",
    Standing.GUEST: "is a guest, and guests are not let in here",
    Standing.STRANGER: "belongs to another company, and guests are not let in here",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """The people of a new evaluation: who starts it, who decides which gate, how many must agree, and are guests in."""

    team: str
    owner: str
    approvers: Mapping[str, Sequence[str]]
    needed: int
    guests: bool = False


async def must_be_able_to_decide(context: ServiceContext, role: Role, naming: Naming) -> None:
    """Refuse a gate that would be born without a door.

    Where nobody is named the owner decides alone; a number of approvals is asked of the named.

    Raises:
        ApproversRefused: by gate, who cannot decide and why; or more approvals are needed than people may give.
    """
    named = {key: tuple(dict.fromkeys(users)) for key, users in naming.approvers.items() if users}
    asked = tuple(dict.fromkeys(user for users in named.values() for user in users))
    found = await asyncio.gather(*(trouble_with(context, naming.team, user, guests=naming.guests) for user in asked))
    troubles = dict(zip(asked, found, strict=True))
    gates = {
        key: " ".join(words for user in users if (words := troubles[user]))
        for key, users in named.items()
        if any(troubles[user] for user in users)
    }
    needed = "" if gates else _too_many(context.rules.policy, naming, named, role)
    if gates or needed:
        raise ApproversRefused(problems=" ".join((*gates.values(), needed)).strip(), gates=gates, needed=needed)


async def trouble_with(context: ServiceContext, team: str, user: str, *, guests: bool) -> str:
    """Return in words why somebody cannot decide a gate, empty if they can."""
    standing = await context.directory.standing(team, user)
    if standing in NOBODY or (standing in OUTSIDE and not guests):
        return f"{await context.directory.name(team, user)} {_WHY[standing]}; please name somebody else."
    return ""


def _too_many(policy: Policy, naming: Naming, named: Mapping[str, tuple[str, ...]], role: Role) -> str:
    """Say which gate needs more people than may decide it, empty if there is none."""
    if not named and naming.needed > 1:
        return "Nobody is named as approver, so you decide alone: one approval is all there can be."
    for gate in role.gates:
        # What the form asks for is asked of the named; what the role asks for, of whoever decides.
        asked = max(naming.needed if gate.key in named else 1, gate.needed)
        count = eligible(named.get(gate.key, (naming.owner,)), naming.owner, policy)
        if count < asked:
            can = "person can" if count == 1 else "people can"
            mend = "Name more." if gate.needed > count else "Name more, or ask for fewer."
            return f"{asked} approvals are more than “{gate.name}” can get: only {count} {can} give one. {mend}"
    return ""


class ApproverService:
    """Looks at those whom a form names, and names another approver where one has left."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context

    async def must_be_able_to_start(self, actor: Actor, form: StartForm) -> None:
        """Look at the people of a start form, before anything is written.

        Raises:
            ApproversRefused: see `must_be_able_to_decide`.
            InvalidInput: a guest starts an evaluation that lets no guests in.
        """
        outside = actor.foreign or await self._context.directory.standing(actor.team, actor.user) in OUTSIDE
        if outside and not form.guests:
            raise InvalidInput(problem="You are a guest here. A full member can start one that lets guests in.")
        naming = Naming(
            team=actor.team, owner=actor.user, approvers=form.approvers, needed=form.needed, guests=form.guests
        )
        await must_be_able_to_decide(self._context, self._context.roles[form.role], naming)

    async def gone(self, evaluation: Evaluation) -> tuple[str, ...]:
        """Return the approvers and the owner who cannot decide any more, in no order that matters."""
        named = (user for users in evaluation.approvers.values() for user in users)
        people = tuple(dict.fromkeys((evaluation.owner, *named)))
        found = await asyncio.gather(*(self._context.directory.standing(evaluation.team, user) for user in people))
        return tuple(user for user, standing in zip(people, found, strict=True) if standing in NOBODY)

    async def may_name(self, evaluation: Evaluation, actor: Actor) -> tuple[str, ...]:
        """Return who has left; raise NotAllowed unless the actor may name somebody in their place.

        That is the owner, a fallback approver of the house, and where the owner has left whoever decides a gate: an
        evaluation that nobody may touch would be one without a door.
        """
        gone = await self.gone(evaluation)
        deciders = (user for users in evaluation.approvers.values() for user in users)
        left = deciders if evaluation.owner in gone else ()
        allowed = tuple(dict.fromkeys((evaluation.owner, *self._context.rules.fallback_approvers, *left)))
        if actor.user not in allowed or actor.user in gone:
            raise NotAllowed(what="name another approver", who=people(user for user in allowed if user not in gone))
        return gone

    async def replace(self, actor: Actor, evaluation_id: str, gone: str, successor: str) -> Evaluation:
        """Let `successor` decide wherever `gone`, who has left, was asked; verdicts that were given stay.

        Raises:
            NotAllowed: see `may_name`.
            InvalidInput: the one who is replaced is still here, was never asked, or is replaced by themself.
            ApproversRefused: the successor cannot decide either.
            Stale: somebody else named one in the meantime.
        """
        evaluation = await self._context.db.read(lambda tx: evaluation_of(tx, actor, evaluation_id, lock=False))
        if gone not in await self.may_name(evaluation, actor):
            raise InvalidInput(
                problem=phrase(Mention(gone), " is still here. Only somebody who has left can be replaced.")
            )
        if words := await trouble_with(self._context, actor.team, successor, guests=evaluation.guests):
            raise ApproversRefused(problems=words, gates={}, needed="")

        def fn(tx: Tx) -> Evaluation:
            locked = evaluation_of(tx, actor, evaluation_id)
            if (locked.owner, locked.approvers) != (evaluation.owner, evaluation.approvers):
                raise Stale(what="who decides in this evaluation")
            return self._replace(tx, actor, locked, gone, successor)

        return await self._context.db.transaction(fn, delivery=actor.delivery)

    def _replace(self, tx: Tx, actor: Actor, evaluation: Evaluation, gone: str, successor: str) -> Evaluation:
        role = self._context.role(evaluation)
        keys = [spec.key for spec in role.gates if gone in evaluation.deciders(spec.key)]
        if not keys and gone != evaluation.owner:
            raise InvalidInput(problem=phrase(Mention(gone), " decides no gate of this evaluation."))
        approvers = {
            **evaluation.approvers, **{key: _swapped(evaluation.deciders(key), gone, successor) for key in keys}
        }  # fmt: skip
        for key in keys:
            spec = role.gate(key)
            if len(approvers[key]) < min(max(evaluation.needed, spec.needed), len(evaluation.deciders(key))):
                raise InvalidInput(
                    problem=f"They decide “{spec.name}” already, and it needs more people. Name another."
                )
        for gate in tx.gates.all(evaluation.id):
            if gate.state is GateState.PENDING and gone in gate.deciders:
                tx.gates.reassign(_reassigned(gate, gone, successor))
        audit(tx, evaluation.id, actor, "approver_replaced", gone=gone, by=successor, gates=keys)
        owner = successor if evaluation.owner == gone else evaluation.owner
        return tx.evaluations.save(replace(evaluation, owner=owner, approvers=approvers))


def _swapped(users: Sequence[str], gone: str, successor: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(successor if user == gone else user for user in users))


def _reassigned(gate: Gate, gone: str, successor: str) -> Gate:
    return replace(
        gate,
        approvers=_swapped(gate.approvers, gone, successor),
        escalated_to=_swapped(gate.escalated_to, gone, successor),
    )
