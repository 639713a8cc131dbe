"""The loop of one run: look at the stored transcript, do what comes next, store it, look again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic

from bot.agent.calls import Caller, Paid, failed_stop
from bot.agent.candidates import Candidates
from bot.agent.client import Client
from bot.agent.config import ClaudeConfig
from bot.agent.documents import brief_documents, canonical, document, note_documents
from bot.agent.errors import GrammarTooLarge, too_long
from bot.agent.frame import frame, plain
from bot.agent.heartbeat import with_heartbeat
from bot.agent.money import Purse, count_tokens
from bot.agent.preparing import prepare
from bot.agent.profile import P, Profile
from bot.agent.review import Review, ReviewInvalid, narrate
from bot.agent.second_look import SecondLook
from bot.agent.streaming import Pulse
from bot.agent.tools import Toolbox, definitions
from bot.agent.transcript import Move, Step, messages, next_move, noted, repairs, text, turns, uses
from bot.domain.design import Design
from bot.services.designer import DesignFailed, DesignSession, TaskStatus

NAME = "claude"
CRITIQUE: Final = "eipas:critique"
_MODEL_TASK = "model"
_PLAIN = "plain"
"""Under it is remembered that the service refused the grammar of this conversation's tools."""


@dataclass(slots=True)
class Loop(Generic[P]):
    """Drives one run. Holds nothing that the session does not: killed anywhere, another one goes on."""

    session: DesignSession
    config: ClaudeConfig
    caller: Caller
    toolbox: Toolbox
    profile: Profile[P]
    pulse: Pulse = field(default_factory=Pulse)

    async def run(self) -> Design:
        """Go on until there is a design. Raises RunParked, DesignFailed."""
        await self._frame()
        await prepare(self.session, self.config, self.caller, self.profile)
        while True:
            frozen = await self._frame()
            steps = await self.session.steps()
            match next_move(steps):
                case Move.BEGIN:
                    await self._begin()
                case Move.CALL:
                    await self._turn(frozen, steps)
                case Move.TOOLS:
                    await self._tools(steps)
                case Move.CONCLUDE:
                    design = await self._conclude(frozen, steps)
                    if design is not None:
                        return design

    async def _frame(self) -> Mapping[str, Any]:
        kept = await self.session.recall("frame")
        if kept is None:
            await self.caller.connect()  # building schemas needs the SDK, which is imported off the event loop
            tools = definitions(self.profile)
            built = frame(self.config, system=self.profile.system(), tools=tools, answer=Review)
            if self.config.model in self.caller.plain:
                built = plain(built)
            await self.session.remember("spent_before", {"usd": await self.session.spent_usd()})
            await self.session.remember("frame", built)
            kept = await self.session.recall("frame")
        if kept is None:
            raise RuntimeError("the session forgot its frame")
        return plain(kept) if await self.session.recall(_PLAIN) else kept

    async def _begin(self) -> None:
        brief, profile = self.session.brief, self.profile
        said = await profile.reader.said(brief) if profile.reader is not None else None
        task = {"type": "text", "text": profile.prompt("task").format(iteration=brief.iteration)}
        documents = brief_documents(brief, self.config, profile.noun, profile.role, said)
        await self.session.append([_user("task", [*documents, task])])

    async def _turn(self, frozen: Mapping[str, Any], steps: Sequence[Step]) -> None:
        if turns(steps) >= self.config.turns:
            raise DesignFailed(
                reason=f"The model came to no end in {self.config.turns} turns. Narrow the goal, then try again."
            )
        choosing = Candidates(self.session, self.profile, 1 if self.toolbox.proposed(steps) else self.config.candidates)
        if await choosing.first_kept(steps):
            await self._choose(choosing, frozen, steps)
            return
        room = await self._room()
        try:
            paid = await self._answer(frozen, steps, room)
        except GrammarTooLarge as refused:
            await self._without_grammar(refused, str(frozen["model"]), steps)
            return
        answer = paid.answer
        if answer.stop == "max_tokens":
            await self._more_room(room, paid)
        elif problem := failed_stop(answer):
            await self.session.close_call(paid.call)
            raise problem
        elif choosing.proposes(paid):
            await choosing.keep(steps, 1, paid)
            await self._choose(choosing, frozen, steps)
        else:
            step = {"role": "assistant", "content": list(answer.content), "stop": answer.stop}
            await self.session.append([step], call=paid.call)

    async def _choose(self, choosing: Candidates, frozen: Mapping[str, Any], steps: Sequence[Step]) -> None:
        async def ask() -> Paid:
            return await self._answer(frozen, steps, await self._room())

        await self.session.append([await choosing.choose(steps, ask)])

    async def _answer(self, frozen: Mapping[str, Any], steps: Sequence[Step], room: int) -> Paid:
        request = {**frozen, "max_tokens": room, "messages": messages(steps)}
        self.pulse = Pulse()
        await self._beat()
        return await with_heartbeat(self._ask(request), self._beat, self.config.pulse)

    async def _without_grammar(self, refused: GrammarTooLarge, model: str, steps: Sequence[Step]) -> None:
        """Begin anew without strict tools; once answers are there, their tools may not change."""
        self.caller.plain.add(model)
        if turns(steps) or await self.session.recall(_PLAIN):
            raise refused
        await self.session.remember(_PLAIN, {"model": model})

    async def _ask(self, request: Mapping[str, Any]) -> Paid:
        client: Client = await self.caller.connect()
        tokens = await count_tokens(client, request)
        purse = self._purse(str(request["model"]))
        return await self.caller.ask(
            self.session, request, clearance=lambda: purse.clear(tokens), pulse=self.pulse, tell=self._tell
        )

    def _purse(self, model: str) -> Purse:
        return Purse(session=self.session, config=self.config, model=model)

    async def _beat(self) -> None:
        await self.session.progress(_MODEL_TASK, self.pulse.title, TaskStatus.IN_PROGRESS, self.pulse.detail)

    async def _tell(self, words: str) -> None:
        self.pulse.title, self.pulse.detail = "Waiting for the model", words
        await self._beat()

    async def _room(self) -> int:
        room = self.config.max_tokens
        while room < self.config.max_tokens_ceiling and await self.session.recall(f"cut:{room}"):
            room = min(room * 2, self.config.max_tokens_ceiling)
        return room

    async def _more_room(self, room: int, paid: Paid) -> None:
        # A cut answer cannot be continued (the service refuses prefill): the turn is dropped and asked for again.
        await self.session.close_call(paid.call)
        if room >= self.config.max_tokens_ceiling:
            raise too_long(room)
        await self.session.remember(f"cut:{room}", {"request_id": paid.answer.request_id})
        await self._tell("The answer needs more room; it is written again.")

    async def _tools(self, steps: Sequence[Step]) -> None:
        done: list[Mapping[str, Any]] = []
        for use in uses(steps[-1]):
            # What came before in the same turn counts: two edits follow upon each other.
            done.append(await self.toolbox.result(use, [*steps, _user("results", [*done])]))
        fresh = [note for note in await self.session.notes() if note.id not in noted(steps)]
        handed = [*note_documents(fresh), {"type": "text", "text": self.profile.prompt("notes")}] if fresh else []
        await self.session.append([_user("results", [*done, *handed])])

    async def _conclude(self, frozen: Mapping[str, Any], steps: Sequence[Step]) -> Design | None:
        fresh = [note for note in await self.session.notes() if note.id not in noted(steps)]
        if fresh:
            words = {"type": "text", "text": self.profile.prompt("notes")}
            await self.session.append([_user("notes", [*note_documents(fresh), words])])
            return None
        proposals = self.toolbox.proposed(steps)
        if not proposals:
            await self._repair(
                steps, [f"nothing was accepted by {self.profile.propose} yet: propose a {self.profile.noun} first"]
            )
            return None
        brief, proposal = self.session.brief, proposals[-1]
        ids = {item.id for item in brief.feedback} | noted(steps)
        try:
            narrative = narrate(
                text(steps[-1]), feedback=ids, profile=self.profile, proposal=proposal,
                previous=self.profile.previous(brief),
            )  # fmt: skip
        except ReviewInvalid as invalid:
            await self._repair(steps, invalid.problems)
            return None
        if await self._read_afresh(str(frozen["model"]), steps, proposal):
            return None
        await self.session.progress(_MODEL_TASK, "Design finished", TaskStatus.COMPLETE)
        usage = {"usd": await self._cost(), "turns": float(turns(steps))}
        return Design(proposal=proposal, narrative=narrative, designer=NAME, model=str(frozen["model"]), usage=usage)

    async def _read_afresh(self, model: str, steps: Sequence[Step], proposal: P) -> bool:
        """Have the result read once by a call that has not made it; whether its remarks were handed to the model."""
        look = SecondLook(self.session, self.config, self.caller, self.profile, self._purse(model))
        remarks = await look.remarks(proposal)
        if not remarks or any(step.get("kind") == "critique" for step in steps):
            return False
        if turns(steps) + 2 > self.config.turns or not await look.affords(messages(steps)):
            return False
        words = {"type": "text", "text": self.profile.prompt("critique")}
        await self.session.append([_user("critique", [document(CRITIQUE, canonical(list(remarks))), words])])
        return True

    async def _repair(self, steps: Sequence[Step], problems: Sequence[str]) -> None:
        if repairs(steps) >= self.config.repairs:
            raise DesignFailed(
                reason=f"The model's final answer stays invalid: {'; '.join(problems[:3])}. "
                "Its proposals and their checks are kept with the run. Try again."
            )
        words = self.profile.prompt("repair").format(problems="\n".join(f"- {p}" for p in problems))
        await self.session.append([_user("repair", [{"type": "text", "text": words}])])

    async def _cost(self) -> float:
        before = await self.session.recall("spent_before")
        return round(await self.session.spent_usd() - float(before["usd"] if before else 0.0), 6)


def _user(kind: str, content: list[dict[str, Any] | Mapping[str, Any]]) -> dict[str, Any]:
    return {"role": "user", "kind": kind, "content": content}


async def drive(session: DesignSession, config: ClaudeConfig, caller: Caller, profile: Profile[Any]) -> Design:
    """Run the loop for a session."""
    return await Loop(session, config, caller, Toolbox(session, config, profile), profile).run()
