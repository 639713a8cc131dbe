"""Renewing a connection and stopping the bot while people click.

Whatever was acknowledged is kept, and seen as done.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.app.application import read_manifest
from bot.devtools.local_slack import LocalSlack, Person, Timing
from bot.devtools.local_slack.people import ActRefused
from bot.devtools.local_slack.sample import PEOPLE
from handlers.ids import BlockId
from tests.acceptance.stage import CHANNEL, Stage, eventually
from tests.operations.http_stage import over_http


@pytest_asyncio.fixture(params=[1, 2], ids=["one connection", "two connections"])
async def stage(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with Stage(tmp_path, socket_connections=request.param) as running:
        yield running


async def ask_for(person: Person, stop: asyncio.Event) -> tuple[int, list[str]]:
    """Send commands one after the other until told to stop; how many were answered, and what was refused."""
    done, refused = 0, list[str]()
    while not stop.is_set():
        try:
            await person.command(CHANNEL, "/eipas", "list")
            done += 1
        except ActRefused as error:
            refused.append(error.error)
    return done, refused


async def test_renewed_connections_fail_nobody(stage: Stage) -> None:
    """While Slack has the connections renewed three times, every command of six people is answered."""
    stop = asyncio.Event()
    crowd = [asyncio.create_task(ask_for(person, stop)) for person in stage.people.values()]
    for _ in range(3):
        await asyncio.sleep(0.3)
        await stage["eva"].trouble(do="disconnect", reason="warning")
        await asyncio.sleep(0.3)
        await stage["eva"].trouble(do="disconnect", reason="refresh_requested")
    stop.set()
    outcomes = await asyncio.gather(*crowd)
    assert sum(done for done, _ in outcomes) > 20
    assert [refused for _, refused in outcomes if refused] == []
    wanted = stage.settings.socket_connections
    await eventually(lambda: _same(stage.local.core.socket.connections, wanted))


async def test_dropped_connections_come_back(stage: Stage) -> None:
    """After Slack closes every connection the bot connects again, and what is said meanwhile is heard."""
    thread = await stage.start("eva")
    await thread.quiet()
    await stage["eva"].trouble(do="disconnect", reason="refresh_requested")
    await thread.say("eva", "Said in between.")
    await eventually(lambda: _same(stage.local.core.socket.connections, stage.settings.socket_connections))
    await thread.until(lambda d: d.questions[0].answer)


async def _same(found: int, wanted: int) -> bool:
    return found == wanted


async def test_stopping_answers_what_is_under_way(tmp_path: Path) -> None:
    """Over HTTP, too: a stop during a hundred commands answers all that had arrived."""
    async with over_http(tmp_path) as stage:
        people = list(stage.people.values())
        asked = [asyncio.create_task(people[n % 6].command(CHANNEL, "/eipas", "list")) for n in range(60)]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        await stage.end()
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        assert sum(not isinstance(outcome, Exception) for outcome in outcomes) > 0
        # Those that came after the door was shut are refused as at a closed port; none hangs half done.
        assert {o.error for o in outcomes if isinstance(o, ActRefused)} <= {"operation_timeout"}


async def test_sigterm_loses_no_acknowledged_click(tmp_path: Path) -> None:
    """SIGTERM while people send forms ends the process by itself, with 0: each accepted form is in the database,
    and none that is in the database is shown as failed."""
    async with LocalSlack(manifest=read_manifest(), timing=Timing().scaled(0.001)) as local:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.operations.bot_process", local.url, str(tmp_path),
            local.bot_token, local.app_token, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            async with AsyncExitStack() as stack:
                crowd = [await stack.enter_async_context(Person(local.url, member.id)) for member in PEOPLE]
                await crowd[0].wait_for(lambda p: p.connected, within=30)
                forms = [(person, await _start_form(person)) for person in crowd]
                sends = [asyncio.create_task(_send(person, form)) for person, form in forms]
                await asyncio.sleep(0.03)
                process.send_signal(signal.SIGTERM)
                accepted = {title for title in await asyncio.gather(*sends) if title}
                _, errors = await asyncio.wait_for(process.communicate(), 20)
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()
    assert process.returncode == 0, errors.decode()
    with sqlite3.connect(tmp_path / "data" / "eipas.db") as connection:
        kept = {row[0] for row in connection.execute("SELECT title FROM evaluation")}
    connection.close()
    assert kept == accepted
    assert len(accepted) == len(forms), "all of them had arrived"


async def _start_form(person: Person) -> dict[str, Any]:
    await person.command(CHANNEL, "/eipas", "start")
    return await person.view("Start an evaluation")


async def _send(person: Person, form: dict[str, Any]) -> str:
    title = f"Idea of {person.user}"
    try:
        return title if await person.submit(form, {BlockId.TITLE.value: title}) == {} else ""
    except ActRefused:
        return ""
