"""What lies on the disk is for the account that the bot runs as, and for nobody else."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app.application import local_slack
from bot.app.cli import HEARTBEAT, _beat
from bot.app.private_files import private_copy, private_folder
from bot.app.settings import Settings
from bot.evidence.bundle.keys import _make
from bot.services.exports import _inside
from storage import backup
from storage.engines import private_file
from tests.acceptance.stage import Stage
from tests.support.services import world_at
from tests.support.waiting import until


def _rights(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mode & 0o777 for path in folder.rglob("*")}


@pytest.fixture
def careless() -> Iterator[None]:
    """A umask that keeps nothing from anybody."""
    before = os.umask(0o000)
    yield
    os.umask(before)


@pytest.mark.usefixtures("careless")
async def test_everything_in_the_data_folder_is_private(tmp_path: Path) -> None:
    """After a real start with a real evaluation the folder is 0700, and nothing in it is open to others."""
    async with Stage(tmp_path) as stage:
        await (await stage.start()).quiet()
        data = stage.settings.data_dir
        assert data.stat().st_mode & 0o777 == 0o700
        rights = _rights(data)
        assert {"eipas.db", "eipas.db-wal", "samples/sample/idea.json"} <= set(rights)
        assert {name: oct(mode) for name, mode in rights.items() if mode & 0o077} == {}


@pytest.mark.usefixtures("careless")
def test_folders_on_the_way_are_private(tmp_path: Path) -> None:
    """Whoever may write into one could put another in the place of ours: data, exports, backups, database and key."""
    private_folder(tmp_path / "data/in/there")
    exported = _inside(tmp_path, "exports/.claude-agentflow/workspace/phase4/x.json")
    assert exported.parent.is_dir()
    (tmp_path / "source").mkdir(mode=0o700)
    private_copy(tmp_path / "source", tmp_path / "copies/of/today")
    private_file(tmp_path / "base/of/eipas.db")
    _make(tmp_path / "keys/of/signing-key.pem")
    assert {name: oct(mode) for name, mode in _rights(tmp_path).items() if mode & 0o077} == {}
    private_folder(tmp_path / "data/in/there")


@pytest.mark.usefixtures("careless")
async def test_the_sign_of_life_is_private(tmp_path: Path) -> None:
    """It stands in the data folder as everything else does."""
    ready = asyncio.Event()
    ready.set()
    beat = asyncio.create_task(_beat(tmp_path, ready))
    await until(lambda: (tmp_path / HEARTBEAT).exists(), "the sign of life", 5)
    beat.cancel()
    assert (tmp_path / HEARTBEAT).stat().st_mode & 0o777 == 0o600


async def test_a_backup_and_its_database_are_private(tmp_path: Path) -> None:
    """The copy has the rights of a secret, whatever the umask is."""
    async with world_at(f"sqlite:///{tmp_path / 'new' / 'eipas.db'}", tmp_path):
        pass
    target = tmp_path / "copy.db"
    await asyncio.to_thread(backup, f"sqlite:///{tmp_path / 'new' / 'eipas.db'}", target)
    assert target.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new" / "eipas.db").stat().st_mode & 0o777 == 0o600


async def test_the_local_journal_is_private_before_and_after_it_is_compacted(tmp_path: Path) -> None:
    """Tokens stand in it in clear."""
    settings = Settings(_env_file=None, data_dir=tmp_path / "data", port=0)
    for _ in range(2):
        async with local_slack(settings):
            pass
        assert (settings.data_dir / "local-slack.jsonl").stat().st_mode & 0o777 == 0o600


def test_what_an_older_version_left_open_is_closed(tmp_path: Path) -> None:
    """A folder and its files that the world could read are the account's own after the next start."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    (folder / "eipas.db").write_text("x")
    (folder / "eipas.db").chmod(0o644)
    private_folder(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "eipas.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("value", "team", "own"),
    [
        ("T1AAA=/srv/one,T2BBB=/srv/two", "T1AAA", ["/srv/one"]),
        ("T1AAA=/srv/one,T1AAA=/srv/more", "T1AAA", ["/srv/one", "/srv/more"]),
        ("T1AAA=/srv/one", "T2BBB", []),
    ],
)
def test_roots_belong_to_teams(monkeypatch: pytest.MonkeyPatch, value: str, team: str, own: list[str]) -> None:
    """`TEAM=path` is that team's alone."""
    monkeypatch.setenv("EIPAS_WORKSPACE_ROOTS", value)
    assert [str(path) for path in Settings(_env_file=None).team_roots.get(team, ())] == own
