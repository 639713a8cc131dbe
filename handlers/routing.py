"""Which entry of the table a payload from Slack belongs to, and by which key it is known again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from handlers.call import Json, action_key, command_key, message_key, view_key
from handlers.ids import PREFIX, kind_of


@dataclass(frozen=True, slots=True)
class Route:
    """Kind and name as in `ENTRY_POINTS`, and the delivery's dedupe key."""

    kind: str
    name: str
    key: str


def route(body: Json) -> Route | None:
    """Return where a payload goes; None for what is not ours, or what Slack sends only to apps that ask for more.

    docs.slack.dev/interactivity/handling-user-interaction, docs.slack.dev/apis/events-api
    """
    if "command" in body:
        return Route("command", str(body["command"]), command_key(body))
    find = _BY_TYPE.get(str(body.get("type")))
    return None if find is None else find(body)


def _ours(kind: str, name: str, key: str) -> Route | None:
    return Route(kind, name, key) if name.startswith(PREFIX) else None


def _action(body: Json) -> Route | None:
    return _ours("action", kind_of(str(body["actions"][0]["action_id"])), action_key(body))


def _view(body: Json) -> Route | None:
    return _ours("view", str(body["view"]["callback_id"]), view_key(body))


def _shortcut(body: Json) -> Route | None:
    return _ours("shortcut", str(body["callback_id"]), command_key(body))


def _event(body: Json) -> Route:
    event = body["event"]
    name = str(event["type"])
    if name in _MESSAGES:
        return Route("message", name, message_key(event))
    return Route("event", name, f"e:{body.get('event_id', '')}")


_MESSAGES = frozenset({"message", "app_mention"})
"""One kind: a mention arrives as both."""

_BY_TYPE: Mapping[str, Callable[[Json], Route | None]] = {
    "block_actions": _action,
    "view_submission": _view,
    "shortcut": _shortcut,
    "message_action": _shortcut,
    "event_callback": _event,
}
