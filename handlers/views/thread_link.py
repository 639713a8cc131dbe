"""The way to an evaluation's thread, as a button and in a line of markup."""

from __future__ import annotations

import re

from handlers.ids import ActionId, Ref
from handlers.views.blocks import Block, button

_LINK = re.compile(r"https?://[^\s<>|]{1,2900}")


def to_thread(evaluation_id: str, link: str | None) -> Block | None:
    """Return the button that leads there; None without an address, or with one that is not of the web."""
    if link is None or not _LINK.fullmatch(link):
        return None
    return button("Open the thread", ActionId.OPEN_THREAD, Ref(evaluation_id), url=link)


def linked(words: str, link: str | None) -> str:
    """Return markup that leads there; the words alone without an address, or with one that is not of the web."""
    return words if link is None or not _LINK.fullmatch(link) else f"<{link}|{words}>"
