"""What people can do, as the bodies of `POST /local/...`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class UserAction(BaseModel):
    """What a person does, and as whom."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    user: str = Field(alias="as")


class Say(UserAction):
    """Post a message."""

    channel: str
    text: str = ""
    thread_ts: str | None = None
    files: tuple[str, ...] = ()


class Edit(UserAction):
    """Change an own message."""

    channel: str
    ts: str
    text: str


class Delete(UserAction):
    """Delete an own message."""

    channel: str
    ts: str


class Run(UserAction):
    """Run a slash command."""

    channel: str
    command: str
    text: str = ""
    thread_ts: str | None = None


class Click(UserAction):
    """Act on an element; which value key is given depends on the element."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)
    container: dict[str, str]
    action_id: str
    block_id: str | None = None
    state: dict[str, Any] = {}


class Submit(UserAction):
    """Submit a modal."""

    view_id: str
    state: dict[str, Any] = {}


class Close(UserAction):
    """Close a modal."""

    view_id: str


class Shortcut(UserAction):
    """Run a shortcut, on a message or not."""

    callback_id: str
    channel: str | None = None
    message_ts: str | None = None


class InChannel(UserAction):
    """Join a channel, or invite the bot to it."""

    channel: str


class NewChannel(UserAction):
    """Make a channel."""

    name: str
    is_private: bool = False
