"""The services over a real database, with a clock that is moved by hand, a queue that is worked off by hand,
and a small role's designer and kit that do what the test says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.domain.design import Brief, Design, Narrative
from bot.domain.evaluation import Dossier, Evaluation, Highlights
from bot.domain.evidence import Artefact, Assessment, Check, Deliverables, HandedOver, Outcome, Score, Scorecard
from bot.domain.gate import Gate, GateState
from bot.domain.role import Role
from bot.domain.surface import SurfaceId
from bot.roles import load_role
from bot.roles.backend_developer.blueprint import Blueprint
from bot.services.common import Actor, Rules, ServiceContext
from bot.services.designer import Advisor, DesignSession, Summarizer
from bot.services.evaluations import StartForm
from bot.services.gates import Verdict
from bot.services.ports import Work
from bot.services.registry import Services, build_services
from bot.services.replies import Taken
from bot.services.reply_place import Said
from storage import SqlDatabase, open_database
from storage.unit_of_work import UnitOfWork
from tests.artefacts.blueprints import tiny
from tests.support.dossiers import ARCHITECT, LEAD, OWNER, SECURITY, START

TEAM, CHANNEL, STRANGER = "T0LOCAL001", "C0IDEAS001", "U0NOBODY01"
REVIEWS = ("implementation_approval", "api_review", "security_check")
APPROVERS = {
    "go": (LEAD,),
    "implementation_approval": (LEAD, ARCHITECT),
    "api_review": (ARCHITECT, LEAD, SECURITY),
    "security_check": (SECURITY,),
    "iteration_complete": (LEAD, ARCHITECT),
}
"""Who decides in most tests: nobody alone, and nowhere the owner."""

Behaviour = Callable[[DesignSession], Awaitable[Design]]


class Time:
    """A clock that is moved by hand; beside that, each look at it takes a microsecond, so that no two are the same."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now

    def passes(self, **amount: float) -> None:
        self.now += timedelta(**amount)


class Queue:
    """An engine's queue in a table of its own, so that what is enqueued is committed, or undone, with the rest."""

    def enqueue(self, session: UnitOfWork, work: Work) -> None:
        session.connection.execute(
            text("INSERT INTO test_work (id, kind, args) VALUES (:id, :kind, :args) ON CONFLICT DO NOTHING"),
            {"id": work.id, "kind": work.kind, "args": json.dumps(dict(work.args))},
        )

    @staticmethod
    def create(database: SqlDatabase) -> None:
        with database.engine.begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS test_work"))
            connection.execute(
                text(
                    "CREATE TABLE test_work"
                    " (kind TEXT, id TEXT, args TEXT, done INTEGER DEFAULT 0, PRIMARY KEY (kind, id))"
                )
            )

    @staticmethod
    def waiting(database: SqlDatabase) -> list[Work]:
        with database.engine.begin() as connection:
            rows = connection.execute(
                text("SELECT kind, id, args FROM test_work WHERE done = 0 ORDER BY kind, id")
            ).all()
        return [Work(kind=kind, id=name, args=json.loads(args)) for kind, name, args in rows]

    @staticmethod
    def done(database: SqlDatabase, work: Work) -> None:
        with database.engine.begin() as connection:
            connection.execute(
                text("UPDATE test_work SET done = 1 WHERE kind = :kind AND id = :id"),
                {"kind": work.kind, "id": work.id},
            )


def design(blueprint: Blueprint | None = None, *, model: str | None = None) -> Design:
    """A finished design."""
    narrative = Narrative(
        strengths=("Small", "Whole", "Checked"), improvements=("Cache", "Page", "Index"), recommendation="Go on.",
        next_steps=("Deploy",), next_focus=("Speed",),
    )  # fmt: skip
    return Design(proposal=blueprint or tiny(), narrative=narrative, designer="double", model=model)


class Double:
    """A designer that does what it is told, one behaviour per call, then simply designs. `briefs` are what it saw."""

    name: str = "double"
    model: str | None = None

    def __init__(self) -> None:
        self.script: list[Behaviour] = []
        self.briefs: list[Brief] = []

    async def design(self, session: DesignSession) -> Design:
        self.briefs.append(session.brief)
        return await self.script.pop(0)(session) if self.script else design()


class DoubleKit:
    """A kit whose checks bring the score that the test says; None is unproven."""

    proposal_type = Blueprint

    def __init__(self, designer: Any = None) -> None:
        self.overall: int | None = 97
        self.assessed = 0
        self.designer = designer or Double()
        self.advisor: Advisor | None = None
        self.summarizer: Summarizer | None = None

    @property
    def designers(self) -> Mapping[str, Any]:
        return {self.designer.name: self.designer}

    def decisions(self, proposal: Blueprint) -> tuple[tuple[str, str], ...]:
        return ()

    def verify(self, report: Mapping[str, Any]) -> list[str]:
        return []

    async def close(self) -> None:
        """Nothing is open."""

    def preload(self) -> None: ...

    async def assess(
        self,
        blueprint: Blueprint,
        brief: Brief,
        *,
        thorough: bool = True,
        tell: Callable[[str], None] = lambda _words: None,
    ) -> Assessment:
        self.assessed += 1
        check = Check(
            key="parses", title="The document parses", score="api_design", outcome=Outcome.HELD, detail="It does.",
            tool="double", tool_version="1", command="double parse", raw="ok",
        )  # fmt: skip
        part = Score(
            key="api_design",
            name="API design",
            value=self.overall,
            measured_share=1.0,
            held=1,
            failed=0,
            not_measured=0,
        )
        card = Scorecard(overall=self.overall, measured_share=1.0, parts=(part,))
        return Assessment(
            artefacts=await self.render(blueprint, brief), checks=(check,), scorecard=card, tools={"double": "1"}
        )

    async def render(self, blueprint: Blueprint, brief: Brief, checks: Sequence[Check] = ()) -> tuple[Artefact, ...]:
        return (Artefact(name="openapi.yaml", media_type="application/yaml", content=blueprint.summary.encode()),)

    async def facts(self, brief: Brief) -> Artefact | None:
        return None

    def highlights(self, design: Design, assessment: Assessment, role: Role) -> Highlights:
        return Highlights(summary=str(design.proposal.summary))

    async def deliverables(self, proposal: Blueprint, iteration: int, before: HandedOver) -> Deliverables:
        return Deliverables()

    def changes(self, old: Blueprint, new: Blueprint) -> tuple[str, ...]:
        return () if old == new else ("It changed.",)

    def report(
        self, *, role: Role, brief: Brief, design: Design, assessment: Assessment, gates: Sequence[Gate],
        timestamp: datetime, final: bool,
    ) -> Artefact:  # fmt: skip
        name = role.output_name(brief.iteration)
        body = {
            "iteration": brief.iteration,
            "status": "final" if final else "draft",
            "at": timestamp.isoformat(),
            "gates": [{"gate": g.key, "outcome": g.outcome, "comments": [v.comment for v in g.votes]} for g in gates],
        }
        shown = name if final else name.replace(".json", ".draft.json")
        return Artefact(name=shown, media_type="application/json", content=json.dumps(body).encode())


@dataclass(slots=True)
class World:
    """Everything a test acts on and looks at."""

    services: Services
    database: SqlDatabase
    time: Time
    designer: Double
    kit: DoubleKit
    files: dict[str, bytes | Exception]
    marks: list[frozenset[SurfaceId]] = field(default_factory=list)
    stamp: int = 0

    @property
    def role(self) -> Role:
        return next(iter(self.services.context.roles.values()))

    def actor(self, user: str = OWNER, delivery: str | None = None) -> Actor:
        return Actor(team=TEAM, user=user, delivery=delivery)

    @property
    def waiting(self) -> list[Work]:
        """Enqueued and not yet done, with the kind and id that the engine knows it by."""
        return Queue.waiting(self.database)

    async def under_way(self) -> set[str]:
        return {work.key for work in self.waiting}

    async def do(self, work: Work) -> object:
        """Do one piece of work as the engine does: by its kind, with its arguments, then count it as done."""
        services = self.services
        workers: Mapping[str, Callable[..., Awaitable[object]]] = {
            "run": services.runs.drive, "fetch": services.inputs.fetch, "export": services.exports.write,
            "recap": services.recaps.read, "questions": services.inquiries.ask,
        }  # fmt: skip
        result = await workers[work.kind](**work.args)
        Queue.done(self.database, work)
        return result

    async def work_off(self) -> None:
        """Let the engine do all that waits, and what comes of it."""
        while waiting := self.waiting:
            for work in waiting:
                await self.do(work)

    async def start(self, user: str = OWNER, **changes: Any) -> Evaluation:
        form = StartForm(
            role="backend-developer", title="Appointments", channel=CHANNEL, description="Book a slot.",
            approvers=APPROVERS,
        )  # fmt: skip
        evaluation = await self.services.evaluations.start(self.actor(user), replace(form, **changes))
        self.stamp += 1
        ts = f"1772442000.{self.stamp:06}"
        await self.database.transaction(lambda tx: tx.evaluations.set_thread(evaluation.id, CHANNEL, ts))
        return replace(evaluation, thread_ts=ts)

    async def reply(
        self, evaluation: Evaluation, words: str, user: str = OWNER, ts: str | None = None, **more: bool
    ) -> Taken | None:
        return await self.services.replies.take(self.actor(user), self.said(evaluation, words, ts, **more))

    def said(self, evaluation: Evaluation, words: str, ts: str | None = None, **more: bool) -> Said:
        self.stamp += 1
        stamp = ts or f"1772450000.{self.stamp:06}"
        return Said(channel=CHANNEL, thread_ts=evaluation.thread_ts or "", ts=stamp, text=words, **more)

    async def answer_all(self, evaluation: Evaluation, words: str = "As usual") -> Evaluation:
        dossier = await self.dossier(evaluation)
        texts = {question.key: words for question in dossier.open_questions}
        return await self.services.questions.answer(self.actor(), evaluation.id, texts)

    async def vote(
        self, evaluation: Evaluation, key: str, user: str, option: str = "approve", comment: str = "", **more: str
    ) -> Gate:
        gate = await self.gate(evaluation, key)
        verdict = Verdict(option=option, comment=comment, subject_sha256=gate.subject_sha256, **more)
        return await self.services.gates.vote(self.actor(user), gate.id, verdict)

    async def gate(self, evaluation: Evaluation, key: str) -> Gate:
        dossier = await self.dossier(evaluation)
        found = dossier.gate(dossier.evaluation.iteration, key)
        assert found is not None, f"no gate {key}"
        return found

    async def gates(self, evaluation: Evaluation, key: str) -> list[GateState]:
        return [gate.state for gate in (await self.dossier(evaluation)).gates if gate.key == key]

    async def dossier(self, evaluation: Evaluation) -> Dossier:
        return await self.services.queries.dossier(evaluation.id)

    async def state(self, evaluation: Evaluation) -> str:
        return (await self.dossier(evaluation)).evaluation.state.value

    async def kinds(self, evaluation: Evaluation) -> list[str]:
        """What the audit log says, in order."""
        return [event.kind for event in await self.database.read(lambda tx: tx.events.all(evaluation.id))]

    async def to_go(self, **changes: Any) -> Evaluation:
        """An evaluation that waits for its go."""
        return await self.answer_all(await self.start(**changes))

    async def to_run(self, **changes: Any) -> Evaluation:
        """An evaluation whose run waits in the queue."""
        evaluation = await self.to_go(**changes)
        await self.vote(evaluation, "go", LEAD)
        return (await self.dossier(evaluation)).evaluation

    async def to_review(self, **changes: Any) -> Evaluation:
        """An evaluation whose result is being reviewed."""
        evaluation = await self.to_run(**changes)
        await self.work_off()
        return (await self.dossier(evaluation)).evaluation

    async def review(self, evaluation: Evaluation) -> None:
        """Approve all that is reviewed."""
        for key, user in zip(REVIEWS, (LEAD, ARCHITECT, SECURITY), strict=True):
            await self.vote(evaluation, key, user)

    async def to_closing(self, **changes: Any) -> Evaluation:
        """An evaluation whose closing gate is open."""
        evaluation = await self.to_review(**changes)
        await self.review(evaluation)
        return (await self.dossier(evaluation)).evaluation


@asynccontextmanager
async def world_at(url: str, folder: Path, *, rules: Rules | None = None) -> AsyncIterator[World]:
    """Open a world over the database at `url`; `folder` holds the workspaces."""
    clock, designer, marks = Time(), Double(), list[frozenset[SurfaceId]]()
    kit = DoubleKit(designer)
    database = open_database(url, clock=clock, enqueue=Queue().enqueue, on_dirty=marks.append)
    await database.start()
    files: dict[str, bytes | Exception] = {}

    async def download(team: str, file_id: str, whose: str) -> bytes:
        given = files[file_id]
        if isinstance(given, Exception):
            raise given
        return given

    try:
        Queue.create(database)
        role = load_role("backend-developer")
        context = ServiceContext(
            db=database, roles={role.name: role}, kits={role.name: kit}, rules=rules or Rules(),
            workspaces=folder / "own", workspace_roots=(folder / "roots",),
        )  # fmt: skip
        yield World(
            services=build_services(context, download), database=database, time=clock,
            designer=designer, kit=kit, files=files, marks=marks,
        )  # fmt: skip
    finally:
        await database.close()
