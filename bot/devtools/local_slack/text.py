"""Slack's treatment of text: escaping, tokens, and the rich text block that comes with what people type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.devtools.local_slack.records import Json

_TOKEN = re.compile(r"<(?:@[UW][A-Z0-9]+|#[CG][A-Z0-9]+)(?:\|[^<>]*)?>")
_LINK = re.compile(r"https?://[^\s<>|]+")
_PIECE = re.compile(r"<@(?P<user>[UW][A-Z0-9]+)[^>]*>|<#(?P<channel>[CG][A-Z0-9]+)[^>]*>|<(?P<link>https?://[^>]+)>")
_BROADCAST = re.compile(r"<!(channel|here|everyone)(?:\|[^>]*)?>")


def escape(text: str) -> str:
    """Escape `& < >`, as Slack's servers do."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed(text: str) -> str:
    """Give what Slack stores for what a person typed: mentions stay tokens, addresses become `<links>`."""
    pieces: list[str] = []
    end = 0
    for token in _TOKEN.finditer(text):
        pieces += [_plain(text[end : token.start()]), token.group()]
        end = token.end()
    return "".join([*pieces, _plain(text[end:])])


def rich_text(stored: str, block_id: str) -> Json:
    """Give the rich text block that Slack attaches to a person's message."""
    return {
        "type": "rich_text",
        "block_id": block_id,
        "elements": [{"type": "rich_text_section", "elements": list(_inline(stored))}],
    }


def mentions(stored: str, user_id: str) -> bool:
    """Tell whether a stored text mentions a user."""
    return f"<@{user_id}>" in stored or f"<@{user_id}|" in stored


def broadcasts(message: Json) -> list[str]:
    """List which of channel, here and everyone a message of the app would notify, in its text or its blocks."""
    return [*_BROADCAST.findall(message.get("text", "")), *_in_blocks(message.get("blocks", []))]


def _plain(text: str) -> str:
    return _LINK.sub(lambda link: f"<{link.group()}>", escape(text))


def _inline(stored: str) -> Iterator[Json]:
    end = 0
    for piece in _PIECE.finditer(stored):
        if piece.start() > end:
            yield {"type": "text", "text": unescape(stored[end : piece.start()])}
        if user := piece["user"]:
            yield {"type": "user", "user_id": user}
        elif channel := piece["channel"]:
            yield {"type": "channel", "channel_id": channel}
        else:
            yield {"type": "link", "url": unescape(piece["link"])}
        end = piece.end()
    if end < len(stored):
        yield {"type": "text", "text": unescape(stored[end:])}


def _in_blocks(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("type") == "broadcast":
            yield str(part["range"])
        if part.get("type") in ("mrkdwn", "markdown"):
            yield from _BROADCAST.findall(part.get("text", ""))
        for value in part.values():
            yield from _in_blocks(value)
    elif isinstance(part, list):
        for value in part:
            yield from _in_blocks(value)
