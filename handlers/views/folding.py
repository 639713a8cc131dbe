"""Parts that are there for whoever wants them: a collapsed container, or the same plain where a workspace has none.

docs.slack.dev/reference/block-kit/blocks/container-block
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from handlers.views.blocks import MESSAGE_BLOCKS, Block, bounded, plain_text, section
from handlers.views.text import escape

HELD: Final = 10
"""Blocks that a container holds."""
TITLE: Final = 150
CONTAINER: Final = "container"


def fold(title: str, blocks: Sequence[Block]) -> list[Block]:
    """Return blocks behind a title on which one presses to read them; nothing for none.

    Where there are more than a container holds there is one for each ten.
    """
    parts = [list(blocks[at : at + HELD]) for at in range(0, len(blocks), HELD)]
    return [_container(_numbered(title, number, len(parts)), part) for number, part in enumerate(parts, 1)]


def holds_fold(blocks: Sequence[Mapping[str, Any]]) -> bool:
    """Whether any block is one that not every workspace takes yet."""
    return any(block["type"] == CONTAINER for block in blocks)


def unfolded(blocks: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    """Return the same as plain blocks: a container's title as a line, and what it holds below it."""
    return bounded([plain for block in blocks for plain in _plain(block)], MESSAGE_BLOCKS)


def _plain(block: Mapping[str, Any]) -> Iterator[Block]:
    if block["type"] != CONTAINER:
        yield dict(block)
        return
    yield section(f"*{escape(str(block['title']['text']))}*")
    yield from block["child_blocks"]


def _container(title: str, blocks: list[Block]) -> Block:
    return {
        "type": CONTAINER,
        "title": plain_text(title, TITLE),
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": blocks,
    }


def _numbered(title: str, number: int, count: int) -> str:
    return title if count == 1 else f"{title} ({number} of {count})"
