"""What people call themselves, where a reply mentions them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from handlers.directory import SlackDirectory
from handlers.spoken import spoken
from handlers.views.text import escape, shown
from tests.hostile.test_hostile import cases, marks

USER = "U0ANALINDE"
LONG = {"LONG": "x" * 5_000, "ZALGO": "a" + "\u0301" * 3_000}
MOST = 80


class Profiles:
    """A Web API that says of everybody that they are called so."""

    def __init__(self, called: str) -> None:
        self.called = called

    async def users_info(self, user: str) -> dict[str, Any]:
        return {"user": {"id": user, "name": "ana", "profile": {"display_name": self.called}, "real_name": self.called}}


@pytest.mark.parametrize("case", cases("names"))
async def test_a_name_is_a_name(case: dict[str, str]) -> None:
    """It stands in one line as text; who is called nothing that shows is named by what Slack knows beside."""
    client: Any = Profiles(LONG.get(case["called"], case["called"]))

    async def clients(_team: str) -> Any:
        return client

    heard = await spoken(f"What <@{USER}> keeps.", frozenset(), SlackDirectory(clients), "T1")
    name = heard.text.removeprefix("What @").removesuffix(" keeps.")
    assert heard.text == f"What @{name} keeps." and len(heard.text.splitlines()) == 1
    assert shown(name) == name != "" and len(name) <= MOST
    assert marks(escape(heard.text)) == Counter()
    assert not set("<>|&") & set(name)
