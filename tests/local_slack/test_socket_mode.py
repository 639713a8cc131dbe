"""Socket Mode, with the real slack_bolt client at the other end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.devtools.local_slack import ActRefused, LocalSlack, Person, Timing
from bot.devtools.local_slack.people import PATIENCE
from tests.local_slack.conftest import AVA, GENERAL, IDEAS, button, connected, modal, section
from tests.support.waiting import until


async def test_command_is_acknowledged(slack: LocalSlack, app: AsyncApp, ava: Person) -> None:
    """A slash command reaches the app in Slack's shape, and the text of its ack is shown to the person only."""
    seen: list[dict[str, Any]] = []

    @app.command("/eipas")
    async def eipas(ack: Any, command: dict[str, Any]) -> None:
        seen.append(command)
        await ack(f"you said {command['text']}")

    async with connected(app, slack):
        await ava.command("product-ideas", "/eipas", "start <@U0BENOKAF1>")
        shown = await ava.message("you said")
    assert shown["ephemeral"] is True
    assert seen[0]["text"] == "start @ben"
    assert (seen[0]["channel_id"], seen[0]["user_id"]) == (IDEAS, AVA)
    assert "thread_ts" not in seen[0]
    assert await ava.history("product-ideas") == [shown]


async def test_no_app_means_dispatch_failed(ava: Person) -> None:
    """Without a connection a command fails at once, and the person is told."""
    with pytest.raises(ActRefused, match="dispatch_failed"):
        await ava.command("product-ideas", "/eipas")
    assert "dispatch_failed" in (await ava.wait_for(lambda person: person.toasts))[0]


async def test_slow_ack_times_out(slack: LocalSlack, app: AsyncApp, ava: Person) -> None:
    """An ack that comes after the deadline shows Slack's operation_timeout."""

    @app.command("/eipas")
    async def eipas(ack: Any) -> None:
        await asyncio.sleep(0.3)
        await ack("too late")

    slack.core.delivery.timing = Timing(ack=0.1)
    async with connected(app, slack):
        with pytest.raises(ActRefused, match="operation_timeout"):
            await ava.command("product-ideas", "/eipas")
    assert ava.messages == {}


async def test_commands_do_not_exist_in_threads(ava: Person) -> None:
    """Slack refuses a slash command in a thread before the app hears of it."""
    with pytest.raises(ActRefused, match="thread_not_supported"):
        await ava.command("product-ideas", "/eipas", thread_ts="1.2")


async def test_modal_round_trip(slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, ava: Person) -> None:
    """A trigger opens one modal; required inputs are asked for first; what was entered arrives at the app."""
    submitted: list[dict[str, Any]] = []
    triggers: list[str] = []

    @app.command("/eipas")
    async def eipas(ack: Any, body: dict[str, Any]) -> None:
        triggers.append(body["trigger_id"])
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    @app.view("form")
    async def form(ack: Any, view: dict[str, Any]) -> None:
        submitted.append(view["state"]["values"])
        if view["state"]["values"]["reason"]["text"]["value"] == "bad":
            await ack(response_action="errors", errors={"reason": "Say more"})
        else:
            await ack()

    async with connected(app, slack):
        await ava.command("product-ideas", "/eipas")
        view = await ava.view("Form")
        assert (await ava.submit(view, {"Reason": ""}))["errors"] == {"reason": "Please complete this required field."}
        assert submitted == []
        assert (await ava.submit(view, {"Reason": "bad"}))["errors"] == {"reason": "Say more"}
        assert await ava.submit(view, {"Reason": "good"}) == {}
        await ava.wait_for(lambda person: not person.views)
        with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
            await client.views_open(trigger_id=triggers[0], view=modal())
    assert submitted[1]["reason"]["text"] == {"type": "plain_text_input", "value": "good"}


async def test_events_are_redelivered_until_acknowledged(slack: LocalSlack, app: AsyncApp, ava: Person) -> None:
    """An event whose acks are lost comes again with the same event id and Slack's retry fields."""
    seen: list[tuple[str, str | None]] = []

    @app.event("message")
    async def message(body: dict[str, Any], request: Any) -> None:
        retry = request.headers.get("x-slack-retry-num")
        seen.append((body["event_id"], retry[0] if retry else None))

    async with connected(app, slack):
        slack.core.socket.lose_acks = 2
        await ava.say("product-ideas", "hello")
        await slack.settle()
    assert [retry for _, retry in seen] == ["0", "1", "2"]
    assert len({event_id for event_id, _ in seen}) == 1


async def test_mention_fires_twice(slack: LocalSlack, app: AsyncApp, ava: Person) -> None:
    """A mention arrives as `message` and as `app_mention`, with the same ts, and text is escaped."""
    seen: list[dict[str, Any]] = []

    @app.event("message")
    async def message(event: dict[str, Any]) -> None:
        seen.append(event)

    @app.event("app_mention")
    async def mention(event: dict[str, Any]) -> None:
        seen.append(event)

    async with connected(app, slack):
        ts = await ava.say("product-ideas", f"<@{slack.core.identity.bot_user}> a < b & c")
        await slack.settle()
        await ava.say("general", "not heard: the bot is not a member")
        await slack.settle()
    assert sorted(event["type"] for event in seen) == ["app_mention", "message"]
    assert {event["ts"] for event in seen} == {ts}
    assert seen[0]["text"].endswith("a &lt; b &amp; c")


async def test_click_and_gone_button(slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, ava: Person) -> None:
    """A click carries the stored button; after the message lost it, it cannot be clicked."""
    seen: list[dict[str, Any]] = []

    @app.action("approve")
    async def approve(ack: Any, body: dict[str, Any]) -> None:
        seen.append(body)
        await ack()

    async with connected(app, slack):
        blocks = [{"type": "actions", "elements": [button("approve", value="gate-1", style="primary")]}]
        await client.chat_postMessage(channel=IDEAS, text="Approve?", blocks=blocks)
        message = await ava.message("Approve?")
        await ava.click("product-ideas", message, "approve")
        await client.chat_update(channel=IDEAS, ts=message["ts"], text="Approved", blocks=[section("Approved")])
        with pytest.raises(ActRefused, match="no_such_action"):
            await ava.click("product-ideas", message, "approve")
    assert seen[0]["actions"][0]["value"] == "gate-1"
    assert seen[0]["message"]["ts"] == message["ts"]
    assert seen[0]["container"]["channel_id"] == IDEAS


async def test_reconnects(slack: LocalSlack, app: AsyncApp, ava: Person) -> None:
    """After a refresh and after a broken connection the real client is back, and events arrive again."""
    # By the event's id: the client may open two connections after a refresh, and what it had not yet acknowledged on
    # the one that it closes comes again.
    seen: dict[str, str] = {}

    @app.event("message")
    async def message(body: dict[str, Any]) -> None:
        seen[body["event_id"]] = body["event"]["text"]

    socket = slack.core.socket

    async def back(served: int) -> None:
        # The connection itself: what a page shows of it may be gone and back again before anybody looks.
        await until(lambda: socket.served > served and socket.connected, "a new connection", PATIENCE, every=0.01)

    # The client breaks a connection that leaves a ping unanswered for half of the interval: on a busy machine a short
    # one breaks connections by itself.
    async with connected(app, slack, ping_interval=1):
        served = socket.served
        await socket.disconnect("refresh_requested")
        await back(served)
        await ava.say("product-ideas", "one")
        await slack.settle()
        served = socket.served
        socket.drop()
        await back(served)
        await ava.say("product-ideas", "two")
        await slack.settle()
    await ava.wait_for(lambda person: not person.connected)
    assert [*seen.values()] == ["one", "two"]


async def test_turns_between_connections(slack: LocalSlack, client: AsyncWebClient, ava: Person) -> None:
    """Deliveries go over the app's connections by turns, so one process of two sees only a part."""
    seen: list[tuple[int, str]] = []

    def process(number: int) -> AsyncApp:
        app = AsyncApp(client=client)

        @app.event("message")
        async def message(event: dict[str, Any]) -> None:
            seen.append((number, event["text"]))

        return app

    async with connected(process(1), slack), connected(process(2), slack):
        for text in ("one", "two", "three", "four"):
            await ava.say("product-ideas", text)
            await slack.settle()
    assert sorted(number for number, _ in seen) == [1, 1, 2, 2]
    assert sorted(text for _, text in seen) == ["four", "one", "three", "two"]


async def test_home_tab(slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, ava: Person) -> None:
    """Opening the Home tab fires app_home_opened, and what the app publishes is shown to that person."""

    @app.event("app_home_opened")
    async def opened(event: dict[str, Any]) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Welcome")]})

    async with connected(app, slack):
        await ava.open_home()
        home = await ava.wait_for(lambda person: person.home)
    assert home["blocks"][0]["text"]["text"] == "Welcome"


async def test_not_a_member(client: AsyncWebClient) -> None:
    """Posting where the bot is no member is refused."""
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await client.chat_postMessage(channel=GENERAL, text="hello")
