"""Who may see an evaluation: the involved, and whoever reads its channel. For everybody else it is not there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from bot.devtools.local_slack import ActRefused
from bot.devtools.local_slack.records import Member
from handlers.ids import ActionId, BlockId, qualified
from handlers.views.text import escape
from tests.acceptance.looking import key_of, words
from tests.acceptance.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

TITLE = "Secret merger"
PRIVATE = "board-room"


@dataclass(frozen=True, slots=True)
class Secret:
    """An evaluation of Eva's in a private channel with Ben; Dan decides its go and is not in the channel."""

    id: str
    channel: str
    root: dict[str, Any]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def secret(context: Stage) -> AsyncIterator[Secret]:
    eva, core = context["eva"], context.local.core
    channel = (await eva.act("channels", name=PRIVATE, is_private=True))["channel"]["id"]
    await eva.act("invite_bot", channel=channel)
    core.workspace.join(core.workspace.channel(channel), context["ben"].user)
    for who in ("eva", "ben"):
        context[who].channels[PRIVATE] = channel
    view = await context.form("eva")
    values = {
        BlockId.TITLE: TITLE, BlockId.CHANNEL: channel, BlockId.DESCRIPTION: "Nobody may know of this.",
        qualified(BlockId.APPROVERS, "go"): context.ids("dan"),
    }  # fmt: skip
    assert await eva.submit(view, values) == {}
    root = await eva.wait_for(
        lambda p: next((m for m in p.messages.values() if key_of(m) == "root" and TITLE in words(m)), None)
    )
    yield Secret(str(root["metadata"]["event_payload"]["owner"]), channel, root)


@pytest.mark.parametrize("word", ["status", "inputs", "export", "cancel"])
async def test_a_command_of_an_outsider_finds_no_evaluation(stage: Stage, secret: Secret, word: str) -> None:
    """By its id and by its beginning, Farid reads what he would read of an id that nobody has; no word of the idea."""
    for name in (secret.id, secret.id[:8], secret.id[:6]):  # a shorter one may be that of another test
        await stage["farid"].command("product-ideas", "/eipas", f"{word} {name}")
        said = await stage.whispered("farid", f"There is no evaluation “{escape(name)}” here")
        assert TITLE not in words(said)
    assert not stage["farid"].views


async def test_the_list_of_an_outsider_leaves_it_out(stage: Stage, secret: Secret) -> None:
    """`list all` names it for Ben, who is in the channel, and not for Farid, who is not."""
    await stage["ben"].command("product-ideas", "/eipas", "list all")
    await stage.whispered("ben", TITLE)
    public = await stage.start(title="Open to everybody")
    await stage["farid"].command("product-ideas", "/eipas", "list all")
    said = await stage.whispered("farid", public.id)
    assert TITLE not in words(said)


async def test_members_of_the_channel_and_the_involved_see_it(stage: Stage, secret: Secret) -> None:
    """Ben reads it as a member of the channel, Dan as an approver who is not in it, Eva as the owner."""
    for who in ("ben", "dan", "eva"):
        await stage[who].command("product-ideas", "/eipas", f"status {secret.id}")
        await stage.whispered(who, "Nobody may know")


async def test_an_outsider_reaches_no_button_and_no_message(stage: Stage, secret: Secret) -> None:
    """Slack shows Farid no message of the channel; a click that names the evaluation from elsewhere finds none."""
    with pytest.raises(ActRefused):
        await stage["farid"].click(secret.channel, secret.root, ActionId.CANCEL)
    other = await stage.start(title="A door")
    card = await other.card("root")
    forged = {**card, "blocks": [_pointing(block, secret.id) for block in card["blocks"]]}
    stage.local.core.workspace.put_message(stage["eva"].channels["product-ideas"], forged)
    for action in (ActionId.ANSWER_ALL, ActionId.ADD_DOCUMENT, ActionId.CANCEL):
        await stage["farid"].click("product-ideas", forged, action)
        said = await stage.whispered("farid", f"There is no evaluation “{secret.id}” here")
        assert TITLE not in words(said)
    assert not stage["farid"].views


async def test_who_left_the_channel_cannot_send_a_form_opened_before(stage: Stage, secret: Secret) -> None:
    """A form that Chloe opened as a member is refused once she is out and her membership is no longer remembered."""
    core = stage.local.core
    core.workspace.join(core.workspace.channel(secret.channel), stage["chloe"].user)
    _forget(stage)
    await stage["chloe"].click(secret.channel, secret.root, ActionId.ANSWER_ALL)
    view = await stage["chloe"].view("All questions")
    core.workspace.leave(core.workspace.channel(secret.channel), stage["chloe"].user)
    _forget(stage)
    field = next(b["block_id"] for b in view["blocks"] if str(b.get("block_id", "")).startswith(f"{BlockId.ANSWER}/"))
    await stage["chloe"].submit(view, {field: "Too late"})
    await stage["chloe"].wait_for(lambda p: "There is no evaluation" in str(p.views))
    dossier = await stage.app.services.queries.dossier(secret.id)
    assert not any(question.answers for question in dossier.questions)


async def test_the_home_tab_of_an_outsider_does_not_name_it(stage: Stage, secret: Secret) -> None:
    """Farid's Home tab holds nothing of it; Eva's does."""
    await stage["eva"].open_home()
    await stage["eva"].wait_for(lambda p: TITLE in str(p.home))
    await stage["farid"].open_home()
    home = await stage["farid"].wait_for(lambda p: p.home)
    assert TITLE not in str(home)


async def test_a_guest_sees_only_what_is_in_their_channels(stage: Stage) -> None:
    """A public channel is open to full members only: a guest who is not in it finds no evaluation there."""
    thread = await stage.start(title="For members only")
    guest = Member(id="U0GUESTIN1", name="gus", real_name="Gus Guest", is_restricted=True)
    stage.local.core.workspace.put_person(guest)
    team = stage.local.core.identity.team_id
    directory = stage.app.services.context.directory
    channel = (await thread.dossier()).evaluation.channel
    assert await directory.reads(team, channel, stage["farid"].user)
    assert not await directory.reads(team, channel, guest.id)


def _pointing(block: dict[str, Any], evaluation_id: str) -> dict[str, Any]:
    if block["type"] != "actions":
        return block
    elements = [{**e, "value": evaluation_id} if "value" in e else e for e in block["elements"]]
    return {**block, "elements": elements}


def _forget(stage: Stage) -> None:
    """A minute later."""
    stage.app.services.context.directory._channels.clear()  # type: ignore[attr-defined]
