"""The play: everybody's part, from the slash command to the last file read back equal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.app.application import Application
from bot.app.rehearsal.cast import Cast
from bot.app.rehearsal.plan import Plan, RehearsalFailed
from bot.app.rehearsal.recording import Recording, unpacked, write_files
from bot.devtools.local_slack import Person
from bot.domain.bundle import is_bundle
from bot.domain.evaluation import Dossier, Evaluation
from bot.domain.gate import Gate, GateState
from bot.domain.lifecycle import Event, State
from bot.domain.role import GateOption, GateSpec, QuestionSpec, Role, Verdict
from bot.domain.surface import SurfaceId, SurfaceKind
from handlers.ids import ActionId, BlockId, qualified

Json = Mapping[str, Any]
PATIENCE_S = 60.0
RUN_PATIENCE_S = 600.0
"""For a run, in which what was rendered may be run and probed more than once."""

CHANNEL = "product-ideas"
PUBLIC_KEY = "signing-key.pub.pem"
"""What `eipas verify --key` takes for the bundles of a rehearsal, whose own key ends with it."""


class Play:
    """One performance of one role."""

    def __init__(self, plan: Plan, application: Application, cast: Cast, record: Recording) -> None:
        self._plan, self._app, self._cast, self._record = plan, application, cast, record
        self._queries, self._parts = application.services.queries, plan.rehearsal
        self._owner = cast[self._parts.owner]
        self._evaluation_id = ""
        self.title = "not begun"

    async def perform(self) -> Dossier:
        """Play from the slash command to the last file."""
        role = self._app.services.context.roles[self._plan.role]
        await self._start(role)
        await self._answer(role)
        number = (await self._dossier()).evaluation.iteration
        for step in range(self._plan.iterations):
            await self._go(role, number)
            await self._review(role, number, reject=self._plan.reject if step == 0 else None)
            last = step == self._plan.iterations - 1
            number = await self._close(role, number, first=step == 0, last=last)
        dossier = await self._until(lambda d: d.evaluation.state is State.DONE, "the evaluation to end")
        dossier = await self._until(_sealed, "the bundles")
        await self._settled()
        await self._collect(dossier)
        return dossier

    async def _start(self, role: Role) -> None:
        owner = self._owner
        # Where there is but one role nobody has to name it.
        word = "start" if len(self._app.services.context.roles) == 1 else f"start {role.name}"
        self._record.say(self._cast.name(owner), f"/eipas {word}")
        gates = {
            qualified(BlockId.APPROVERS, spec.key): [person.user for person in self._deciders(spec.key)]
            for spec in role.gates
        }
        chosen: Json = {BlockId.WORKSPACE: role.name, BlockId.STAKEHOLDERS: owner.channels["stakeholders"]}
        async with self._cast.busy(owner):
            await owner.command(CHANNEL, "/eipas", word)
            await self._cast.submit(owner, await self._cast.form(owner), {**chosen, **gates})
        begun = await self._begun(role)
        self._evaluation_id, self.title = begun.id, begun.title
        dossier = await self._until(lambda d: d.evaluation.thread_ts is not None, "the thread")
        await self._card("root")
        self._record.say("EIPAS", f"opens a thread: {dossier.evaluation.title}")

    async def _begun(self, role: Role) -> Evaluation:
        """Wait for the evaluation that the form has started; a rehearsal plays a role once."""
        team = self._app.local.core.identity.team_id if self._app.local else ""
        found: list[Evaluation] = []

        async def look() -> bool:
            found[:] = [one for one in await self._queries.listing(team, None) if one.role == role.name]
            return bool(found)

        await self._cast.until(look, "the evaluation", PATIENCE_S)
        return found[0]

    def _deciders(self, gate: str) -> list[Person]:
        return [self._cast[name] for name in self._parts.gates[gate].by]

    async def _answer(self, role: Role) -> None:
        """The first answer by its form, the others as replies to cards that stand."""
        first, *others = role.questions
        card = await self._card(f"q.{first.key}")
        self._record.say("EIPAS", first.text)
        if text := self._plan.answer(first.key).strip():
            person = self._cast[self._parts.answers[first.key].by]
            async with self._cast.busy(person):
                await self._cast.click(person, CHANNEL, card, ActionId.ANSWER)
                view = await self._cast.form(person)
                await self._cast.submit(person, view, {qualified(BlockId.ANSWER, first.key): text})
            self._record.say(self._cast.name(person), text)
        else:
            await self._reply(first)
        for question in others:
            await self._until(partial(_asked, question.key), f"the question {question.key}")
            await self._card(f"q.{question.key}")
            self._record.say("EIPAS", question.text)
            await self._reply(question)
        await self._answer_unforeseen(State.COLLECTING)

    async def _reply(self, question: QuestionSpec) -> None:
        text, thread_ts = self._plan.answer(question.key), str((await self._dossier()).evaluation.thread_ts)
        person = self._cast[self._parts.answers[question.key].by]
        if text.strip():
            await person.say(CHANNEL, text, thread_ts=thread_ts)
        else:
            await self._cast.click(person, CHANNEL, await self._card(f"q.{question.key}"), ActionId.SKIP)
        self._record.say(self._cast.name(person), text or "(skips the question)")
        await self._until(partial(_answered, question.key), f"the answer to {question.key}")

    async def _answer_unforeseen(self, state: State) -> Dossier:
        """Answer what the designer asks of its own while the evaluation is in this state."""
        while (dossier := await self._dossier()).evaluation.state is state and (question := dossier.next_question):
            await self._card(f"q.{question.key}")
            self._record.say("EIPAS", question.text)
            said = self._parts.unforeseen
            await self._owner.say(CHANNEL, said, thread_ts=str(dossier.evaluation.thread_ts))
            self._record.say(self._cast.name(self._owner), said)
            await self._until(partial(_answered, question.key), f"the answer to {question.key}")
        return dossier

    async def _go(self, role: Role, number: int) -> None:
        dossier = await self._until(
            lambda d: d.evaluation.iteration == number and d.evaluation.state is not State.COLLECTING, "the go gate"
        )
        if dossier.evaluation.state is State.AWAITING_GO:
            await self._vote(role.go, number, _meaning(role.go, "approve"))
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
        """Wait for the run's end, answer what the designer asks on the way, and say until when it pauses."""
        ended = (State.IN_REVIEW, State.FAILED)
        while True:
            dossier = await self._until(
                lambda d: d.evaluation.state in ended or (d.evaluation.state is State.PARKED and bool(_wanted(d))),
                "the result of the run",
                within=RUN_PATIENCE_S,
            )
            if dossier.evaluation.state in ended:
                return
            if dossier.next_question is not None:
                await self._answer_unforeseen(State.PARKED)
            else:
                await self._pause(dossier)

    async def _pause(self, dossier: Dossier) -> None:
        """Say until when a run pauses, and wait for that if it is soon."""
        run = dossier.run(dossier.evaluation.iteration)
        if run is None or run.wake_at is None:
            raise RehearsalFailed(problem=f"the run waits for people: {run.reason if run else 'there is none'}")
        until = f"{run.wake_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        self._record.say("EIPAS", f"{run.reason} It looks again by itself at {until}.")
        if (run.wake_at - datetime.now(UTC)).total_seconds() > PATIENCE_S / 2:
            raise RehearsalFailed(problem=f"the run pauses until {until}. {run.reason}")
        await self._until(lambda d: d.evaluation.state is not State.PARKED, "the run to go on")

    async def _review(self, role: Role, number: int, reject: str | None) -> None:
        for spec in role.review_gates:
            if spec.key == reject:
                words: Json = {BlockId.COMMENT: self._parts.rejections[spec.key]}
                await self._vote(spec, number, _meaning(spec, "reject"), words)
            else:
                await self._vote(spec, number, _meaning(spec, "approve"))

    async def _close(self, role: Role, number: int, *, first: bool, last: bool) -> int:
        spec, parts, reject = role.closing, self._parts, self._plan.reject if first else None
        if last:
            words: Json = {BlockId.CONCERNS: parts.concerns, BlockId.COMMENT: parts.justification}
            await self._vote(spec, number, _leading(spec, Event.FINISHED), words)
            return number
        if reject == spec.key:
            option = _leading(spec, Event.NEXT_REFINE, Event.NEXT_OPTIMISE)
            words = {BlockId.COMMENT: parts.rejections[spec.key]}
        elif reject is not None:
            option = _leading(spec, Event.NEXT_OPTIMISE, Event.NEXT_REFINE)
            words = {BlockId.COMMENT: parts.wish, BlockId.CONCERNS: parts.concerns}
        else:
            option, words = _leading(spec, Event.NEXT_READY), {BlockId.COMMENT: parts.justification}
        await self._vote(spec, number, option, words)
        dossier = await self._until(lambda d: d.evaluation.iteration > number, "the next iteration")
        return dossier.evaluation.iteration

    async def _vote(self, spec: GateSpec, number: int, option: GateOption, words: Json | None = None) -> None:
        """Have a gate decided: one after the other votes until it is."""
        gate = await self._pending(number, spec.key)
        self._record.say("EIPAS", spec.text(number))
        for person in self._deciders(spec.key):
            card = await self._card(f"i{number}.gate.{spec.key}.{gate.id}")
            async with self._cast.busy(person):
                await self._cast.click(person, CHANNEL, card, qualified(ActionId.VOTE, option.key))
                await self._cast.submit(person, await self._cast.form(person), dict(words or {}))
            said = option.text(number + 1) + "".join(f" — {text}" for text in (words or {}).values())
            self._record.say(self._cast.name(person), said)
            dossier = await self._until(partial(_voted, spec.key, number, person.user), f"a verdict on {spec.key}")
            found = dossier.gate(number, spec.key)
            if found is not None and found.state is not GateState.PENDING:
                return
        raise RehearsalFailed(problem=f"{spec.name} is not decided by {len(self._deciders(spec.key))} people.")

    async def _pending(self, number: int, key: str) -> Gate:
        dossier = await self._until(
            lambda d: (g := d.gate(number, key)) is not None and g.state is GateState.PENDING, f"the gate {key}"
        )
        gate = dossier.gate(number, key)
        if gate is None:
            raise RehearsalFailed(problem=f"the gate {key} vanished.")
        return gate

    async def _card(self, key: str) -> Json:
        def shown(message: Json) -> bool:
            payload = (message.get("metadata") or {}).get("event_payload", {})
            return bool(payload.get("key") == key and payload.get("owner") == self._evaluation_id)

        return await self._cast.see(self._owner, shown, f"the message {key}")

    async def _dossier(self) -> Dossier:
        return await self._queries.dossier(self._evaluation_id)

    async def _until(self, holds: Callable[[Dossier], bool], what: str, *, within: float = PATIENCE_S) -> Dossier:
        """Wait for the state itself; the thread's messages are waited for where they are used."""
        found: Dossier | None = None

        async def look() -> bool:
            nonlocal found
            found = await self._dossier()
            return holds(found)

        await self._cast.until(look, what, within)
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
        shared = await self._cast.files(self._owner, CHANNEL, str(dossier.evaluation.thread_ts))
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
                if ref.media_type == "application/zip" and not is_bundle(ref.name) and iteration.number == last:
                    files |= await asyncio.to_thread(unpacked, wanted)
        files[PUBLIC_KEY] = await asyncio.to_thread(_public_key, self._app.settings.key_file)
        await asyncio.to_thread(write_files, self._plan.out, files)
        count = sum(len(iteration.files) for iteration in dossier.iterations)
        self._record.say("stage", f"{count} files were uploaded and read back equal; they are in {self._plan.out}")


def _sealed(dossier: Dossier) -> bool:
    return all(any(is_bundle(ref.name) for ref in one.files) for one in dossier.iterations if one.outcome)


def _public_key(key_file: Path) -> bytes:
    from bot.evidence.bundle.keys import public_pem, signing_key  # noqa: PLC0415 - only here, and takes long to load

    return public_pem(signing_key(key_file).public_key())


def _wanted(dossier: Dossier) -> bool:
    """Whether it is known what a paused run waits for: an answer, a time, or money."""
    run = dossier.run(dossier.evaluation.iteration)
    return bool(dossier.open_questions) or (run is not None and bool(run.wake_at or run.waits_for == "budget"))


def _asked(key: str, dossier: Dossier) -> bool:
    return any(q.key == key and q.asked_at is not None for q in dossier.questions)


def _answered(key: str, dossier: Dossier) -> bool:
    return any(q.key == key and q.settled for q in dossier.questions)


def _voted(key: str, number: int, user: str, dossier: Dossier) -> bool:
    gate = dossier.gate(number, key)
    return gate is not None and any(vote.voter == user for vote in gate.votes)


def _meaning(spec: GateSpec, verdict: Verdict) -> GateOption:
    """Return the option of a gate that says this."""
    return next(option for option in spec.options if option.verdict == verdict)


def _leading(spec: GateSpec, *events: Event) -> GateOption:
    """Return the option of a gate that leads to the first of these events that any of its options leads to.

    Raises:
        RehearsalFailed: none of them leads there.
    """
    for event in events:
        for option in spec.options:
            if option.next is event:
                return option
    raise RehearsalFailed(problem=f"no option of “{spec.name}” leads to {' or '.join(events)}.")


def _places(number: int, name: str, last: int) -> list[str]:
    """Where a file goes: results at the top, artefacts by iteration and, of the last one, at the top as well."""
    if name.endswith(".json") or is_bundle(name):
        return [name]
    return [f"iteration-{number}/{name}", *([name] if number == last else [])]
