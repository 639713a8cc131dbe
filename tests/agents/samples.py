"""A brief, a configuration and the pieces that the agent's tests put together."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.agent.config import ClaudeConfig
from bot.agent.designer import ClaudeDesigner
from bot.agent.script import Body, Fault, end, turn_of, use
from bot.agent.script import Reply as Answer
from bot.devtools.local_model import LocalModel
from bot.domain.design import Brief, Feedback, Reply, Source
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.designers.claude import BACKEND
from tests.agents.memory_session import MemorySession
from tests.artefacts.blueprints import tiny

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)

BRIEF = Brief(
    evaluation_id="ev_test",
    role="backend-developer",
    title="Orders for bakeries",
    description="Bakeries take orders online and plan the night's baking.",
    iteration=1,
    goal="A first backend",
    sources=(
        Source(path="phase3/security-architect.json", sha256="b", body={"auth": "OIDC", "mfa": True}),
        Source(path="idea.json", sha256="a", body={"title": "Orders for bakeries", "users": ["bakers", "customers"]}),
    ),
    replies=(
        Reply(
            key="opening-2", question="Your key endpoints?", text="POST /orders, GET /orders, GET /products", by="U1"
        ),
        Reply(key="opening-1", question="Your stack?", text="Python, FastAPI and PostgreSQL", by="U1"),
    ),
    missing=("phase1/cto-evaluation.json",),
)

NOTE = Feedback(id="nt_1", origin="note", text="Please add a role auditor.", by="U2", iteration=1)


def config(model: LocalModel, **changes: Any) -> ClaudeConfig:
    plain = ClaudeConfig(
        model="claude-sonnet-5-5", api_key="sk-none", base_url=model.url, first_backoff=0.001, pulse=0.02,
        read_timeout=20.0, connect_timeout=5.0,
    )  # fmt: skip
    return replace(plain, **changes)


@asynccontextmanager
async def stage(
    answer: Callable[[Body], Fault | Answer],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], datetime] = lambda: NOW,
    **changes: Any,
) -> AsyncIterator[tuple[LocalModel, ClaudeDesigner]]:
    """A local Messages API and a designer that speaks to it."""
    async with LocalModel(answer) as model:
        claude = ClaudeDesigner(config(model, **changes), BACKEND, clock=clock, sleep=sleep)
        try:
            yield model, claude
        finally:
            await claude.close()


def session(brief: Brief = BRIEF, **changes: Any) -> MemorySession:
    return MemorySession(brief, **changes)


def review(**changes: Any) -> dict[str, Any]:
    return {
        "strengths": ["One", "Two", "Three"],
        "improvements": ["Four", "Five", "Six"],
        "recommendation": "Build it.",
        "next_steps": ["Begin."],
        "next_focus": ["Load"],
        "addressed": [],
        **changes,
    }


def proposal(blueprint: Blueprint | Mapping[str, Any]) -> Answer:
    data = blueprint.model_dump(mode="json") if isinstance(blueprint, Blueprint) else blueprint
    return Answer(content=(thought("I propose."), use("propose_blueprint", data)), stop="tool_use")


def thought(words: str) -> Mapping[str, Any]:
    return {"type": "thinking", "thinking": words, "signature": ""}


def calling(name: str, **arguments: Any) -> Answer:
    return Answer(content=(thought("I look."), use(name, arguments)), stop="tool_use")


def last_results(body: Body) -> list[Any]:
    """The contents of the newest tool results, decoded where they are JSON."""
    found = []
    for block in body["messages"][-1]["content"]:
        if block["type"] == "tool_result":
            try:
                found.append(json.loads(block["content"]))
            except ValueError:
                found.append(block["content"])
    return found


def steady(body: Body) -> Answer:
    """Proposes the smallest blueprint, then reviews it: two calls."""
    return end(review()) if turn_of(body) else proposal(tiny())
