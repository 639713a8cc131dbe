"""What is registered with Bolt reaches the table, and the layers know no role by name."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import handlers
from handlers import ENTRY_POINTS
from handlers.ids import BlockId, Ref, kind_of, qualified, suffix_of

ROOT = Path(__file__).resolve().parent.parent.parent
_REGISTERED = re.compile(r're\.compile\(r"\^\(([a-z_|]+)\)\$"\)')


def test_the_registered_events_are_those_of_the_table() -> None:
    """Bolt's patterns for events name exactly the table's."""
    found = {name for group in _REGISTERED.findall(inspect.getsource(handlers.register)) for name in group.split("|")}
    assert found == {*ENTRY_POINTS["message"], *ENTRY_POINTS["event"]}


@pytest.mark.parametrize("kind", ["action", "view", "shortcut"])
def test_every_name_of_ours_matches_the_registered_pattern(kind: str) -> None:
    """Actions, forms and shortcuts are registered by our prefix; each name in the table bears it."""
    assert all(str(name).startswith("eipas:") for name in ENTRY_POINTS[kind])


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
