"""Every way in which the model's service fails, as what to do and what to tell people.

The rows are the SDK's errors (anthropic 2.12): an error in the middle of a stream arrives with status 200 and is told
apart by its type only; a spend limit looks like a rate limit but no waiting helps.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from bot.domain.attempt import TranscriptHealth
from bot.services.designer import DesignFailed

if TYPE_CHECKING:
    from anthropic import APIStatusError

RETRYABLE_TYPES: Final = frozenset({"overloaded_error", "rate_limit_error", "api_error", "timeout_error"})
RETRYABLE_STATUS: Final = frozenset({408, 409, 429})
SPEND_LIMITS: Final = frozenset(
    {"enforced_spend_limit_reached", "contract_spend_limit_reached", "linked_organization_spend_limit_reached"}
)
_LOCKED_OUT: Final[Mapping[int, str]] = {
    401: "the key was not accepted",
    402: "the account cannot be billed",
    403: "the key may not do this",
    404: "the model or the address does not exist there",
}
_LOCKED_OUT_TYPES: Final[Mapping[str, int]] = {
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
}
_SERVER_ERROR = 500
_DAY_S = 86_400.0
_TOO_LARGE = 413
_BAD_REQUEST = 400
_GRAMMAR = re.compile(r"grammar is too large|schema is too complex|too many strict tools", re.IGNORECASE)
"""How the service words that strict schemas cannot be compiled; it has no type of its own for that."""

_REFUSALS: Final[Mapping[str, str]] = {
    "cyber": "it took it for something that could harm computer systems",
    "bio": "it took it for something that could do biological harm",
    "frontier_llm": "it took it for work on a competing model",
    "reasoning_extraction": "it took it for a request for its inner reasoning",
    "general_harms": "it took it for something harmful",
}


class Unusable(Exception):
    """What the model wrote cannot be used; `problems` say why, one by one, and go back to it."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


class Misconfigured(DesignFailed):
    """The model's key, account, name or address is wrong.

    Holds for every run alike, so that all of them stop instead of each finding out for itself. No run's record is to
    blame, so each can go on once it is mended.
    """

    message_template = "The model cannot be used: {reason}"

    def __init__(self, *, reason: str, record: TranscriptHealth = TranscriptHealth.SOUND) -> None:
        super().__init__(reason=reason, record=record)


class GrammarTooLarge(DesignFailed):
    """The service cannot compile the schemas of strict tools and of the answer's format into one grammar.

    A conversation that has not begun is begun without them; in the middle of one the tools cannot change.
    """

    message_template = "The model's service does not take the schemas of the tools: {reason}"

    def __init__(self, *, reason: str, record: TranscriptHealth = TranscriptHealth.SPOILED) -> None:
        super().__init__(reason=reason, record=record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Worth another try. `after` is the wait asked for, in seconds; `sent` whether it may have been billed.

    With `park` the next try is not made at once: it would take as long again.
    """

    words: str
    after: float | None = None
    sent: bool = False
    park: bool = False


class Cut(Exception):
    """The stream ended without a stop reason. The SDK does not raise on that."""


class TooSlow(Exception):
    """A whole call took longer than it may. No timeout of the connection sees that while something drips in."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"longer than {seconds:g} s")
        self.seconds = seconds


def verdict(error: Exception, now: datetime) -> Retry | DesignFailed:
    """Return what to do about an error of one call. Errors that are none of the service's are raised again."""
    import anthropic  # noqa: PLC0415 - takes seconds, and whoever has such an error has it loaded
    import httpx2  # noqa: PLC0415

    if isinstance(error, anthropic.APIStatusError):
        return _status(error, now)
    if isinstance(error, TooSlow):
        return Retry(words=f"the model took longer than {error.seconds:g} s for one answer", sent=True, park=True)
    if isinstance(error, Cut):
        return Retry(words="the model's answer ended early", sent=True)
    if isinstance(error, anthropic.APIConnectionError):
        unsent = isinstance(error.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout)
        return Retry(words="the model's service could not be reached", sent=not unsent)
    if isinstance(error, httpx2.TransportError):
        return Retry(words="the connection to the model was lost", sent=True)
    if isinstance(error, anthropic.APIError | ValueError):
        return Retry(words="the model's answer could not be read", sent=True)
    raise error


def _status(error: APIStatusError, now: datetime) -> Retry | DesignFailed:
    streaming = error.status_code < 400
    if error.error_code in SPEND_LIMITS:
        return DesignFailed(
            reason="The spend limit at the model's provider is reached. "
            "Ask the administrator of that account to raise it, then try again.",
            record=TranscriptHealth.SOUND,
        )
    locked = _LOCKED_OUT_TYPES.get(error.type or "", 0) if streaming else error.status_code
    if locked in _LOCKED_OUT:
        return Misconfigured(
            reason=f"The model is misconfigured: {_LOCKED_OUT[locked]} ({locked}{_request(error)}). "
            "Whoever runs this bot has to mend its settings; then try again."
        )
    if error.type in RETRYABLE_TYPES or error.status_code in RETRYABLE_STATUS or error.status_code >= _SERVER_ERROR:
        return Retry(words=_busy(error), after=retry_after(error.response.headers, now), sent=streaming)
    if error.status_code == _TOO_LARGE:
        return too_much(error.request_id)
    if error.status_code == _BAD_REQUEST and _GRAMMAR.search(error.message):
        return GrammarTooLarge(
            reason=f"it calls them too large to be compiled{_request(error)}. Try again: without them it is asked anew."
        )
    return DesignFailed(
        reason=f"The model's service refused the request as faulty ({_name(error)}{_request(error)}). "
        "This is a fault of the bot, not of your answers: give the request's id to whoever runs it.",
        record=TranscriptHealth.DOUBTFUL,
    )


def _busy(error: APIStatusError) -> str:
    if error.type == "overloaded_error":
        return "the model's service is overloaded"
    if error.type == "rate_limit_error":
        return "the model's rate limit is reached"
    return f"the model's service had an error ({_name(error)})"


def _name(error: APIStatusError) -> str:
    return error.type or str(error.status_code)


def _request(error: APIStatusError) -> str:
    return f", request {error.request_id}" if error.request_id else ""


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds to wait that the service asks for (RFC 9110, section 10.2.3), None if it does not say.

    Never more than a day: whatever is asked for, a run looks again the next day.
    """
    for name, scale in (("retry-after-ms", 1000), ("retry-after", 1)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            return _within_a_day(float(value) / scale)
        except ValueError:
            pass
        try:
            return _within_a_day((parsedate_to_datetime(value) - now) / timedelta(seconds=1))
        except (ValueError, TypeError, OverflowError):
            continue
    return None


def _within_a_day(seconds: float) -> float:
    return 0.0 if math.isnan(seconds) else min(max(0.0, seconds), _DAY_S)


def too_much(request_id: str | None = None) -> DesignFailed:
    """Return the failure of a conversation that does not fit the model's context."""
    where = f" (request {request_id})" if request_id else ""
    return DesignFailed(
        reason=f"Documents and conversation are more than the model can hold{where}. "
        "Split the task: give fewer or shorter documents, or narrow the goal, then try again."
    )


def too_long(room: int) -> DesignFailed:
    """Return the failure of an answer that does not fit the model's largest output."""
    return DesignFailed(
        reason=f"The design needs more room than the model's largest answer ({room:,} tokens). "
        "Split the task: narrow the goal of this iteration, then try again."
    )


def refused(details: Mapping[str, Any] | None) -> DesignFailed:
    """Return the failure of a call that the model declined (stop reason `refusal`)."""
    known = details or {}
    why = _REFUSALS.get(str(known.get("category")), "it gave no category")
    said = str(known.get("explanation") or "").strip()[:500]
    return DesignFailed(
        reason=f"The model declined to go on: {why}.{f' It says: “{said}”' if said else ''} "
        "Rephrase the answer or document that touches this, then try again."
    )
