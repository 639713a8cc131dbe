"""A stage whose designer is Claude, played by the local Messages API: each test says what the model answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.agent.critique import PROPOSAL
from bot.agent.reading import UNREAD
from bot.agent.script import Body, titles
from bot.devtools.local_model import Fault, LocalModel, Reply, end
from bot.roles.backend_developer.scripted_model import play
from tests.acceptance.stage import Stage

Answer = Callable[[Body], Fault | Reply]


def asks_nothing(answer: Answer = play) -> Answer:
    """The model has no questions of its own before the go; in runs it answers as given."""
    return _with_questions(answer, end({"questions": []}))


def asks(*questions: str, answer: Answer = play) -> Answer:
    """The model asks these before the go."""
    wanted = {"questions": [{"question": words, "why": f"Nobody says: {words}"} for words in questions]}
    return _with_questions(answer, end(wanted))


def _with_questions(answer: Answer, questions: Reply) -> Answer:
    """Answer runs as given, what is asked before the go by these, and all other calls as the scripted model does."""

    def fn(body: Body) -> Fault | Reply:
        if body.get("tools"):
            return answer(body)
        return play(body) if titles(body) & {UNREAD, PROPOSAL} else questions

    return fn


@asynccontextmanager
async def modelled(folder: Path, answer: Answer, **settings: Any) -> AsyncIterator[tuple[Stage, LocalModel]]:
    """The product with that model; no other service is ever dialled."""
    chosen = {"designer": "claude", "model": "claude-sonnet-5-5", "anthropic_api_key": "sk-none", **settings}
    async with LocalModel(answer) as model, Stage(folder, model_base_url=model.url, **chosen) as stage:
        yield stage, model


def slowly(reply: Reply, pace: float = 0.02) -> Reply:
    """The same answer, written slowly enough for people to act meanwhile."""
    return Reply(content=reply.content, stop=reply.stop, pace=pace)


def handed(body: Body) -> str:
    """The newest message to the model, as one text."""
    return json.dumps(body["messages"][-1], ensure_ascii=False)
