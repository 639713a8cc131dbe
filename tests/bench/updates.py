"""Goal 4: from a click to the call that updates its message, beside what a user would build instead."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from typing import Any

from handlers.ids import ActionId
from tests.bench import people, wire
from tests.bench.plan import Plan
from tests.bench.process import Running
from tests.bench.report import Goal, Section, Spread
from tests.bench.seed import Seeding
from tests.bench.standin import StandIn

Json = dict[str, Any]
_PATIENCE_S = 20.0
_GAP_S = 0.15
_MOST = 30
"""Clicks: the product updates 36 messages a minute that were clicked, within Slack's rates, and the next would wait."""


async def measure(seeding: Seeding, plan: Plan, folder: Path) -> tuple[list[Goal], list[Section]]:
    """Click “Skip” under real cards of the product, at the product, Bolt with the ORM and default Bolt in turn."""
    seeding.database(folder / "updates")
    found: dict[str, list[float]] = {"first": [], "card": [], "orm": [], "default": []}
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(StandIn())
        product = await stack.enter_async_context(
            Running(
                "product", folder / "updates.log", api=slack.url, data=str(folder / "updates"),
                settings={"post_interval": 0},
            )
        )  # fmt: skip
        default = await stack.enter_async_context(Running("updating", folder / "updating.log", api=slack.url))
        orm = await stack.enter_async_context(
            Running("orm", folder / "orm-updating.log", api=slack.url, before=True, answers=True,
                    data=str(folder / "orm-updating"))
        )  # fmt: skip
        cards = await _cards(slack, product, min(plan.clicks, _MOST))
        for card in cards:
            await _click(slack, default, card, {"default": _is(card)}, found)
            await asyncio.sleep(_GAP_S)
            await _click(slack, orm, card, {"orm": _is(card)}, found)
            await asyncio.sleep(_GAP_S)
            wanted = {"first": lambda sent, c=card: sent.get("channel") == c["channel"], "card": _is(card)}
            await _click(slack, product, card, wanted, found)
            await asyncio.sleep(_GAP_S)
    return _goals(found), _sections(found)


async def _cards(slack: StandIn, product: Running, count: int) -> Sequence[Json]:
    """Start evaluations in channels of their own; return the first question's card of each."""
    for number in range(count):
        await wire.send(product.url, [people.start(number)], 1, _PATIENCE_S)
    deadline = time.monotonic() + _PATIENCE_S
    while len(cards := [post for post in slack.seen.posted if _skip(post)]) < count:
        if time.monotonic() > deadline:
            raise RuntimeError(f"only {len(cards)} of {count} threads were posted")
        await asyncio.sleep(0.1)
    return cards


def _skip(post: Json) -> str:
    """Return the value of the card's button “Skip”."""
    elements = (e for b in post["blocks"] if b["type"] == "actions" for e in b["elements"])
    return next((str(e["value"]) for e in elements if e["action_id"] == ActionId.SKIP), "")


def _is(card: Json) -> Callable[[Json], bool]:
    return lambda sent: (sent.get("channel"), sent.get("ts")) == (card["channel"], card["ts"])


async def _click(
    slack: StandIn,
    server: Running,
    card: Json,
    wanted: dict[str, Callable[[Json], bool]],
    found: dict[str, list[float]],
) -> None:
    """Click, and note when the updates that are waited for come in."""
    loop = asyncio.get_running_loop()
    arrivals = {name: loop.create_future() for name in wanted}

    def listen(method: str, sent: Json, at: float) -> None:
        for name, matches in wanted.items():
            if method == "chat.update" and not arrivals[name].done() and matches(sent):
                arrivals[name].set_result(at)

    slack.seen.listen = listen
    message = {"ts": card["ts"], "text": card["text"], "blocks": card["blocks"]}
    delivery = people.click(message, _skip(card), 0, where=card["channel"])
    began = time.perf_counter()
    outcome = await wire.send(server.url, [delivery], 1, _PATIENCE_S)
    if outcome.refused:
        raise RuntimeError(f"the click was refused: {outcome.last_body!r}")
    for name, arrival in arrivals.items():
        found[name].append((await asyncio.wait_for(arrival, _PATIENCE_S) - began) * 1e3)
    slack.seen.listen = None


def _goals(found: dict[str, list[float]]) -> list[Goal]:
    names = {"first": "the thread's first update", "card": "the clicked card's update"}
    return [
        Goal(
            number=4, what=f"click to chat.update, {words}: p50 of Bolt with the ORM's",
            found=Spread([median(found[name]) / median(found["orm"])]), most=1, unit="x",
        )
        for name, words in names.items()
    ]  # fmt: skip


def _sections(found: dict[str, list[float]]) -> list[Section]:
    rows = [
        [words, f"{median(values):.2f}", f"{sorted(values)[int(len(values) * 0.9)]:.2f}"]
        for words, values in (
            ("default Bolt, no commit", found["default"]),
            ("Bolt with the ORM, three rows committed", found["orm"]),
            ("product: thread's first update", found["first"]),
            ("product: the clicked card", found["card"]),
        )
    ]
    return [Section(title="Click to chat.update", head=["server", "p50 ms", "p90 ms"], rows=rows)]
