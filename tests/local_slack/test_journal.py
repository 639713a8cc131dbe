"""The journal: a workspace outlives its process."""

from __future__ import annotations

from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot.devtools.local_slack import LocalSlack, Person
from tests.local_slack.conftest import AVA, IDEAS, section


async def test_workspace_survives_a_restart(tmp_path: Path) -> None:
    """Messages, threads, files, Home tabs and credentials are there again; new timestamps come after old ones."""
    journal = tmp_path / "workspace.jsonl"
    async with LocalSlack(journal=journal) as first, Person(first.url, AVA) as ava:
        client = AsyncWebClient(token=first.bot_token, base_url=first.api_url)
        posted = await client.chat_postMessage(channel=IDEAS, text="parent")
        await ava.say("product-ideas", "reply", thread_ts=posted["ts"])
        await ava.upload("product-ideas", "idea.json", b"{}")
        await client.views_publish(user_id=AVA, view={"type": "home", "blocks": [section("Home")]})
        token = first.bot_token
    async with LocalSlack(journal=journal) as second, Person(second.url, AVA) as ava:
        assert second.bot_token == token
        thread = await ava.history("product-ideas", thread_ts=posted["ts"])
        assert [message["text"] for message in thread] == ["parent", "reply"]
        shared = (await ava.history("product-ideas"))[-1]
        assert await ava.download(shared["files"][0]) == b"{}"
        await ava.open_home()
        assert ava.home is not None and ava.home["blocks"][0]["text"]["text"] == "Home"
        assert await ava.say("product-ideas", "later") > shared["ts"]


async def test_torn_line_is_ignored(tmp_path: Path) -> None:
    """A line that a crash cut off costs only the change that it held."""
    journal = tmp_path / "workspace.jsonl"
    async with LocalSlack(journal=journal) as first, Person(first.url, AVA) as ava:
        await ava.say("product-ideas", "kept")
    with journal.open("a") as file:
        file.write('["message","C0IDEAS001 99.0",{"ts":"99')
    async with LocalSlack(journal=journal) as second, Person(second.url, AVA) as ava:
        assert [message["text"] for message in await ava.history("product-ideas")] == ["kept"]
        assert second.url == f"http://127.0.0.1:{second.url.rsplit(':', 1)[1]}"


async def test_journal_does_not_grow_by_updates(tmp_path: Path) -> None:
    """Replaying compacts: a message that was changed often is one line again."""
    journal = tmp_path / "workspace.jsonl"
    async with LocalSlack(journal=journal) as first:
        client = AsyncWebClient(token=first.bot_token, base_url=first.api_url)
        posted = await client.chat_postMessage(channel=IDEAS, text="0")
        for number in range(20):
            await client.chat_update(channel=IDEAS, ts=posted["ts"], text=str(number))
    before = len(journal.read_text().splitlines())
    async with LocalSlack(journal=journal):
        assert len(journal.read_text().splitlines()) == before - 20
