"""What people ask the bot itself: in a direct message, by a mention, by a command that comes too late."""

from __future__ import annotations

from urllib.parse import urlsplit

import aiohttp
import pytest

from handlers.ids import ActionId, BlockId
from tests.acceptance.looking import words
from tests.acceptance.stage import CHANNEL, Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


def direct(stage: Stage, who: str) -> str:
    return stage.local.core.workspace.direct(stage[who].user).id


async def told(stage: Stage, who: str, containing: str, count: int = 1) -> str:
    """Wait for the bot's answer in the person's direct messages."""
    channel, bot = direct(stage, who), stage.local.core.identity.bot_user

    def look(person):  # type: ignore[no-untyped-def]
        found = [m for (place, _), m in person.messages.items() if place == channel and m.get("user") == bot]
        said = [words(m) for m in found if containing in words(m)]
        return said[-1] if len(said) >= count else None

    return str(await stage[who].wait_for(look))


@pytest.mark.parametrize("text", ["what waits for me?", "Anything pending?", "what should I do", "is it my turn"])
async def test_a_direct_message_is_told_what_waits(stage: Stage, text: str) -> None:
    """An approver reads which gate of which evaluation waits, since when, with a link that leads to its thread."""
    title = f"Asked by {text}"
    thread = await stage.start(title=title, approvers={"go": ("chloe",)})
    await thread.answer_everything()
    await stage["chloe"].say(direct(stage, "chloe"), text)
    said = await told(stage, "chloe", title)
    assert "User Guidance" in said and "/archives/" in said


async def test_a_direct_message_is_told_the_status(stage: Stage) -> None:
    """“status”, and a sentence with the title, say where it stands; words that mean nothing get the help."""
    await stage.start(title="Harbour crane booking")
    await stage.start(title="Something newer")
    eva = direct(stage, "eva")
    await stage["eva"].say(eva, "status")
    assert "Waits for" in await told(stage, "eva", "Something newer")
    await stage["eva"].say(eva, "How far is the harbour crane booking?")
    assert "Waits for" in await told(stage, "eva", "Harbour crane booking")
    await stage["eva"].say(eva, "list")
    await told(stage, "eva", "Evaluations")
    await stage["eva"].say(eva, "Guten Tag, was kannst du?")
    assert "what waits for me?" in await told(stage, "eva", "Commands")
    await stage["eva"].say(eva, "status ev_nobody")
    await told(stage, "eva", "There is no evaluation")


async def test_who_has_nothing_is_told_so(stage: Stage) -> None:
    """Somebody who decides nothing and owns nothing reads one plain sentence."""
    await stage["farid"].say(direct(stage, "farid"), "What waits for me?")
    await told(stage, "farid", "Nothing waits for you.")


async def test_a_file_in_a_direct_message_is_told_where_it_belongs(stage: Stage) -> None:
    """A document given to the bot itself is not swallowed in silence."""
    await stage["farid"].upload(direct(stage, "farid"), "orders.sql", b"CREATE TABLE orders (id int);")
    await told(stage, "farid", "A document belongs to an evaluation")


async def test_a_mention_in_a_channel_is_answered_like_a_direct_message(stage: Stage) -> None:
    """“@EIPAS what waits for me?” is answered to the one who asked, and to nobody else."""
    await stage["ben"].say(CHANNEL, f"<@{stage.local.core.identity.bot_user}> what waits for me?")
    await stage.whispered("ben", "Nothing waits for you")
    assert not [m for m in stage["ava"].messages.values() if "Nothing waits for you" in words(m)]


async def test_a_delivery_that_comes_again_is_answered_once(stage: Stage) -> None:
    """Slack's second delivery of a direct message brings no second answer."""
    await stage["dan"].say(direct(stage, "dan"), "hello there")
    await told(stage, "dan", "Commands")
    await stage["dan"].trouble(do="redeliver", count=3)
    await stage.local.settle()
    shown = await stage["dan"].history(direct(stage, "dan"))
    assert len([m for m in shown if "Commands" in words(m)]) == 1


async def test_status_and_list_lead_to_their_threads(stage: Stage) -> None:
    """Both name the thread's address, and the local page opens the thread at it."""
    thread = await stage.start(title="Linked from everywhere")
    place = f"{stage['eva'].channels[CHANNEL]}/thread/{thread.ts}"
    for text in ("status", "list"):
        await stage["eva"].command(CHANNEL, "/eipas", text)
        said = await stage.whispered("eva", "/archives/")
        link = said["text"].partition("<http")[2].partition("|")[0]
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http{link}", allow_redirects=False) as led:
                assert urlsplit(led.headers["Location"]).fragment == place
            async with session.get(f"http{link}") as page:
                assert page.status == 200 and "<title>" in await page.text()


async def test_a_command_in_direct_messages_offers_no_direct_message_as_channel(stage: Stage) -> None:
    """The form comes with an empty channel, and refuses direct messages under the field in words."""
    channel = direct(stage, "ben")
    await stage["ben"].command(channel, "/eipas", "start Talked over in private")
    view = await stage["ben"].view("Start an evaluation")
    menu = next(b["element"] for b in view["blocks"] if b.get("block_id") == BlockId.CHANNEL)
    assert "initial_conversation" not in menu and "default_to_current_conversation" not in menu
    answer = await stage["ben"].submit(view, {BlockId.CHANNEL: channel})
    assert "A thread needs a channel" in answer["errors"][BlockId.CHANNEL]
    await stage["ben"].close_view(view)
    await stage["ben"].say(channel, "start a new evaluation")
    said = await stage["ben"].message("An evaluation starts by a form")
    await stage["ben"].click(channel, said, ActionId.START)
    view = await stage["ben"].view("Start an evaluation")
    menu = next(b["element"] for b in view["blocks"] if b.get("block_id") == BlockId.CHANNEL)
    assert "initial_conversation" not in menu


@pytest.mark.parametrize("word", ["start", "cancel"])
async def test_a_form_that_came_too_late_says_to_type_it_again(stage: Stage, word: str) -> None:
    """An expired trigger is told in words to the one who typed, not by a silent nothing."""
    await stage.start(title="Too late for forms")
    await stage["eva"].trouble(do="fail", method="views.open", kind="error", error="expired_trigger_id")
    await stage["eva"].command(CHANNEL, "/eipas", word)
    await stage.whispered("eva", "Please type it again")
    assert not stage["eva"].views


async def test_a_click_that_came_too_late_says_to_press_again(stage: Stage) -> None:
    """The same for a button in a thread, and for one on the Home tab, where no form can say it."""
    thread = await stage.start()
    trouble = {"do": "fail", "method": "views.open", "kind": "error", "error": "expired_trigger_id"}
    await stage["eva"].trouble(**trouble)
    await thread.click("eva", await thread.card("root"), ActionId.ANSWER_ALL)
    await stage.whispered("eva", "Please press it again")
    await stage["eva"].open_home()
    home = await stage["eva"].wait_for(lambda p: p.home)
    await stage["eva"].trouble(**trouble)
    await stage["eva"].click_view(home, ActionId.START)
    await told(stage, "eva", "Please press it again")
