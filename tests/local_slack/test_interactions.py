"""What people do beyond commands: menus, response URLs, shortcuts, modals that change, HTTP mode."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.devtools.local_slack import ActRefused, LocalSlack, Person
from bot.devtools.local_slack.signed_http import signature
from tests.local_slack.conftest import AVA, IDEAS, MANIFEST, button, connected, modal, section


async def test_response_url_is_used_five_times(slack: LocalSlack, app: AsyncApp, ava: Person) -> None:
    """A response URL takes five answers, and the sixth is refused."""
    statuses: list[int] = []

    @app.command("/eipas")
    async def eipas(ack: Any, respond: Any) -> None:
        await ack()
        statuses.extend([(await respond(f"answer {number}")).status_code for number in range(6)])

    async with connected(app, slack):
        await ava.command("product-ideas", "/eipas")
        await ava.wait_for(lambda person: len(person.messages) == 5)
    assert [message["text"] for message in ava.messages.values()] == [f"answer {number}" for number in range(5)]


async def test_used_up_url(slack: LocalSlack) -> None:
    """The sixth answer gets 404 used_url; an unknown URL expired_url; bad blocks 400."""
    token = slack.core.response_urls.issue(user=AVA, channel=IDEAS)
    async with aiohttp.ClientSession() as session:

        async def answer(where: str, **body: Any) -> tuple[int, str]:
            async with session.post(slack.core.response_url(where), json=body) as got:
                return got.status, await got.text()

        assert (await answer(token, text="x", blocks=[{"type": "nope"}]))[0] == 400
        assert [(await answer(token, text="x"))[0] for _ in range(4)] == [200] * 4
        assert "used_url" in (await answer(token, text="x"))[1]
        assert "expired_url" in (await answer("unknown", text="x"))[1]


async def test_respond_replaces_the_original(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, ava: Person
) -> None:
    """An answer with replace_original changes the message that was acted on."""

    @app.action("go")
    async def go(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="done", replace_original=True)

    async with connected(app, slack):
        blocks = [{"type": "actions", "elements": [button("go")]}]
        posted = await client.chat_postMessage(channel=IDEAS, text="ready", blocks=blocks)
        await ava.click("product-ideas", await ava.message("ready"), "go")
        changed = await ava.message("done")
    assert changed["ts"] == posted["ts"]
    assert "blocks" not in changed


async def test_a_click_means_the_message_as_it_stands(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, ava: Person
) -> None:
    """A button that is there before and after an update can be used by who saw it before: its block has a new id."""
    clicked: list[str] = []

    @app.action("go")
    async def go(ack: Any, action: dict[str, Any]) -> None:
        clicked.append(action["block_id"])
        await ack()

    async with connected(app, slack):
        blocks = [{"type": "actions", "elements": [button("go")]}]
        posted = await client.chat_postMessage(channel=IDEAS, text="before", blocks=blocks)
        seen = await ava.message("before")
        await client.chat_update(channel=IDEAS, ts=posted["ts"], text="after", blocks=blocks)
        now = await ava.message("after")
        await ava.click("product-ideas", seen, "go")
    assert clicked == [now["blocks"][0]["block_id"]] != [seen["blocks"][0]["block_id"]]


async def test_menu_sends_the_full_option(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, ava: Person
) -> None:
    """A choice by value arrives as the stored option; a value that is not offered is refused."""
    seen: list[dict[str, Any]] = []

    @app.action("menu")
    async def menu(ack: Any, action: dict[str, Any], body: dict[str, Any]) -> None:
        seen.append(action)
        assert body["state"]["values"]["pick"]["menu"]["selected_option"] == action["selected_option"]
        await ack()

    options = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("one", "two")]
    select = {"type": "static_select", "action_id": "menu", "options": options}
    async with connected(app, slack):
        await client.chat_postMessage(
            channel=IDEAS, text="?", blocks=[section("Pick", block_id="pick", accessory=select)]
        )
        message = await ava.message("Pick")
        await ava.click("product-ideas", message, "menu", selected_option="two")
        with pytest.raises(ActRefused, match="no_such_option"):
            await ava.click("product-ideas", message, "menu", selected_option="three")
    assert seen[0]["selected_option"] == options[1]


async def test_shortcuts(slack: LocalSlack, app: AsyncApp, ava: Person) -> None:
    """Global and message shortcuts of the manifest reach the app; others do not exist."""
    seen: list[dict[str, Any]] = []

    @app.shortcut("start")
    @app.shortcut("use")
    async def shortcut(ack: Any, body: dict[str, Any]) -> None:
        seen.append(body)
        await ack()

    async with connected(app, slack):
        ts = await ava.say("product-ideas", "an idea")
        await ava.shortcut("start")
        await ava.shortcut("use", channel="product-ideas", message_ts=ts)
        with pytest.raises(ActRefused, match="unknown_shortcut"):
            await ava.shortcut("nope")
    assert [body["type"] for body in seen] == ["shortcut", "message_action"]
    assert seen[1]["message"]["text"] == "an idea"


async def test_modal_update_keeps_what_was_entered(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, ava: Person
) -> None:
    """A button in a modal brings the inputs' state; after an update they keep it; push and clear work by the ack."""
    states: list[Any] = []
    extra = {"type": "actions", "block_id": "more", "elements": [button("more")]}

    @app.action("more")
    async def more(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        states.append(body["view"]["state"]["values"])
        view = modal("Longer", blocks=[*modal()["blocks"], section("More")])
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    @app.view("form")
    async def form(ack: Any, view: dict[str, Any]) -> None:
        if view["title"]["text"] == "Longer":
            await ack(response_action="push", view=modal("Sure?"))
        else:
            await ack(response_action="clear")

    async with connected(app, slack):
        await client.views_open(
            trigger_id=slack.core.triggers.issue(AVA), view=modal(blocks=[*modal()["blocks"], extra])
        )
        typed = {"values": {"reason": {"text": {"type": "plain_text_input", "value": "typed"}}}}
        await ava.click_view(await ava.view("Form"), "more", state=typed)
        longer = await ava.view("Longer")
        assert longer["state"]["values"]["reason"]["text"]["value"] == "typed"
        assert (await ava.submit(longer, {}))["response_action"] == "push"
        assert (await ava.submit(await ava.view("Sure?"), {"reason": "yes"}))["response_action"] == "clear"
        await ava.wait_for(lambda person: not person.views)
    assert states[0]["reason"]["text"]["value"] == "typed"


async def test_closing_is_told_when_asked_for(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, ava: Person
) -> None:
    """view_closed arrives only for a modal with notify_on_close."""
    seen: list[str] = []

    @app.view_closed("form")
    async def closed(ack: Any, view: dict[str, Any]) -> None:
        seen.append(view["title"]["text"])
        await ack()

    async with connected(app, slack):
        for title, notify in (("Quiet", False), ("Loud", True)):
            view = modal(title, notify_on_close=notify)
            await client.views_open(trigger_id=slack.core.triggers.issue(AVA), view=view)
            await ava.close_view(await ava.view(title))
    assert seen == ["Loud"]


async def test_errors_must_name_inputs(slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, ava: Person) -> None:
    """An ack whose errors name no input block shows the person trouble, and the modal stays."""

    @app.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action="errors", errors={"nope": "wrong"})

    async with connected(app, slack):
        await client.views_open(trigger_id=slack.core.triggers.issue(AVA), view=modal())
        with pytest.raises(ActRefused, match="invalid_response_action"):
            await ava.submit(await ava.view("Form"), {"reason": "x"})
    assert ava.views[-1]["title"]["text"] == "Form"


async def test_reordered_and_repeated_events(slack: LocalSlack, app: AsyncApp, ava: Person) -> None:
    """Events can be made to arrive in reverse, and once more with the same event id."""
    seen: list[tuple[str, str]] = []

    @app.event("message")
    async def message(event: dict[str, Any], body: dict[str, Any]) -> None:
        seen.append((event["text"], body["event_id"]))

    async with connected(app, slack):
        await ava.trouble(do="reorder", count=2)
        await ava.say("product-ideas", "one")
        await ava.say("product-ideas", "two")
        await slack.settle()
        await ava.trouble(do="redeliver", count=1)
        await slack.settle()
    assert [text for text, _ in seen[:2]] == ["two", "one"]
    assert seen[2] in seen[:2]


async def test_edits_and_deletions_are_told(
    slack: LocalSlack, app: AsyncApp, client: AsyncWebClient, ava: Person
) -> None:
    """A person's edit and deletion arrive with Slack's subtypes, and the text one level deeper."""
    seen: list[dict[str, Any]] = []

    @app.event({"type": "message", "subtype": "message_changed"})
    @app.event({"type": "message", "subtype": "message_deleted"})
    async def changed(event: dict[str, Any]) -> None:
        seen.append(event)

    @app.event("message")
    async def message() -> None:
        """Acknowledge."""

    async with connected(app, slack):
        ts = await ava.say("product-ideas", "frist")
        await ava.edit("product-ideas", ts, "first")
        await slack.settle()
        await ava.delete("product-ideas", ts)
        await slack.settle()
    assert [event["subtype"] for event in seen] == ["message_changed", "message_deleted"]
    assert (seen[0]["message"]["text"], seen[0]["previous_message"]["text"]) == ("first", "frist")
    assert seen[1]["deleted_ts"] == ts


async def test_http_mode_is_signed() -> None:
    """With a request URL, events, commands and interactions come as POST requests that Bolt's own verifier accepts."""
    app: AsyncApp | None = None
    seen: list[str] = []

    async def receive(request: web.Request) -> web.Response:
        body = (await request.read()).decode()
        seen.append(request.content_type)
        assert app is not None
        answer = await app.async_dispatch(AsyncBoltRequest(body=body, headers=dict(request.headers)))
        first = {key: values[0] for key, values in answer.headers.items()}
        return web.Response(status=answer.status, text=answer.body, headers=first)

    receiver = web.Application()
    receiver.router.add_post("/slack/events", receive)
    runner = web.AppRunner(receiver)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    async with LocalSlack(manifest=MANIFEST, request_url=url) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        app = AsyncApp(client=client, signing_secret=slack.signing_secret)

        @app.command("/eipas")
        async def eipas(ack: Any) -> None:
            await ack("hello")

        @app.event("message")
        async def message() -> None:
            seen.append("event")

        async with Person(slack.url, AVA) as ava:
            await ava.command("product-ideas", "/eipas")
            await ava.message("hello")
            await ava.say("product-ideas", "hi")
            await slack.settle()
    await runner.cleanup()
    assert seen == ["application/x-www-form-urlencoded", "application/json", "event"]


def test_signature_matches_slacks_verifier() -> None:
    """The signature is the one that slack_sdk computes."""
    body = json.dumps({"type": "event_callback"})
    assert signature("secret", "1700000000", body.encode()) == SignatureVerifier("secret").generate_signature(
        timestamp="1700000000", body=body
    )
