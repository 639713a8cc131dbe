"""A real run: the service of a small design in its box, in a process of its own, from its start to its end."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.areas.running import LIVE
from bot.roles.backend_developer.checks.live.phases import ALL, BEHAVIOUR, TESTS
from bot.roles.backend_developer.checks.live.runs import run_service
from tests.service.samples import crud, plain

ROOT = Path(__file__).resolve().parents[2]
KEYS = {spec.key for spec in LIVE}


def lamps() -> Blueprint:
    """Return the smallest design with something to probe."""
    fields = [{"name": "name", "type": "string"}, {"name": "watts", "type": "integer", "minimum": 1}]
    lamp = {"name": "Lamp", "plural": "lamps", "fields": fields}
    operations = crud("Lamp", "/lamps")
    for operation in operations[1:2]:
        operation["roles"] = ["admin"]
    return plain(title="Lamps", entities=[lamp], operations=operations)


async def test_a_small_service_is_run_and_holds() -> None:
    """Every phase but the service's own tests runs, no probe fails, and it is told how far it is."""
    told: list[str] = []
    findings = await run_service(lamps(), ALL - {TESTS}, told.append)
    assert findings.problem == "", findings.log
    assert [one.words() for one in findings.failures] == []
    assert {"start", "access", "behaviour", "rules", "inputs", "load", "database", "stop", "rate", "all"} <= set(
        findings.done
    )
    tried = {key for key, count in findings.held.items() if count}
    assert tried <= KEYS
    assert {"security.sign_in_asked", "security.roles_kept", "security.attacks_fail", "api.inputs_refused",
            "api.lists_exact", "service.starts_and_stops", "service.outlives_database", "service.repeats_safe",
            "service.updates_safe", "security.rate_held"} <= tried  # fmt: skip
    assert {figure.operation for figure in findings.figures} >= {
        "list-Lamp.lamps",
        "read-Lamp.lamps",
        "create-Lamp.lamps",
    }
    assert told, "progress is told"


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files that nobody else on the machine uses, with a short name, as sockets lie in it."""
    folder = Path(tempfile.mkdtemp(prefix="live-"))
    folder.chmod(0o1777)  # PostgreSQL removes its own folder, as a user of its own
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_killed_bot_leaves_nothing_of_a_run(place: Path) -> None:
    """After `kill -9` of the bot no process and no folder is left: neither probes nor box nor PostgreSQL."""
    bot = subprocess.Popen(
        [sys.executable, "-c", _BOT], stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert bot.stdout is not None
    assert bot.stdout.readline() == "up\n"
    assert len(_folders(place)) >= 2, "a box and a PostgreSQL"
    bot.send_signal(signal.SIGKILL)
    bot.wait()
    bot.stdout.close()
    deadline = time.monotonic() + 20
    while _folders(place) or _processes(place):
        assert time.monotonic() < deadline, (_folders(place), _processes(place))
        time.sleep(0.1)


async def test_a_run_that_nobody_waits_for_any_more_is_ended(place: Path) -> None:
    """Cancelling a run ends its process with all that it started."""
    started = asyncio.Event()
    run = asyncio.create_task(run_service(lamps(), frozenset({BEHAVIOUR}), lambda _words: started.set()))
    await asyncio.wait_for(started.wait(), 60)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    deadline = time.monotonic() + 20
    while _folders(place) or _processes(place):
        assert time.monotonic() < deadline, (_folders(place), _processes(place))
        await asyncio.sleep(0.1)


def _folders(place: Path) -> list[Path]:
    return [*place.glob("eipas-box-*"), *place.glob("eipas-pg-*")]


def _processes(place: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_bytes().decode("utf-8", "replace") if entry.name.isdigit() else ""
        except OSError:
            continue
        found += [line] if str(place) in line else []
    return found


_BOT = """
import asyncio, tempfile
from pathlib import Path
from bot.roles.backend_developer.checks.live.runs import run_service
from tests.live.test_run import lamps

def tell(words):
    place = Path(tempfile.gettempdir())
    if len([*place.glob("eipas-box-*"), *place.glob("eipas-pg-*")]) >= 2:
        print("up", flush=True)

asyncio.run(run_service(lamps(), frozenset({"access", "inputs"}), tell))
"""
