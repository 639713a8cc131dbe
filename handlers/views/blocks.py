"""Builders of Block Kit, which hold every limit of Slack by construction.

Limits: https://docs.slack.dev/reference/block-kit/blocks and /block-elements. Markup given to a builder has people's
words escaped already (see `handlers.views.text`); plain text is given as it is.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, Final, Literal

from bot.domain.surface import Message
from handlers.ids import ActionId, Ref, qualified
from handlers.views.fallback import text_of
from handlers.views.text import clip_plain, fit, one_line, plain

Block = dict[str, Any]
Style = Literal["primary", "danger"]

EMPTY: Final = "–"
"""Slack refuses empty text."""

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
TEXT: Final = 3000
FIELD: Final = 2000
FIELDS: Final = 10
HEADER: Final = 150
CONTEXT: Final = 10
ACTIONS: Final = 25
BUTTON: Final = 75
TABLE_ROWS: Final = 100
CELL: Final = 600
TABLE_CHARACTERS: Final = 9000
PLAN_TASKS: Final = 50
PLAN_TITLE: Final = 150
QUOTE: Final = 3000
MESSAGE_BYTES: Final = 8900
"""Slack refuses a message's blocks from about 10.6 to 13.2 kB on (bolt-js 2509, 2867); UTF-8 of their JSON."""
_SHARES: Final = tuple(0.75**step for step in range(15))
"""Shares of a block that are tried to make room, down to a fiftieth."""
_LABEL: Final = 80
_MORE: Final = re.compile(r"…and ([\d,]+) more")
CONFIRM_TITLE: Final = 100
CONFIRM_TEXT: Final = 300
CONFIRM_BUTTON: Final = 30


def mrkdwn(markup: str, limit: int = TEXT) -> Block:
    """Return a text object. `verbatim`, so that Slack looks for no mentions or links in what people wrote."""
    return {"type": "mrkdwn", "text": fit(markup, limit) if markup.strip() else EMPTY, "verbatim": True}


def plain_text(text: str, limit: int) -> Block:
    """Return a text object without markup."""
    return {"type": "plain_text", "text": clip_plain(text, limit).strip() or EMPTY, "emoji": True}


def header(text: str) -> Block:
    """Return a headline of one line."""
    return {"type": "header", "text": plain_text(one_line(text), HEADER)}


def section(markup: str, *, accessory: Block | None = None) -> Block:
    """Return a paragraph of markup."""
    return {"type": "section", "text": mrkdwn(markup)} | ({"accessory": accessory} if accessory else {})


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Name and value side by side, at most ten; both are markup."""
    return {"type": "section", "fields": [mrkdwn(f"*{name}*\n{value}", FIELD) for name, value in pairs[:FIELDS]]}


def context(*markup: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn(text) for text in markup[:CONTEXT]]}


def divider() -> Block:
    """Return a line."""
    return {"type": "divider"}


def quote(text: str, limit: int = QUOTE) -> Block:
    """People's own words, whole and unparsed: rich text has no markup in it."""
    element = {"type": "text", "text": clip_plain(text, limit).strip() or EMPTY}
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [element]}]}


def actions(*elements: Block | None) -> Block:
    """Return a row of buttons; None are left out."""
    return {"type": "actions", "elements": [element for element in elements if element][:ACTIONS]}


def button(
    label: str,
    action: ActionId,
    ref: Ref | None = None,
    *,
    style: Style | None = None,
    confirm: Block | None = None,
    url: str = "",
) -> Block:
    """Return a button. Its action id is qualified by the ref's choice, so that two of a kind can stand in one row."""
    action_id = qualified(action, ref.choice) if ref and ref.choice else str(action)
    element: Block = {"type": "button", "text": plain_text(one_line(label), BUTTON), "action_id": action_id}
    element |= {"value": ref.pack()} if ref else {}
    element |= {"style": style} if style else {}
    element |= {"confirm": confirm} if confirm else {}
    return element | ({"url": url} if url else {})


def confirm(title: str, text: str, yes: str, no: str = "Back", *, style: Style | None = None) -> Block:
    """Return the dialog before an action that cannot be taken back."""
    dialog: Block = {
        "title": plain_text(one_line(title), CONFIRM_TITLE),
        "text": plain_text(text, CONFIRM_TEXT),
        "confirm": plain_text(yes, CONFIRM_BUTTON),
        "deny": plain_text(no, CONFIRM_BUTTON),
    }
    return dialog | ({"style": style} if style else {})


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, limit: int = TABLE_ROWS - 1) -> Block:
    """Return a table of plain cells under headings; rows beyond `limit` or too many characters become a count."""
    shown: list[list[Block]] = [[_cell(text) for text in head]]
    room = TABLE_CHARACTERS
    for row in rows[: min(limit, TABLE_ROWS - 2)]:
        cells = [_cell(text) for text in row]
        room -= sum(len(cell["text"]) for cell in cells)
        if room < 0:
            break
        shown.append(cells)
    if hidden := len(rows) - len(shown) + 1:
        shown.append([_cell(f"…and {hidden:,} more"), *(_cell("") for _ in head[1:])])
    return {"type": "table", "column_settings": [{"is_wrapped": True} for _ in head], "rows": shown}


def _cell(text: str) -> Block:
    return {"type": "raw_text", "text": clip_plain(one_line(text), CELL).strip() or EMPTY}


def task(key: str, title: str, status: str, detail: str = "") -> Block:
    """One line of a plan; `status` is pending, in_progress, complete or error."""
    card: Block = {
        "type": "task_card",
        "task_id": plain(key),
        "title": clip_plain(one_line(title), PLAN_TITLE).strip() or EMPTY,
        "status": status,
    }
    if not (words := clip_plain(detail, FIELD).strip()):
        return card
    element = {"type": "text", "text": words}
    return card | {"details": {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}}


def plan(title: str, tasks: Sequence[Block]) -> Block:
    """Return a list of tasks; of more than Slack shows, the newest."""
    return {"type": "plan", "title": clip_plain(one_line(title), PLAN_TITLE), "tasks": list(tasks[-PLAN_TASKS:])}


def bounded(blocks: Sequence[Block], limit: int = MESSAGE_BLOCKS) -> tuple[Block, ...]:
    """At most `limit` blocks: what is cut is counted, and a last row of buttons stays."""
    if len(blocks) <= limit:
        return tuple(blocks)
    tail = tuple(blocks[-1:]) if blocks[-1]["type"] == "actions" else ()
    kept = limit - 1 - len(tail)
    return (*blocks[:kept], context(f"_…{len(blocks) - kept - len(tail):,} more parts are not shown._"), *tail)


def sized(blocks: Sequence[Block], limit: int = MESSAGE_BYTES) -> tuple[Block, ...]:
    """Return the blocks in at most `limit` bytes, at most as many as Slack shows.

    The largest are shortened first; where even that does not make room the last ones are left out.
    """
    least = [_bytes(_shortened(block, _SHARES[-1])) for block in blocks[:MESSAGE_BLOCKS]]
    for most in range(min(len(blocks), MESSAGE_BLOCKS), 1, -1):
        # All of these are kept, beside the words about the others and the last row: more is not worth trying.
        if sum(least[: most - 2]) <= limit and (made := _shrunk(bounded(blocks, most), limit)) is not None:
            return made
    kept = tuple(blocks[:1])
    return _shrunk(kept, limit) or kept


def _shrunk(blocks: Sequence[Block], limit: int) -> tuple[Block, ...] | None:
    """Return the blocks in at most `limit` bytes, the largest shortened; None where they do not become short enough."""
    kept = list(blocks)
    sizes = [_bytes(block) for block in blocks]
    level = _level(sizes, limit)
    steps = [_step_before(level, size) for size in sizes]
    for place, step in enumerate(steps):
        if step:
            kept[place] = _shortened(blocks[place], _SHARES[step])
            sizes[place] = _bytes(kept[place])
    while sum(sizes) > limit:
        place = max(range(len(kept)), key=lambda n: sizes[n] if steps[n] < len(_SHARES) - 1 else 0)
        if steps[place] == len(_SHARES) - 1:
            return None
        steps[place] += 1
        kept[place] = _shortened(blocks[place], _SHARES[steps[place]])
        sizes[place] = _bytes(kept[place])
    return tuple(kept)


def _step_before(level: int, size: int) -> int:
    """Return the last of the shares that leaves a block of this size at the level or above it."""
    return next((step for step, share in enumerate(_SHARES[1:]) if share * size < level), len(_SHARES) - 1)


def _level(sizes: Sequence[int], limit: int) -> int:
    """Return the size to which all larger ones would have to be cut for their sum to be at most `limit`."""
    if sum(sizes) <= limit:
        return limit + 1
    return bisect_right(range(limit), limit, key=lambda level: sum(min(size, level) for size in sizes)) - 1


def _bytes(block: Block) -> int:
    return len(json.dumps(block, ensure_ascii=False).encode("utf-8", "replace")) + len(", ")


def _shortened(block: Block, share: float) -> Block:
    """Return a block with this share of its rows, tasks or words."""
    if block["type"] == "table":
        head, *rows = block["rows"]
        counted = _MORE.fullmatch(rows[-1][0]["text"]) if rows else None
        hidden = int(counted[1].replace(",", "")) - 1 if counted else 0
        fewer = rows[: int(len(rows) * share)]
        more = [_cell(f"…and {len(rows) - len(fewer) + hidden:,} more"), *(_cell("") for _ in head[1:])]
        return {**block, "rows": [head, *fewer, more]}
    if block["type"] == "container":
        return {**block, "child_blocks": [_shortened(child, share) for child in block["child_blocks"]]}
    if block["type"] == "plan":
        return {**block, "tasks": block["tasks"][-max(1, int(len(block["tasks"]) * share)) :]}
    shorter: Block = _with_less(block, share)
    return shorter


def _with_less(part: Any, share: float) -> Any:
    """Return part of a block with its texts cut; labels and other short ones stay whole."""
    if isinstance(part, list):
        return [_with_less(item, share) for item in part]
    if not isinstance(part, dict):
        return part
    less = {key: _with_less(value, share) for key, value in part.items()}
    if isinstance(text := part.get("text"), str):
        cut = fit if part.get("type") == "mrkdwn" else clip_plain
        less["text"] = cut(text, max(_LABEL, int(len(text) * share)))
    return less


def message(key: str, blocks: Sequence[Block], *, volatile: bool = False, broadcast: bool = False) -> Message:
    """Return a desired message; its `text` says in words all that its blocks say."""
    kept = sized(blocks)
    return Message(key=key, text=text_of(kept), blocks=kept, volatile=volatile, broadcast=broadcast)
