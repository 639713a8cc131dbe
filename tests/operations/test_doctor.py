"""The doctor: each thing that can be wrong is found by name, with its mend, and nothing is changed by looking."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import text

from bot.app.application import read_manifest, scopes
from bot.app.operations.doctor import examine
from bot.app.settings import Settings
from bot.domain.diagnostic import Diagnostic, Severity
from handlers.transport.diagnostics import examine_slack
from handlers.transport.installation import Cipher, Installations
from handlers.transport.workspaces import web_client
from storage import open_database
from storage.diagnostics import FREE_BROKEN_MB, channels_of, examine_database
from storage.engines import engine_of, parse, sqlite_engine
from storage.schema_upgrade import VERSION_TABLE, migrate
from tests.acceptance.stage import Stage
from tests.support.services import Time

pytestmark = pytest.mark.asyncio(loop_scope="module")
WANTED = scopes(read_manifest())


def by_name(findings: Sequence[Diagnostic]) -> dict[str, Diagnostic]:
    return {finding.what: finding for finding in findings}


def settings(stage: Stage, **changes: Any) -> Settings:
    identity = stage.local.core.identity
    given = {
        "slack_bot_token": identity.bot_token, "slack_app_token": identity.app_token,
        "data_dir": stage.settings.data_dir,
    }  # fmt: skip
    return Settings(_env_file=None, **(given | changes))


async def test_a_healthy_installation_is_all_good(stage: Stage) -> None:
    """Beside a running bot everything is found good: tokens, scopes, clock, the channels in use, database and disk."""
    await (await stage.start("eva")).quiet()
    found = by_name(await examine(settings(stage), WANTED, stage.local.api_url))
    assert {f.what: f.detail for f in found.values() if f.severity is Severity.ERROR} == {}
    channel = stage["eva"].channels["product-ideas"]
    assert {"Bot token", "Scopes", "Clock", "App token", f"Channel {channel}", "Database", "Schema", "Disk"} <= set(
        found
    )


async def test_each_fault_is_named_with_its_mend(stage: Stage) -> None:
    """A bad token, a missing scope, an app token of another kind, a lost channel and a wrong clock are told apart."""
    eva, local = stage["eva"], stage.local
    await (await stage.start("eva")).quiet()
    bad = by_name(await examine(settings(stage, slack_bot_token="xoxb-no"), WANTED, local.api_url))
    assert bad["Bot token"].severity is Severity.ERROR and "invalid_auth" in bad["Bot token"].detail
    bad = by_name(await examine(settings(stage, slack_app_token="xapp-no"), WANTED, local.api_url))
    assert bad["App token"].severity is Severity.ERROR and "connections:write" in bad["App token"].mend
    bad = by_name(await examine(settings(stage), (*WANTED, "pins:write"), local.api_url))
    assert bad["Scopes"].detail == "missing: pins:write"
    channel = eva.channels["product-ideas"]
    await eva.trouble(do="remove_bot", channel=channel)
    bad = by_name(await examine(settings(stage), WANTED, local.api_url))
    await eva.act("invite_bot", channel=channel)
    assert bad[f"Channel {channel}"].severity is Severity.ERROR and "/invite" in bad[f"Channel {channel}"].mend
    async with aiohttp.ClientSession() as session:
        client = web_client(session, local.api_url, local.bot_token)
        late = by_name(await examine_slack(client, None, WANTED, (), clock=lambda: time.time() - 400))
        slow = by_name(await examine_slack(client, None, WANTED, (), clock=lambda: time.time() - 60))
    assert (late["Clock"].severity, slow["Clock"].severity) == (Severity.ERROR, Severity.WARNING)
    assert all(f.mend for f in bad.values() if f.severity is not Severity.OK)


async def test_slack_that_does_not_answer_is_a_finding(tmp_path: Path) -> None:
    """Without a network the doctor says so instead of failing."""
    alone = Settings(_env_file=None, slack_bot_token="xoxb-1", slack_app_token="xapp-1", data_dir=tmp_path)
    found = by_name(await examine(alone, WANTED, "http://127.0.0.1:9/api/"))
    assert found["Bot token"].severity is Severity.ERROR and "cannot be reached" in found["Bot token"].detail


async def test_database_is_examined_without_a_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is not there is not made; one that is none is broken; a full disk is broken."""
    url = f"sqlite:///{tmp_path / 'new' / 'eipas.db'}"
    assert {f.severity for f in examine_database(url)} == {Severity.OK}
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "text.db").write_text("no database " * 1000)
    found = by_name(examine_database(f"sqlite:///{tmp_path / 'text.db'}"))
    assert found["Database"].severity is Severity.ERROR and found["Database"].mend
    full = SimpleNamespace(free=(FREE_BROKEN_MB - 1) * 2**20)
    monkeypatch.setattr("storage.diagnostics.shutil.disk_usage", lambda _path: full)
    assert by_name(examine_database(url))["Disk"].severity is Severity.ERROR


@pytest.fixture(params=["fresh_sqlite", "fresh_postgres"])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


async def test_newer_and_older_databases_are_told_apart(url: str) -> None:
    """A newer database is broken, with the revision and the mend; an older or empty one the bot brings up to date."""
    engine = engine_of(parse(url))
    try:
        if "postgres" in url:
            empty = by_name(examine_database(url))
            assert (empty["Database"].severity, empty["Durability"].severity) == (Severity.OK, Severity.WARNING)
            assert "synchronous_commit" in empty["Durability"].detail, "as the tests' own server is set"
        migrate(engine, "0001")
        older = by_name(examine_database(url))
        assert older["Schema"].severity is Severity.OK and "brings it to" in older["Schema"].detail
        assert channels_of(url) == {}
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
        newer = by_name(examine_database(url))
        assert newer["Schema"].severity is Severity.ERROR and "9999" in newer["Schema"].detail
        assert "Update the bot" in newer["Schema"].mend
    finally:
        engine.dispose()


async def test_read_only_databases_are_named(fresh_postgres_url: str, fresh_sqlite_url: str) -> None:
    """A database that may be read and not written is broken as such, on both."""
    readers: list[tuple[str, str]] = [(fresh_postgres_url, "postgresql"), (fresh_sqlite_url, "sqlite")]
    for url, kind in readers:
        database = open_database(url, clock=Time())
        await database.start()
        with database.engine.begin() as connection:
            if kind == "postgresql":
                name = parse(url).database
                connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
        await database.close()
    assert by_name(examine_database(fresh_postgres_url))["Database"].detail == "the database is read-only"
    with pytest.MonkeyPatch.context() as patch:
        # Root may write whatever the file's permissions say, so SQLite itself is told to refuse.
        patch.setattr("storage.diagnostics.engine_of", lambda at: sqlite_engine(at, read_only=True))
        found = by_name(examine_database(fresh_sqlite_url))["Database"]
    assert (found.severity, found.detail) == (Severity.ERROR, "the database is read-only")
    assert "the file and its folder" in found.mend


async def test_unreachable_database_keeps_nothing_else_from_being_examined(stage: Stage) -> None:
    """With a database that does not answer the doctor says so and goes on to Slack."""
    lost = settings(stage, database_url="postgresql://eipas:secret@127.0.0.1:9/eipas")
    found = by_name(await examine(lost, WANTED, stage.local.api_url))
    assert (found["Database"].severity, found["Database"].detail) == (Severity.ERROR, "the database does not answer")
    assert "EIPAS_DATABASE_URL" in found["Database"].mend
    assert found["Bot token"].severity is Severity.OK


@pytest.mark.parametrize(("status", "mend"), [(401, "ANTHROPIC_API_KEY"), (403, "key"), (404, "EIPAS_MODEL")])
async def test_refused_model_key_is_named(tmp_path: Path, status: int, mend: str) -> None:
    """A key that the model's provider refuses, and a model that there is not, are told with their mends."""

    async def refuse(_request: web.Request) -> web.Response:
        error = {"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}
        return web.json_response(error, status=status)

    served = web.Application()
    served.router.add_get("/v1/models/{id}", refuse)
    runner = web.AppRunner(served)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        alone = Settings(_env_file=None, data_dir=tmp_path, anthropic_api_key="sk-none", model_base_url=address)
        found = by_name(await examine(alone, WANTED))["Model"]
    finally:
        await runner.cleanup()
    assert found.severity is Severity.ERROR
    assert str(status) in found.detail and mend in found.detail


async def test_each_installed_workspace_is_examined(stage: Stage) -> None:
    """Where many install the app, each one's token is tried; one that no key opens is named with its mend."""
    identity, url = stage.local.core.identity, stage.settings.url
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()

    def many(key: str) -> Settings:
        return Settings(
            _env_file=None, mode="http", slack_signing_secret="x", oauth_client_id="1.2", oauth_client_secret="y",
            encryption_keys=key, database_url=url,
        )  # fmt: skip

    assert by_name(await examine(many(old), WANTED, stage.local.api_url))["Workspaces"].severity is Severity.WARNING
    kept = Installations(stage.app.database.engine, "1.2", Cipher([old]))
    given = {"app_id": "A1", "bot_id": "B1", "bot_user_id": "U1", "user_id": "U9"}
    await kept.async_save(
        Installation(team_id=identity.team_id, team_name="Good", bot_token=identity.bot_token, **given)
    )
    await kept.async_save(Installation(team_id="T2", team_name="Bad", bot_token="xoxb-no", **given))
    found = by_name(await examine(many(old), WANTED, stage.local.api_url))
    assert (found["Good: Bot token"].severity, found["Bad: Bot token"].severity) == (Severity.OK, Severity.ERROR)
    assert "/slack/install" in found["Bad: Bot token"].mend
    found = by_name(await examine(many(new), WANTED, stage.local.api_url))
    assert (found["Good: Bot token"].detail, found["Encryption keys"].severity) == ("no key opens it", Severity.OK)
    assert "EIPAS_ENCRYPTION_KEYS" in found["Good: Bot token"].mend


async def test_half_a_configuration_is_the_only_finding(tmp_path: Path) -> None:
    """Where the settings cannot be used nothing else is asked."""
    half = Settings(_env_file=None, mode="http", slack_bot_token="xoxb-1", data_dir=tmp_path)
    (finding,) = await examine(half, WANTED)
    assert finding.severity is Severity.ERROR and "SLACK_SIGNING_SECRET" in finding.detail
