"""Inputs: their state in a view, the values that people may give them, the actions that they send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.devtools.local_slack.blockkit.check import elements_of
from bot.devtools.local_slack.records import Json

STATE_KEYS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
    "checkboxes": "selected_options",
    "radio_buttons": "selected_option",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "overflow": "selected_option",
}
"""Under which key an element's value stands in a view's state and in actions."""
REQUIRED = "Please complete this required field."
_LISTS = frozenset({"files", "selected_options", "selected_users", "selected_conversations", "selected_channels"})
_FORMATS = {
    "email_text_input": (re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$"), "Please enter a valid email address."),
    "url_text_input": (re.compile(r"^https?://\S+$"), "Please enter a valid URL."),
    "datepicker": (re.compile(r"^\d{4}-\d{2}-\d{2}$"), "Please enter a valid date."),
    "timepicker": (re.compile(r"^\d{2}:\d{2}$"), "Please enter a valid time."),
}


def walk(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield every element with its block, also of nested blocks."""
    for block in blocks:
        for element in elements_of(block):
            yield block, element
            if element.get("type") == "card":
                yield from ((block, button) for button in element.get("actions", []))
        yield from walk(block.get("child_blocks", []))


def initial_state(blocks: list[Json]) -> Json:
    """Give the state of a view that nobody has touched."""
    values: Json = {}
    for block, element in walk(blocks):
        key = STATE_KEYS.get(element["type"])
        if key and element["type"] != "overflow":
            entry = {"type": element["type"], key: _initial(element, key)}
            values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return values


def kept_state(blocks: list[Json], old: Json) -> Json:
    """Give the state of a view after an update: inputs whose ids and type stayed keep what was entered."""
    fresh = initial_state(blocks)
    for block_id, actions in fresh.items():
        for action_id, entry in actions.items():
            entered = old.get(block_id, {}).get(action_id)
            if entered and entered["type"] == entry["type"]:
                actions[action_id] = entered
    return fresh


def fault(block: Json, element: Json, entry: Json) -> str | None:
    """Say what Slack's client would say about an input before it lets the person submit."""
    value = entry.get(STATE_KEYS[element["type"]])
    if value in (None, "", []):
        return None if block.get("optional") else REQUIRED
    kind = element["type"]
    if kind == "plain_text_input":
        return _length_fault(element, str(value))
    if kind == "number_input":
        return _number_fault(element, str(value))
    pattern, words = _FORMATS.get(kind, (None, ""))
    if pattern is not None and not pattern.match(str(value)):
        return words
    most = element.get("max_files", element.get("max_selected_items"))
    if isinstance(value, list) and most is not None and len(value) > most:
        return f"Please choose at most {most}."
    return None


def offered(element: Json, value: Any) -> bool:
    """Tell whether a chosen option, or each of them, is among those that an element offers."""
    if "options" not in element and "option_groups" not in element:
        return True
    groups = element.get("option_groups", [])
    options = [*element.get("options", []), *(option for group in groups for option in group["options"])]
    known = [option.get("value") for option in options]
    chosen = value if isinstance(value, list) else [value]
    return all(option is None or option.get("value") in known for option in chosen)


def _initial(element: Json, key: str) -> Any:
    name = {
        "value": "initial_value",
        "rich_text_value": "initial_value",
        "selected_option": "initial_option",
        "selected_options": "initial_options",
    }.get(key, key.replace("selected", "initial"))
    return element.get(name, [] if key in _LISTS else None)


def _length_fault(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    if len(value) > most:
        return f"Please enter at most {most} characters."
    return None


def _number_fault(element: Json, value: str) -> str | None:
    pattern = r"^-?\d+(\.\d+)?$" if element["is_decimal_allowed"] else r"^-?\d+$"
    if not re.match(pattern, value):
        return "Please enter a valid number."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and float(value) < float(low):
        return f"Please enter a number of at least {low}."
    if high is not None and float(value) > float(high):
        return f"Please enter a number of at most {high}."
    return None
