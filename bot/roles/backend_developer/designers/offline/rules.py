"""A run by the rules: propose, check, mend. Importing this loads them all; a start does not need them."""

from __future__ import annotations

import asyncio

from bot.domain.design import Addressed, Brief, Design, Feedback
from bot.domain.evidence import Assessment
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.designers.offline.compose import compose, gather
from bot.roles.backend_developer.designers.offline.edits import carry_over
from bot.roles.backend_developer.designers.offline.feedback import apply
from bot.roles.backend_developer.designers.offline.narrative import narrate
from bot.roles.backend_developer.designers.offline.nouns import quote
from bot.roles.backend_developer.designers.offline.repair import repair
from bot.roles.backend_developer.typed import previous_of
from bot.services.designer import DesignFailed, DesignSession, TaskStatus


class Rules:
    """Checks and mends at most `rounds` times."""

    def __init__(self, rounds: int) -> None:
        self.rounds = rounds

    async def design(self, session: DesignSession, designer: str) -> Design:
        """Design from the session's brief, in the name of a designer."""
        brief = session.brief
        plan, answered = await self._propose(session, brief)
        plan, answered, assessment = await self._mend(session, plan, answered)
        heard = {item.id: item for item in (*brief.feedback, *await session.notes())}
        await session.progress("write", "Write it up", TaskStatus.IN_PROGRESS)
        narrative = narrate(plan, assessment, tuple(answered.values()), _open(answered, heard))
        await session.progress("write", "Write it up", TaskStatus.COMPLETE)
        return Design(proposal=plan, narrative=narrative, designer=designer, model=None)

    async def _propose(self, session: DesignSession, brief: Brief) -> tuple[Blueprint, dict[str, Addressed]]:
        await session.progress("inputs", "Read inputs", TaskStatus.IN_PROGRESS)
        # Reading is a hundred regular expressions over long texts: not on the loop that acknowledges clicks.
        wishes = await asyncio.to_thread(gather, brief)
        await _done(session, "inputs", "Read inputs", f"{len(brief.sources)} documents")
        said = sum(1 for reply in brief.replies if reply.text.strip())
        named = f"{said} answers, {len(wishes.endpoints)} endpoints and {len(wishes.entities)} entities named"
        await _done(session, "answers", "Read answers", named)
        await session.progress("model", "Design the data model", TaskStatus.IN_PROGRESS)
        try:
            plan, changes = await asyncio.to_thread(_compose, brief)
        except ValueError as error:
            # Rules brought together what does not fit: people can act on that by saying it otherwise.
            reason = f"the rules could not fit the answers together ({quote(str(error), 300)}). Name things otherwise."
            raise DesignFailed(reason=reason) from error
        links = f"{len(plan.entities)} entities, {len(plan.relations)} relations"
        await _done(session, "model", "Design the data model", links)
        await _done(session, "api", "Design the API", f"{len(plan.operations)} operations")
        roles = f"{plan.auth.scheme.value.upper()}, {len(plan.roles)} roles"
        await _done(session, "security", "Design security", roles)
        return plan, {item.feedback_id: item for item in changes}

    async def _mend(
        self, session: DesignSession, plan: Blueprint, answered: dict[str, Addressed]
    ) -> tuple[Blueprint, dict[str, Addressed], Assessment]:
        """Check, mend and check again, until nothing is found that a rule can mend or the rounds are used up."""
        for number in range(1, self.rounds + 1):
            plan, answered = await self._hear(session, plan, answered)
            assessment = await self._check(session, plan, number)
            mended, which = repair(plan, assessment.findings)
            if not which or number == self.rounds:
                break
            await _done(session, f"mend_{number}", f"Mend, round {number}", ", ".join(which)[:120])
            plan = mended
        late, answered = await self._hear(session, plan, answered)
        if late != plan:
            plan, assessment = late, await self._check(session, late, number + 1)
        return plan, answered, assessment

    async def _hear(
        self, session: DesignSession, plan: Blueprint, answered: dict[str, Addressed]
    ) -> tuple[Blueprint, dict[str, Addressed]]:
        """Take up what people wrote in the thread since the last look."""
        new: list[Feedback] = [note for note in await session.notes() if note.id not in answered]
        if not new:
            return plan, answered
        plan, changes = apply(plan, new)
        return plan, answered | {item.feedback_id: item for item in changes}

    async def _check(self, session: DesignSession, plan: Blueprint, number: int) -> Assessment:
        key, title = f"check_{number}", f"Check, round {number}"
        await session.progress(key, title, TaskStatus.IN_PROGRESS)
        assessment = await session.assess(plan)
        card, failed = assessment.scorecard, len(assessment.findings)
        score = "unproven" if card.overall is None else f"{card.overall}/100"
        status = TaskStatus.COMPLETE if not failed else TaskStatus.ERROR
        await session.progress(key, title, status, f"{score}, {failed} of {len(assessment.checks)} checks failed")
        return assessment


def _compose(brief: Brief) -> tuple[Blueprint, tuple[Addressed, ...]]:
    plan = compose(brief)
    if previous := previous_of(brief):
        plan = carry_over(plan, previous)
    return apply(plan, brief.feedback)


async def _done(session: DesignSession, key: str, title: str, detail: str) -> None:
    await session.progress(key, title, TaskStatus.COMPLETE, detail)


def _open(answered: dict[str, Addressed], heard: dict[str, Feedback]) -> tuple[str, ...]:
    return tuple(quote(heard[key].text, 160) for key, item in answered.items() if not item.change and key in heard)
