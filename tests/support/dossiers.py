"""Dossiers for tests: one evaluation at each stage of its life, each stage built on the one before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.design import Addressed, Feedback, Narrative
from bot.domain.evaluation import (
    Answer,
    ContextReview,
    Dossier,
    Evaluation,
    FileRef,
    Highlights,
    Iteration,
    Note,
    Question,
    Result,
)
from bot.domain.evidence import Check, Outcome, Score, Scorecard
from bot.domain.gate import Gate, GateState, Vote
from bot.domain.inputs import Contradiction, Input, Missing, Objective, Refusal
from bot.domain.lifecycle import State
from bot.domain.recap import Choice, Correction, Recap, RecapQuestion, RecapSection, RecapState, StoredRecap
from bot.domain.role import Role
from bot.domain.run import Run, RunState, Task
from bot.roles import load_role

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OWNER, ARCHITECT, SECURITY, LEAD = "U0AVALIND1", "U0BENOKAF1", "U0CHLOEMA1", "U0DANKIM01"
SUBJECT = "a1" * 32
SCORES = (("api_design", 93), ("database_implementation", 89), ("security_integration", 92))


def role() -> Role:
    """The role that all of these go through."""
    return load_role("backend-developer")


def at(minutes: int) -> datetime:
    """A time some minutes after the start."""
    return START + timedelta(minutes=minutes)


def evaluation(**changes: object) -> Evaluation:
    """A fresh evaluation."""
    fresh = Evaluation(
        id="ev_7kq2m4x9ab",
        team="T0LOCAL001",
        role="backend-developer",
        title="Appointments for small practices",
        description="Patients book a slot online; the practice's calendar and reminders follow by themselves.",
        owner=OWNER,
        channel="C0IDEAS001",
        state=State.COLLECTING,
        version=1,
        iteration=1,
        needed=2,
        created_at=START,
        updated_at=START,
        approvers={"api_review": (ARCHITECT, LEAD), "security_check": (SECURITY, ARCHITECT)},
        thread_ts="1772442000.000100",
        stakeholder_channel="C0STAKEHO1",
        budget_usd=5.0,
    )
    return replace(fresh, **changes)  # type: ignore[arg-type]


def context() -> ContextReview:
    """Two documents read, one refused, one missing, and a contradiction."""
    idea = Input(
        path=".claude-agentflow/workspace/idea.json",
        key="idea",
        sha256="11" * 32,
        size=2048,
        origin="typed",
        body={"title": "Appointments for small practices"},
    )
    architect = Input(
        path=".claude-agentflow/workspace/phase3/system-architect-evaluation.json",
        key="system_architect",
        sha256="22" * 32,
        size=10_240,
        origin="upload",
        body={},
        warnings=("The key “notes” occurs twice; the last one counts.",),
    )
    return ContextReview(
        inputs=(idea, architect),
        refused=(
            Refusal(
                path="data-architect.json", message="A comma is missing before “relationships”.", line=12, column=3
            ),
        ),
        missing=(
            Missing(
                key="security_architect",
                path="phase3/security-architect.json",
                purpose="Security controls and authentication requirements",
                lost="the controls and regulations that authentication and authorization have to meet",
                required=False,
            ),
        ),
        objectives=(
            Objective(text="Databases: PostgreSQL", source=architect.path, pointer="/technology_stack/database"),
        ),
        contradictions=(
            Contradiction(
                text="Databases: PostgreSQL here, MongoDB there", sources=(f"{architect.path}#/technology_stack",)
            ),
        ),
    )


def questions(answered: int = 0, asked: int | None = None) -> tuple[Question, ...]:
    """The role's questions, the first `answered` of them settled (every fourth skipped), the next one asked."""
    shown = answered + 1 if asked is None else asked
    return tuple(
        Question(
            key=spec.key,
            position=n,
            name=spec.name,
            text=spec.text,
            why=spec.why,
            hint=spec.hint,
            asked_at=at(n) if n < shown else None,
            answers=(_answer(n),) if n < answered else (),
        )
        for n, spec in enumerate(role().questions)
    )


def _answer(n: int) -> Answer:
    said = ("Python with FastAPI on PostgreSQL 16.", "POST /appointments books a slot.", "Stripe & SendGrid.")[n % 3]
    skipped = n % 4 == 3
    return Answer(version=1, text="" if skipped else said, by=OWNER, at=at(n + 1), via="reply", skipped=skipped)


def gate(
    key: str, state: GateState = GateState.PENDING, *, iteration: int = 1, opened: int = 20, **changes: object
) -> Gate:
    """A gate with its approvers; unless pending it was decided ten minutes later."""
    fresh = Gate(
        id=f"gt_{key}_{iteration}",
        evaluation_id=evaluation().id,
        iteration=iteration,
        key=key,
        state=state,
        approvers=evaluation().deciders(key),
        needed=min(2, len(evaluation().deciders(key))),
        subject_sha256=SUBJECT,
        opened_at=at(opened),
        due_at=at(opened + 2880),
        decided_at=None if state is GateState.PENDING else at(opened + 10),
    )
    return replace(fresh, **changes)  # type: ignore[arg-type]


def vote(voter: str, option: str, minutes: int, comment: str = "", concerns: str = "") -> Vote:
    """A verdict on what `gate` is about."""
    return Vote(voter=voter, option=option, at=at(minutes), subject_sha256=SUBJECT, comment=comment, concerns=concerns)


def approved(key: str, *, iteration: int = 1, opened: int = 20, option: str = "approve") -> Gate:
    """A gate that all of its approvers agreed on."""
    users = evaluation().deciders(key)
    votes = tuple(vote(user, option, opened + 10, "Looks right." if n == 0 else "") for n, user in enumerate(users))
    return gate(key, GateState.APPROVED, iteration=iteration, opened=opened, outcome=option, votes=votes)


def run(state: RunState = RunState.RUNNING, *, iteration: int = 1, **changes: object) -> Run:
    """A run with three tasks."""
    tasks = (
        Task(key="read", title="Read 2 documents", status="complete"),
        Task(key="design", title="Design the data model", status="in_progress", detail="12 entities so far"),
        Task(key="check", title="Check on a real server", status="pending"),
    )
    over = state in (RunState.FINISHED, RunState.FAILED, RunState.STOPPED)
    fresh = Run(
        id=f"rn_{iteration}",
        evaluation_id=evaluation().id,
        iteration=iteration,
        attempt=1,
        state=state,
        designer="offline",
        model=None,
        created_at=at(31),
        started_at=at(32),
        ended_at=at(35) if over else None,
        tasks=tuple(replace(task, status="complete") for task in tasks) if state is RunState.FINISHED else tasks,
    )
    return replace(fresh, **changes)  # type: ignore[arg-type]


def checks() -> tuple[Check, ...]:
    """One check of each outcome, for different scores."""
    return (
        _check(
            "openapi_valid",
            "The API document is valid OpenAPI 3.1",
            "api_design",
            Outcome.HELD,
            "No fault in 41 operations.",
        ),
        _check(
            "fk_indexed",
            "Foreign keys have an index",
            "database_implementation",
            Outcome.FAILED,
            "orders.user_id has none.",
            fix="Add an index.",
        ),
        _check(
            "list_p95",
            "Lists answer within the budget",
            "performance_optimization",
            Outcome.NOT_MEASURED,
            "No server could start.",
        ),
    )


def _check(key: str, title: str, score: str, outcome: Outcome, detail: str, *, fix: str = "") -> Check:
    return Check(
        key=key, title=title, score=score, outcome=outcome, detail=detail, fix=fix, tool="catalogue",
        tool_version="1.0", command=f"eipas check {key}", raw="raw output",
    )  # fmt: skip


def result() -> Result:
    """A result below the threshold, with one part unproven."""
    parts = tuple(
        Score(key=k, name=role().score(k).name, value=v, measured_share=0.94, held=12, failed=1, not_measured=1)
        for k, v in SCORES
    )
    unproven = Score(
        key="performance_optimization",
        name="Performance optimization",
        value=None,
        measured_share=0.4,
        held=2,
        failed=0,
        not_measured=3,
    )
    services = Score(
        key="service_architecture",
        name="Service architecture",
        value=90,
        measured_share=1.0,
        held=5,
        failed=0,
        not_measured=0,
    )
    return Result(
        subject_sha256=SUBJECT,
        scorecard=Scorecard(overall=None, measured_share=0.83, parts=(*parts, unproven, services)),
        checks=checks(),
        narrative=Narrative(
            strengths=("41 operations are documented.", "Every list is paged.", "Roles stand on every path."),
            improvements=("Index orders.user_id.", "Measure the lists.", "Bound the export."),
            recommendation="Mend the index, then measure the lists.",
            next_steps=("Add the index.", "Start the server for the measurements."),
            next_focus=("Performance budgets",),
            addressed=(Addressed(feedback_id="fb_1", change="Every list takes a cursor and a limit."),),
        ),
        highlights=Highlights(
            summary="12 entities behind 41 operations on PostgreSQL.",
            facts=(("Entities", "12"), ("Operations", "41")),
            lines=("POST /v1/appointments", "GET /v1/appointments/{id}"),
            per_gate={
                "api_review": ("41 operations, all with an error contract",),
                "security_check": ("OIDC with MFA for staff",),
            },
        ),
        changes=("Added the entity Reminder.",),
        designer="offline",
        model=None,
        statement="Designed by fixed rules; no model was used.",
        unproven=("Performance optimization: 40% measured, 60% needed.",),
        decisions=(("Database", "PostgreSQL, as the system architect's document asks."),),
        finished_at=at(35),
    )


def files(*, final: bool = False, iteration: int = 1) -> tuple[FileRef, ...]:
    """The files of an iteration; once decided, the final JSON too."""
    known = (
        FileRef(name="openapi.yaml", sha256="aa" * 32, size=52_000, media_type="application/yaml"),
        FileRef(
            name=f"backend-developer-iteration-{iteration}.draft.json",
            sha256="bb" * 32,
            size=9000,
            media_type="application/json",
            draft=True,
        ),
    )
    decided = FileRef(name=role().output_name(iteration), sha256="cc" * 32, size=9100, media_type="application/json")
    return (*known, decided) if final else known


def collecting() -> Dossier:
    """Two questions answered, the third asked."""
    return Dossier(
        evaluation=evaluation(),
        context=context(),
        questions=questions(answered=2),
        gates=(),
        iterations=(Iteration(number=1, goal="", started_at=START),),
        runs=(),
        notes=(),
    )


def recap() -> StoredRecap:
    """What was understood: two entities, a contradiction and a sentence that nobody could read."""
    disagreeing = (
        Choice(text="A slot takes 30 minutes.", replaces="s1"),
        Choice(text="Slots take 20 minutes.", replaces="s2"),
    )
    found = Recap(
        statements=21,
        understood=20,
        sections=(
            RecapSection(title="Entities", lines=("Patient: name string", "Slot: state (free|taken)"), total=2),
            RecapSection(title="Operations", lines=("POST /slots/{id}/book — patient",), total=1),
        ),
        assumed=RecapSection(title="Assumed, because nobody said it", lines=("stack: framework",), total=1),
        corrections=(Correction(text="Doctors see only their own slots.", by=LEAD, became="permission of doctor"),),
        questions=(
            RecapQuestion(kind="contradiction", text="Two statements disagree on slots.", choices=disagreeing),
            RecapQuestion(kind="not_understood", text="I did not understand “Mind the frobnicator.”", about="s3"),
        ),
    )
    return StoredRecap(evaluation_id=evaluation().id, iteration=1, subject=SUBJECT, state=RecapState.READY, recap=found)


def awaiting_go() -> Dossier:
    """All questions settled and the go gate open."""
    return replace(
        collecting(),
        evaluation=evaluation(state=State.AWAITING_GO),
        questions=questions(answered=8),
        gates=(gate("go"),),
        recaps=(recap(),),
    )


def running() -> Dossier:
    """The go given and the run under way."""
    return replace(awaiting_go(), evaluation=evaluation(state=State.RUNNING), gates=(approved("go"),), runs=(run(),))


def parked() -> Dossier:
    """The run waits for an answer to the agent's question."""
    asked = Question(
        key="rn_1.retention", position=8, name="Retention", text="How long are appointments kept?",
        why="Decides the partitions.", run_id="rn_1", asked_at=at(33),
    )  # fmt: skip
    waiting = run(RunState.PARKED, waits_for="answers", reason="The designer asks a question.")
    return replace(
        running(), evaluation=evaluation(state=State.PARKED), questions=(*questions(answered=8), asked), runs=(waiting,)
    )


def failed() -> Dossier:
    """The run failed and can be tried again."""
    broken = run(
        RunState.FAILED, reason="The model answered nothing usable three times. Try again, or change the answers."
    )
    return replace(running(), evaluation=evaluation(state=State.FAILED, failure=broken.reason), runs=(broken,))


def in_review() -> Dossier:
    """A result with its three gates: one approved, one with one of two verdicts, one open."""
    half = gate("security_check", opened=36, votes=(vote(SECURITY, "approve", 40, "MFA is there."),))
    gates = (approved("go"), approved("implementation_approval", opened=36), gate("api_review", opened=36), half)
    return replace(
        running(),
        evaluation=evaluation(state=State.IN_REVIEW),
        gates=gates,
        iterations=(Iteration(number=1, goal="", started_at=START, result=result(), files=files()),),
        runs=(run(RunState.FINISHED),),
        notes=(Note(id="nt_1", iteration=1, by=LEAD, text="Mind the old clients.", at=at(37), ts="1772444000.000200"),),
    )


def deciding() -> Dossier:
    """The API review rejected with a reason, the closing gate open."""
    reason = vote(ARCHITECT, "reject", 45, "Lists have no limit; add pagination to every one of them.")
    rejected = gate("api_review", GateState.REJECTED, opened=36, outcome="reject", votes=(reason,))
    gates = (
        approved("go"),
        approved("implementation_approval", opened=36),
        rejected,
        approved("security_check", opened=36),
    )
    return replace(
        in_review(), evaluation=evaluation(state=State.DECIDING), gates=(*gates, gate("iteration_complete", opened=46))
    )


def second_iteration() -> Dossier:
    """Iteration 1 decided to be optimised; iteration 2 works from the feedback and is in review."""
    before = deciding()
    closing = gate(
        "iteration_complete", GateState.APPROVED, opened=46, outcome="optimise",
        votes=(vote(OWNER, "optimise", 50, "Pagination first.", "The lists worry me."),),
    )  # fmt: skip
    first = replace(before.iterations[0], outcome="optimise", decided_at=at(50), files=files(final=True))
    feedback = (
        Feedback(
            id="fb_1", origin="api_review", text="Lists have no limit; add pagination.", by=ARCHITECT, iteration=1
        ),
        Feedback(id="fb_2", origin="note", text="Mind the old clients.", by=LEAD, iteration=1),
    )
    second = Iteration(
        number=2,
        goal="Pagination first.",
        started_at=at(51),
        feedback=feedback,
        result=result(),
        files=files(iteration=2),
    )
    return replace(
        before,
        evaluation=evaluation(state=State.IN_REVIEW, iteration=2, goal="Pagination first."),
        gates=(*before.gates[:-1], closing, gate("api_review", iteration=2, opened=60)),
        iterations=(first, second),
        runs=(*before.runs, run(RunState.FINISHED, iteration=2)),
    )


def done() -> Dossier:
    """Finished after iteration 1."""
    before = deciding()
    closing = approved("iteration_complete", opened=46, option="finish")
    finished = replace(before.iterations[0], outcome="finish", decided_at=at(56), files=files(final=True))
    return replace(
        before, evaluation=evaluation(state=State.DONE), gates=(*before.gates[:-1], closing), iterations=(finished,)
    )


def cancelled() -> Dossier:
    """Cancelled while the go gate was open."""
    before = awaiting_go()
    withdrawn = gate("go", GateState.WITHDRAWN)
    return replace(
        before, evaluation=evaluation(state=State.CANCELLED, failure="The budget went elsewhere."), gates=(withdrawn,)
    )


STAGES: Mapping[str, Callable[[], Dossier]] = {
    stage.__name__: stage
    for stage in (
        collecting,
        awaiting_go,
        running,
        parked,
        failed,
        in_review,
        deciding,
        second_iteration,
        done,
        cancelled,
    )
}
