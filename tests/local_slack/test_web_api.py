"""The Web API through the real client: what Slack refuses is refused, by Slack's own names."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.devtools.local_slack import ActRefused, CallFault, LocalSlack, Person, Timing
from bot.devtools.local_slack.rates import Rates
from tests.local_slack.conftest import AVA, BEN, GENERAL, IDEAS, button, modal, section

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("chat.postMessage", {"text": "hello"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C000", "text": "hello"}, "channel_not_found"),
    ("chat.postMessage", {"channel": GENERAL, "text": "hello"}, "not_in_channel"),
    ("chat.postMessage", {"channel": IDEAS}, "no_text"),
    ("chat.postMessage", {"channel": IDEAS, "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
    ("chat.postMessage", {"channel": IDEAS, "text": "x", "blocks": "[{"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": IDEAS, "text": "x", "blocks": [{"type": "nope"}]}, "invalid_blocks"),
    ("chat.postMessage", {"channel": IDEAS, "text": "x", "metadata": {"event_type": "k"}}, "invalid_metadata_format"),
    ("chat.postEphemeral", {"channel": IDEAS, "text": "x"}, "invalid_arguments"),
    ("chat.postEphemeral", {"channel": IDEAS, "text": "x", "user": "U000"}, "user_not_in_channel"),
    ("chat.update", {"channel": IDEAS, "ts": "1.000000", "text": "x"}, "message_not_found"),
    ("conversations.replies", {"channel": IDEAS, "ts": "1.000000"}, "thread_not_found"),
    ("conversations.history", {"channel": GENERAL}, "not_in_channel"),
    ("conversations.history", {"channel": IDEAS, "cursor": "!"}, "invalid_cursor"),
    ("users.info", {"user": "U000"}, "user_not_found"),
    ("files.info", {"file": "F000"}, "file_not_found"),
    ("views.open", {"trigger_id": "1.2.abc", "view": modal()}, "invalid_trigger_id"),
    ("views.open", {"trigger_id": "1.2.abc", "view": modal("x" * 25)}, "invalid_arguments"),
    ("views.open", {"trigger_id": "1.2.abc"}, "invalid_arguments"),
    ("views.update", {"view_id": "V000", "view": modal()}, "not_found"),
    ("views.publish", {"user_id": AVA, "view": modal()}, "invalid_arguments"),
    ("apps.connections.open", {}, "not_allowed_token_type"),
    ("chat.nonsense", {}, "unknown_method"),
]


@pytest.mark.parametrize(("method", "args", "error"), REFUSED)
async def test_refused(client: AsyncWebClient, method: str, args: dict[str, Any], error: str) -> None:
    """Each call gets the error that Slack names."""
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=args)
    assert refused.value.response["error"] == error


async def test_faults_of_blocks_are_named_by_path(client: AsyncWebClient) -> None:
    """`response_metadata.messages` says what is wrong and where."""
    blocks = [section("fine"), section("x" * 3001)]
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=IDEAS, text="x", blocks=blocks)
    expected = ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"]
    assert refused.value.response["response_metadata"]["messages"] == expected


async def test_tokens(slack: LocalSlack) -> None:
    """No token, a wrong token and a revoked token are three different errors."""
    for token, error in ((None, "not_authed"), ("xoxb-wrong", "invalid_auth")):
        with pytest.raises(SlackApiError, match=error):
            await AsyncWebClient(token=token, base_url=slack.api_url).auth_test()
    slack.core.revoked = True
    with pytest.raises(SlackApiError, match="token_revoked"):
        await AsyncWebClient(token=slack.bot_token, base_url=slack.api_url).auth_test()


async def test_metadata_is_found_in_a_thread(client: AsyncWebClient) -> None:
    """A reply can be found again by its metadata, which conversations.replies gives only when asked."""
    parent = await client.chat_postMessage(channel=IDEAS, text="parent")
    metadata = {"event_type": "part", "event_payload": {"key": "gate:go"}}
    await client.chat_postMessage(channel=IDEAS, text="reply", thread_ts=parent["ts"], metadata=metadata)
    without = await client.conversations_replies(channel=IDEAS, ts=parent["ts"])
    found = await client.conversations_replies(channel=IDEAS, ts=parent["ts"], include_all_metadata=True)
    assert ["metadata" in message for message in without["messages"]] == [False, False]
    assert found["messages"][1]["metadata"] == metadata
    assert found["messages"][0]["reply_count"] == 1


async def test_replies_come_in_pages(client: AsyncWebClient) -> None:
    """Following the cursor gives every reply once, oldest first."""
    parent = await client.chat_postMessage(channel=IDEAS, text="0")
    for number in range(1, 6):
        await client.chat_postMessage(channel=IDEAS, text=str(number), thread_ts=parent["ts"])
    texts: list[str] = []
    async for page in await client.conversations_replies(channel=IDEAS, ts=parent["ts"], limit=2):
        texts += [message["text"] for message in page["messages"]]
    assert texts == ["0", "1", "2", "3", "4", "5"]


async def test_a_post_that_is_too_long_is_cut_and_nobody_is_told(client: AsyncWebClient) -> None:
    """Of 40,001 characters 40,000 stand, by posting and for one person's eyes alone."""
    posted = await client.chat_postMessage(channel=IDEAS, text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    assert (await client.chat_postEphemeral(channel=IDEAS, user=AVA, text="x" * 40_001))["ok"]


async def test_update_keeps_and_drops_what_slack_does(client: AsyncWebClient) -> None:
    """Metadata stays over an update, text alone takes the blocks away, more than 4,000 characters are refused."""
    metadata = {"event_type": "part", "event_payload": {}}
    posted = await client.chat_postMessage(channel=IDEAS, text="a", blocks=[section("a")], metadata=metadata)
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await client.chat_update(channel=IDEAS, ts=posted["ts"], text="x" * 4001)
    with pytest.raises(SlackApiError, match="no_text"):
        await client.api_call("chat.update", json={"channel": IDEAS, "ts": posted["ts"]})
    changed = await client.chat_update(channel=IDEAS, ts=posted["ts"], text="b")
    assert "blocks" not in changed["message"]
    assert changed["message"]["metadata"] == metadata
    assert "edited" in changed["message"]


async def test_only_own_messages_can_be_changed(client: AsyncWebClient, ava: Person) -> None:
    """The bot can neither update nor delete what a person wrote."""
    ts = await ava.say("product-ideas", "mine")
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel=IDEAS, ts=ts, text="yours")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await client.chat_delete(channel=IDEAS, ts=ts)


async def test_deleted_parent_leaves_a_tombstone(client: AsyncWebClient, ava: Person) -> None:
    """A thread outlives its deleted parent."""
    parent = await client.chat_postMessage(channel=IDEAS, text="parent")
    await client.chat_postMessage(channel=IDEAS, text="reply", thread_ts=parent["ts"])
    await client.chat_delete(channel=IDEAS, ts=parent["ts"])
    thread = await ava.history("product-ideas", thread_ts=parent["ts"])
    assert [message.get("subtype") for message in thread] == ["tombstone", None]


async def test_ephemeral_is_seen_by_one(client: AsyncWebClient, slack: LocalSlack, ava: Person) -> None:
    """An ephemeral message is in one person's channel only, and in nobody's history for the bot."""
    await client.chat_postEphemeral(channel=IDEAS, user=AVA, text="only you")
    assert (await ava.message("only you"))["ephemeral"] is True
    async with Person(slack.url, BEN) as ben:
        assert await ben.history("product-ideas") == []
    assert (await client.conversations_history(channel=IDEAS))["messages"] == []


async def test_direct_messages(client: AsyncWebClient, ava: Person) -> None:
    """A user id as channel means the direct messages with that person."""
    opened = await client.conversations_open(users=AVA)
    posted = await client.chat_postMessage(channel=AVA, text="hello")
    assert posted["channel"] == opened["channel"]["id"]
    assert (await ava.message("hello"))["ts"] == posted["ts"]


async def test_broadcasts_are_noted(client: AsyncWebClient, slack: LocalSlack) -> None:
    """A message that would notify the whole channel is noted; an escaped one is not."""
    await client.chat_postMessage(channel=IDEAS, text="&lt;!channel&gt;", blocks=[section("fine")])
    assert slack.broadcasts == []
    await client.chat_postMessage(channel=IDEAS, text="fine", blocks=[section("oh <!channel>")])
    assert [message["text"] for message in slack.broadcasts] == ["fine"]


async def test_rate_limit_is_honoured(slack: LocalSlack) -> None:
    """The client's retry handler waits as long as Retry-After says, and the message is there once."""
    handlers: list[AsyncRetryHandler] = [AsyncRateLimitErrorRetryHandler(max_retry_count=1)]
    patient = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=handlers)
    slack.faults.add(CallFault(method="chat.postMessage", kind="ratelimited", retry_after=1))
    await patient.chat_postMessage(channel=IDEAS, text="once")
    posts = [call for call in slack.calls if call.method == "chat.postMessage"]
    assert [call.status for call in posts] == [429, 200]
    assert posts[1].at - posts[0].at >= 1
    assert len((await patient.conversations_history(channel=IDEAS))["messages"]) == 1


async def test_rates_of_slack() -> None:
    """With rate limits on, a sixth message at once in one channel waits a second; other channels do not."""
    async with LocalSlack(rates=Rates(enforced=True)) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        for number in range(5):
            await client.chat_postMessage(channel=IDEAS, text=str(number))
        with pytest.raises(SlackApiError, match="ratelimited") as refused:
            await client.chat_postMessage(channel=IDEAS, text="too fast")
        await client.chat_postMessage(channel=AVA, text="elsewhere")
    assert refused.value.response.headers["Retry-After"] == "1"


async def test_lost_answer_takes_effect(slack: LocalSlack, client: AsyncWebClient) -> None:
    """A call can take effect although its answer never arrives; only the named channel suffers."""
    slack.faults.add(CallFault(method="chat.postMessage", kind="lost_answer", channel=IDEAS))
    await client.chat_postMessage(channel=AVA, text="elsewhere")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=IDEAS, text="lost")
    texts = [message["text"] for message in (await client.conversations_history(channel=IDEAS))["messages"]]
    assert texts == ["lost"]


async def test_server_error(slack: LocalSlack, client: AsyncWebClient) -> None:
    """A call can fail with 500 without taking effect."""
    slack.faults.add(CallFault(method="*", kind="server_error"))
    with pytest.raises(SlackApiError) as failed:
        await client.chat_postMessage(channel=IDEAS, text="never")
    assert failed.value.response.status_code == 500
    assert (await client.conversations_history(channel=IDEAS))["messages"] == []


async def test_trigger_expires(slack: LocalSlack, client: AsyncWebClient) -> None:
    """A trigger is worth nothing after its time."""
    slack.core.triggers.timing = Timing(trigger=0.01)
    trigger = slack.core.triggers.issue(AVA)
    await asyncio.sleep(0.02)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=trigger, view=modal())


async def test_view_stack(slack: LocalSlack, client: AsyncWebClient, ava: Person) -> None:
    """At most three modals lie on each other, and an update with an old hash is refused."""

    def trigger(view_id: str | None = None) -> str:
        return slack.core.triggers.issue(AVA, view_id)

    first = (await client.views_open(trigger_id=trigger(), view=modal("1")))["view"]
    second = (await client.views_push(trigger_id=trigger(first["id"]), view=modal("2")))["view"]
    third = (await client.views_push(trigger_id=trigger(second["id"]), view=modal("3")))["view"]
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await client.views_push(trigger_id=trigger(third["id"]), view=modal("4"))
    await client.views_update(view_id=second["id"], hash=second["hash"], view=modal("2b"))
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=second["id"], hash=second["hash"], view=modal("2c"))
    await ava.wait_for(lambda person: [view["title"]["text"] for view in person.views] == ["1", "2b", "3"])


async def test_file_round_trip(slack: LocalSlack, client: AsyncWebClient, ava: Person) -> None:
    """files_upload_v2 shows the file in the thread without naming the message; bot and people read the same bytes."""
    parent = await client.chat_postMessage(channel=IDEAS, text="parent")
    answer = await client.files_upload_v2(
        channel=IDEAS, thread_ts=parent["ts"], filename="openapi.yaml", content="openapi: 3.1.0\n", title="The API"
    )
    assert answer["files"][0]["shares"] == {}
    shown = await ava.wait_for(lambda person: next((m for m in person.messages.values() if m.get("files")), None))
    assert shown["thread_ts"] == parent["ts"]
    assert shown["files"][0]["preview"] == "openapi: 3.1.0\n"
    assert await ava.download(shown["files"][0]) == b"openapi: 3.1.0\n"
    info = await client.files_info(file=answer["files"][0]["id"])
    assert info["file"]["shares"]["public"][IDEAS][0]["ts"] == shown["ts"]
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with aiohttp.ClientSession() as session:
        async with session.get(info["file"]["url_private"], headers=headers) as bytes_of_bot:
            assert await bytes_of_bot.read() == b"openapi: 3.1.0\n"
        async with session.get(info["file"]["url_private"]) as stranger:
            assert stranger.content_type == "text/html"


async def test_uploads_of_people_reach_the_bot(client: AsyncWebClient, ava: Person) -> None:
    """A person's file is a message with subtype file_share and a private address."""
    ts = await ava.upload("product-ideas", "idea.json", b"{}")
    message = (await client.conversations_history(channel=IDEAS))["messages"][0]
    assert (message["ts"], message["subtype"]) == (ts, "file_share")
    assert message["files"][0]["filetype"] == "json"


async def test_archived_channel(slack: LocalSlack, client: AsyncWebClient, ava: Person) -> None:
    """Nothing can be posted to an archived channel; faults can be asked for over HTTP."""
    await ava.trouble(do="archive", channel=IDEAS)
    with pytest.raises(SlackApiError, match="is_archived"):
        await client.chat_postMessage(channel=IDEAS, text="late")
    with pytest.raises(ActRefused, match="is_archived"):
        await ava.say("product-ideas", "late")


async def test_foreign_origins_are_refused(slack: LocalSlack) -> None:
    """A web site open in the same browser cannot act as a person, nor can a foreign host name."""
    async with aiohttp.ClientSession(slack.url) as session:
        for headers in ({"Origin": "https://example.com"}, {"Host": "example.com"}):
            async with session.post("/local/home", data=json.dumps({"as": AVA}), headers=headers) as answer:
                assert answer.status == 403


async def test_calls_are_recorded_readably(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Each call is kept with structured arguments and without the token."""
    await client.chat_postMessage(channel=IDEAS, text="x", blocks=[{"type": "actions", "elements": [button("go")]}])
    call = slack.calls[-1]
    assert call.args["blocks"][0]["elements"][0]["action_id"] == "go"
    assert slack.bot_token not in json.dumps(call.line())


async def test_the_address_of_a_message_leads_to_it(slack: LocalSlack, client: AsyncWebClient) -> None:
    """A first message's opens its thread, a reply's names the reply in it; what is not there is a 404 in words."""
    first = await client.chat_postMessage(channel=IDEAS, text="first")
    reply = await client.chat_postMessage(channel=IDEAS, text="reply", thread_ts=first["ts"])
    wanted = {
        first["ts"]: f"#{IDEAS}/thread/{first['ts']}",
        reply["ts"]: f"#{IDEAS}/thread/{first['ts']}/{reply['ts']}",
    }
    async with aiohttp.ClientSession() as session:
        for ts, place in wanted.items():
            link = (await client.chat_getPermalink(channel=IDEAS, message_ts=ts))["permalink"]
            async with session.get(link, allow_redirects=False) as led:
                assert (led.status, led.headers["Location"]) == (302, f"/{place}")
        async with session.get(f"{slack.url}/archives/{IDEAS}", params={"as": AVA}, allow_redirects=False) as led:
            assert led.headers["Location"] == f"/?as={AVA}#{IDEAS}"
        for path in (f"{IDEAS}/p1234567890123456", f"{IDEAS}/nonsense", "C0NOWHERE/p1234567890123456"):
            async with session.get(f"{slack.url}/archives/{path}") as missing:
                assert missing.status == 404 and (await missing.text()).startswith("There is no such")
