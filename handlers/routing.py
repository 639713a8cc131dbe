"""Which entry of the table a payload from Slack belongs to, and by which key it is known again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from handlers.call import Json, action_key, command_key, message_key, view_key
from handlers.ids import PERSON, PREFIX, kind_of


@dataclass(frozen=True, slots=True)
class Route:
    """Kind and name as in `ENTRY_POINTS`, and the delivery's dedupe key."""

    kind: str
    name: str
    key: str


class Malformed(ValueError):
    """A payload that is out of shape: signed, so somebody's mistake, and nothing that could be kept."""


def route(body: Json) -> Route | None:
    """Return where a payload goes; None for what is not ours, or what Slack sends only to apps that ask for more.

    What a handler may rely on is looked at here, so that none of them stumbles half-way.
    docs.slack.dev/interactivity/handling-user-interaction, docs.slack.dev/apis/events-api

    Raises:
        Malformed: a part is missing, or is of another type.
    """
    if "command" in body:
        return Route("command", str(body["command"]), command_key(body))
    find = _BY_TYPE.get(str(body.get("type")))
    try:
        return None if find is None else find(body)
    except (LookupError, TypeError, ValueError, AttributeError) as missing:
        raise Malformed(f"{type(missing).__name__}: {missing}") from missing


def _ours(name: str) -> str:
    """Return the name if it is one of ours, and empty for another app's, of which nothing is assumed."""
    return name if name.startswith(PREFIX) else ""


def _action(body: Json) -> Route | None:
    _texts(body["actions"][0], needed=("action_id",))
    if not (name := _ours(body["actions"][0]["action_id"])):
        return None
    _actor(body["user"])
    return Route("action", kind_of(name), action_key(body))


def _view(body: Json) -> Route | None:
    _texts(body["view"], needed=("id", "callback_id"))
    if not (name := _ours(body["view"]["callback_id"])):
        return None
    _actor(body["user"])
    return Route("view", name, view_key(body))


def _shortcut(body: Json) -> Route | None:
    _texts(body, needed=("callback_id",))
    if not (name := _ours(body["callback_id"])):
        return None
    _actor(body["user"])
    if body["type"] == "message_action":
        _texts(body["message"], may=("text", "thread_ts", "ts"))
        _texts(body["channel"], needed=("id",))
    return Route("shortcut", name, command_key(body))


def _event(body: Json) -> Route:
    event = body["event"]
    name = str(event["type"])
    if name in _MESSAGES:
        _texts(event, needed=("channel", "ts"), may=(*_WRITTEN, "deleted_ts", "client_msg_id", "channel_type"))
        _formed(_TIME, event["ts"])
        _formed(PERSON, event.get("user") or "U0")
        _files(event.get("files") or [])
        for part in ("message", "previous_message"):
            _texts(event.get(part) or {}, may=(*_WRITTEN, "ts"))
        for installed in body.get("authorizations") or []:
            _texts(installed, may=("user_id",))
        return Route("message", name, message_key(event))
    if name == "app_home_opened":
        _texts(event, needed=("user",))
    return Route("event", name, f"e:{body.get('event_id', '')}")


def _actor(user: Json) -> None:
    _texts(user, needed=("id",))
    _formed(PERSON, user["id"])


def _files(files: Iterable[Json]) -> None:
    for file in files:
        _texts(file, needed=("id",), may=("name",))
        if not isinstance(file.get("size") or 0, int):
            raise TypeError("a file's size is no number")


def _formed(pattern: re.Pattern[str], text: str) -> None:
    """Raise unless a text that is kept, and sent to Slack again, has Slack's form."""
    if not pattern.fullmatch(text):
        raise ValueError(f"not of Slack's form: {text[:40]!r}")


def _texts(part: Json, *, needed: tuple[str, ...] = (), may: tuple[str, ...] = ()) -> None:
    """Raise unless the `needed` values are texts that are not empty, and those that `may` be there are texts."""
    for key in needed:
        if not part[key]:
            raise LookupError(key)
    for key in (*needed, *may):
        if not isinstance(part.get(key) or "", str):
            raise TypeError(f"{key} is no text")


_TIME = re.compile(r"[0-9]{1,20}\.[0-9]{1,10}")

_WRITTEN = ("user", "text", "thread_ts", "subtype", "bot_id")
"""What a message has, whether it stands in an event or is told of by one."""

_MESSAGES = frozenset({"message", "app_mention"})
"""One kind: a mention arrives as both."""

_BY_TYPE: Mapping[str, Callable[[Json], Route | None]] = {
    "block_actions": _action,
    "view_submission": _view,
    "shortcut": _shortcut,
    "message_action": _shortcut,
    "event_callback": _event,
}
