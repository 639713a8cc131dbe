"""What a workspace holds, as frozen values; messages and views stay Slack's own JSON objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The workspace, the app in it and the app's credentials."""

    team_id: str = "T0LOCAL001"
    team_name: str = "Local workspace"
    app_id: str = "A0EIPAS001"
    bot_user: str = "U0EIPASBOT"
    bot_id: str = "B0EIPASBOT"
    bot_name: str = "EIPAS"
    bot_token: str
    app_token: str
    signing_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of the workspace, or the bot."""

    id: str
    name: str
    real_name: str
    title: str = ""
    color: str = "4a5568"
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    team: str = ""
    """Another company's workspace, for a person who is here by Slack Connect."""

    @property
    def initials(self) -> str:
        """The first letters of the first two names."""
        return "".join(part[0] for part in self.real_name.split()[:2]).upper()

    def card(self) -> Json:
        """Give the person as the page shows them."""
        return {**asdict(self), "initials": self.initials}

    def profile(self, team_id: str) -> Json:
        """Give the user object of `users.info`."""
        names = {"real_name": self.real_name, "display_name": self.name, "title": self.title}
        return {
            "id": self.id,
            "team_id": self.team or team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deleted,
            "color": self.color,
            "tz": "Europe/London",
            "tz_offset": 0,
            "is_bot": self.is_bot,
            "is_admin": False,
            "is_restricted": self.is_restricted or self.is_ultra_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_stranger": self.is_stranger,
            "profile": {**names, "real_name_normalized": self.real_name, "email": f"{self.name}@example.com"},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A conversation: public or private channel, or the direct messages of one person with the bot."""

    id: str
    name: str
    topic: str = ""
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    created: int = 0
    creator: str = ""
    members: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Slack's `channel_type` in message events."""
        if self.is_im:
            return "im"
        return "group" if self.is_private else "channel"

    def visible_to(self, user: str) -> bool:
        """Tell whether somebody may read it: public channels are open to all but guests, see `Workspace`."""
        return user in self.members or not (self.is_private or self.is_im)

    def info(self, *, bot: str) -> Json:
        """Give the channel object of `conversations.info`, as the bot sees it."""
        if self.is_im:
            other = next(user for user in self.members if user != bot)
            return {"id": self.id, "created": self.created, "is_im": True, "user": other, "is_archived": False}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_archived": self.is_archived,
            "is_general": self.name == "general",
            "is_member": bot in self.members,
            "created": self.created,
            "creator": self.creator,
            "topic": {"value": self.topic, "creator": self.creator, "last_set": self.created},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """An uploaded file.

    `shares` maps a channel to the message that shows it; `expected` is the length announced while bytes are missing.
    `mode` is "snippet" for text that was pasted into a file of Slack's own.
    """

    id: str
    name: str
    title: str
    mimetype: str
    filetype: str
    user: str
    created: int
    content: bytes
    shares: Mapping[str, str] = field(default_factory=dict)
    expected: int | None = None
    mode: str = "hosted"

    def titled(self, title: str) -> StoredFile:
        """Give the same file under a title."""
        return replace(self, title=title)

    def filled(self, content: bytes) -> StoredFile:
        """Give the file with its bytes."""
        return replace(self, content=content, expected=None)

    @property
    def preview(self) -> str | None:
        """The first 4,000 characters of a text file."""
        if not self.mimetype.startswith("text/") and self.filetype not in {"json", "yaml", "sql"}:
            return None
        return self.content[:16_000].decode("utf-8", errors="replace")[:4000]

    def info(self, base_url: str) -> Json:
        """Give the file object of messages and `files.info`."""
        link = f"{base_url}/files/{self.id}/{self.name}"
        about = {"id": self.id, "created": self.created, "timestamp": self.created, "user": self.user}
        described: Json = {
            **about,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "filetype": self.filetype,
            "pretty_type": self.filetype.upper(),
            "size": len(self.content),
            "mode": self.mode,
            "is_external": False,
            "is_public": bool(self.shares),
            "url_private": link,
            "url_private_download": link,
            "permalink": link,
        }
        return described if self.preview is None else {**described, "preview": self.preview}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldView:
    """A view that one person has open: Slack's own view object."""

    user: str
    view: Json

    @property
    def is_modal(self) -> bool:
        """Tell a modal from a Home tab."""
        return bool(self.view["type"] == "modal")
