"""One evaluation from the slash command to its end, by people who see only Slack and try again when it fails them."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

from bot.devtools.local_slack.people import ActRefused, Person
from handlers.ids import ActionId, BlockId, CallbackId, qualified
from handlers.submissions import NOT_TOLD
from tests.faults.stage import STAKEHOLDERS, Ledger, Pair
from tests.support.waiting import until

Json = dict[str, Any]
PATIENCE_S = 300.0
"""Wall-clock time on a machine that others load, while the bot is down half of it; waiting costs nothing."""
PASSING = {"dispatch_failed", "operation_timeout", "no_such_action", "view_not_found"}
GATES = ("go", "implementation_approval", "api_review", "security_check", "iteration_complete")
QUESTIONS = (
    "opening_1", "opening_2", "opening_3", "api_design", "database_schema", "integration_needs",
    "performance_requirements", "security_controls",
)  # fmt: skip
WORDS = {
    "api_design": "POST /orders creates an order, GET /orders lists them.",
    "database_schema": "An Order has many Items. order: status (open|paid). item: name, amount integer.",
}


class Story:
    """The parts of an owner and a decider in one evaluation."""

    def __init__(self, pair: Pair, ledger: Ledger, title: str, dice: random.Random) -> None:
        self._pair, self._ledger, self.title, self._dice = pair, ledger, title, dice
        self._evaluation, self._thread = "", ""

    async def to_go(self) -> Json:
        """Play until the go is asked for; returns its card."""
        await self._start()
        for key in QUESTIONS:
            await self._answer(key)
        return await self._gate("go", "approve")

    async def to_run(self) -> str:
        """Play until the go is given; returns the evaluation's id."""
        await self.to_go()
        await self._vote("go", "approve")
        return self._evaluation

    async def reviewed(self) -> None:
        """Wait until the result of the run stands in the thread; one that died too often is tried again."""
        while True:
            found = await self._see(lambda m: self._is_ours(m) and (_is_result(m) or _may_retry(m)), "the result")
            if _is_result(found):
                return
            with suppress(ActRefused):
                await self._pair.owner.click(self._pair.channel, found, ActionId.RETRY_RUN)
            await asyncio.sleep(0.5)

    async def to_end(self) -> str:
        """Play it all."""
        await self.to_run()
        await self.reviewed()
        for gate in ("implementation_approval", "api_review", "security_check"):
            await self._vote(gate, "approve")
        await self._vote("iteration_complete", "finish", {BlockId.COMMENT: "Good enough to go on."})
        return self._evaluation

    async def _start(self) -> None:
        owner = self._pair.owner
        press = partial(owner.command, self._pair.channel, "/eipas", "start")
        both = [self._pair.decider.user, self._pair.rival.user]
        deciders = {qualified(BlockId.APPROVERS, gate): both for gate in GATES}
        values = {BlockId.TITLE: self.title, BlockId.CHANNEL: self._pair.channel, BlockId.STAKEHOLDERS: STAKEHOLDERS.id}
        await self._send(owner, press, BlockId.TITLE, {**values, **deciders})
        root = await self._see(lambda m: key_of(m) == "root" and self.title in str(m["text"]), "the thread")
        self._evaluation, self._thread = str(payload(root)["owner"]), str(root["ts"])

    async def _answer(self, key: str) -> None:
        text = f"{WORDS.get(key, 'As in our other services.')} ({self.title}, {key})"
        card = await self._card(f"q.{key}")
        if self._dice.random() < 0.5:
            ts = await self._pair.decider.say(self._pair.channel, text, thread_ts=self._thread)
            await until(lambda: (self._pair.channel, ts) in self._ledger.replies, "the ack", PATIENCE_S)
            return
        owner, field = self._pair.owner, qualified(BlockId.ANSWER, key)
        press = partial(owner.click, self._pair.channel, card, ActionId.ANSWER)
        if await self._send(owner, press, field, {field: text}):
            self._ledger.answers.append((self._evaluation, key, text))

    async def _vote(self, gate: str, option: str, words: Json | None = None) -> None:
        action, decider = qualified(ActionId.VOTE, option), self._pair.decider
        card = await self._gate(gate, option)
        gate_id = key_of(card).rpartition(".")[2]
        press = partial(decider.click, self._pair.channel, card, action)
        if await self._send(decider, press, gate_id, words or {}):
            self._ledger.votes.append((self._evaluation, gate_id, decider.user, option))

    async def _gate(self, gate: str, option: str) -> Json:
        action = qualified(ActionId.VOTE, option)
        return await self._see(lambda m: self._is_ours(m) and f".gate.{gate}." in key_of(m) and action in str(m), gate)

    async def form(self, person: Person, press: Callable[[], Awaitable[None]], sign: str = "") -> Json:
        """Press until a form is open that bears the sign; one that another press left behind is closed."""
        why, until = "", time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            with suppress(ActRefused):
                for left in [view for view in person.views[::-1] if sign not in str(view)]:
                    await person.close_view(left)
            try:
                await press()
                return await person.wait_for(lambda p: _bearing(p, sign), within=3)
            except ActRefused as refused:
                if refused.error not in PASSING:
                    raise
                why = str(refused)
            except TimeoutError:
                why = "it was acknowledged and no form came"
            if view := _bearing(person, sign):  # it opened, only the acknowledgement was lost
                return view
            await asyncio.sleep(0.1)
        raise AssertionError(f"{self.title} ({self._evaluation}): no form opened; at last: {why}")

    async def _send(self, person: Person, press: Callable[[], Awaitable[None]], sign: str, values: Json) -> bool:
        """Open the form and send it until it is taken; False if it says that it was refused.

        What another press opened late takes the place of the form that is open; people fill in that one, then.
        """
        view, until = await self.form(person, press, sign), time.monotonic() + PATIENCE_S
        while True:
            try:
                answer = await person.submit(view, values)
                refusals = set((answer.get("errors") or {}).values())
                assert refusals <= {NOT_TOLD}, answer
                if not refusals:
                    break
            except ActRefused as refused:
                if refused.error not in PASSING:
                    raise
                assert time.monotonic() < until, f"{self.title} ({self._evaluation}): a form was not taken: {refused}"
                await asyncio.sleep(0.1)
                if refused.error == "view_not_found":
                    view = _bearing(person, sign) or await self.form(person, press, sign)
        left = await person.wait_for(
            lambda p: [] if any(v["callback_id"] == view["callback_id"] for v in p.views) else [*p.views, True]
        )
        for refusal in left[:-1]:
            await person.close_view(refusal)
        return len(left) == 1 and view["callback_id"] in set(CallbackId)

    async def _card(self, key: str) -> Json:
        return await self._see(lambda m: self._is_ours(m) and key_of(m) == key, key)

    async def _see(self, look: Callable[[Json], bool], what: str) -> Json:
        def found(person: Person) -> Json | None:
            return next((m for m in person.messages.values() if look(m)), None)

        try:
            return await self._pair.owner.wait_for(found, within=PATIENCE_S)
        except TimeoutError:
            raise AssertionError(f"{self.title} ({self._evaluation}): {what} did not come") from None

    def _is_ours(self, message: Json) -> bool:
        return payload(message).get("owner") == self._evaluation


def _bearing(person: Person, sign: str) -> Json | None:
    return next((view for view in person.views[::-1] if sign in str(view)), None)


def _is_result(message: Json) -> bool:
    return ".gate.api_review." in key_of(message)


def _may_retry(message: Json) -> bool:
    return ActionId.RETRY_RUN in str(message.get("blocks"))


def payload(message: Json) -> Json:
    found: Json = (message.get("metadata") or {}).get("event_payload") or {}
    return found


def key_of(message: Json) -> str:
    return str(payload(message).get("key", ""))
