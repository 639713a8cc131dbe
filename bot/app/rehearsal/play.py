"""The play: everybody's part, from the slash command to the last file read back equal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.app.application import Application
from bot.app.rehearsal.cast import Cast
from bot.app.rehearsal.plan import Plan, RehearsalFailed
from bot.app.rehearsal.recording import Recording, write_files
from bot.app.rehearsal.script import CONCERNS, JUSTIFICATION, OPTIMISE, REASONS, UNFORESEEN
from bot.domain.evaluation import Dossier
from bot.domain.gate import Gate, GateState
from bot.domain.lifecycle import State
from bot.domain.role import Role
from bot.domain.surface import SurfaceId, SurfaceKind
from handlers.ids import ActionId, BlockId, qualified

Json = Mapping[str, Any]
PATIENCE_S = 60.0
CHANNEL = "product-ideas"
WORKSPACE = "rehearsal"
"""Under what name the stage puts up the workspace."""


class Play:
    """One performance."""

    def __init__(self, plan: Plan, application: Application, cast: Cast, record: Recording) -> None:
        self._plan, self._app, self._cast, self._record = plan, application, cast, record
        self._queries = application.services.queries
        self._evaluation_id = ""
        self.title = "not begun"

    async def perform(self) -> Dossier:
        """Play from the slash command to the last file."""
        role = next(iter(self._app.services.context.roles.values()))
        await self._start(role)
        await self._answer(role)
        number = (await self._dossier()).evaluation.iteration
        for step in range(self._plan.iterations):
            await self._go(role, number)
            await self._review(role, number, reject=self._plan.reject if step == 0 else None)
            last = step == self._plan.iterations - 1
            number = await self._close(role, number, first=step == 0, last=last)
        dossier = await self._until(lambda d: d.evaluation.state is State.DONE, "the evaluation to end")
        await self._settled()
        await self._collect(dossier)
        return dossier

    async def _start(self, role: Role) -> None:
        owner = self._cast.owner
        self._record.say(self._cast.name(owner), "/eipas start")
        await owner.command(CHANNEL, "/eipas", "start")
        view = await self._cast.form(owner)
        gates = {qualified(BlockId.APPROVERS, spec.key): self._cast.approvers(spec.key) for spec in role.gates}
        stakeholders = owner.channels["stakeholders"]
        await self._cast.submit(
            owner, view, {BlockId.WORKSPACE: WORKSPACE, BlockId.STAKEHOLDERS: stakeholders, **gates}
        )
        listed = await self._wait_for_any()
        self._evaluation_id, self.title = listed.evaluation.id, listed.evaluation.title
        dossier = await self._until(lambda d: d.evaluation.thread_ts is not None, "the thread")
        self._record.say("EIPAS", f"opens a thread: {dossier.evaluation.title}")

    async def _wait_for_any(self) -> Dossier:
        await self._cast.see(
            self._cast.owner,
            lambda m: bool((m.get("metadata") or {}).get("event_payload", {}).get("key") == "root"),
            "the thread",
        )
        identity = self._app.local.core.identity if self._app.local else None
        team = identity.team_id if identity else ""
        found = await self._queries.listing(team, None)
        return await self._queries.dossier(found[0].id)

    async def _answer(self, role: Role) -> None:
        """The first answer by its form, the next ones as replies, the areas in one form."""
        dossier = await self._dossier()
        thread_ts = str(dossier.evaluation.thread_ts)
        first, *opening = role.opening
        card = await self._card(f"q.{first.key}")
        self._record.say("EIPAS", first.text)
        owner = self._cast.owner
        await self._cast.click(owner, CHANNEL, card, ActionId.ANSWER)
        await self._cast.submit(
            owner,
            await self._cast.form(owner),
            {qualified(BlockId.ANSWER, first.key): self._plan.answers.text(first.key)},
        )
        self._record.say(self._cast.name(owner), self._plan.answers.text(first.key))
        for question in (*opening, *role.areas):
            await self._until(partial(_asked, question.key), f"the question {question.key}")
            self._record.say("EIPAS", question.text)
            person = self._cast.expert(question.key)
            text = self._plan.answers.text(question.key)
            if text.strip():
                await person.say(CHANNEL, text, thread_ts=thread_ts)
            else:
                await self._cast.click(person, CHANNEL, await self._card(f"q.{question.key}"), ActionId.SKIP)
            self._record.say(self._cast.name(person), text or "(skips the question)")
            await self._until(partial(_answered, question.key), f"the answer to {question.key}")
        await self._answer_unforeseen(State.COLLECTING)

    async def _answer_unforeseen(self, state: State) -> Dossier:
        """Answer what the designer asks of its own while the evaluation is in this state."""
        while (dossier := await self._dossier()).evaluation.state is state and (question := dossier.next_question):
            self._record.say("EIPAS", question.text)
            person = self._cast.expert(question.key)
            await person.say(CHANNEL, UNFORESEEN, thread_ts=str(dossier.evaluation.thread_ts))
            self._record.say(self._cast.name(person), UNFORESEEN)
            await self._until(partial(_answered, question.key), f"the answer to {question.key}")
        return dossier

    async def _go(self, role: Role, number: int) -> None:
        dossier = await self._until(
            lambda d: d.evaluation.iteration == number and d.evaluation.state is not State.COLLECTING, "the go gate"
        )
        if dossier.evaluation.state is State.AWAITING_GO:
            await self._vote(role, number, role.go.key, "approve")
        await self._run(number)
        dossier = await self._dossier()
        run = dossier.run(number)
        if dossier.evaluation.state is State.FAILED:
            raise RehearsalFailed(problem=f"the run failed: {dossier.evaluation.failure}")
        for task in run.tasks if run else ():
            self._record.say("EIPAS", f"{task.title}: {task.status} {task.detail}".strip())
        result = dossier.current.result
        if result is not None:
            score = "unproven" if result.scorecard.overall is None else f"{result.scorecard.overall}/100"
            self._record.say("EIPAS", f"Iteration {number}: {score}. {result.narrative.recommendation}")

    async def _run(self, number: int) -> None:
        """Wait for the run's end, and answer what the designer asks on the way."""
        ended = (State.IN_REVIEW, State.FAILED)
        while True:
            dossier = await self._until(
                lambda d: (
                    d.evaluation.state in ended or (d.evaluation.state is State.PARKED and bool(d.open_questions))
                ),
                "the result of the run",
            )
            if dossier.evaluation.state in ended or dossier.next_question is None:
                return
            await self._answer_unforeseen(State.PARKED)

    async def _review(self, role: Role, number: int, reject: str | None) -> None:
        for spec in role.review_gates:
            if spec.key == reject:
                await self._vote(role, number, spec.key, "reject", {BlockId.COMMENT: REASONS[spec.key]})
            else:
                await self._vote(role, number, spec.key, "approve")

    async def _close(self, role: Role, number: int, *, first: bool, last: bool) -> int:
        key = role.closing.key
        if last:
            await self._vote(role, number, key, "finish", {BlockId.CONCERNS: CONCERNS, BlockId.COMMENT: JUSTIFICATION})
            return number
        if first and self._plan.reject == key:
            await self._vote(role, number, key, "refine", {BlockId.COMMENT: REASONS[key]})
        elif self._plan.reject is not None and first:
            await self._vote(role, number, key, "optimise", {BlockId.COMMENT: OPTIMISE, BlockId.CONCERNS: CONCERNS})
        else:
            await self._vote(role, number, key, "ready", {BlockId.COMMENT: JUSTIFICATION})
        dossier = await self._until(lambda d: d.evaluation.iteration > number, "the next iteration")
        return dossier.evaluation.iteration

    async def _vote(self, role: Role, number: int, key: str, option: str, words: Json | None = None) -> None:
        spec = role.gate(key)
        gate = await self._pending(number, key)
        person = self._cast.decider(key)
        card = await self._card(f"i{number}.gate.{key}.{gate.id}")
        self._record.say("EIPAS", spec.text(number))
        await self._cast.click(person, CHANNEL, card, qualified(ActionId.VOTE, option))
        await self._cast.submit(person, await self._cast.form(person), dict(words or {}))
        said = f"{spec.option(option).text(number + 1)}" + "".join(f" — {text}" for text in (words or {}).values())
        self._record.say(self._cast.name(person), said)
        await self._until(
            lambda d: (g := d.gate(number, key)) is not None and g.state is not GateState.PENDING,
            f"the verdict on {key}",
        )

    async def _pending(self, number: int, key: str) -> Gate:
        dossier = await self._until(
            lambda d: (g := d.gate(number, key)) is not None and g.state is GateState.PENDING, f"the gate {key}"
        )
        gate = dossier.gate(number, key)
        if gate is None:
            raise RehearsalFailed(problem=f"the gate {key} vanished.")
        return gate

    async def _card(self, key: str) -> Json:
        return await self._cast.see(
            self._cast.owner,
            lambda m: (m.get("metadata") or {}).get("event_payload", {}).get("key") == key,
            f"the message {key}",
        )

    async def _dossier(self) -> Dossier:
        return await self._queries.dossier(self._evaluation_id)

    async def _until(self, holds: Callable[[Dossier], bool], what: str) -> Dossier:
        """Wait for the state itself; the thread's messages are waited for where they are used."""
        found: Dossier | None = None

        async def look() -> bool:
            nonlocal found
            found = await self._dossier()
            return holds(found)

        await self._cast.until(look, what, PATIENCE_S)
        if found is None:
            raise RehearsalFailed(problem=f"{what} did not come.")
        return found

    async def _settled(self) -> None:
        """Wait until every surface is in step: nothing is dirty any more."""
        team = (await self._dossier()).evaluation.team
        wanted = SurfaceId(kind=SurfaceKind.THREAD, team=team, owner=self._evaluation_id)

        async def clean() -> bool:
            return not await self._app.reconciler.behind(wanted)

        await self._cast.until(clean, "the thread to be in step", PATIENCE_S)

    async def _collect(self, dossier: Dossier) -> None:
        """Read every file back from the thread, compare it with what was made, and write it out."""
        shared = await self._cast.files(CHANNEL, str(dossier.evaluation.thread_ts))
        last = max(i.number for i in dossier.iterations)
        files: dict[str, bytes] = {}
        for iteration in dossier.iterations:
            for ref in iteration.files:
                title = f"Iteration {iteration.number} · {ref.name}{' (draft)' if ref.draft else ''}"
                wanted = await self._queries.file(ref.sha256)
                found = shared.get(title)
                if found != wanted:
                    raise RehearsalFailed(
                        problem=f"“{title}” was {'not uploaded' if found is None else 'read back with other content'}."
                    )
                files |= dict.fromkeys(_places(iteration.number, ref.name, last), wanted)
        await asyncio.to_thread(write_files, self._plan.out, files)
        count = sum(len(iteration.files) for iteration in dossier.iterations)
        self._record.say("stage", f"{count} files were uploaded and read back equal; they are in {self._plan.out}")


def _asked(key: str, dossier: Dossier) -> bool:
    return any(q.key == key and q.asked_at is not None for q in dossier.questions)


def _answered(key: str, dossier: Dossier) -> bool:
    return any(q.key == key and q.settled for q in dossier.questions)


def _places(number: int, name: str, last: int) -> list[str]:
    """Where a file goes: results at the top, artefacts by iteration and, of the last one, at the top as well."""
    if name.endswith(".json"):
        return [name]
    return [f"iteration-{number}/{name}", *([name] if number == last else [])]
