"""Who people are and which channels they read: the port, and what is assumed where nobody can be asked."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Standing(StrEnum):
    """What a person is in a workspace. `UNKNOWN` means that the directory could not be asked."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    ABSENT = "absent"
    UNKNOWN = "unknown"


OUTSIDE = frozenset({Standing.GUEST, Standing.STRANGER})
"""Who takes part only where an evaluation lets guests in."""

NOBODY = frozenset({Standing.BOT, Standing.DEACTIVATED, Standing.ABSENT})
"""Who cannot press a button, and so decides nothing."""


class Posting(StrEnum):
    """Whether the bot can open a thread in a channel. `UNKNOWN` means that the directory could not be asked."""

    POSSIBLE = "possible"
    NO_THREADS = "no_threads"
    NO_MEMBER = "no_member"
    UNKNOWN = "unknown"


class Directory(Protocol):
    """The workspace's own list of people and of channel members."""

    async def standing(self, team: str, user: str) -> Standing:
        """Return what a person is; never raises."""
        ...

    async def name(self, team: str, user: str) -> str:
        """Return what a person is called, their id where nobody can tell."""
        ...

    async def channel(self, team: str, channel: str) -> str:
        """Return what a channel is called, its id where nobody can tell."""
        ...

    async def reads(self, team: str, channel: str, user: str) -> bool:
        """Return whether a person may read a channel; False where nobody can tell."""
        ...

    async def posting(self, team: str, channel: str) -> Posting:
        """Return whether the bot can open a thread in a channel, as of now; never raises."""
        ...


class NoDirectory:
    """Nobody can be asked: nobody reads a channel, and what people are stays open."""

    async def standing(self, team: str, user: str) -> Standing:
        """Return UNKNOWN."""
        return Standing.UNKNOWN

    async def name(self, team: str, user: str) -> str:
        """Return the id."""
        return user

    async def channel(self, team: str, channel: str) -> str:
        """Return the id."""
        return channel

    async def reads(self, team: str, channel: str, user: str) -> bool:
        """Return False."""
        return False

    async def posting(self, team: str, channel: str) -> Posting:
        """Return UNKNOWN."""
        return Posting.UNKNOWN
