"""What every payload for Slack must keep to, whatever people wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.devtools.local_slack.blockkit import check_blocks, check_view
from bot.domain.surface import Message
from handlers.views.fallback import TEXT_LIMIT
from handlers.views.text import size

_OURS = re.compile(r"<!date\^\d+\^\{date_short_pretty\} at \{time\}\|[\d :-]+ UTC>|<@U0[A-Z0-9]+>|<#C0[A-Z0-9]+>")
_MENTION = re.compile(r"<[!@#]")
_MARKUP = re.compile(r"[<>]")


def check_message(message: Message) -> None:
    """Fail unless Slack takes the message, its text can be updated, and nobody's words can mention anybody."""
    check_blocks(list(message.blocks))
    assert 0 < size(message.text) <= TEXT_LIMIT
    check_words([message.text, *message.blocks])


def check_modal(view: Mapping[str, Any]) -> None:
    """The same for a modal."""
    check_view(dict(view), surface="modal")
    check_words(view)


def check_words(payload: object) -> None:
    """Fail if a string of `payload` could fire a mention or hide a link that the views did not write.

    In markup there is no angle bracket but those of the views; in places without markup no mention's opening stands.
    """
    for words, is_markup in strings(payload):
        words.encode()
        found = (_MARKUP if is_markup else _MENTION).search(_OURS.sub("", words) if is_markup else words)
        assert found is None, f"{words[:200]!r} has {found}"
    json.dumps(payload, allow_nan=False)


def strings(value: object, is_markup: bool = True) -> Iterator[tuple[str, bool]]:
    """Every string in a payload and whether it is markup; not what a field starts with, which is never parsed."""
    if isinstance(value, str):
        yield value, is_markup
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key != "initial_value":
                yield from strings(item, value.get("type") == "mrkdwn")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item, is_markup)
