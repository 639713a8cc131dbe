"""Slack in trouble: what was lost is found, what was doubled counts once, what was deleted comes back."""

from __future__ import annotations

import pytest
from aiohttp import web

from bot.devtools.local_slack.faults import CallFault
from bot.domain.lifecycle import State
from handlers.submissions import NOT_TOLD
from handlers.transport import sockets
from tests.acceptance.looking import key_of
from tests.acceptance.stage import CHANNEL, Stage, Thread, eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
@pytest.mark.parametrize("kind", ["lost_answer", "server_error", "ratelimited"])
async def test_a_failing_call_doubles_and_loses_nothing(stage: Stage, method: str, kind: str) -> None:
    """Whether the answer is lost, or Slack says 500 or 429, each message stands there once, as the state says."""
    thread = await stage.start()
    await thread.quiet()
    stage.local.faults.add(CallFault(method=method, kind=kind, times=2))  # type: ignore[arg-type]  # a literal
    await thread.say("ava", "An answer in bad weather")
    await thread.until(lambda d: d.questions[0].settled)
    await thread.is_the_projection()
    assert "q.opening_2" in await thread.cards()


async def test_a_lost_answer_to_the_first_post_makes_no_second_thread(stage: Stage) -> None:
    """The root message whose answer was lost is found again: there is one, and the thread hangs on it."""
    stage.local.faults.add(CallFault(method="chat.postMessage", kind="lost_answer"))
    thread = await stage.start(title="Lost and found")
    await thread.until(lambda d: d.evaluation.thread_ts)
    await thread.quiet()
    roots = [m for m in await stage["eva"].history(CHANNEL) if key_of(m) == "root" and thread.id in str(m["metadata"])]
    assert [m["ts"] for m in roots] == [(await thread.dossier()).evaluation.thread_ts]
    await thread.is_the_projection()


async def test_every_kind_of_delivery_may_come_twice(stage: Stage) -> None:
    """With each acknowledgement lost, Slack delivers again: answers, documents and verdicts count once all the same."""
    thread = await stage.start(approvers={"go": ("dan",)})
    await stage["eva"].trouble(do="lose_acks", count=2)
    await thread.say("ava", "Said once")
    await thread.until(lambda d: d.questions[0].settled)
    await stage["eva"].trouble(do="redeliver", count=10)
    await thread.quiet()
    dossier = await thread.dossier()
    assert [len(q.answers) for q in dossier.questions[:2]] == [1, 0]
    await thread.upload("ben", "cto-evaluation.json", b'{"agent": "cto"}')
    await thread.until(lambda d: len(d.context.inputs) == 2)
    await stage["eva"].trouble(do="redeliver", count=10)
    await thread.quiet()
    assert len((await thread.dossier()).context.uploads) == 1
    await thread.answer_everything()
    await thread.vote("dan", "go", "reject", comment="Once")
    await thread.state(State.COLLECTING)
    await stage["eva"].trouble(do="redeliver", count=20)
    await thread.is_the_projection()
    assert [len(gate.votes) for gate in (await thread.dossier()).gates] == [1]


async def test_reordered_and_dropped_connections_lose_nothing(stage: Stage) -> None:
    """Deliveries in reverse, a broken socket and a refreshed one: the replies are all answers, none twice."""
    thread = await stage.start()
    await stage["eva"].trouble(do="reorder", count=2)
    await thread.card("q.opening_1")
    for text in ("One", "Two"):
        await thread.say("ava", text)
    await thread.until(lambda d: d.questions[0].answer and len(d.questions[0].answer.messages) == 2)
    await stage["eva"].trouble(do="drop")
    await thread.reply("ava", "Three")
    await thread.until(lambda d: sum(q.settled for q in d.questions) == 2)
    await stage["eva"].trouble(do="disconnect", reason="refresh_requested")
    await thread.reply("ava", "Four")
    dossier = await thread.until(lambda d: sum(q.settled for q in d.questions) == 3)
    assert [q.answers[-1].text for q in dossier.questions if q.settled] == ["One\n\nTwo", "Three", "Four"]
    await thread.is_the_projection()


async def test_a_renewal_that_slack_does_not_answer_is_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection ends and the call for a new one is lost, also when repeated: the bot hears people again."""
    monkeypatch.setattr(sockets, "_AGAIN_S", 0.1)
    thread = await stage.start()
    stage.local.faults.add(CallFault(method="apps.connections.open", kind="lost_answer", times=2))
    await hears_again(stage, thread)


async def test_a_used_up_address_is_not_tried_for_ever(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new connection breaks in its handshake, and its address serves once: another one is asked for."""
    monkeypatch.setattr(sockets, "_AGAIN_S", 0.1)
    monkeypatch.setattr(sockets, "_CONNECT_S", 1.0)
    thread, accept, broken = await stage.start(), stage.local.core.socket.accept, list[str]()

    async def break_off(request: web.Request) -> web.WebSocketResponse:
        if not broken:
            broken.append(request.query["ticket"])
        if request.query["ticket"] in broken:
            raise web.HTTPForbidden(text="invalid ticket")
        return await accept(request)

    monkeypatch.setattr(stage.local.core.socket, "accept", break_off)
    await hears_again(stage, thread)
    assert broken


async def hears_again(stage: Stage, thread: Thread) -> None:
    """Let the connection be renewed, and see that somebody is heard afterwards."""
    await stage["eva"].trouble(do="disconnect", reason="refresh_requested")

    async def connected() -> bool:
        return stage.local.core.socket.connected

    await eventually(connected, within=20)
    await thread.say("ava", "Heard again")
    await thread.until(lambda d: d.questions[0].settled)


async def test_slack_in_trouble_is_not_taken_for_a_missing_membership(stage: Stage) -> None:
    """While Slack cannot tell of a channel, the start form says so, and nobody is asked to invite who is there."""
    view = await stage.form("eva")
    values = {"eipas:title": "In bad weather", "eipas:channel": stage["eva"].channels[CHANNEL]}
    stage.local.faults.add(CallFault(method="conversations.info", kind="server_error"))
    refused = await stage["eva"].submit(view, values)
    assert refused["errors"] == {"eipas:channel": NOT_TOLD}
    assert await stage["eva"].submit(view, values) == {}


async def test_a_form_is_answered_in_time_while_slack_tells_the_bot_to_wait(stage: Stage) -> None:
    """Where Slack's rate is used up for longer than a form may wait, the form says so instead of running into time."""
    view = await stage.form("eva")
    values = {"eipas:title": "In a crowd", "eipas:channel": stage["eva"].channels[CHANNEL]}
    stage.local.faults.add(CallFault(method="conversations.info", kind="ratelimited", retry_after=20))
    refused = await stage["eva"].submit(view, values)
    assert refused["errors"] == {"eipas:channel": NOT_TOLD}
    assert await stage["eva"].submit(view, values) == {}


async def test_a_form_asks_slack_about_a_channel_once(stage: Stage) -> None:
    """Whether the bot may post and whether the person reads are answered by one call for each channel of the form."""
    view = await stage.form("eva")
    channel = stage["eva"].channels[CHANNEL]
    asked = [c for c in stage.local.core.calls if c.method == "conversations.info" and c.args.get("channel") == channel]
    assert await stage["eva"].submit(view, {"eipas:title": "Asked once", "eipas:channel": channel}) == {}
    calls = [c for c in stage.local.core.calls if c.method == "conversations.info" and c.args.get("channel") == channel]
    assert len(calls) == len(asked) + 1


async def test_a_deleted_message_comes_back(stage: Stage) -> None:
    """A card that somebody deleted stands there again with the next change of what it says."""
    thread = await stage.start()
    card = await thread.card("q.opening_1")
    await stage["eva"].trouble(do="delete_message", channel=stage["eva"].channels[CHANNEL], ts=card["ts"])
    await thread.say("ava", "Answered all the same")
    await thread.until(lambda d: d.questions[0].settled)

    async def back() -> bool:
        return "q.opening_1" in await thread.cards()

    await eventually(back)
    await thread.is_the_projection()


async def test_one_channel_in_trouble_holds_up_no_other(stage: Stage) -> None:
    """While Slack refuses one thread's channel for a while, another channel's thread is kept in step."""
    ours = await stage.start()
    await ours.quiet()
    guild = stage["ben"].channels["backend-guild"]
    stage.local.faults.add(CallFault(method="chat.postMessage", kind="ratelimited", channel=guild, times=3))
    view = await stage.form("ben")
    assert await stage["ben"].submit(view, {"eipas:title": "Elsewhere", "eipas:channel": guild}) == {}
    await ours.say("ava", "Not held up")
    await ours.until(lambda d: d.questions[0].settled)
    await ours.is_the_projection()
    await stage["ben"].message("Elsewhere", within=20)
