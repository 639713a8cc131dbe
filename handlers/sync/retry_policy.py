"""What a refused call means for the next try."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers.sync.pacing import Pacer

PERMANENT = {
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "account_inactive",
    "token_revoked",
    "invalid_auth",
    "restricted_action",
}
"""Slack's words for what only people can mend; tried again slowly, since they may have mended it."""

LOST = (TimeoutError, aiohttp.ClientError, ConnectionError)
"""How a call ends that got no answer: it may have taken effect, or still do so."""

QUICK = timedelta(seconds=2)


def pause(error: SlackApiError, slow_s: float) -> timedelta:
    """How long to wait before the surface is looked at again."""
    word = str(error.response.get("error"))
    if word == "ratelimited":
        return timedelta(seconds=_retry_after(error))
    return timedelta(seconds=slow_s) if word in PERMANENT else QUICK


def remember(error: SlackApiError, pacer: Pacer) -> None:
    """Keep Slack's Retry-After for this method and channel, so that nothing else runs into it."""
    method = str(error.response.api_url).rsplit("/", 1)[-1]
    sent = error.response.req_args.get("data") or error.response.req_args.get("json") or {}
    channel = str(sent.get("channel") or sent.get("channel_id") or "")
    pacer.hold(method, channel, _retry_after(error))


def detail(error: SlackApiError) -> Any:
    """What Slack says of the cause beside its word."""
    return (error.response.get("response_metadata") or {}).get("messages")


def _retry_after(error: SlackApiError) -> float:
    return float(error.response.headers.get("Retry-After", 1))
