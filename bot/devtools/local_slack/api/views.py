"""The views methods: docs.slack.dev/reference/methods/views.open and its neighbours."""

from __future__ import annotations

from typing import Literal

from bot.devtools.local_slack import modals
from bot.devtools.local_slack.api.arguments import Args, Object, Text
from bot.devtools.local_slack.blockkit import BlocksRefused, check_view
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.records import HeldView, Json


class Open(Args):
    """Arguments of `views.open` and `views.push`."""

    trigger_id: Text | None = None
    view: Object


class Update(Args):
    """Arguments of `views.update`."""

    view: Object
    view_id: Text = ""
    external_id: Text = ""
    hash: Text | None = None


class Publish(Args):
    """Arguments of `views.publish`."""

    user_id: Text
    view: Object
    hash: Text | None = None


def open_view(core: Core, args: Open) -> Json:
    """Open a modal for the person whose trigger it is."""
    refuse_view(args.view, surface="modal")
    trigger = core.triggers.exchange(args.trigger_id)
    return {"view": modals.open_first(core, trigger.user, args.view)}


def push_view(core: Core, args: Open) -> Json:
    """Put a modal on top of the one that the person acted in."""
    refuse_view(args.view, surface="modal")
    trigger = core.triggers.exchange(args.trigger_id)
    if trigger.view_id is None:
        raise SlackRefusal("not_found")
    return {"view": modals.push(core, core.workspace.view(trigger.view_id), args.view)}


def update_view(core: Core, args: Update) -> Json:
    """Change an open modal, wherever it is in its stack."""
    refuse_view(args.view, surface="modal")
    held = _find(core, args)
    if args.hash is not None and args.hash != held.view["hash"]:
        raise SlackRefusal("hash_conflict")
    return {"view": modals.update(core, held, args.view)}


def publish_view(core: Core, args: Publish) -> Json:
    """Publish a person's Home tab."""
    refuse_view(args.view, surface="home")
    person = core.workspace.person(args.user_id)
    current = modals.home_of(core, person.id)
    if args.hash is not None and current is not None and args.hash != current.view["hash"]:
        raise SlackRefusal("hash_conflict")
    view_id = current.view["id"] if current else core.workspace.new_id("V")
    view = modals.complete(core, args.view, modals.Place(view_id, view_id))
    core.workspace.put_view(person.id, view)
    core.page_feeds.tell({"type": "home", "view": view}, only=[person.id])
    return {"view": view}


def refuse_view(view: Json, *, surface: Literal["modal", "home"]) -> None:
    """Hold a view against Slack's limits.

    Raises:
        SlackRefusal: `invalid_arguments` with Slack's messages.
    """
    try:
        check_view(view, surface=surface)
    except BlocksRefused as refused:
        raise SlackRefusal(refused.error, response_metadata={"messages": refused.messages}) from refused


def _find(core: Core, args: Update) -> HeldView:
    if args.view_id:
        return core.workspace.view(args.view_id)
    for held in core.workspace.views.values():
        if args.external_id and held.view["external_id"] == args.external_id:
            return held
    raise SlackRefusal("not_found")
