"""Things that Slack hands out for a short time: triggers and response URLs."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, replace

from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.timing import Timing

RESPONSE_URL_USES = 5
REMEMBERED_TICKETS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """The right to open one modal, of the person who acted; `view_id` is the modal that they acted in."""

    user: str
    view_id: str | None
    born: float
    used: bool = False


class Triggers:
    """All triggers handed out."""

    def __init__(self, timing: Timing) -> None:
        self.timing = timing
        self._known: dict[str, Trigger] = {}

    def issue(self, user: str, view_id: str | None = None) -> str:
        """Hand out a trigger."""
        _forget_old(self._known, self.timing.trigger)
        name = f"{time.time_ns() // 1_000_000}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self._known[name] = Trigger(user=user, view_id=view_id, born=time.monotonic())
        return name

    def exchange(self, trigger_id: str | None) -> Trigger:
        """Use a trigger.

        Raises:
            SlackRefusal: `invalid_trigger_id`; `exchanged_trigger_id` (second use); `expired_trigger_id` (after 3 s).
        """
        found = self._known.get(trigger_id or "")
        if trigger_id is None or found is None:
            raise SlackRefusal("invalid_trigger_id")
        if found.used:
            raise SlackRefusal("exchanged_trigger_id")
        if time.monotonic() - found.born > self.timing.trigger:
            raise SlackRefusal("expired_trigger_id")
        self._known[trigger_id] = replace(found, used=True)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseUrl:
    """Where an app may answer an interaction: the person, the channel and the message that was acted on."""

    user: str
    channel: str
    message_ts: str | None
    thread_ts: str | None
    born: float
    uses: int = 0


class ResponseUrls:
    """All response URLs handed out."""

    def __init__(self, timing: Timing) -> None:
        self.timing = timing
        self._known: dict[str, ResponseUrl] = {}

    def issue(self, *, user: str, channel: str, message_ts: str | None = None, thread_ts: str | None = None) -> str:
        """Hand out a URL; the answer is its last part."""
        _forget_old(self._known, self.timing.response_url)
        token = secrets.token_hex(12)
        self._known[token] = ResponseUrl(
            user=user, channel=channel, message_ts=message_ts, thread_ts=thread_ts, born=time.monotonic()
        )
        return token

    def use(self, token: str) -> ResponseUrl:
        """Use a URL once: five times within 30 minutes.

        Raises:
            SlackRefusal: `expired_url` or `used_url`.
        """
        found = self._known.get(token)
        if found is None or time.monotonic() - found.born > self.timing.response_url:
            raise SlackRefusal("expired_url")
        if found.uses >= RESPONSE_URL_USES:
            raise SlackRefusal("used_url")
        self._known[token] = replace(found, uses=found.uses + 1)
        return found


def _forget_old(known: dict[str, Trigger] | dict[str, ResponseUrl], lifetime: float) -> None:
    """Forget what expired long ago, oldest first, once there is much of it."""
    limit = time.monotonic() - 10 * lifetime
    while len(known) > REMEMBERED_TICKETS and (oldest := next(iter(known))) and known[oldest].born < limit:
        del known[oldest]
