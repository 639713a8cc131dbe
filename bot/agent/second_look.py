"""The critique within a run: made once, kept with the run, within the budget; what it costs and came to is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog

from bot.agent.calls import Caller, Paid
from bot.agent.config import ClaudeConfig
from bot.agent.cost import tokens_by_length
from bot.agent.critique import critique
from bot.agent.heartbeat import with_heartbeat
from bot.agent.money import Purse
from bot.agent.profile import Profile
from bot.agent.proposals import plain_of
from bot.agent.statements import Said, statement_lines
from bot.agent.streaming import Pulse
from bot.agent.tools import found_in
from bot.domain.proposal import Proposal
from bot.services.designer import DesignFailed, DesignSession, RunParked, TaskStatus

log = structlog.get_logger(__name__)
_KEY: Final = "critique"
_TASK: Final = "critique"
_FINDINGS: Final = 40


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Has a result read afresh. A critique that cannot be had is told of and holds nothing up."""

    session: DesignSession
    config: ClaudeConfig
    caller: Caller
    profile: Profile[Any]
    purse: Purse

    async def remarks(self, proposal: Proposal) -> Sequence[Mapping[str, Any]]:
        """Return the remarks on the run's result; asked for once, whatever comes of them. Raises RunParked if busy."""
        profile = self.profile
        if not self.config.critique or profile.role is None or profile.reader is None:
            return ()
        kept = await self.session.recall(_KEY)
        if kept is None:
            await self.session.remember(_KEY, {"remarks": list(await self._made(proposal))})
            kept = await self.session.recall(_KEY)
        return tuple(kept["remarks"]) if kept is not None else ()

    async def affords(self, conversation: Any) -> bool:
        """Whether the turn that would follow the remarks fits the budget."""
        try:
            await self.purse.clear(tokens_by_length(conversation))
        except RunParked:
            await self._say("Read afresh: remarks left", TaskStatus.COMPLETE, "The budget does not reach to mend more.")
            return False
        return True

    async def _made(self, proposal: Proposal) -> Sequence[Mapping[str, Any]]:
        if self.profile.reader is None:
            return ()
        said = await self.profile.reader.said(self.session.brief)
        assessment = await self.session.assess(proposal)
        evidence = await found_in(self.session, self.profile, proposal, assessment, _FINDINGS, _FINDINGS)
        pulse = Pulse(title="Reading the result afresh")

        async def beat() -> None:
            await self._say("Reading the result afresh", TaskStatus.IN_PROGRESS, pulse.detail)

        await beat()
        try:
            asking = self._ask(said, proposal, evidence, pulse)
            found = await with_heartbeat(asking, beat, self.config.pulse)
        except RunParked as parked:
            if parked.kind != "budget":
                raise
            await self._say("Not read afresh", TaskStatus.COMPLETE, "The budget does not reach.")
            return ()
        except DesignFailed as failed:
            log.warning("critique_failed", run=self.session.run_id, reason=failed.reason)
            await self._say("Not read afresh", TaskStatus.ERROR, failed.reason)
            return ()
        count = len(found or ())
        words = "its answer could not be used" if found is None else f"{count} remark{'' if count == 1 else 's'}"
        await self._say("Read afresh", TaskStatus.COMPLETE, words)
        return found or ()

    async def _ask(
        self, said: Said, proposal: Proposal, evidence: Mapping[str, Any], pulse: Pulse
    ) -> tuple[Mapping[str, Any], ...] | None:
        size = tokens_by_length([statement_lines(said), plain_of(proposal), evidence, self.profile.system()])

        async def tell(words: str) -> None:
            await self._say("Reading the result afresh", TaskStatus.IN_PROGRESS, words)

        # Remarks are short: not every call writes as much as a proposal.
        cautious = replace(self.purse, config=replace(self.config, expected_output=2_000))

        async def ask(request: Mapping[str, Any]) -> Paid:
            return await self.caller.ask(
                self.session, request, clearance=lambda: cautious.clear(size), pulse=pulse, tell=tell
            )

        return await critique(
            self.session, self.config, self.caller, self.profile, said=said, proposal=proposal, evidence=evidence,
            ask=ask,
        )  # fmt: skip

    async def _say(self, words: str, status: TaskStatus, detail: str = "") -> None:
        await self.session.progress(_TASK, words, status, detail)
