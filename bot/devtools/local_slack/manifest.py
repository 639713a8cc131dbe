"""What the app's manifest tells Slack: slash commands, shortcuts and subscribed events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_MESSAGE_EVENTS = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
_SCOPES_OF_EVENTS = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command, with its leading slash."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """A global or message shortcut."""

    type: str
    name: str
    callback_id: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The parts of a manifest that change what Slack delivers. Without a manifest every event is subscribed."""

    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    events: frozenset[str] | None = None
    scopes: tuple[str, ...] = ()

    @classmethod
    def read(cls, manifest: Mapping[str, Any] | None) -> Manifest:
        """Read a parsed manifest file."""
        if manifest is None:
            return cls()
        features = manifest.get("features", {})
        subscribed = manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])
        return cls(
            commands=tuple(_command(row) for row in features.get("slash_commands", [])),
            shortcuts=tuple(_shortcut(row) for row in features.get("shortcuts", [])),
            events=frozenset(subscribed),
            scopes=tuple(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
        )

    def subscribes(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the app asked for this event and has the scope for it."""
        name = event["type"]
        if name == "message":
            name = _MESSAGE_EVENTS[event["channel_type"]]
        if self.scopes and _SCOPES_OF_EVENTS.get(name, self.scopes[0]) not in self.scopes:
            return False
        return self.events is None or name in self.events


def _command(row: Mapping[str, Any]) -> Command:
    return Command(
        command=row["command"],
        description=row.get("description", ""),
        usage_hint=row.get("usage_hint", ""),
        should_escape=bool(row.get("should_escape")),
    )


def _shortcut(row: Mapping[str, Any]) -> Shortcut:
    return Shortcut(
        type=row["type"], name=row["name"], callback_id=row["callback_id"], description=row.get("description", "")
    )
