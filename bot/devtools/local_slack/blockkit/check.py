"""Slack's verdict on blocks and views, naming each fault as Slack does: `[ERROR] ... [json-pointer:/blocks/0/text]`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bot.devtools.local_slack.blockkit.composition import Json
from bot.devtools.local_slack.blockkit.layout import MessageBlocks
from bot.devtools.local_slack.blockkit.surfaces import Home, Modal

MARKDOWN_TOTAL = 12_000
CHARTS = 2
VIEW_BYTES = 250_000
ONLY_IN_MESSAGES = frozenset(
    {
        "markdown",
        "table",
        "data_table",
        "data_visualization",
        "plan",
        "task_card",
        "context_actions",
        "card",
        "carousel",
        "file",
    }
)
_MESSAGE: TypeAdapter[Any] = TypeAdapter(MessageBlocks)
_VIEWS: dict[str, TypeAdapter[Any]] = {"modal": TypeAdapter(Modal), "home": TypeAdapter(Home)}
_COMPARISONS = {
    "string_too_long": "must be less than {} characters",
    "string_too_short": "must be more than {} characters",
    "too_long": "no more than {} items allowed",
    "too_short": "no less than {} items allowed",
}


class BlocksRefused(Exception):
    """Slack refuses these blocks or this view; `messages` are its own lines."""

    def __init__(self, messages: list[str], *, error: str = "invalid_blocks") -> None:
        super().__init__("; ".join(messages))
        self.messages = messages
        self.error = error


def check_blocks(blocks: object) -> None:
    """Hold a message's blocks against every limit.

    Raises:
        BlocksRefused: with each fault and where it is.
    """
    _validate(_MESSAGE, blocks, "/blocks")
    known: list[Json] = blocks if isinstance(blocks, list) else []
    faults = [*_uniqueness(known, "/blocks"), *_markdown(known), *_file_inputs(known)]
    if sum(block["type"] == "table" for block in known) > 1:
        raise BlocksRefused(["[ERROR] only one table [json-pointer:/blocks]"], error="only_one_table_allowed")
    if sum(block["type"] == "data_visualization" for block in known) > CHARTS:
        faults.append(f"[ERROR] no more than {CHARTS} charts allowed [json-pointer:/blocks]")
    if faults:
        raise BlocksRefused(faults)


def check_view(view: object, *, surface: Literal["modal", "home"]) -> None:
    """Hold a modal or a Home tab against every limit.

    Raises:
        BlocksRefused: `invalid_arguments` with each fault and where it is, or `view_too_large`.
    """
    if not isinstance(view, dict) or view.get("type") not in _VIEWS:
        raise BlocksRefused(["[ERROR] must be a valid view [json-pointer:/view]"], error="invalid_arguments")
    if view["type"] != surface:
        raise BlocksRefused([f"[ERROR] must be of type {surface} [json-pointer:/view/type]"], error="invalid_arguments")
    _validate(_VIEWS[surface], view, "/view", error="invalid_arguments")
    if len(json.dumps(view)) > VIEW_BYTES:
        raise BlocksRefused(["[ERROR] view is greater than 250kb"], error="view_too_large")
    blocks: list[Json] = view["blocks"]
    faults = [*_uniqueness(blocks, "/view/blocks"), *_surface(blocks)]
    if surface == "home":
        faults += _file_inputs(blocks, "/view/blocks")
    if faults:
        raise BlocksRefused(faults, error="invalid_arguments")


def _validate(adapter: TypeAdapter[Any], value: object, root: str, *, error: str = "invalid_blocks") -> None:
    try:
        adapter.validate_python(value)
    except ValidationError as refused:
        lines = [_line(value, root, details) for details in refused.errors(include_url=False)]
        raise BlocksRefused(lines, error=error) from refused


def _line(value: object, root: str, details: ErrorDetails) -> str:
    context: dict[str, Any] = details.get("ctx") or {}
    pointer = root + _pointer(value, details["loc"])
    if context.get("at"):
        pointer += f"/{context['at']}"
    return f"[ERROR] {_wording(details, context)} [json-pointer:{pointer}]"


def _wording(details: ErrorDetails, context: dict[str, Any]) -> str:
    match details["type"]:
        case "missing" | "union_tag_not_found" as kind:
            return f"missing required field: {details['loc'][-1] if kind == 'missing' else 'type'}"
        case "extra_forbidden":
            return f"invalid additional property: {details['loc'][-1]}"
        case "union_tag_invalid":
            return f"unsupported type: {context['tag']}"
        case "string_too_long" | "string_too_short" | "too_long" | "too_short" as kind:
            bound = context.get("max_length", context.get("min_length"))
            shift = {"string_too_long": 1, "string_too_short": -1}.get(kind, 0)
            return _COMPARISONS[kind].format(int(bound or 0) + shift)
        case "slack":
            return str(context["message"])
        case _:
            return details["msg"][0].lower() + details["msg"][1:]


def _pointer(value: object, location: tuple[int | str, ...]) -> str:
    """Turn pydantic's location into a JSON pointer: it also holds the tags of unions, which are no keys of the data."""
    steps: list[str] = []
    for step in location:
        if isinstance(value, list):
            value = dict(enumerate(value))
        if isinstance(value, dict) and step in value:
            value = value[step]
            steps.append(f"/{step}")
    return "".join(steps)


def elements_of(block: Json) -> Iterator[Json]:
    """Every element of a block that may carry an `action_id`."""
    yield from (block[key] for key in ("accessory", "element") if key in block)
    yield from (item for key in ("elements", "actions") for item in block.get(key) or () if isinstance(item, dict))


def _uniqueness(blocks: list[Json], root: str) -> Iterator[str]:
    ids = Counter(block["block_id"] for block in blocks if block.get("block_id"))
    for block_id, count in ids.items():
        if count > 1:
            yield f'[ERROR] `block_id` "{block_id}" already exists [json-pointer:{root}]'
    for index, block in enumerate(blocks):
        actions = Counter(item["action_id"] for item in elements_of(block) if item.get("action_id"))
        for action_id, count in actions.items():
            if count > 1:
                yield f'[ERROR] `action_id` "{action_id}" already exists [json-pointer:{root}/{index}]'
    focused = sum(bool(item.get("focus_on_load")) for block in blocks for item in elements_of(block))
    if focused > 1:
        yield f"[ERROR] only one element can have `focus_on_load` [json-pointer:{root}]"


def _markdown(blocks: list[Json]) -> Iterator[str]:
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN_TOTAL:
        yield f"[ERROR] markdown must be less than {MARKDOWN_TOTAL + 1} characters in total [json-pointer:/blocks]"


def _file_inputs(blocks: list[Json], root: str = "/blocks") -> Iterator[str]:
    for index, block in enumerate(blocks):
        if block["type"] == "input" and block["element"]["type"] == "file_input":
            yield f"[ERROR] unsupported type: file_input [json-pointer:{root}/{index}/element]"


def _surface(blocks: list[Json]) -> Iterator[str]:
    for index, block in enumerate(blocks):
        if block["type"] in ONLY_IN_MESSAGES:
            yield f"[ERROR] unsupported type: {block['type']} [json-pointer:/view/blocks/{index}]"
