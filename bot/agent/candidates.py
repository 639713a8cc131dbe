"""Best of several: the same question asked more than once, and the proposal that our checks like best goes on.

Each answer is kept with the run before the next one is asked for, so that none is paid twice; the others are dropped.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.agent.calls import Paid, failed_stop
from bot.agent.profile import Profile
from bot.agent.proposals import ProposalRefused, made_by
from bot.agent.transcript import Step, turns, uses
from bot.domain.basis import basis
from bot.domain.evidence import Assessment
from bot.services.designer import DesignSession, RunParked, TaskStatus

_TASK = "candidates"
Rank = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates for the first proposal of one conversation."""

    session: DesignSession
    profile: Profile[Any]
    wanted: int

    async def first_kept(self, steps: Sequence[Step]) -> bool:
        """Whether a candidate for this turn is kept from before an interruption."""
        return self.wanted > 1 and await self.session.recall(_key(steps, 1)) is not None

    def proposes(self, paid: Paid) -> bool:
        """Whether there is something to choose from: the answer is a proposal, and more than one is wanted."""
        named = {use["name"] for use in uses({"content": paid.answer.content})}
        return self.wanted > 1 and bool(named & set(self.profile.proposing))

    async def keep(self, steps: Sequence[Step], number: int, paid: Paid) -> None:
        """Keep an answer as a candidate, booked as paid."""
        await self.session.close_call(paid.call)
        if failed_stop(paid.answer) is None and paid.answer.stop != "max_tokens":
            value = {"content": list(paid.answer.content), "stop": paid.answer.stop}
            await self.session.remember(_key(steps, number), value)
        else:
            await self.session.remember(_key(steps, number), {"content": [], "stop": paid.answer.stop})

    async def choose(self, steps: Sequence[Step], ask: Callable[[], Awaitable[Paid]]) -> Mapping[str, Any]:
        """Have the missing candidates written as long as there is money, and return the best one's step."""
        kept: list[Mapping[str, Any]] = []
        for number in range(1, self.wanted + 1):
            found = await self.session.recall(_key(steps, number))
            if found is None:
                await self._say(f"Proposal {number} of {self.wanted}", TaskStatus.IN_PROGRESS)
                try:
                    await self.keep(steps, number, await ask())
                except RunParked as parked:
                    if parked.kind == "budget" and kept:
                        break
                    raise
                found = await self.session.recall(_key(steps, number))
            kept.append(found or {"content": []})
        ranked = [await self._rank(one) for one in kept]
        best = max(range(len(kept)), key=lambda n: (ranked[n], -n))
        await self._say(f"Proposal {best + 1} of {len(kept)} is the best by the checks", TaskStatus.COMPLETE)
        return {"role": "assistant", "content": list(kept[best]["content"]), "stop": kept[best]["stop"]}

    async def _rank(self, candidate: Mapping[str, Any]) -> Rank:
        before = self.profile.previous(self.session.brief)
        calls = [use for use in uses(candidate) if use["name"] in self.profile.proposing]
        if not calls:
            return (-2, 0, 0)
        try:
            proposal = made_by(calls[-1], self.profile, before)
        except ProposalRefused:
            return (-1, 0, 0)
        return rank_of(await self.session.assess(proposal))

    async def _say(self, words: str, status: TaskStatus) -> None:
        await self.session.progress(_TASK, words, status)


def rank_of(assessment: Assessment) -> Rank:
    """Return what a proposal is preferred by: its score, the statements that it does, the checks that it fails."""
    overall = assessment.scorecard.overall
    return (0 if overall is None else overall, basis(assessment.checks).done, -len(assessment.findings))


def _key(steps: Sequence[Step], number: int) -> str:
    return f"candidate:{turns(steps)}:{number}"
