"""What a start costs."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from tests.engine.bench import running

_STARTED = """
import asyncio, sys
from datetime import UTC, datetime
from bot.app.jobs import JobQueue
from storage import Machines, open_database

async def start(url):
    database = open_database(url, clock=lambda: datetime.now(UTC))
    await database.start()
    queue = JobQueue(database.engine, Machines(database.engine, "one", 60))
    await queue.start({})
%s
    await queue.stop()
    await database.close()

asyncio.run(start(sys.argv[1]))
print("dbos" in sys.modules)
"""
_WAITS = """
    await queue.heartbeat()
    await asyncio.sleep(0.2)
"""
_WRITES = """
    queue.committed()
    print("dbos" in sys.modules)
    for _ in range(1000):
        if "dbos" in sys.modules:
            break
        await asyncio.sleep(0.01)
"""


async def _loaded(url: str, body: str) -> list[str]:
    """What a process prints that starts the queue and does this: at its end, whether DBOS is loaded."""
    async with running(url):
        pass
    code = [sys.executable, "-c", _STARTED % body, url]
    ended = await asyncio.to_thread(subprocess.run, code, capture_output=True, text=True, check=True)
    return str(ended.stdout).split()


async def test_a_start_with_nothing_to_do_does_not_load_dbos(fresh_sqlite_url: str) -> None:
    """A bot in which all wait for people has none of DBOS's memory and import time, once its tables are made."""
    assert await _loaded(fresh_sqlite_url, _WAITS) == ["False"]


async def test_the_first_commit_has_dbos_loaded_beside_the_loop(fresh_sqlite_url: str) -> None:
    """Who enqueues first does not wait for DBOS's import: it began in a thread when somebody wrote anything."""
    assert await _loaded(fresh_sqlite_url, _WRITES) == ["False", "True"]
