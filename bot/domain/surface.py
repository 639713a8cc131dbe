"""What should stand in Slack, and what does: the values between the views and the reconciler."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

_UNSURE = "unsure until "


INTERRUPTED = "interrupted"
"""The problem of a Home tab whose machine was gone in the middle: nobody knows what it had sent."""


def unsure(until: datetime) -> str:
    """Return the `digest` of a message with an update on the way that may arrive until then, also after newer ones."""
    return f"{_UNSURE}{until.isoformat()}"


class SurfaceKind(StrEnum):
    """The three places the bot keeps in step with its state."""

    THREAD = "thread"
    STAKEHOLDERS = "stakeholders"
    HOME = "home"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceId:
    """A place: `owner` is an evaluation's id, or for a Home tab a user's."""

    kind: SurfaceKind
    team: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Dirty while `synced` < `wanted`.

    `problem` says why it could not be brought up to date; `retry_at` when to try again.
    """

    id: SurfaceId
    wanted: int
    synced: int
    problem: str = ""
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A desired message. `text` carries the whole meaning (screen readers and notifications read it).

    `status` is what the bot says in the thread's own line while this message is about something that goes on.
    `incomplete_since` is when something began to be read that it is to tell: its first post can wait a moment for that.
    """

    key: str
    text: str
    blocks: Sequence[Mapping[str, Any]] = field(hash=False)
    volatile: bool = False
    broadcast: bool = False
    status: str = ""
    incomplete_since: datetime | None = None

    @property
    def digest(self) -> str:
        """What decides whether a posted message differs."""
        return hashlib.sha256(json.dumps([self.text, list(self.blocks)], sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePost:
    """A desired file in the thread; `sha256` names the bytes."""

    key: str
    name: str
    title: str
    sha256: str
    comment: str = ""

    @property
    def digest(self) -> str:
        """A file is posted once per content and name."""
        return hashlib.sha256(f"{self.name}\n{self.sha256}".encode()).hexdigest()


Desired = Message | FilePost


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What is known to stand in Slack under a key.

    `state` is "sending" from before the call until its answer: after a crash such a row must be looked up by its key.
    "refused" certainly had no effect; "surplus" stands a second time, under a key of its own, and is to be taken back.
    `digest` is of what stands. After an update that got no answer it says until when that may still arrive.
    """

    surface: SurfaceId
    key: str
    kind: Literal["message", "file"]
    state: Literal["sending", "refused", "posted", "gone", "surplus"]
    channel: str
    digest: str
    ts: str | None = None
    file_id: str | None = None
    updated_at: datetime | None = None

    def unsure(self, until: datetime) -> Posted:
        """Return it with an update on the way that may arrive until then, also after newer ones."""
        return replace(self, digest=unsure(until))

    @property
    def unsure_until(self) -> datetime | None:
        """Until when an update may still arrive whose answer was lost."""
        return datetime.fromisoformat(self.digest.removeprefix(_UNSURE)) if self.digest.startswith(_UNSURE) else None
