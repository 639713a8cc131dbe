"""One product, two workspaces with the same ids of people and channels: installed, apart, and one of them leaves."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from bot.domain.lifecycle import State
from bot.domain.recap import RecapState
from bot.domain.surface import SurfaceId, SurfaceKind
from bot.services.app_uninstalled import REASON
from bot.services.common import Actor
from handlers.ids import ActionId, qualified
from tests.acceptance.looking import words
from tests.acceptance.stage import CHANNEL, RUN_PATIENCE, Thread, eventually
from tests.operations.helpers import deliver
from tests.operations.many import SIGNING_SECRET, TEAMS, Many, many

NORTH, SOUTH = TEAMS
# slack_sdk 3.47 sends the client's secret by aiohttp's BasicAuth, which aiohttp 3.14 gives up.
pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def both(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Many]:
    """The product, installed in both."""
    folder = tmp_path_factory.mktemp("many")
    async with many(folder) as running:
        assert [await running.install(team) for team in TEAMS] == [200, 200]
        yield running


async def started(both: Many, team: str) -> Thread:
    thread = await both.workspaces[team].start("eva", approvers={"go": ("dan",)})
    await thread.answer_everything()
    return thread


async def forged(both: Many, team: str, thread: Thread, gate_id: str) -> None:
    """A click of the approver of that id, rightly signed, from another workspace, at a gate that is not its own."""
    workspace = both.workspaces[team]
    payload = {
        "type": "block_actions", "team": {"id": team}, "user": {"id": workspace["dan"].user}, "trigger_id": "1.2.x",
        "container": {"type": "message", "channel_id": workspace["dan"].channels[CHANNEL]},
        "actions": [{
            "type": "button", "action_id": qualified(ActionId.VOTE, "approve"), "block_id": "b",
            "action_ts": f"{time.time():.6f}", "value": f"{thread.id}|{gate_id}|approve",
        }],
    }  # fmt: skip
    body = urlencode({"payload": json.dumps(payload)}).encode()
    assert await deliver(both.url, body, secret=SIGNING_SECRET, at=time.time()) == 200


async def test_workspaces_are_apart(both: Many) -> None:
    """People with the same ids in two workspaces see and decide only what is their own workspace's."""
    north, south = await started(both, NORTH), await started(both, SOUTH)
    assert (await north.dossier()).evaluation.channel == (await south.dossier()).evaluation.channel
    await both.workspaces[SOUTH]["dan"].command(CHANNEL, "/eipas", f"status {north.id}")
    await both.workspaces[SOUTH].whispered("dan", "no evaluation")
    await both.workspaces[SOUTH]["dan"].command(CHANNEL, "/eipas", "list all")
    listed = await both.workspaces[SOUTH].whispered("dan", south.id)
    assert north.id not in words(listed)
    await both.workspaces[SOUTH]["dan"].open_home()
    home = await both.workspaces[SOUTH]["dan"].wait_for(lambda p: p.home if south.id in str(p.home) else None)
    assert north.id not in str(home)
    gate = await north.gate("go")
    before = await north.dossier()
    await forged(both, SOUTH, north, gate.id)
    await both.workspaces[SOUTH].whispered("dan", f"There is no evaluation “{north.id}”")
    assert not both.workspaces[SOUTH]["dan"].views
    assert await north.dossier() == before
    await north.is_the_projection()
    await south.is_the_projection()


async def test_tokens_cannot_be_read_in_the_files(both: Many) -> None:
    """Neither workspace's token, nor the app's secrets, stand in any file of the data folder in clear."""
    folder = both.app.settings.data_dir
    secrets = [w.local.bot_token for w in both.workspaces.values()] + [SIGNING_SECRET, "c0ffee00c0ffee00"]
    kept = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert any(NORTH.encode() in content for content in kept), "the installation itself is there"
    assert [secret for secret in secrets for content in kept if secret.encode() in content] == []


async def test_one_leaves_and_comes_back(both: Many) -> None:
    """The app removed from one workspace: its run ends with the reason, no call is made there and no delivery counts;
    the other's run comes to its review meanwhile; installed again, the first goes on."""
    north, south = await started(both, NORTH), await started(both, SOUTH)
    for thread in (north, south):
        await thread.vote("dan", "go", "approve")
        await thread.state(State.RUNNING)
    slack = both.workspaces[NORTH].local
    await both.workspaces[NORTH]["eva"].trouble(do="uninstall")
    dossier = await north.state(State.FAILED)
    assert dossier.evaluation.failure == REASON
    await eventually(lambda: _gone(both, NORTH))
    dossier = await north.until(lambda d: d.recaps and all(r.state is not RecapState.PENDING for r in d.recaps))
    await eventually(lambda: _rests(both, NORTH, north.id))
    calls = len(slack.calls)
    await north.say("eva", "Is anybody there?")
    await slack.settle()
    await both.app.reconciler.heal(NORTH)
    await south.state(State.IN_REVIEW, within=RUN_PATIENCE)
    await south.is_the_projection()
    assert [call.method for call in slack.calls[calls:]] == []
    assert await north.dossier() == dossier, "what a workspace says that is gone changes nothing"
    assert await both.install(NORTH) == 200
    await north.is_the_projection()
    run = (await north.dossier()).runs[0]
    await north.click("eva", await north.card(f"i1.run.{run.id}"), ActionId.RETRY_RUN)
    await north.state(State.RUNNING)
    await both.app.services.runs.stop(Actor(team=NORTH, user=north.stage["eva"].user), north.id)


async def _rests(both: Many, team: str, owner: str) -> bool:
    """Whether nothing is being brought in step there: what was begun before the app was removed has ended."""
    at_work = both.app.reconciler._workers
    return not any(at_work.has(SurfaceId(kind=kind, team=team, owner=owner)) for kind in SurfaceKind)


async def _gone(both: Many, team: str) -> bool:
    return await both.app.transport.workspaces.authorize(None, team) is None
