"""What a refused call means for the next try."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers.sync.refusals import Refusal, classify

LOST = (TimeoutError, aiohttp.ClientError, ConnectionError)
"""How a call ends that got no answer: it may have taken effect, or still do so."""

QUICK = timedelta(seconds=2)


def pause(error: SlackApiError, slow_s: float) -> timedelta:
    """How long to wait before the surface is looked at again."""
    match classify(error):
        case Refusal.RATE:
            return timedelta(seconds=retry_after(error))
        case Refusal.PASSING:
            return QUICK
        case Refusal.PLACE | Refusal.STEP:
            return timedelta(seconds=slow_s)


def method_of(error: SlackApiError) -> str:
    """Return the name of the method that was refused."""
    return str(error.response.api_url).rsplit("/", 1)[-1]


def detail(error: SlackApiError) -> Any:
    """What Slack says of the cause beside its word."""
    return (error.response.get("response_metadata") or {}).get("messages")


def retry_after(error: SlackApiError) -> float:
    """Return the seconds that Slack asks to wait."""
    return float(error.response.headers.get("Retry-After", 1))
