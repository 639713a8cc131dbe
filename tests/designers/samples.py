"""Inputs and answers shaped like those that teams bring, and a session that keeps everything in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.design import Brief, Feedback, Reply, Source
from bot.domain.evidence import Assessment, Check, Outcome, Score, Scorecard
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.render import render
from bot.services.designer import TaskStatus

PREFIX = ".claude-agentflow/workspace/"
DOCUMENTS: dict[str, dict[str, Any]] = {
    "idea.json": {
        "title": "Workflow Automation Platform",
        "description": "Enterprise platform for automating business workflows",
        "user_context": {"constraints": ["SOC 2 compliance required"]},
    },
    "phase1/cto-evaluation.json": {
        "technology_stack": {"backend": "Node.js/Python", "frontend": "React", "database": "PostgreSQL + Redis"},
    },
    "phase3/system-architect-evaluation.json": {
        "system_architecture": {"pattern": "Microservices with Event-Driven Architecture"},
        "technology_stack": {
            "backend": "Node.js with TypeScript",
            "database": "PostgreSQL + Redis",
            "messaging": "Apache Kafka",
        },
    },
    "phase3/data-architect.json": {
        "data_models": {
            "core_entities": ["Users", "Workflows", "Tasks", "Analytics Events", "System Metrics"],
            "relationships": "User 1:N Workflows 1:N Tasks, All entities generate Analytics Events",
        },
        "integration_architecture": [
            {"system": "CRM", "method": "Real-time API", "data": "Customer profiles"},
            {"system": "Marketing Tools", "method": "Webhook events", "data": "Campaign data"},
        ],
    },
    "phase3/security-architect.json": {
        "security_controls": {
            "authentication": "Multi-factor authentication, SSO integration",
            "data_protection": "AES-256 encryption at rest, TLS 1.3 in transit",
        },
        "compliance_framework": {"regulations": ["SOC 2 Type II", "GDPR"]},
    },
}
ANSWERS = {
    "opening_1": "Python with FastAPI on PostgreSQL 16; Redis only as a cache.",
    "opening_2": "POST /api/workflows - Create workflow\nGET /api/workflows/{id} - Retrieve workflow\n"
    "PUT /api/workflows/{id}/execute - Execute workflow\nGET /api/analytics/dashboard - Analytics data",
    "opening_3": "Stripe for payments via webhooks (must be up), SendGrid for mail (may queue).",
    "api_design": "Workflows: create, read, update, execute, pause; Tasks: read, retry; lists by cursor.",
    "database_schema": "A workflow has many tasks, a task has many approvals. "
    "Approval: decision (approved|rejected), comment text optional, decided_at.",
    "performance_requirements": "150 calls/s at the peak, reads within 200 ms at p95, writes within 500 ms, "
    "99.9 % availability, 5,000 concurrent users, 5 million rows a year",
    "security_controls": "OIDC with MFA; roles: admin, editor, viewer; SOC 2. Tokens expire after 30 minutes. "
    "300 requests per minute.",
}


def brief(
    answers: Mapping[str, str] | None = None,
    documents: Mapping[str, dict[str, Any]] | None = None,
    *,
    title: str = "Workflow Automation Platform",
    feedback: tuple[Feedback, ...] = (),
    previous: Blueprint | None = None,
) -> Brief:
    """Return a brief of the sample answers and documents, or of others."""
    said = ANSWERS if answers is None else answers
    read = DOCUMENTS if documents is None else documents
    return Brief(
        evaluation_id="e1",
        role="backend-developer",
        title=title,
        description="",
        iteration=2 if previous else 1,
        goal="",
        sources=tuple(Source(path=f"{PREFIX}{path}", sha256="0" * 64, body=body) for path, body in read.items()),
        replies=tuple(Reply(key=key, question=key, text=text, by="U1") for key, text in said.items()),
        feedback=feedback,
        previous=previous,
    )


def note(text: str, key: str = "f1", origin: str = "api_review", by: str = "U2") -> Feedback:
    """Return a piece of feedback."""
    return Feedback(id=key, origin=origin, text=text, by=by, iteration=1)


def check(key: str, outcome: Outcome = Outcome.HELD, detail: str = "Found 3 of 3.", score: str = "api_design") -> Check:
    """Return a check of that outcome."""
    return Check(
        key=key, title=f"Title of {key}", score=score, outcome=outcome, detail=detail, tool="own", tool_version="1",
        command="check", fix="Mend it.",
    )  # fmt: skip


def assessment(plan: Blueprint, *checks: Check, overall: int | None = 96) -> Assessment:
    """Return an assessment with these checks and that overall score."""
    part = Score(
        key="api_design", name="API Design", value=overall, measured_share=1.0, held=1, failed=0, not_measured=0
    )
    return Assessment(
        artefacts=render(plan),
        checks=checks,
        scorecard=Scorecard(overall=overall, measured_share=0.9, parts=(part,)),
        tools={"own": "1"},
    )


class MemorySession:
    """What rules need of a design session, kept in memory; `findings` are handed out one list per assessment."""

    run_id = "r1"

    def __init__(
        self, given: Brief, *, findings: Sequence[Sequence[Check]] = (), notes: Sequence[Feedback] = ()
    ) -> None:
        self.brief = given
        self.assessed: list[Blueprint] = []
        self.shown: list[tuple[str, TaskStatus, str]] = []
        self._findings = list(findings)
        self._notes = tuple(notes)

    async def assess(self, blueprint: Blueprint) -> Assessment:
        self.assessed.append(blueprint)
        failed = self._findings.pop(0) if self._findings else ()
        return assessment(blueprint, check("api.valid"), *failed)

    async def progress(self, task: str, title: str, status: TaskStatus, detail: str = "") -> None:
        self.shown.append((task, status, detail))

    async def notes(self) -> tuple[Feedback, ...]:
        return self._notes

    async def ask(self, questions: Sequence[tuple[str, str, str]]) -> Mapping[str, str] | None:
        return {key: "" for key, _question, _why in questions}

    async def steps(self) -> tuple[Mapping[str, Any], ...]:
        return ()

    async def append(self, steps: Sequence[Mapping[str, Any]], *, call: Mapping[str, Any] | None = None) -> None:
        raise AssertionError("rules make no paid calls")

    async def open_call(self, model: str, estimate_usd: float) -> str:
        raise AssertionError("rules make no paid calls")

    async def close_call(self, call: Mapping[str, Any]) -> None:
        raise AssertionError("rules make no paid calls")

    async def spent_usd(self) -> float:
        return 0.0

    async def budget_usd(self) -> float:
        return 0.0

    async def remember(self, key: str, value: Mapping[str, Any]) -> None:
        return None

    async def recall(self, key: str) -> Mapping[str, Any] | None:
        return None
