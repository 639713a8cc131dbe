"""What these tests ask beside what people see.

A surface's problem, direct messages, answers while a channel is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.devtools.local_slack import Person
from bot.devtools.local_slack.signed_http import signature
from bot.domain.surface import Posted, SurfaceId, SurfaceKind
from bot.services.common import Actor
from tests.acceptance.looking import key_of
from tests.acceptance.stage import CHANNEL, Stage, Thread, eventually
from tests.operations.asgi import FORM


async def deliver(url: str, body: bytes, *, secret: str, at: float, content_type: str = FORM) -> int:
    """Send what Slack would to the bot at `url`, signed with `secret` at that time, and return the answer's status."""
    stamp = str(int(at))
    headers = {
        "content-type": content_type, "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature(secret, stamp, body),
    }  # fmt: skip
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/slack/events", data=body, headers=headers) as answer,
    ):
        return answer.status


async def owner(thread: Thread) -> Actor:
    """The owner, as the handlers would name them."""
    evaluation = (await thread.dossier()).evaluation
    return Actor(team=evaluation.team, user=evaluation.owner)


async def answer(thread: Thread, text: str) -> None:
    """Answer the open question as its form does, whatever Slack lets people see."""
    dossier = await thread.dossier()
    assert dossier.next_question is not None
    await thread.stage.app.services.questions.answer(await owner(thread), thread.id, {dossier.next_question.key: text})


async def problem(thread: Thread) -> str:
    """Why the thread could not be brought in step, as an operator reads it in the database."""
    surface = await surface_of(thread)

    def fn(connection: Any) -> str:
        row = connection.exec_driver_sql(
            "SELECT problem FROM surface WHERE kind = ? AND owner = ?", (surface.kind.value, surface.owner)
        ).one()
        return str(row[0])

    with thread.stage.app.database.engine.connect() as connection:
        return fn(connection)


async def surface_of(thread: Thread) -> SurfaceId:
    """The thread as a place to keep in step."""
    return SurfaceId(kind=SurfaceKind.THREAD, team=(await thread.dossier()).evaluation.team, owner=thread.id)


async def root_of(stage: Stage, surface: SurfaceId) -> Posted:
    """What is recorded of a thread's first message."""
    return (await stage.app.database.read(lambda tx: tx.surfaces.posted(surface)))["root"]


def text_of(page: Person, posted: Posted) -> str:
    """What a person sees there now."""
    return str(page.messages[posted.channel, posted.ts or ""]["text"])


async def impatient(stage: Stage) -> AsyncWebClient:
    """The product's client, except that it never tries again by itself."""
    client = copy(await stage.app.transport.workspaces.client(stage.local.core.identity.team_id))
    client.retry_handlers = []
    return client


async def has_problem(thread: Thread, word: str) -> None:
    """Wait for a problem; an empty word waits for its end."""

    async def look() -> bool:
        return await problem(thread) == word

    await eventually(look)


async def notices(thread: Thread) -> list[Mapping[str, Any]]:
    """What the owner was told about this thread by direct message."""
    workspace = thread.stage.local.core.workspace
    direct = workspace.direct(thread.stage["eva"].user)
    messages = workspace.history(direct.id)
    return [m for m in messages if (m.get("metadata") or {}).get("event_payload", {}).get("owner") == thread.id]


async def told(thread: Thread, count: int) -> None:
    """Wait until the owner was told so often."""

    async def look() -> bool:
        return len(await notices(thread)) == count

    await eventually(look)


async def keys(thread: Thread) -> list[str]:
    """The keys that stand in the thread."""
    return sorted(key for m in await thread.shown() if (key := key_of(m)))


def unarchive(stage: Stage) -> None:
    """What only a person of Slack can do."""
    workspace = stage.local.core.workspace
    channel = workspace.channel(stage["eva"].channels[CHANNEL])
    workspace.put_channel(replace(channel, is_archived=False))
