"""A machine that is killed between a call to Slack and its note of it: what it had sent may stand, or still come."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.devtools.local_slack import CallFault
from bot.domain.surface import SurfaceId, SurfaceKind
from handlers.sync import retry_policy
from storage import Machines
from tests.acceptance.stage import Stage, eventually
from tests.operations.helpers import answer, impatient, root_of, surface_of, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SETTLE_S = 2.0
OLDER = ({"type": "section", "text": {"type": "mrkdwn", "text": "Older"}},)


async def held_by_the_dead(stage: Stage, surface: SurfaceId) -> AsyncWebClient:
    """Stop the product while a machine of the past has the surface; returns a client that never tries again."""
    await stage.app.reconciler.stop()
    await stage.app.database.transaction(lambda tx: tx.surfaces.want(surface))
    await stage.app.database.transaction(lambda tx: tx.surfaces.claim(surface, "dead", 60))
    return await impatient(stage)


async def started_again(stage: Stage) -> None:
    """What the next start does before anything else."""
    await asyncio.to_thread(Machines(stage.app.database.engine, "next", 60.0, SETTLE_S).join)
    await stage.app.reconciler.start()


async def test_an_update_that_nobody_recorded_does_not_stand(stage: Stage) -> None:
    """It is overwritten at the next start although the state is again what the last record says."""
    thread = await stage.start("eva")
    await thread.quiet()
    surface = await surface_of(thread)
    root = await root_of(stage, surface)
    client = await held_by_the_dead(stage, surface)
    await client.chat_update(channel=root.channel, ts=root.ts or "", text="Older", blocks=OLDER)
    await started_again(stage)
    await thread.is_the_projection()


async def test_an_update_that_comes_after_the_next_start_does_not_stand(stage: Stage) -> None:
    """What the dead machine sent and Slack carries out only later is overwritten once it can no longer come."""
    thread = await stage.start("eva")
    await thread.quiet()
    surface = await surface_of(thread)
    root = await root_of(stage, surface)
    client = await held_by_the_dead(stage, surface)
    stage.local.faults.add(CallFault(method="chat.update", kind="late", seconds=SETTLE_S / 2))
    with pytest.raises(retry_policy.LOST):
        await client.chat_update(channel=root.channel, ts=root.ts or "", text="Older", blocks=OLDER)
    await started_again(stage)
    await answer(thread, "One")

    await stage["eva"].wait_for(lambda page: text_of(page, root) == "Older" or None)
    await thread.is_the_projection()


async def in_step(stage: Stage, surface: SurfaceId) -> bool:
    return not await stage.app.reconciler.behind(surface)


async def home_of(stage: Stage, who: str, shows: str) -> SurfaceId:
    """Open someone's Home tab and wait until it shows this and stands."""
    person = stage[who]
    surface = SurfaceId(kind=SurfaceKind.HOME, team=stage.local.core.identity.team_id, owner=person.user)
    await person.open_home()
    await person.wait_for(lambda page: page.home if shows in str(page.home) else None)
    await eventually(partial(in_step, stage, surface))
    return surface


async def test_a_home_tab_of_the_dead_does_not_stand(stage: Stage) -> None:
    """What the dead machine sent and Slack shows only after the newer tab is drawn over."""
    thread = await stage.start("eva")
    await thread.quiet()
    surface = await home_of(stage, "eva", thread.id)
    client = await held_by_the_dead(stage, surface)
    stage.local.faults.add(CallFault(method="views.publish", kind="late", seconds=SETTLE_S / 2))
    with pytest.raises(retry_policy.LOST):
        await client.views_publish(user_id=surface.owner, view={"type": "home", "blocks": OLDER})
    await started_again(stage)
    await stage["eva"].wait_for(lambda page: page.home if "Older" in str(page.home) else None)
    await stage["eva"].wait_for(lambda page: page.home if thread.id in str(page.home) else None)


async def test_a_home_tab_without_an_answer_is_drawn_twice_more(stage: Stage) -> None:
    """At once, and when the lost one can no longer come."""
    thread = await stage.start("eva")
    await thread.quiet()
    surface = await home_of(stage, "eva", thread.id)
    calls = len(stage.local.calls)
    stage.local.faults.add(CallFault(method="views.publish", kind="lost_answer"))
    await answer(thread, "One")

    async def three_times() -> bool:
        return [call.method for call in stage.local.calls[calls:]].count("views.publish") >= 3

    await eventually(three_times)
    await eventually(partial(in_step, stage, surface))
