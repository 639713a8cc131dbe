"""One delivery that comes more than once, in each of the ways in which it can."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import pytest_asyncio

from bot.devtools.local_slack.signed_http import signature
from bot.domain.evaluation import Dossier
from handlers.ids import ActionId, BlockId, qualified
from tests.acceptance.stage import CHANNEL, Stage, Thread
from tests.hostile.test_hostile import cases
from tests.operations.asgi import FORM
from tests.operations.http_stage import over_http, url

pytestmark = pytest.mark.asyncio(loop_scope="module")

Json = dict[str, Any]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with over_http(tmp_path_factory.mktemp("replays")) as running:
        yield running


class Sender:
    """Deliveries about one thread, signed as Slack signs."""

    def __init__(self, stage: Stage, thread: Thread, dossier: Dossier, title: str) -> None:
        self.stage, self.thread, self.dossier, self.title = stage, thread, dossier, title
        self.team = stage.local.core.identity.team_id
        self.channel = stage["eva"].channels[CHANNEL]
        self.file = ""

    async def send(self, payload: Json, **headers: str) -> int:
        event = payload["type"] == "event_callback"
        body = json.dumps(payload).encode() if event else urlencode({"payload": json.dumps(payload)}).encode()
        stamp = str(int(time.time()))
        head = {
            "content-type": "application/json" if event else FORM, "x-slack-request-timestamp": stamp,
            "x-slack-signature": signature(self.stage.local.core.identity.signing_secret, stamp, body), **headers,
        }  # fmt: skip
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{url(self.stage)}/slack/events", data=body, headers=head) as answer,
        ):
            return answer.status

    def reply(self) -> Json:
        return self._event(text="Orders are kept for ten years.", client_msg_id=f"c{time.time_ns()}")

    def document(self) -> Json:
        file = {"id": self.file, "name": "orders.sql", "size": 30, "mode": "hosted"}
        return self._event(text="", subtype="file_share", files=[file])

    def _event(self, **event: Any) -> Json:
        place = {"channel": self.channel, "channel_type": "channel", "thread_ts": self.thread.ts}
        written = {"type": "message", "user": self.stage["eva"].user, "ts": self.stage.local.core.workspace.tick()}
        return {
            "type": "event_callback", "team_id": self.team, "event_id": f"Ev{time.time_ns()}",
            "authorizations": [{"team_id": self.team, "user_id": self.stage.local.core.identity.bot_user}],
            "event": {**written, **place, **event},
        }  # fmt: skip

    def skip(self) -> Json:
        asked = self.dossier.next_question
        assert asked is not None
        action = {
            "type": "button",
            "action_id": ActionId.SKIP,
            "block_id": "b",
            "value": f"{self.thread.id}|{asked.key}",
        }
        place = {"type": "message", "channel_id": self.channel, "message_ts": self.thread.ts}
        return {
            **self._interaction("block_actions", "eva"), "container": place,
            "actions": [{**action, "action_ts": f"{time.time():.6f}"}],
        }  # fmt: skip

    def answers(self) -> Json:
        asked = self.dossier.next_question
        assert asked is not None
        return self._form("eva", "answers", {qualified(BlockId.ANSWER, asked.key): "For ten years."})

    def verdict(self, choice: str = "approve") -> Json:
        gate = next(gate for gate in self.dossier.gates if gate.key == "go")
        said = {BlockId.COMMENT: "Not yet"} if choice == "reject" else {}
        return self._form("dan", "verdict", said, target=gate.id, choice=choice)

    def rejection(self) -> Json:
        return self.verdict("reject")

    def cancel(self) -> Json:
        return self._form("eva", "cancel", {BlockId.REASON: "Enough"})

    def correction(self) -> Json:
        return self._form("eva", "correct", {qualified(BlockId.CORRECTION, "else"): "Orders have a number."})

    def start(self) -> Json:
        view = self._form("eva", "start", {BlockId.TITLE: self.title, BlockId.NEEDED: "1"}, role="backend-developer")
        view["view"]["state"]["values"][BlockId.CHANNEL] = {
            ActionId.INPUT: {"type": "conversations_select", "selected_conversation": self.channel}
        }
        return view

    def _form(self, who: str, form: str, values: Json, **meta: str) -> Json:
        about = meta if "role" in meta else {"evaluation": self.thread.id, **meta}
        typed = {
            block: {ActionId.INPUT: {"type": "plain_text_input", "value": value}} for block, value in values.items()
        }
        view = {
            "id": f"V{time.time_ns()}", "type": "modal", "callback_id": f"eipas:{form}_form",
            "private_metadata": json.dumps(about), "blocks": [], "state": {"values": typed},
        }  # fmt: skip
        return {**self._interaction("view_submission", who), "view": view}

    def _interaction(self, kind: str, who: str) -> Json:
        user = self.stage[who].user
        person = {"id": user, "team_id": self.team}
        return {
            "type": kind, "team": {"id": self.team}, "user": person,
            "trigger_id": self.stage.local.core.triggers.issue(user),
        }  # fmt: skip


def _deep(payload: Json) -> Json:
    copy: Json = json.loads(json.dumps(payload))
    return copy


def otherwise(payload: Json, how: str, stage: Stage) -> Json:
    """The same delivery as it comes the next time."""
    copy = _deep(payload)
    match how:
        case "event_id":
            copy["event_id"] = f"Ev{time.time_ns()}"
        case "ts":
            copy["event"]["ts"] = stage.local.core.workspace.tick()
        case "app_mention":
            copy["event"]["type"] = "app_mention"
            del copy["event"]["channel_type"]
        case "thread_broadcast":
            copy["event"]["subtype"] = "thread_broadcast"
        case "action_ts":
            copy["actions"][0]["action_ts"] = f"{time.time() + 1:.6f}"
        case "view":
            copy["view"]["id"] = f"V{time.time_ns()}"
    return copy


async def again(sender: Sender, payload: Json, how: str) -> None:
    """Send it, and send it again in this way; each is answered."""
    if how == "at once":
        assert set(await asyncio.gather(*(sender.send(payload) for _ in range(8)))) == {200}
        return
    assert await sender.send(payload) == 200
    await sender.stage.local.settle()
    if how.startswith("after"):
        await ended(sender, reopened=how == "after reopening")
        if "view" in payload and how == "after the end":
            payload = otherwise(payload, "view", sender.stage)
    headers = {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"} if how == "retry" else {}
    for _ in range(3):
        assert await sender.send(otherwise(payload, how, sender.stage), **headers) == 200


async def ended(sender: Sender, *, reopened: bool) -> None:
    services, eva = sender.stage.app.services, sender.stage.actor("eva")
    if reopened:
        await services.reopening.reopen(eva, sender.thread.id)
    else:
        await services.evaluations.cancel(eva, sender.thread.id, "Over")


COUNTS: dict[str, Callable[[Dossier], int]] = {
    "answers": lambda d: sum(bool(q.answers) for q in d.questions),
    "versions": lambda d: sum(len(q.answers) for q in d.questions),
    "skips": lambda d: sum(answer.skipped for q in d.questions for answer in q.answers),
    "notes": lambda d: len(d.notes),
    "votes": lambda d: sum(len(gate.votes) for gate in d.gates),
    "gates": lambda d: len(d.gates),
    "documents": lambda d: len(d.context.uploads),
}


LOGGED = {"cancelled": "cancelled", "corrections": "corrected"}
"""By what the audit log calls them."""


async def counted(sender: Sender, name: str) -> int:
    queries = sender.stage.app.services.queries
    if name == "started":
        listed = await queries.listing(sender.team, None, open_only=False)
        return sum(evaluation.title == sender.title for evaluation in listed)
    if name in LOGGED:
        with sender.stage.app.database.engine.connect() as connection:
            asked = "SELECT count(*) FROM event WHERE evaluation_id = ? AND kind = ?"
            return int(connection.exec_driver_sql(asked, (sender.thread.id, LOGGED[name])).scalar_one())
    return COUNTS[name](await sender.thread.dossier())


@pytest.mark.parametrize("case", cases("replays"))
async def test_what_comes_again_counts_once(stage: Stage, case: Json, capsys: pytest.CaptureFixture[str]) -> None:
    """What was done stands there as often as the case says; the thread holds each message once."""
    thread = await stage.start(approvers={"go": ("dan", "ben")}, needed="2")
    if case.get("at") == "go":
        dossier = await thread.dossier()
        asked = {question.key: "As the documents say." for question in dossier.questions}
        await stage.app.services.questions.answer(stage.actor("eva"), thread.id, asked)
        await thread.gate("go")
        await thread.until(lambda d: d.recaps and d.recaps[0].recap is not None)
    await thread.quiet()
    sender = Sender(stage, thread, await thread.dossier(), f"Started {time.time_ns()}")
    if case["send"] == "document":
        sender.file = await _stored(stage)
    capsys.readouterr()
    payload = getattr(sender, case["send"])()
    await again(sender, payload, case["again"])
    await thread.quiet()
    assert {name: await counted(sender, name) for name in case["counts"]} == case["counts"]
    assert "Traceback" not in "".join(capsys.readouterr())
    await thread.cards()


async def _stored(stage: Stage) -> str:
    """A file of Eva's that lies in the channel, outside of the thread."""
    ts = await stage["eva"].upload(CHANNEL, "orders.sql", b"CREATE TABLE orders (id int);")
    return str(stage.local.core.workspace.message(stage["eva"].channels[CHANNEL], ts)["files"][0]["id"])
