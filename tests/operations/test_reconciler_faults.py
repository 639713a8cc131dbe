"""What only people can mend: the thread stands still in a clear state, its owner is told once, and it heals."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.acceptance.looking import words
from tests.acceptance.stage import CHANNEL, Stage, eventually
from tests.operations.helpers import answer, has_problem, keys, notices, owner, problem, told, unarchive

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(("do", "word"), [("archive", "is_archived"), ("remove_bot", "not_in_channel")])
async def test_channel_lost_and_found(stage: Stage, do: str, word: str) -> None:
    """An archived channel or a removed bot is a problem by name; the owner hears of it once, and of its end."""
    eva, team = stage["eva"], stage.local.core.identity.team_id
    thread = await stage.start("eva")
    channel = eva.channels[CHANNEL]
    await eva.trouble(do=do, channel=channel)
    await answer(thread, "One")
    await has_problem(thread, word)
    await told(thread, 1)
    await stage.app.reconciler.heal(team)
    await answer(thread, "Two")
    await asyncio.sleep(0.3)
    assert len(await notices(thread)) == 1, "told again of the same problem"
    if do == "archive":
        unarchive(stage)
    else:
        await eva.act("invite_bot", channel=channel)
    await stage.app.reconciler.heal(team)
    await has_problem(thread, "")
    await thread.is_the_projection()
    (notice,) = await notices(thread)
    assert "mended" in words(dict(notice))


async def test_deleted_message_is_put_up_again(stage: Stage) -> None:
    """A message of ours that somebody deletes comes back by itself, and only that one."""
    thread = await stage.start("eva")
    await thread.quiet()
    before = await thread.cards()
    key = next(k for k in before if k.startswith("q."))
    await stage["eva"].trouble(do="delete_message", channel=stage["eva"].channels[CHANNEL], ts=before[key]["ts"])
    await stage.local.settle()
    await thread.is_the_projection()
    after = await thread.cards()
    assert {k for k in after if after[k]["ts"] != before[k]["ts"]} == {key}


async def test_deleted_thread_is_put_up_again(stage: Stage) -> None:
    """A thread whose first message was deleted is put up anew, whole, and its owner is told."""
    thread = await stage.start("eva")
    await thread.quiet()
    before, old = await keys(thread), thread.ts
    await stage["eva"].trouble(do="delete_message", channel=stage["eva"].channels[CHANNEL], ts=old)

    async def moved() -> bool:
        thread.ts = str((await thread.dossier()).evaluation.thread_ts)
        return thread.ts != old

    await eventually(moved)
    await thread.is_the_projection()
    assert await keys(thread) == before
    await told(thread, 1)


async def test_deleted_thread_of_the_past_stays_deleted(stage: Stage) -> None:
    """Who tidies up after a cancelled evaluation is not worked against."""
    thread = await stage.start("eva")
    await stage.app.services.evaluations.cancel(await owner(thread), thread.id, "Not needed.")
    await thread.quiet()
    await stage["eva"].trouble(do="delete_message", channel=stage["eva"].channels[CHANNEL], ts=thread.ts)
    await thread.quiet()
    assert str((await thread.dossier()).evaluation.thread_ts) == thread.ts


async def test_a_long_list_is_worked_off_without_waiting_for_the_next_sweep(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sweep brings all in step that a crash left behind, though it takes up only some of them at a time."""
    threads = [await stage.start("eva") for _ in range(4)]
    for thread in threads:
        await thread.quiet()
    monkeypatch.setattr("handlers.sync.reconciler._SWEPT", 1)
    sweeps, sweep = [], stage.app.reconciler.sweep
    monkeypatch.setattr(stage.app.reconciler, "sweep", lambda: sweeps.append(None) or sweep())
    with stage.app.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE surface SET wanted = synced + 1")
    await sweep()
    for thread in threads:
        await thread.quiet()
    assert len(sweeps) >= len(threads), "each that was full is followed by another"


async def test_retry_after_is_honoured(stage: Stage) -> None:
    """After a 429 nothing runs into that method and channel again before the time that Slack gave."""
    eva = stage["eva"]
    thread = await stage.start("eva")
    channel, calls, began = eva.channels[CHANNEL], len(stage.local.calls), time.monotonic()
    await eva.trouble(do="fail", method="chat.postMessage", kind="ratelimited", channel=channel, retry_after=2)
    await answer(thread, "One")
    await has_problem(thread, "ratelimited")
    await answer(thread, "Two")
    await thread.is_the_projection()
    assert time.monotonic() - began >= 1.9
    assert [call.status for call in stage.local.calls[calls:] if call.method == "chat.postMessage"].count(429) == 1


async def test_revoked_token_stops_and_heals(stage: Stage) -> None:
    """While the token is revoked no message is tried; once it is good again, the thread is brought in step."""
    thread = await stage.start("eva")
    await thread.quiet()
    await stage["eva"].trouble(do="revoke")
    await stage.local.settle()
    calls = len(stage.local.calls)
    await answer(thread, "One")
    await has_problem(thread, "NotInstalled")
    tried = {call.method for call in stage.local.calls[calls:]}
    assert tried <= {"auth.test"}, "only whether the token is good again may be asked"
    await stage["eva"].trouble(do="restore")
    await stage.app.reconciler.heal(stage.local.core.identity.team_id)
    await stage["eva"].command(CHANNEL, "/eipas", "list")
    await has_problem(thread, "")
    await thread.is_the_projection()
    assert await problem(thread) == ""
