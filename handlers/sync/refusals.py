"""What Slack refused, by class, and until when it is left alone: nobody's writing makes it be tried sooner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

from slack_sdk.errors import SlackApiError

from bot.domain.surface import Desired, FilePost, SurfaceId
from handlers.transport.web import NO_ANSWER

PLACES: Final = frozenset(
    {
        "account_inactive", "channel_not_found", "invalid_auth", "is_archived", "not_in_channel", "restricted_action",
        "token_revoked",
    }
)  # fmt: skip
"""Slack's words for what stops everything in a place until people mend it."""

FILES: Final = frozenset({"file_uploads_disabled", "storage_limit_reached"})
"""Slack's words for a workspace that takes no file at all."""

PASSING: Final = frozenset(
    {
        "accesslimited", "fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org",
        NO_ANSWER,
    }
)  # fmt: skip
"""Refusals that end by themselves."""

OTHER: Final = "message_refused"
"""The problem of a surface one of whose messages Slack refuses, for a reason that people there cannot mend."""

_KEPT = 10_000


class Refusal(StrEnum):
    """RATE: too fast. PASSING: ends by itself. PLACE: nothing can be done there. STEP: this one message or file."""

    RATE = "rate"
    PASSING = "passing"
    PLACE = "place"
    STEP = "step"


def classify(error: SlackApiError) -> Refusal:
    """Return what a refusal means for the next try."""
    response: Any = error.response
    word = str(response.get("error"))
    if word == "ratelimited" or getattr(response, "status_code", 200) == HTTPStatus.TOO_MANY_REQUESTS:
        return Refusal.RATE
    if word in PLACES:
        return Refusal.PLACE
    if word in PASSING or getattr(response, "status_code", 200) != HTTPStatus.OK:
        return Refusal.PASSING
    return Refusal.STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff:
    """A step that Slack refused for good: its word, and when it is tried once more, since people may have mended it."""

    word: str
    digest: str
    until: datetime

    @property
    def problem(self) -> str:
        """What the surface's problem is called."""
        return self.word if self.word in FILES else OTHER


class Refusals:
    """Remembered by this process only: one more try after a start costs one call."""

    def __init__(self, slow_s: float) -> None:
        self._slow = timedelta(seconds=slow_s)
        self._of: dict[tuple[str, str, str], PutOff] = {}

    def note(self, surface: SurfaceId, item: Desired, error: SlackApiError) -> PutOff:
        """Remember that Slack refused this for good."""
        word = str(error.response.get("error"))
        put_off = PutOff(word=word, digest=item.digest, until=datetime.now(UTC) + self._slow)
        if len(self._of) >= _KEPT:
            self._of.clear()
        if word in FILES:
            self._of[surface.team, "", ""] = replace(put_off, digest="")
        else:
            self._of[_key(surface, item)] = put_off
        return put_off

    def of(self, surface: SurfaceId, item: Desired) -> PutOff | None:
        """Return why a step is to be left alone for now; None for what may be tried, as whatever has changed."""
        found = self._of.get(_key(surface, item))
        if found is not None and found.digest != item.digest:
            found = None
        if found is None and isinstance(item, FilePost):
            found = self._of.get((surface.team, "", ""))
        return found if found is not None and found.until > datetime.now(UTC) else None


def _key(surface: SurfaceId, item: Desired) -> tuple[str, str, str]:
    return surface.team, f"{surface.kind.value} {surface.owner}", item.key
