"""A run's record in memory: append-only, first write wins, stopped runs refuse; all without a database."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.design import Brief, Feedback
from bot.domain.evidence import Artefact, Assessment, Check, Outcome, Score, Scorecard
from bot.roles.backend_developer.blueprint import Blueprint
from bot.services.designer import TaskStatus
from bot.services.run_fencing import RunFenced


def check(key: str, outcome: Outcome = Outcome.HELD, fix: str = "") -> Check:
    return Check(
        key=key, title=key, score="api_design", outcome=outcome, detail=f"{key} was looked at",
        tool="tests", tool_version="1", command="look", fix=fix,
    )  # fmt: skip


def measured(*checks: Check, overall: int = 91) -> Assessment:
    failed = sum(c.outcome is Outcome.FAILED for c in checks)
    part = Score(
        key="api_design", name="API design", value=overall, measured_share=1.0,
        held=len(checks) - failed, failed=failed, not_measured=0,
    )  # fmt: skip
    files = (Artefact(name="openapi.yaml", media_type="application/yaml", content=b"openapi: 3.1.0\n"),)
    return Assessment(
        artefacts=files, checks=checks, scorecard=Scorecard(overall=overall, measured_share=1.0, parts=(part,))
    )


@dataclass
class MemorySession:
    """See `DesignSession`. Values go through JSON, as they do on the way to a database and back."""

    brief: Brief
    run_id: str = "rn_test"
    assessor: Callable[[Blueprint], Assessment] = lambda _: measured(check("openapi_valid"))
    budget: float = 5.0
    stopped: bool = False
    transcript: list[str] = field(default_factory=list)
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    memory: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, tuple[str, TaskStatus, str]] = field(default_factory=dict)
    thread: list[Feedback] = field(default_factory=list)
    asked: dict[str, tuple[str, str]] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)
    assessed: list[str] = field(default_factory=list)

    async def assess(self, blueprint: Blueprint) -> Assessment:
        self._guard()
        key = blueprint.model_dump_json()
        if key not in self.assessed:
            self.assessed.append(key)
        return self.assessor(blueprint)

    async def progress(self, task: str, title: str, status: TaskStatus, detail: str = "") -> None:
        self._guard()
        self.tasks[task] = (title, status, detail)

    async def notes(self) -> tuple[Feedback, ...]:
        return tuple(self.thread)

    async def ask(self, questions: Sequence[tuple[str, str, str]]) -> Mapping[str, str] | None:
        self._guard()
        self.asked.update({key: (question, why) for key, question, why in questions})
        if any(key not in self.answered for key, _, _ in questions):
            return None
        return {key: self.answered[key] for key, _, _ in questions}

    async def steps(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(json.loads(step) for step in self.transcript)

    async def append(self, steps: Sequence[Mapping[str, Any]], *, call: Mapping[str, Any] | None = None) -> None:
        self._guard()
        self.transcript += [json.dumps(step) for step in steps]
        if call is not None:
            self._close(call)

    async def open_call(self, model: str, estimate_usd: float) -> str:
        self._guard()
        call_id = f"cl_{len(self.calls)}"
        self.calls[call_id] = {"id": call_id, "model": model, "outcome": "sent", "estimate": estimate_usd, "usd": None}
        return call_id

    async def close_call(self, call: Mapping[str, Any]) -> None:
        self._close(call)

    def _close(self, call: Mapping[str, Any]) -> None:
        self.calls[call["id"]].update(json.loads(json.dumps(call)))

    async def spent_usd(self) -> float:
        return sum((float(c["estimate"] if c["usd"] is None else c["usd"]) for c in self.calls.values()), 0.0)

    async def budget_usd(self) -> float:
        return self.budget

    async def remember(self, key: str, value: Mapping[str, Any]) -> None:
        self._guard()
        self.memory.setdefault(key, json.dumps(value))

    async def recall(self, key: str) -> Mapping[str, Any] | None:
        return json.loads(self.memory[key]) if key in self.memory else None

    def _guard(self) -> None:
        if self.stopped:
            raise RunFenced("stopped")

    @property
    def outcomes(self) -> list[str]:
        return [call["outcome"] for call in self.calls.values()]
