"""`/local/...`: what the page, the tests and the rehearsal use to act as people."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import WSMsgType, web
from pydantic import ValidationError

from bot.devtools.local_slack import modals
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.interactions import actions, commands, submissions, talking
from bot.devtools.local_slack.payloads import file
from bot.devtools.local_slack.records import Channel, Json, Member
from bot.devtools.local_slack.user_actions import (
    Click,
    Close,
    Delete,
    Edit,
    InChannel,
    NewChannel,
    Run,
    Say,
    Shortcut,
    Submit,
    UserAction,
)


async def boot(core: Core, request: web.Request) -> Json:
    """Give all that a page needs at its start."""
    # A page that is opened for the first time names nobody yet: it begins as the first of the people.
    anybody = next(member.id for member in core.workspace.people.values() if not member.is_bot)
    person = core.workspace.person(request.query.get("as") or anybody)
    core.workspace.direct(person.id)
    channels = [c for c in core.workspace.channels.values() if core.workspace.may_read(c, person.id)]
    people = [member for member in core.workspace.people.values() if not member.is_bot]
    return {
        "team": {"id": core.identity.team_id, "name": core.identity.team_name},
        "me": person.card(),
        "people": [member.card() for member in people],
        "channels": [talking.card(core, channel, person.id) for channel in channels],
        "bot": core.workspace.person(core.identity.bot_user).card(),
        "commands": [
            {"command": c.command, "description": c.description, "usage_hint": c.usage_hint}
            for c in core.manifest.commands
        ],
        "shortcuts": [{"type": s.type, "name": s.name, "callback_id": s.callback_id} for s in core.manifest.shortcuts],
        "views": [held.view for held in modals.stack(core, person.id)],
        "connected": core.delivery.transport.connected,
    }


async def messages(core: Core, request: web.Request) -> Json:
    """List a channel's messages, or with `thread_ts` a thread's, oldest first, with the person's ephemerals."""
    person, channel = _place(core, request.query.get("as", ""), request.query.get("channel", ""))
    thread_ts = request.query.get("thread_ts")
    if thread_ts:
        listed = core.workspace.thread(channel.id, thread_ts)
    else:
        listed = core.workspace.history(channel.id)
        core.reads[person.id, channel.id] = core.workspace.tick()
    own = [
        message
        for key, (user, message) in core.ephemerals.items()
        if user == person.id and key.startswith(f"{channel.id} ") and message.get("thread_ts") == thread_ts
    ]
    return {"messages": sorted([*listed, *own], key=lambda message: str(message["ts"]))}


async def watch(core: Core, request: web.Request) -> web.WebSocketResponse:
    """Push what happens to one page."""
    person = core.workspace.person(request.query.get("as", ""))
    socket = web.WebSocketResponse(heartbeat=20)
    await socket.prepare(request)
    watcher = core.page_feeds.add(person.id)
    closing = asyncio.create_task(_until_closed(socket))
    closing.add_done_callback(lambda _task: watcher.waiting.put_nowait({}))  # the feed ends with an empty event
    try:
        while event := await watcher.waiting.get():
            await socket.send_str(json.dumps(event))
    except ConnectionError:
        await socket.close()
    finally:
        core.page_feeds.remove(watcher)
        closing.cancel()
    return socket


async def say(core: Core, given: Say) -> Json:
    """Post a message."""
    person, channel = _place(core, given.user, given.channel)
    draft = talking.Typed(text=given.text, thread_ts=given.thread_ts, files=given.files)
    posted = talking.say(core, person, channel, draft)
    return {"ts": posted["ts"], "message": posted}


async def edit(core: Core, given: Edit) -> Json:
    """Change an own message."""
    person, channel = _place(core, given.user, given.channel)
    return {"message": talking.edit(core, person, channel, given.ts, given.text)}


async def delete(core: Core, given: Delete) -> Json:
    """Delete an own message."""
    person, channel = _place(core, given.user, given.channel)
    talking.delete(core, person, channel, given.ts)
    return {}


async def upload(core: Core, request: web.Request) -> Json:
    """Store the raw body as a file."""
    person = core.workspace.person(request.query.get("as", ""))
    mode = "snippet" if request.query.get("mode") == "snippet" else "hosted"
    stored = talking.upload(core, person, request.query.get("name", "file"), await request.read(), mode)
    return {"file": file(core, stored)}


async def run(core: Core, given: Run) -> Json:
    """Run a slash command; Slack has none inside threads."""
    if given.thread_ts:
        raise SlackRefusal("thread_not_supported", detail=f"{given.command} is not supported in threads. Sorry!")
    person, channel = _place(core, given.user, given.channel)
    return await commands.run_command(core, person, channel, given.command, given.text)


async def click(core: Core, given: Click) -> Json:
    """Act on an element of a message or a view."""
    action = {**(given.model_extra or {}), "action_id": given.action_id, "state": given.state}
    if given.block_id is not None:
        action["block_id"] = given.block_id
    if "view_id" in given.container:
        person = core.workspace.person(given.user)
        return await actions.act_in_view(core, person, given.container["view_id"], action)
    person, channel = _place(core, given.user, given.container.get("channel", ""))
    return await actions.act_in_message(core, person, channel, given.container.get("message_ts", ""), action)


async def submit(core: Core, given: Submit) -> Json:
    """Submit a modal."""
    person = core.workspace.person(given.user)
    return await submissions.submit(core, person, given.view_id, given.state.get("values", {}))


async def close(core: Core, given: Close) -> Json:
    """Close a modal."""
    return await submissions.close(core, core.workspace.person(given.user), given.view_id)


async def shortcut(core: Core, given: Shortcut) -> Json:
    """Run a shortcut."""
    person = core.workspace.person(given.user)
    on: tuple[Channel, Json] | None = None
    if given.channel and given.message_ts:
        _, channel = _place(core, given.user, given.channel)
        on = (channel, core.workspace.message(channel.id, given.message_ts))
    return await commands.run_shortcut(core, person, given.callback_id, on)


async def home(core: Core, given: UserAction) -> Json:
    """Open the Home tab."""
    return commands.open_home(core, core.workspace.person(given.user))


async def join(core: Core, given: InChannel) -> Json:
    """Join a public channel."""
    person, channel = _place(core, given.user, given.channel)
    return {"channel": talking.card(core, talking.join(core, person.id, channel), person.id)}


async def invite_bot(core: Core, given: InChannel) -> Json:
    """Invite the bot to a channel."""
    person, channel = _place(core, given.user, given.channel)
    return {"channel": talking.card(core, talking.join(core, core.identity.bot_user, channel), person.id)}


async def create(core: Core, given: NewChannel) -> Json:
    """Make a channel."""
    person = core.workspace.person(given.user)
    channel = talking.create_channel(core, person, given.name, is_private=given.is_private)
    return {"channel": talking.card(core, channel, person.id)}


async def calls(core: Core, _request: web.Request) -> Json:
    """List the Web API calls of the bot."""
    return {"calls": [call.line() for call in core.calls]}


Reading = Callable[[Core, web.Request], Awaitable[Json | web.StreamResponse]]
ACTS: Mapping[str, tuple[type[UserAction], Callable[[Core, Any], Awaitable[Json]]]] = {
    "message": (Say, say),
    "edit": (Edit, edit),
    "delete": (Delete, delete),
    "command": (Run, run),
    "action": (Click, click),
    "view_submit": (Submit, submit),
    "view_close": (Close, close),
    "shortcut": (Shortcut, shortcut),
    "home": (UserAction, home),
    "join": (InChannel, join),
    "invite_bot": (InChannel, invite_bot),
    "channels": (NewChannel, create),
}


async def act(core: Core, request: web.Request) -> Json:
    """Do what a person does, by name.

    Raises:
        SlackRefusal: `unknown_act`, `invalid_arguments`, or what the act refuses.
    """
    kind, perform = ACTS.get(request.match_info["act"], (None, None))
    if kind is None or perform is None:
        raise SlackRefusal("unknown_act")
    try:
        given = kind.model_validate_json(await request.read())
    except ValidationError as refused:
        raise SlackRefusal("invalid_arguments", detail=str(refused)) from refused
    return await perform(core, given)


def _place(core: Core, user: str, channel_id: str) -> tuple[Member, Channel]:
    person, channel = core.workspace.person(user), core.workspace.channel(channel_id)
    if not core.workspace.may_read(channel, person.id):
        raise SlackRefusal("channel_not_found")
    return person, channel


async def _until_closed(socket: web.WebSocketResponse) -> None:
    async for message in socket:
        if message.type is WSMsgType.ERROR:
            break
