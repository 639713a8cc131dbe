"""Slack's rates, sizes and scopes, as the local Slack enforces them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.app.application import read_manifest
from bot.devtools.local_slack import LocalSlack, posting
from bot.devtools.local_slack.api.table import METHODS
from bot.devtools.local_slack.rates import COMMERCIAL, COMMERCIAL_PAGE, PER_MINUTE, Rates
from bot.devtools.local_slack.records import Channel
from bot.devtools.local_slack.sample import CHANNELS
from bot.domain.surface import Posted, SurfaceId, SurfaceKind
from handlers.sync.budget import FIGURES
from handlers.sync.lookup import EVENT_TYPE, message_with

IDEAS = next(channel.id for channel in CHANNELS if channel.kind == "channel")


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_every_method_has_a_rate() -> None:
    """No method of the local Slack may be called without end, and the budget knows no higher figure than it."""
    assert set(METHODS) - set(PER_MINUTE) == set()
    assert {method: figure for method, figure in FIGURES.items() if figure > PER_MINUTE[method]} == {}


@pytest.mark.parametrize("method", sorted(set(PER_MINUTE) - {"chat.postMessage"}))
def test_the_minute_is_counted(method: str) -> None:
    """As many calls as the tier has are let through at once; one more waits until the first is a minute old."""
    clock = Clock()
    rates = Rates(enforced=True, clock=clock)
    assert [rates.wait(method, "C1") for _ in range(PER_MINUTE[method])] == [0] * PER_MINUTE[method]
    clock.now += 20
    assert rates.wait(method, "C1") == 40
    clock.now += 40
    assert rates.wait(method, "C1") == 0


@given(st.lists(st.floats(0, 5), max_size=200))
def test_no_sliding_minute_holds_more(pauses: list[float]) -> None:
    """However calls are spread, no 60 seconds hold more than 50 that were let through."""
    clock = Clock()
    rates, through = Rates(enforced=True, clock=clock), []
    for pause in pauses:
        clock.now += pause
        if not rates.wait("chat.update", "C1"):
            through.append(clock.now)
    assert all(sum(at < one <= at + 60 - 1e-6 for one in through) <= 50 for at in through)


def test_posts_count_per_channel_and_status_per_conversation() -> None:
    """A burst in one channel leaves another alone; the same holds of what is said to be going on."""
    rates = Rates(enforced=True, clock=Clock())
    assert [rates.wait("chat.postMessage", "C1") for _ in range(6)] == [0, 0, 0, 0, 0, 1]
    assert rates.wait("chat.postMessage", "C2") == 0
    for _ in range(60):
        assert rates.wait("assistant.threads.setStatus", "C1") == 0
    assert rates.wait("assistant.threads.setStatus", "C1") > 0
    assert rates.wait("assistant.threads.setStatus", "C2") == 0


def test_one_message_is_updated_once_in_three_seconds() -> None:
    """Another message, and the same `ts` in another channel, are not held up by it."""
    clock = Clock()
    rates = Rates(enforced=True, clock=clock)
    assert rates.wait("chat.update", "C1", "1.1") == 0
    clock.now += 1
    assert rates.wait("chat.update", "C1", "1.1") == 2
    assert rates.wait("chat.update", "C1", "1.2") == rates.wait("chat.update", "C2", "1.1") == 0
    clock.now += 2
    assert rates.wait("chat.update", "C1", "1.1") == 0


def test_apps_sold_outside_the_marketplace_may_hardly_read() -> None:
    """For them history and replies are one call a minute."""
    rates = Rates(enforced=True, commercial=True, clock=Clock())
    for method in COMMERCIAL:
        assert (rates.wait(method, "C1"), rates.wait(method, "C1")) == (0, 60)


def test_nothing_is_refused_unless_switched_on() -> None:
    """Without enforcement no number of calls waits."""
    rates = Rates(enforced=False)
    assert {rates.wait("chat.update", "C1") for _ in range(500)} == {0}


async def test_blocks_above_slacks_size_are_refused() -> None:
    """Blocks that are each within their limits are refused when together they are above 13,200 bytes."""
    async with LocalSlack() as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}
        await client.chat_postMessage(channel=IDEAS, text="fits", blocks=[section] * 4)
        with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
            await client.chat_postMessage(channel=IDEAS, text="too long", blocks=[section] * 5)


@pytest.mark.parametrize(("kind", "family"), [("channel", "channels"), ("group", "groups"), ("im", "im")])
async def test_scopes_are_enforced_per_kind_of_channel(kind: str, family: str) -> None:
    """Without `channels:history`, `groups:history` or `im:history` just that kind of channel cannot be read."""
    manifest = dict(read_manifest())
    scopes = [one for one in manifest["oauth_config"]["scopes"]["bot"] if one != f"{family}:history"]
    manifest["oauth_config"] = {"scopes": {"bot": scopes}}
    async with LocalSlack(manifest=manifest) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        refused = {channel.kind for channel in await _channels(slack) if await _refuses(client, channel)}
        assert refused == {kind}


async def test_a_lost_message_of_a_long_thread_is_found_by_one_call() -> None:
    """An app that is distributed reads fifteen messages a minute: what was sent is looked up from its time on."""
    rates = Rates(enforced=True, commercial=True)
    async with LocalSlack(manifest=read_manifest(), rates=rates) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        bot = slack.core.identity.bot_user
        root = posting.post(slack.core, slack.core.workspace.channel(IDEAS), {"user": bot, "text": "Root"})
        long_ago = float(root["ts"]) - 3600
        for number in range(40):
            old = {"user": bot, "text": f"{number}", "thread_ts": root["ts"], "ts": f"{long_ago + number:.6f}"}
            slack.core.workspace.put_message(IDEAS, old)
        payload = {"surface": "thread", "owner": "ev_1", "key": "i1.review"}
        row = Posted(
            surface=SurfaceId(kind=SurfaceKind.THREAD, team="T1", owner="ev_1"), key="i1.review", kind="message",
            state="sending", channel=IDEAS, digest="", updated_at=datetime.now(UTC),
        )  # fmt: skip
        metadata = {"event_type": EVENT_TYPE, "event_payload": payload}
        sent = await client.chat_postMessage(channel=IDEAS, thread_ts=root["ts"], text="Lost", metadata=metadata)
        assert len((await client.conversations_history(channel=IDEAS, limit=200))["messages"]) <= COMMERCIAL_PAGE
        assert await message_with(client, row, root["ts"], payload) == sent["ts"]
        assert sum(call.method == "conversations.replies" for call in slack.core.calls) == 1


async def test_a_missing_scope_says_what_is_needed() -> None:
    """The refusal names the scope that is needed and those that there are, as Slack does."""
    manifest = dict(read_manifest())
    manifest["oauth_config"] = {"scopes": {"bot": ["chat:write"]}}
    async with LocalSlack(manifest=manifest) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        with pytest.raises(SlackApiError) as refused:
            await client.reactions_add(channel=IDEAS, timestamp="1.1", name="eyes")
    answer = refused.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "reactions:write", "chat:write")


async def _channels(slack: LocalSlack) -> list[Channel]:
    workspace = slack.core.workspace
    bot = slack.core.identity.bot_user
    workspace.direct(next(user for user in workspace.people if user != bot))
    workspace.put_channel(Channel(id="C0PRIVATE1", name="private", is_private=True, members=(bot,)))
    found = {channel.kind: channel for channel in workspace.channels.values() if bot in channel.members}
    return list(found.values())


async def _refuses(client: AsyncWebClient, channel: Channel) -> bool:
    try:
        await client.conversations_history(channel=channel.id)
    except SlackApiError as refused:
        assert refused.response["error"] == "missing_scope"
        return True
    return False
