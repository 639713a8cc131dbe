"""A designer that accounts for every statement: with the role's definition, its texts read in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.agent.designer import ClaudeDesigner
from bot.agent.script import Body, Fault, end, titles
from bot.agent.script import Reply as Answer
from bot.devtools.local_model import LocalModel
from bot.domain.design import Brief, Reply
from bot.roles.backend_developer.designers.claude import backend_profile
from bot.roles.backend_developer.designers.claude.statements import read_in_thread
from tests.agents.sample_brief import role
from tests.agents.samples import BRIEF, NOW, config

PROFILE = backend_profile(role(), read_in_thread)


def saying(**answers: str) -> Brief:
    """A brief in which people answer some of the role's questions, and nothing else is given."""
    replies = tuple(
        Reply(key=key, question=role().question(key).text, text=text, by="U1") for key, text in answers.items()
    )
    return Brief(
        evaluation_id="ev_told", role=role().name, title="Lock keeping", description="", iteration=1, goal="",
        sources=(), replies=replies,
    )  # fmt: skip


def apart(
    designs: Callable[[Body], Fault | Answer],
    *,
    reads: Callable[[Body], Fault | Answer] = lambda _: end({"readings": []}),
    remarks: Callable[[Body], Fault | Answer] = lambda _: end({"remarks": []}),
) -> Callable[[Body], Fault | Answer]:
    """Answer each of the three conversations by its own script."""

    def answer(body: Body) -> Fault | Answer:
        if body.get("tools"):
            return designs(body)
        return reads(body) if "eipas:unread" in titles(body) else remarks(body)

    return answer


@asynccontextmanager
async def accounting(
    answer: Callable[[Body], Fault | Answer], **changes: Any
) -> AsyncIterator[tuple[LocalModel, ClaudeDesigner]]:
    """A local Messages API, and a designer that tells it all there is."""
    async with LocalModel(answer) as model:
        claude = ClaudeDesigner(config(model, **changes), PROFILE, clock=lambda: NOW)
        try:
            yield model, claude
        finally:
            await claude.close()


def shown(body: Body, title: str) -> str:
    """The text of a document of the request."""
    blocks = (block for message in body["messages"] for block in message["content"])
    return next(str(b["source"]["data"]) for b in blocks if b.get("title") == title)


__all__ = ["BRIEF", "PROFILE", "accounting", "apart", "saying", "shown"]
