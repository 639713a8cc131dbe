"""Whatever people, clock and engine do, in any order: the state, the gates, the runs and the log agree."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bot.domain.design import Design
from bot.domain.errors import EipasError
from bot.domain.evaluation import Dossier, Evaluation
from bot.domain.event import first_broken
from bot.domain.gate import GateState, voters
from bot.domain.lifecycle import State
from bot.domain.run import LIVE, RunState
from bot.services.common import Rules
from bot.services.designer import DesignFailed, DesignSession, RunParked
from bot.services.gates import Verdict
from bot.services.ports import Work
from tests.support.databases import migrated_file
from tests.support.dossiers import ARCHITECT, LEAD, OWNER, SECURITY
from tests.support.examples import examples
from tests.support.services import STRANGER, Behaviour, World, design, world_at

RULES = Rules(expire_after=timedelta(days=5), fallback_approvers=("U0FALLBK01",), max_run_starts=3)
ANYBODY = (OWNER, LEAD, ARCHITECT, SECURITY, "U0FALLBK01", STRANGER)
STAGES = {State.AWAITING_GO: "go", State.IN_REVIEW: "review", State.DECIDING: "closing"}
DOCUMENT = json.dumps({"agent": "cto", "technology_stack": {"backend": "Python"}}).encode()

people = st.sampled_from(ANYBODY)
which = st.integers(0, 9)
words = st.sampled_from(["", "As before", "Something new", "x" * 3001])


async def _finish(session: DesignSession) -> Design:
    return design()


async def _ask(session: DesignSession) -> Design:
    if await session.ask((("tenants", "How many?", "Size."), ("zones", "Where?", "Law."))) is None:
        raise RunParked(reason="The agent asks.", kind="people")
    return design()


async def _fail(session: DesignSession) -> Design:
    raise DesignFailed(reason="It refused.")


async def _crash(session: DesignSession) -> Design:
    raise ValueError("a bug")


async def _die(session: DesignSession) -> Design:
    raise asyncio.CancelledError


async def _poor(session: DesignSession) -> Design:
    await session.close_call({"id": await session.open_call("model", 2.0), "usd": 1.5})
    if await session.budget_usd() < 10:
        raise RunParked(reason="The budget is used up.", kind="budget")
    return design()


BEHAVIOURS: tuple[Behaviour, ...] = (_finish, _finish, _ask, _fail, _crash, _poor)


class Life(RuleBasedStateMachine):
    """Does what people, the clock and the engine can do; holds what must then be true."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="life-"))
        (self.folder / "roots" / "shared").mkdir(parents=True)
        (self.folder / "roots" / "shared" / "idea.json").write_text('{"title": "Shared", "description": "Words."}')
        opening = world_at(migrated_file(self.folder / "life.db"), self.folder, rules=RULES)
        self.world: World = self.go(self.stack.enter_async_context(opening))
        self.known: list[Evaluation] = []
        self.versions: dict[str, int] = {}
        self.past: list[Work] = []

    def teardown(self) -> None:
        self.go(self.stack.aclose())
        self.runner.close()
        shutil.rmtree(self.folder)

    def go(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    def one(self, number: int) -> Evaluation:
        return self.known[number % len(self.known)]

    def attempt(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something; if it is refused, nothing may have changed."""
        before = self.picture()
        try:
            self.go(work)
        except EipasError:
            assert self.picture() == before

    def picture(self) -> list[Dossier]:
        return [self.dossier(evaluation) for evaluation in self.known]

    def dossier(self, evaluation: Evaluation) -> Dossier:
        found: Dossier = self.go(self.world.dossier(evaluation))
        return found

    @precondition(lambda self: len(self.known) < 2)
    @rule(needed=st.integers(1, 3))
    def start(self, needed: int) -> None:
        self.known.append(self.go(self.world.start(workspace="shared", needed=needed)))

    @precondition(lambda self: self.known)
    @rule(number=which, user=people, text=words)
    def reply(self, number: int, user: str, text: str) -> None:
        self.attempt(self.world.reply(self.one(number), text, user))

    @precondition(lambda self: self.known)
    @rule(number=which, question=which, text=words)
    def edit(self, number: int, question: int, text: str) -> None:
        questions = self.dossier(self.one(number)).questions
        key = questions[question % len(questions)].key
        self.attempt(self.world.services.questions.answer(self.world.actor(), self.one(number).id, {key: text}))

    @precondition(lambda self: self.known)
    @rule(number=which)
    def ready(self, number: int) -> None:
        self.attempt(self.world.services.questions.ready(self.world.actor(), self.one(number).id))

    @precondition(lambda self: self.known)
    @rule(number=which, gate=which, user=people, option=which, comment=words)
    def vote(self, number: int, gate: int, user: str, option: int, comment: str) -> None:
        gates = self.dossier(self.one(number)).gates
        if gates:
            chosen = gates[-1 - gate % min(3, len(gates))]
            options = self.world.role.gate(chosen.key).options
            key = options[option % len(options)].key
            verdict = Verdict(option=key, comment=comment, subject_sha256=chosen.subject_sha256)
            self.attempt(self.world.services.gates.vote(self.world.actor(user), chosen.id, verdict))

    @precondition(lambda self: self.known)
    @rule(number=which, choice=st.integers(0, 3), behaviour=st.sampled_from(BEHAVIOURS))
    def usual_day(self, number: int, choice: int, behaviour: Behaviour) -> None:
        """Do what the evaluation waits for; without such days few sequences would get far."""
        evaluation = self.one(number)
        state = self.dossier(evaluation).evaluation.state
        if state in STAGES:
            self.decide_what_waits(evaluation, choice)
        elif state is State.RUNNING:
            self.world.designer.script = [behaviour]
            self.go(self.world.work_off())
        elif state is State.FAILED:
            self.attempt(self.world.services.runs.retry(self.world.actor(), evaluation.id))
        elif state is State.PARKED and not self.dossier(evaluation).open_questions:
            self.attempt(self.world.services.runs.raise_budget(self.world.actor(), evaluation.id, 50.0))
        else:
            texts = {question.key: "words" for question in self.dossier(evaluation).open_questions}
            self.attempt(self.world.services.questions.answer(self.world.actor(), evaluation.id, texts))
            if state is State.COLLECTING and not texts:
                self.attempt(self.world.services.questions.ready(self.world.actor(), evaluation.id))

    @precondition(lambda self: self.known)
    @rule(number=which, choice=st.integers(0, 3))
    def good_day(self, number: int, choice: int) -> None:
        """As the usual one, with a designer that brings a result."""
        self.usual_day(number, choice, _finish)

    def decide_what_waits(self, evaluation: Evaluation, choice: int) -> None:
        for gate in self.dossier(evaluation).gates:
            if gate.state is GateState.PENDING:
                options = self.world.role.gate(gate.key).options
                option = options[choice if gate.key == self.world.role.closing.key else 0].key
                # Of this very gate: an earlier verdict may be the second of two, and the first of these then decides.
                verdict = Verdict(option=option, comment="Good", subject_sha256=gate.subject_sha256)
                for user in voters(gate, OWNER, RULES.policy)[: gate.needed]:
                    self.attempt(self.world.services.gates.vote(self.world.actor(user), gate.id, verdict))

    @precondition(lambda self: self.known)
    @rule(number=which, file=which)
    def give(self, number: int, file: int) -> None:
        evaluation = self.one(number)
        self.world.files[f"F{file}"] = DOCUMENT if file % 3 else b"{"
        files = ((f"F{file}", "cto-evaluation.json", 10),)
        self.attempt(
            self.world.services.inputs.give(self.world.actor(), "C0IDEAS001", evaluation.thread_ts or "", files)
        )

    @precondition(lambda self: self.world.waiting)
    @rule(number=which, behaviour=st.sampled_from(BEHAVIOURS))
    def work(self, number: int, behaviour: Behaviour) -> None:
        waiting = self.world.waiting
        chosen = waiting[number % len(waiting)]
        self.world.designer.script = [behaviour]
        self.past.append(chosen)
        self.go(self.world.do(chosen))

    @precondition(lambda self: self.past)
    @rule(number=which)
    def work_again(self, number: int) -> None:
        """The engine may do what it did already."""
        before = self.picture()
        chosen = self.past[number % len(self.past)]
        done = chosen.kind != "run" or self.ended(chosen.args["run_id"])
        self.world.designer.script = []
        self.go(self.world.do(chosen))
        assert not done or self.picture() == before

    def ended(self, run_id: str) -> bool:
        return any(run.id == run_id and run.state not in LIVE for dossier in self.picture() for run in dossier.runs)

    @precondition(lambda self: any(work.kind == "run" for work in self.world.waiting))
    @rule()
    def lose_work(self) -> None:
        """A worker dies and its engine forgets; the watchdog finds it."""
        lost = next(work for work in self.world.waiting if work.kind == "run")
        self.world.designer.script = [_die]

        async def die() -> None:
            await asyncio.wait([asyncio.create_task(self.world.do(lost))])

        async def without() -> set[str]:
            return {work.key for work in self.world.waiting} - {lost.key}

        self.go(die())
        self.go(self.world.services.runs.rescue(without))

    @rule(hours=st.sampled_from([1, 5, 30, 130]))
    def time_passes(self, hours: int) -> None:
        self.world.time.passes(hours=hours)
        self.go(self.world.services.deadlines.tick())

    @precondition(lambda self: self.known)
    @rule(number=which, user=people, what=st.sampled_from(["stop", "retry", "reopen"]))
    def press(self, number: int, user: str, what: str) -> None:
        self.attempt(getattr(self.world.services.runs, what)(self.world.actor(user), self.one(number).id))

    @precondition(lambda self: self.known)
    @rule(number=which, amount=st.sampled_from([1.0, 20.0, float("nan")]))
    def pay(self, number: int, amount: float) -> None:
        self.attempt(self.world.services.runs.raise_budget(self.world.actor(), self.one(number).id, amount))

    @precondition(lambda self: self.known)
    @rule(number=which, user=people, really=st.integers(0, 9))
    def cancel(self, number: int, user: str, really: int) -> None:
        if really == 0:
            self.attempt(self.world.services.evaluations.cancel(self.world.actor(user), self.one(number).id, "Enough"))

    @precondition(lambda self: self.known)
    @rule(number=which, user=people)
    def take_back(self, number: int, user: str) -> None:
        self.attempt(self.world.services.reopening.reopen(self.world.actor(user), self.one(number).id))

    @invariant()
    def everything_agrees(self) -> None:
        dossiers = self.picture()
        numbers = [iteration.number for dossier in dossiers for iteration in dossier.iterations]
        assert len(set(numbers)) == len(numbers), "an iteration's number was used twice"
        for dossier in dossiers:
            self.nothing_out_of_date_is_read(dossier)
            self.gates_match_the_state(dossier)
            self.runs_match_the_state(dossier)
            self.votes_are_of_deciders(dossier)
            self.iterations_are_closed_in_order(dossier)
            self.log_is_whole(dossier)

    def nothing_out_of_date_is_read(self, dossier: Dossier) -> None:
        """Readers are given what was read before unless the thread was marked: every change must mark it."""
        of = dossier.evaluation.id
        assert self.go(self.world.database.transaction(lambda tx: tx.dossier(of))) == dossier

    def gates_match_the_state(self, dossier: Dossier) -> None:
        state, role = dossier.evaluation.state, self.world.role
        pending = [gate for gate in dossier.gates if gate.state is GateState.PENDING]
        assert {role.gate(gate.key).stage for gate in pending} == ({STAGES[state]} if state in STAGES else set())
        assert len({gate.key for gate in pending}) == len(pending)
        assert all(gate.iteration == dossier.evaluation.iteration for gate in pending)

    def runs_match_the_state(self, dossier: Dossier) -> None:
        state = dossier.evaluation.state
        live = [run for run in dossier.runs if run.state in LIVE]
        assert len(live) == (state in (State.RUNNING, State.PARKED))
        assert all((run.state is RunState.PARKED) == (state is State.PARKED) for run in live)
        approved = {g.iteration for g in dossier.gates if g.key == "go" and g.state is GateState.APPROVED}
        optimised = {i.number for i in dossier.iterations if i.goal.startswith("Needs")}
        assert {run.iteration for run in dossier.runs} <= approved | optimised, "a run without a go"
        keys = {work.key for work in self.world.waiting}
        assert all(f"run:{run.id}:{run.starts}" in keys for run in live if run.state is RunState.QUEUED)

    def votes_are_of_deciders(self, dossier: Dossier) -> None:
        for gate in dossier.gates:
            allowed = voters(gate, dossier.evaluation.owner, RULES.policy)
            assert {vote.voter for vote in gate.votes} <= set(allowed)
            assert all(vote.subject_sha256 == gate.subject_sha256 for vote in gate.votes)
            if gate.state is GateState.APPROVED:
                assert gate.tally(gate.outcome or "") == gate.needed
            if gate.state is GateState.REJECTED:
                assert gate.votes[-1].comment

    def iterations_are_closed_in_order(self, dossier: Dossier) -> None:
        *earlier, current = dossier.iterations
        assert current.number == dossier.evaluation.iteration
        for iteration in (*earlier, *((current,) if dossier.evaluation.state is State.DONE else ())):
            final = [f for f in iteration.files if f.name == self.world.role.output_name(iteration.number)]
            assert iteration.outcome is not None and len(final) == 1 and not final[0].draft

    def log_is_whole(self, dossier: Dossier) -> None:
        evaluation = dossier.evaluation
        events = self.go(self.world.database.read(lambda tx: tx.events.all(evaluation.id)))
        assert first_broken(events) is None
        moves = [event.data for event in events if "target" in event.data]
        assert all(one["target"] == other["source"] for one, other in pairwise(moves))
        assert not moves or moves[-1]["target"] == evaluation.state
        assert evaluation.version >= self.versions.get(evaluation.id, 0)
        self.versions[evaluation.id] = evaluation.version


@pytest.mark.sampled
def test_no_order_of_events_breaks_the_rules() -> None:
    """Random days of two evaluations on one workspace: every refusal changes nothing, and all always agrees."""
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples(5), stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_a_verdict_after_the_one_that_decided_is_refused() -> None:
    """Where one of two needed verdicts is there already, the next decides, and one more changes nothing."""
    life = Life()
    try:
        life.start(needed=2)
        while (now := life.dossier(life.one(0))).evaluation.state is not State.DECIDING:
            life.good_day(0, 0)
        closing = next(gate for gate in now.gates if gate.state is GateState.PENDING)
        assert closing.needed == 2
        last = voters(closing, OWNER, RULES.policy)[1]
        refine = life.world.role.closing.options[2].key
        life.go(life.world.vote(life.one(0), closing.key, last, refine, "Good"))
        life.usual_day(0, 2, _finish)
        life.everything_agrees()
        assert life.dossier(life.one(0)).evaluation.iteration == now.evaluation.iteration + 1
    finally:
        life.teardown()


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
async def test_every_behaviour_ends_somewhere_people_can_act(world: World, behaviour: Behaviour) -> None:
    """Whatever a designer does, the evaluation is then reviewed, parked or failed, never left running."""
    world.designer.script = [behaviour]
    evaluation = await world.to_run()
    await world.work_off()
    assert await world.state(evaluation) in {"in_review", "parked", "failed"}
