"""Several workspaces: installed by OAuth, tokens encrypted, each with its own client, gone and back again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import MetaData

from bot.domain.errors import ConfigurationError
from handlers.transport.installation import Cipher, Installations, ManyWorkspaces, States
from handlers.transport.pages import INSTALL, REDIRECT, Flow, flow_settings, install_pages
from handlers.transport.workspaces import NotInstalled, web_client
from storage import SqlDatabase, open_database
from storage.tables import slack_bot, slack_installation, slack_state
from tests.operations.asgi import Answer, call
from tests.support.databases import migrated_file
from tests.support.services import Time

TOKEN = "xoxb-111-222-abcdefghijklmnop"
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqlDatabase]:
    opened = open_database(migrated_file(tmp_path / "eipas.db"), clock=Time())
    await opened.start()
    yield opened
    await opened.close()


def store(database: SqlDatabase, *keys: str) -> Installations:
    return Installations(database.engine, "client", Cipher(keys))


def installation(team: str = "T1", token: str = TOKEN) -> Installation:
    return Installation(
        app_id="A1", enterprise_id="E1", team_id=team, team_name="One", bot_token=token, bot_id="B1",
        bot_user_id="U1", user_id="U9", bot_scopes=["chat:write"],
    )  # fmt: skip


async def bot_token(kept: Installations, team: str = "T1") -> str | None:
    found = await kept.async_find_bot(enterprise_id=None, team_id=team)
    return found.bot_token if found else None


async def test_no_token_is_in_the_file(database: SqlDatabase, tmp_path: Path) -> None:
    """What is kept opens with the key and is nowhere in the database's files in clear."""
    kept = store(database, OLD)
    await kept.async_save(installation())
    assert await bot_token(kept) == TOKEN
    for file in tmp_path.iterdir():
        assert TOKEN.encode() not in file.read_bytes(), file.name


async def test_keys_are_replaced_one_by_one(database: SqlDatabase) -> None:
    """A new first key opens what the old one closed; without the old one the workspace counts as not installed."""
    await store(database, OLD).async_save(installation())
    assert await bot_token(store(database, NEW, OLD)) == TOKEN
    assert await bot_token(store(database, NEW)) is None
    both = store(database, NEW, OLD)
    assert (both.renew(), both.renew()) == (2, 0), "in both tables, once"
    assert await bot_token(store(database, NEW)) == TOKEN, "the old key may go"
    assert await bot_token(store(database, OLD)) is None
    assert store(database, OLD).renew() == 0, "what no key opens is left as it is"
    with pytest.raises(ConfigurationError):
        Cipher(["no key"])


def test_tables_have_the_columns_that_slack_sdk_writes() -> None:
    """Our tables of installations have slack_sdk's columns, none missing, so that its stores work with them."""
    theirs = SQLAlchemyInstallationStore
    for ours, build in (
        (slack_bot, theirs.build_bots_table),
        (slack_installation, theirs.build_installations_table),
        (slack_state, SQLAlchemyOAuthStateStore.build_oauth_states_table),
    ):
        wanted = build(MetaData(), "any")
        assert {c.name: c.nullable for c in ours.c} == {c.name: c.nullable for c in wanted.c}


async def test_postgres_keeps_the_longest_tokens(fresh_postgres_url: str) -> None:
    """On PostgreSQL, which holds to lengths, a token of 200 characters is kept, twice as long when encrypted; a state
    is good once there, too."""
    opened = open_database(fresh_postgres_url, clock=Time())
    await opened.start()
    try:
        kept, states, token = store(opened, OLD), States(opened.engine), f"xoxe.xoxb-1-{'M' * 188}"
        await kept.async_save(installation(token=token))
        assert await bot_token(kept) == token
        state = await states.async_issue()
        assert [await states.async_consume(state), await states.async_consume(state)] == [True, False]
        await states.async_issue()
        await opened.forget_deliveries(datetime.now(UTC) + timedelta(days=1))
        with opened.engine.connect() as connection:
            assert connection.execute(slack_state.select()).all() == [], "what was begun and left is forgotten"
        await kept.async_delete_all(enterprise_id=None, team_id="T1")
        assert await bot_token(kept) is None
    finally:
        await opened.close()


async def test_workspaces_have_their_own_clients(database: SqlDatabase) -> None:
    """Each installed workspace is let in and called with its own token; all others are not."""
    kept = store(database, OLD)
    async with aiohttp.ClientSession() as session:
        many = ManyWorkspaces(kept, lambda token: web_client(session, "http://127.0.0.1/", token))
        await many.installed(installation("T1", "xoxb-one"))
        await many.installed(installation("T2", "xoxb-two"))
        assert [(await many.client(team)).token for team in ("T1", "T2")] == ["xoxb-one", "xoxb-two"]
        me = await many.authorize("E1", "T2")
        assert me is not None and me.bot_token == "xoxb-two"
        assert await many.authorize(None, "T3") is None
        assert await many.authorize(None, None) is None
        with pytest.raises(NotInstalled):
            await many.client("T3")


async def test_gone_and_back(database: SqlDatabase) -> None:
    """A workspace that leaves has its tokens deleted at once; installing again serves the new one and says so."""
    kept, back = store(database, OLD), list[str]()

    async def installed(team: str) -> None:
        back.append(team)

    async with aiohttp.ClientSession() as session:
        many = ManyWorkspaces(kept, lambda token: web_client(session, "http://127.0.0.1/", token))
        many.on_installed = installed
        await many.installed(installation("T1", "xoxb-old"))
        await many.forget("T1")
        assert await bot_token(kept) is None
        with pytest.raises(NotInstalled):
            await many.client("T1")
        await many.installed(installation("T1", "xoxb-new"))
        assert (await many.client("T1")).token == "xoxb-new"
    assert back == ["T1", "T1"]


class Slow(Installations):
    """A store whose answers are late: what it read is handed over only when the test lets it."""

    asked: asyncio.Event
    let: asyncio.Event

    async def async_find_bot(self, **of: Any) -> Bot | None:
        found = await super().async_find_bot(**of)
        self.asked.set()
        await self.let.wait()
        return found


async def test_lookup_under_way_does_not_bring_back_a_workspace_that_leaves(database: SqlDatabase) -> None:
    """A token that was being looked up while its workspace left is not kept: the next lookup finds nothing."""
    kept = Slow(database.engine, "client", Cipher([OLD]))
    kept.asked, kept.let = asyncio.Event(), asyncio.Event()
    async with aiohttp.ClientSession() as session:
        many = ManyWorkspaces(kept, lambda token: web_client(session, "http://127.0.0.1/", token))
        await many.installed(installation("T1"))
        looking = asyncio.create_task(many.client("T1"))
        await kept.asked.wait()
        await many.forget("T1")
        kept.let.set()
        await looking
        with pytest.raises(NotInstalled):
            await many.client("T1")


@asynccontextmanager
async def slack() -> AsyncIterator[str]:
    """Slack's two methods that an installation asks."""

    async def access(request: web.Request) -> web.Response:
        given = await request.post()
        if given.get("code") != "good":
            return web.json_response({"ok": False, "error": "invalid_code"})
        answer: dict[str, Any] = {
            "ok": True, "app_id": "A1", "access_token": TOKEN, "scope": "chat:write", "bot_user_id": "U1",
            "team": {"id": "T1", "name": "One"}, "authed_user": {"id": "U9"}, "token_type": "bot",
        }  # fmt: skip
        return web.json_response(answer)

    async def test(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "bot_id": "B1", "team_id": "T1", "user_id": "U1"})

    application = web.Application()
    application.router.add_post("/api/oauth.v2.access", access)
    application.router.add_post("/api/auth.test", test)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()


# slack_sdk 3.47 sends the client's secret by aiohttp's BasicAuth, which aiohttp 3.14 gives up.
@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
async def test_installation_from_click_to_client(database: SqlDatabase) -> None:
    """The page leads to Slack with our scopes and a state; the way back installs, once, in the same browser."""
    async with slack() as base_url, aiohttp.ClientSession() as session:
        kept, states = store(database, OLD), States(database.engine)
        many = ManyWorkspaces(kept, lambda token: web_client(session, base_url, token))
        settings = flow_settings("client", "secret", ["chat:write", "commands"], kept, states)
        pages = install_pages(Flow(settings, web_client(session, base_url), many))

        begun = await call(pages[INSTALL], method="GET")
        state, cookie = _state(begun)
        assert "chat:write,commands" in begun.body.decode()
        other = await call(pages[REDIRECT], method="GET", query=f"code=good&state={state}")
        assert other.status == 400, "another browser has no cookie"
        assert await bot_token(kept) is None
        back = await call(pages[REDIRECT], headers={"cookie": cookie}, method="GET", query=f"code=good&state={state}")
        assert back.status == 200
        assert (await many.client("T1")).token == TOKEN
        again = await call(pages[REDIRECT], headers={"cookie": cookie}, method="GET", query=f"code=good&state={state}")
        assert again.status == 401, "a state is good once"


def _state(begun: Answer) -> tuple[str, str]:
    cookie = begun.headers["set-cookie"].split(";")[0]
    body = begun.body.decode()
    link = next(part for part in body.replace("&amp;", "&").split('"') if part.startswith("https://slack.com/oauth"))
    return parse_qs(urlsplit(link).query)["state"][0], cookie
