"""Looking in Slack for what an uncertain send may have left there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.surface import Posted

Json = Mapping[str, Any]
EVENT_TYPE = "eipas_message"
_LOOKBACK, _IN_THREAD = timedelta(minutes=2), timedelta(minutes=20)
"""How far before the "sending" row a lost message is searched: clocks of Slack and ours may differ. A thread has few
messages in so long, a channel many."""


async def message_with(
    client: AsyncWebClient, posted: Posted, thread_ts: str | None, payload: Mapping[str, str]
) -> str | None:
    """Return the ts of the message that carries our key; None if none does."""
    return await _find(client, posted, thread_ts, lambda message: _carries(message, payload))


async def message_showing(
    client: AsyncWebClient, posted: Posted, thread_ts: str | None, *, alone: bool = False
) -> str | None:
    """Return the ts of the message that shows a file, with `alone` only if it shows no other; None if none does."""

    def is_it(message: Json) -> bool:
        shown = _shown(message)
        return posted.file_id in shown and (len(shown) == 1 or not alone)

    return await _find(client, posted, thread_ts, is_it)


async def is_shared(client: AsyncWebClient, posted: Posted) -> bool:
    """Return whether Slack says of a file that it was shown where it should be."""
    try:
        info = await client.files_info(file=posted.file_id or "")
    except SlackApiError as error:
        if error.response.get("error") == "file_not_found":
            return False
        raise
    shares = (info["file"].get("shares") or {}) if info.get("file") else {}
    return any(posted.channel in places for places in shares.values())


async def _find(
    client: AsyncWebClient, posted: Posted, thread_ts: str | None, is_it: Callable[[Json], bool]
) -> str | None:
    cursor: str | None = None
    # A thread may have hundreds of messages, and an app that is distributed may read fifteen of them a minute.
    sent = posted.updated_at if posted.state == "sending" or thread_ts is None else None
    back = _LOOKBACK if thread_ts is None else _IN_THREAD
    oldest = f"{(sent - back).timestamp() if sent else 0:.6f}"
    while True:
        if thread_ts is not None:
            page = await client.conversations_replies(
                channel=posted.channel, ts=thread_ts, oldest=oldest, include_all_metadata=True, limit=200,
                cursor=cursor,
            )  # fmt: skip
        else:
            page = await client.conversations_history(
                channel=posted.channel, oldest=oldest, include_all_metadata=True, limit=200, cursor=cursor
            )
        if (found := next((m for m in page["messages"] if is_it(m)), None)) is not None:
            return str(found["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return None


def _carries(message: Json, payload: Mapping[str, str]) -> bool:
    metadata = message.get("metadata") or {}
    return metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload") == payload


def _shown(message: Json) -> list[Any]:
    """Return the ids of the files that a message shows; a deleted one stands there as a tombstone."""
    return [file.get("id") for file in message.get("files") or () if file.get("mode") != "tombstone"]
