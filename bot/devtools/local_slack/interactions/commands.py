"""Slash commands, shortcuts and the Home tab."""

from __future__ import annotations

import re

from bot.devtools.local_slack import modals, payloads, posting
from bot.devtools.local_slack.api.chat import refuse_blocks
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.event_delivery import Envelope
from bot.devtools.local_slack.interactions.asking import ask
from bot.devtools.local_slack.records import Channel, Json, Member

_USER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


async def run_command(core: Core, person: Member, channel: Channel, name: str, typed: str) -> Json:
    """Run a slash command and show what the app acknowledged it with.

    Raises:
        SlackRefusal: `unknown_command`, or the app did not answer.
    """
    known = next((command for command in core.manifest.commands if command.command == name), None)
    if known is None:
        raise SlackRefusal("unknown_command", detail=f"{name} is not a valid command")
    text = _mentions(core, typed, escaped=known.should_escape)
    payload = payloads.command(core, person, channel, name, text)
    envelope = Envelope(type="slash_commands", payload=payload, accepts_response=True)
    shown = await ask(core, person, envelope, what=name)
    if shown.get("text") or shown.get("blocks"):
        answer(core, channel, person.id, shown)
    return {}


async def run_shortcut(core: Core, person: Member, callback_id: str, on: tuple[Channel, Json] | None) -> Json:
    """Run a global shortcut, or one on a message.

    Raises:
        SlackRefusal: `unknown_shortcut`, or the app did not answer.
    """
    kind = "global" if on is None else "message"
    if not any(s.callback_id == callback_id and s.type == kind for s in core.manifest.shortcuts):
        raise SlackRefusal("unknown_shortcut")
    if on is None:
        payload = payloads.global_shortcut(core, person, callback_id)
    else:
        payload = payloads.message_shortcut(core, person, *on, callback_id)
    await ask(core, person, Envelope(type="interactive", payload=payload), what="The shortcut")
    return {}


def open_home(core: Core, person: Member) -> Json:
    """Open the app's Home tab: the app hears `app_home_opened`, the person sees what was published last."""
    held = modals.home_of(core, person.id)
    view = held.view if held else None
    posting.announce(core, payloads.app_home_opened(core, person, view))
    return {"view": view}


def answer(core: Core, channel: Channel, user: str, shown: Json, thread_ts: str | None = None) -> Json:
    """Show an app's answer to an interaction: to the person only, unless `response_type` is `in_channel`.

    Raises:
        SlackRefusal: `invalid_blocks`.
    """
    refuse_blocks(shown.get("blocks"))
    message = posting.by_bot(core, text=shown.get("text", ""), blocks=shown.get("blocks") or None, thread_ts=thread_ts)
    if shown.get("response_type") == "in_channel":
        return posting.post(core, channel, message)
    return posting.ephemeral(core, channel, user, message)


def _mentions(core: Core, typed: str, *, escaped: bool) -> str:
    """Without `should_escape` an app gets plain `@names`; with it, `<@U123|name>`."""

    def show(token: re.Match[str]) -> str:
        person = core.workspace.people.get(token[1])
        name = person.name if person else token[1]
        return f"<@{token[1]}|{name}>" if escaped else f"@{name}"

    return _USER.sub(show, typed)
