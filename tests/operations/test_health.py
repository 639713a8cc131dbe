"""What the platform is told: alive, ready or not and why, and the numbers."""

from __future__ import annotations

import json
from pathlib import Path

import aiohttp
import pytest

from bot.app.operations.health import FRESH_S, Health, writable
from bot.app.operations.server import WebServer, page
from bot.domain.errors import ConfigurationError
from storage import StorageUnavailable
from tests.acceptance.stage import Stage, eventually
from tests.support.databases import migrated_file
from tests.support.ports import free_port
from tests.support.services import world_at


class Part:
    """A part whose state the test says."""

    def __init__(self) -> None:
        self.says: str | Exception = ""
        self.asked = 0

    async def __call__(self) -> str:
        self.asked += 1
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


async def test_readiness_follows_its_parts() -> None:
    """One part that cannot work, says so or breaks, makes it 503 with the reason; answers are kept for ten seconds."""
    part, now = Part(), [0.0]
    health = Health({"database": part}, clock=lambda: now[0])
    assert (await health.ready())[0] == 200
    part.says = StorageUnavailable(reason="the disk is full")
    assert ((await health.ready())[0], part.asked) == (200, 1)
    now[0] += FRESH_S
    status, _, body = await health.ready()
    assert (status, "the disk is full" in json.loads(body)["parts"]["database"]) == (503, True)
    now[0], part.says = now[0] + FRESH_S, ValueError("a bug")
    assert json.loads((await health.ready())[2])["parts"] == {"database": "ValueError"}
    now[0], part.says = now[0] + FRESH_S, ""
    assert (await health.ready())[0] == 200
    health.draining = True
    assert ((await health.ready())[0], (await health.alive())[0]) == (503, 200)


async def test_database_probe_writes(tmp_path: Path) -> None:
    """The probe commits a row, one per ten seconds however often it is asked."""
    async with world_at(migrated_file(tmp_path / "eipas.db"), tmp_path) as world:
        probe = writable(world.database, clock=lambda: 1000.0)
        assert [await probe(), await probe()] == ["", ""]
        with world.database.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM inbox").scalar_one() == 1


async def test_operations_port_beside_the_socket(tmp_path: Path) -> None:
    """In Socket Mode the port serves the same; without a connection to Slack the bot is alive and not ready."""
    port = free_port()
    async with Stage(tmp_path, ops_port=port) as stage, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:

        async def status(path: str) -> int:
            async with session.get(path) as answer:
                return answer.status

        assert [await status(p) for p in ("/healthz", "/readyz", "/metrics", "/slack/events")] == [200, 200, 200, 404]
        await stage["eva"].trouble(do="fail", method="apps.connections.open", kind="error", times=100)
        await stage.local.core.socket.close()
        assert stage.app.transport.web is None
        await eventually(lambda: _unlike("", stage))
        assert await status("/healthz") == 200


async def _unlike(words: str, stage: Stage) -> bool:
    return await stage.app.transport.probe() != words


async def test_taken_port_is_said() -> None:
    """A port that somebody else has is a configuration error in words, not a traceback."""
    health = Health({})
    first = WebServer({"/healthz": page(health.alive)}, "127.0.0.1", 0)
    await first.start()
    second = WebServer({}, "127.0.0.1", int(first.url.rsplit(":", 1)[1]))
    try:
        with pytest.raises(ConfigurationError, match="is taken"):
            await second.start()
    finally:
        await first.stop()
