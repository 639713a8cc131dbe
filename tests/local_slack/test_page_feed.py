"""What the page is given: itself, the state at its start, and what happens after."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.devtools.local_slack import ActRefused, LocalSlack, Person
from tests.local_slack.conftest import AVA, BEN, IDEAS, connected


async def test_page_is_served(slack: LocalSlack) -> None:
    """The page and its parts come from the same origin as everything else."""
    async with aiohttp.ClientSession(slack.url) as session:
        async with session.get("/") as page:
            assert page.content_type == "text/html"
        async with session.get("/page/app.js") as script:
            assert script.status == 200
        async with session.get("/page/../server.py") as outside:
            assert outside.status == 404


async def test_boot(slack: LocalSlack, ava: Person) -> None:
    """A person is told who they are, who else is there, and what the app offers; not other people's conversations."""
    async with aiohttp.ClientSession(slack.url) as session, session.get("/local/boot", params={"as": AVA}) as answer:
        boot: dict[str, Any] = await answer.json()
    assert boot["me"]["initials"] == "AL"
    assert [command["command"] for command in boot["commands"]] == ["/eipas"]
    membership = {channel["name"]: channel["bot_is_member"] for channel in boot["channels"] if not channel["is_im"]}
    assert membership["product-ideas"] is True
    assert membership["general"] is False
    async with Person(slack.url, BEN) as ben:
        await ben.act("channels", name="secret", is_private=True)
        assert "secret" in (await ben.wait_for(lambda person: person.channels if "secret" in person.channels else None))
        with pytest.raises(ActRefused, match="channel_not_found"):
            await ava.history(ben.channels["secret"])


async def test_unread(slack: LocalSlack, ava: Person) -> None:
    """A channel counts what others wrote since the person last looked."""
    async with Person(slack.url, BEN) as ben:
        await ben.history("product-ideas")
        await ava.say("product-ideas", "one")
        await ava.say("product-ideas", "two")
    async with aiohttp.ClientSession(slack.url) as session, session.get("/local/boot", params={"as": BEN}) as answer:
        channels = (await answer.json())["channels"]
    assert next(channel["unread"] for channel in channels if channel["id"] == IDEAS) == 2


async def test_bot_is_invited(client: AsyncWebClient, ava: Person) -> None:
    """After an invitation the bot may post where it was refused before."""
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await client.chat_postMessage(channel=ava.channels["general"], text="early")
    await ava.act("invite_bot", channel=ava.channels["general"])
    await client.chat_postMessage(channel=ava.channels["general"], text="welcome")
    assert (await ava.message("welcome"))["user"] == "U0EIPASBOT"


async def test_revocation_is_told(slack: LocalSlack, app: AsyncApp, ava: Person) -> None:
    """A revoked token is announced by tokens_revoked, and no call works until it is given back."""
    seen: list[dict[str, Any]] = []

    @app.event("tokens_revoked")
    async def revoked(event: dict[str, Any]) -> None:
        seen.append(event)

    async with connected(app, slack):
        await app.client.auth_test()
        await ava.trouble(do="revoke")
        await slack.settle()
        with pytest.raises(SlackApiError, match="token_revoked"):
            await app.client.auth_test()
        await ava.trouble(do="restore")
        await app.client.auth_test()
    assert seen[0]["tokens"]["bot"] == ["U0EIPASBOT"]
