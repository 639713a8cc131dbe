"""The doctor: each thing that can be wrong is found by name, with its mend, and nothing is changed by looking."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from bot.domain.finding import Finding, Verdict
from bot.main import read_manifest, scopes
from bot.operations.doctor import examine
from bot.settings import Settings
from handlers.connection.checkup import examine_slack
from handlers.connection.workspaces import web_client
from storage.checkup import FREE_BROKEN_MB, examine_database
from tests.acceptance.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")
WANTED = scopes(read_manifest())


def by_name(findings: Sequence[Finding]) -> dict[str, Finding]:
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
    assert {f.what: f.detail for f in found.values() if f.verdict is Verdict.BROKEN} == {}
    channel = stage["eva"].channels["product-ideas"]
    assert {"Bot token", "Scopes", "Clock", "App token", f"Channel {channel}", "Database", "Schema", "Disk"} <= set(
        found
    )


async def test_each_fault_is_named_with_its_mend(stage: Stage) -> None:
    """A bad token, a missing scope, an app token of another kind, a lost channel and a wrong clock are told apart."""
    eva, local = stage["eva"], stage.local
    await (await stage.start("eva")).quiet()
    bad = by_name(await examine(settings(stage, slack_bot_token="xoxb-no"), WANTED, local.api_url))
    assert bad["Bot token"].verdict is Verdict.BROKEN and "invalid_auth" in bad["Bot token"].detail
    bad = by_name(await examine(settings(stage, slack_app_token="xapp-no"), WANTED, local.api_url))
    assert bad["App token"].verdict is Verdict.BROKEN and "connections:write" in bad["App token"].mend
    bad = by_name(await examine(settings(stage), (*WANTED, "reactions:write"), local.api_url))
    assert bad["Scopes"].detail == "missing: reactions:write"
    channel = eva.channels["product-ideas"]
    await eva.trouble(do="remove_bot", channel=channel)
    bad = by_name(await examine(settings(stage), WANTED, local.api_url))
    await eva.act("invite_bot", channel=channel)
    assert bad[f"Channel {channel}"].verdict is Verdict.BROKEN and "/invite" in bad[f"Channel {channel}"].mend
    async with aiohttp.ClientSession() as session:
        client = web_client(session, local.api_url, local.bot_token)
        late = by_name(await examine_slack(client, None, WANTED, (), clock=lambda: time.time() - 400))
        slow = by_name(await examine_slack(client, None, WANTED, (), clock=lambda: time.time() - 60))
    assert (late["Clock"].verdict, slow["Clock"].verdict) == (Verdict.BROKEN, Verdict.DOUBTFUL)
    assert all(f.mend for f in bad.values() if f.verdict is not Verdict.GOOD)


async def test_slack_that_does_not_answer_is_a_finding(tmp_path: Path) -> None:
    """Without a network the doctor says so instead of failing."""
    alone = Settings(_env_file=None, slack_bot_token="xoxb-1", slack_app_token="xapp-1", data_dir=tmp_path)
    found = by_name(await examine(alone, WANTED, "http://127.0.0.1:9/api/"))
    assert found["Bot token"].verdict is Verdict.BROKEN and "cannot be reached" in found["Bot token"].detail


async def test_database_is_examined_without_a_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is not there is not made; one that is none is broken; a full disk is broken."""
    url = f"sqlite:///{tmp_path / 'new' / 'eipas.db'}"
    assert {f.verdict for f in examine_database(url)} == {Verdict.GOOD}
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "text.db").write_text("no database " * 1000)
    found = by_name(examine_database(f"sqlite:///{tmp_path / 'text.db'}"))
    assert found["Database"].verdict is Verdict.BROKEN and found["Database"].mend
    full = SimpleNamespace(free=(FREE_BROKEN_MB - 1) * 2**20)
    monkeypatch.setattr("storage.checkup.shutil.disk_usage", lambda _path: full)
    assert by_name(examine_database(url))["Disk"].verdict is Verdict.BROKEN


async def test_half_a_configuration_is_the_only_finding(tmp_path: Path) -> None:
    """Where the settings cannot be used nothing else is asked."""
    half = Settings(_env_file=None, mode="http", slack_bot_token="xoxb-1", data_dir=tmp_path)
    (finding,) = await examine(half, WANTED)
    assert finding.verdict is Verdict.BROKEN and "SLACK_SIGNING_SECRET" in finding.detail
