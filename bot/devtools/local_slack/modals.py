"""Open views: the stack of a person's modals, their state, and the Home tab."""

from __future__ import annotations

import secrets
import time
from typing import NamedTuple

from bot.devtools.local_slack import posting
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.inputs import initial_state, kept_state
from bot.devtools.local_slack.records import HeldView, Json

MAX_STACK = 3


class Place(NamedTuple):
    """Where a view stands: its id, the first of its stack, and the one below."""

    view_id: str
    root: str
    previous: str | None = None


def complete(core: Core, view: Json, place: Place, state: Json | None = None) -> Json:
    """Give the view object that Slack makes of what an app sends; `state` is what was entered before an update."""
    identity = core.identity
    blocks = posting.with_ids(core, view["blocks"])
    return {
        "id": place.view_id,
        "team_id": identity.team_id,
        "type": view["type"],
        "title": view.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "submit": view.get("submit"),
        "close": view.get("close"),
        "blocks": blocks,
        "private_metadata": view.get("private_metadata", ""),
        "callback_id": view.get("callback_id", ""),
        "external_id": view.get("external_id", ""),
        "state": {"values": initial_state(blocks) if state is None else kept_state(blocks, state)},
        "hash": f"{int(time.time())}.{secrets.token_hex(4)}",
        "clear_on_close": view.get("clear_on_close", False),
        "notify_on_close": view.get("notify_on_close", False),
        "root_view_id": place.root,
        "previous_view_id": place.previous,
        "app_id": identity.app_id,
        "app_installed_team_id": identity.team_id,
        "bot_id": identity.bot_id,
    }


def open_first(core: Core, user: str, view: Json) -> Json:
    """Open a modal as the first of its stack; a stack that the person had open is dropped without `view_closed`."""
    _refuse_duplicate(core, view)
    for held in stack(core, user):
        core.workspace.drop_view(held.view["id"])
    view_id = core.workspace.new_id("V")
    opened = complete(core, view, Place(view_id, view_id))
    return _show(core, user, opened, "open")


def push(core: Core, below: HeldView, view: Json) -> Json:
    """Put a modal on top of another.

    Raises:
        SlackRefusal: `push_limit_reached` for a fourth.
    """
    _refuse_duplicate(core, view)
    if len(stack(core, below.user)) >= MAX_STACK:
        raise SlackRefusal("push_limit_reached")
    root, previous = below.view["root_view_id"], below.view["id"]
    pushed = complete(core, view, Place(core.workspace.new_id("V"), root, previous))
    return _show(core, below.user, pushed, "push")


def update(core: Core, held: HeldView, view: Json) -> Json:
    """Change an open modal; what was entered stays where block and action ids stay."""
    old = held.view
    if view.get("external_id") != old["external_id"]:
        _refuse_duplicate(core, view)
    place = Place(old["id"], old["root_view_id"], old["previous_view_id"])
    changed = complete(core, view, place, old["state"]["values"])
    return _show(core, held.user, changed, "update")


def close(core: Core, held: HeldView) -> HeldView | None:
    """Close one modal; gives the one below, which the person sees again."""
    core.workspace.drop_view(held.view["id"])
    core.page_feeds.tell({"type": "view", "view": held.view, "how": "close"}, only=[held.user])
    previous = held.view["previous_view_id"]
    return core.workspace.views.get(previous) if previous else None


def clear(core: Core, user: str) -> None:
    """Close all modals of a person, topmost first."""
    for held in reversed(stack(core, user)):
        close(core, held)


def stack(core: Core, user: str) -> list[HeldView]:
    """List the open modals of a person, the first opened first."""
    return [held for held in core.workspace.views.values() if held.user == user and held.is_modal]


def home_of(core: Core, user: str) -> HeldView | None:
    """Find a person's Home tab."""
    return next((held for held in core.workspace.views.values() if held.user == user and not held.is_modal), None)


def _show(core: Core, user: str, view: Json, how: str) -> Json:
    core.workspace.put_view(user, view)
    core.page_feeds.tell({"type": "view", "view": view, "how": how}, only=[user])
    return view


def _refuse_duplicate(core: Core, view: Json) -> None:
    name = view.get("external_id")
    if name and any(held.view["external_id"] == name for held in core.workspace.views.values()):
        raise SlackRefusal("duplicate_external_id")
