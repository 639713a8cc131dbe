"""What Slack sends reaches the table, and the layers know no role by name."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from handlers import ENTRY_POINTS
from handlers.ids import BlockId, Ref, kind_of, qualified, suffix_of
from handlers.routing import route

ROOT = Path(__file__).resolve().parent.parent.parent

# One payload of each type that Slack sends, reduced to what says where it goes.
_EVA = {"user": {"id": "U1"}}
_MESSAGE = {**_EVA, "message": {"ts": "1.2"}, "channel": {"id": "C1"}}
PAYLOADS: dict[str, Callable[[str], dict[str, Any]]] = {
    "command": lambda name: {"command": name, "trigger_id": "1.2"},
    "shortcut": lambda name: {"type": "message_action", "callback_id": name, "trigger_id": "1.2", **_MESSAGE},
    "action": lambda name: {"type": "block_actions", "actions": [{"action_id": name}], **_EVA},
    "view": lambda name: {"type": "view_submission", "view": {"id": "V1", "callback_id": name}, **_EVA},
    "message": lambda name: {"type": "event_callback", "event": {"type": name, "channel": "C1", "ts": "1.2"}},
    "event": lambda name: {"type": "event_callback", "event_id": "Ev1", "event": {"type": name, "user": "U1"}},
}


@pytest.mark.parametrize("kind", ENTRY_POINTS)
def test_every_name_of_the_table_is_found_by_its_payload(kind: str) -> None:
    """Whatever the table names, a payload of that name is routed to it, and by a key that says from what it came."""
    for name in ENTRY_POINTS[kind]:
        found = route(PAYLOADS[kind](str(name)))
        assert found is not None
        assert (found.kind, found.name) == (kind, name)
        assert found.key.partition(":")[2].strip(":")


@pytest.mark.parametrize("kind", ["action", "view", "shortcut"])
def test_other_apps_elements_are_left_to_bolt(kind: str) -> None:
    """A name without our prefix is not ours; Bolt answers that nobody listens."""
    assert route(PAYLOADS[kind]("theirs:button")) is None


@pytest.mark.parametrize("body", [{}, {"type": "view_closed"}, {"type": "dialog_submission"}, {"type": ["x"]}])
def test_other_types_are_left_to_bolt(body: dict[str, Any]) -> None:
    """Nothing is assumed of payloads of types that the app does not ask for."""
    assert route(body) is None


@pytest.mark.parametrize("kind", ENTRY_POINTS)
def test_every_handler_says_what_it_handles(kind: str) -> None:
    """Each entry of the table is an asynchronous function of one argument, with a docstring."""
    for handler in ENTRY_POINTS[kind].values():
        assert inspect.iscoroutinefunction(handler)
        assert list(inspect.signature(handler).parameters) == ["call"]
        assert handler.__doc__


@pytest.mark.parametrize("package", ["bot/services", "storage", "handlers"])
def test_no_role_is_known_by_name(package: str) -> None:
    """Services, storage and handlers work for any role: they never name the one there is."""
    said = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / package).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"backend[- _]?developer|\bbackend\b", line, re.IGNORECASE)
    ]
    assert said == []


def test_ids_survive_the_way_to_slack_and_back() -> None:
    """A qualified id is taken apart as it was put together, and a button's value too."""
    name = qualified(BlockId.ANSWER, "api_design")
    assert (kind_of(name), suffix_of(name)) == (BlockId.ANSWER, "api_design")
    assert Ref.parse(Ref("ev_1", "gt_2", "approve").pack()) == Ref("ev_1", "gt_2", "approve")
