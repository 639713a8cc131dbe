"""`/eipas …`: every word, unknown ones, and channels that the bot is not in."""

from __future__ import annotations

import pytest

from bot.domain.lifecycle import State
from handlers.commands import WORDS
from handlers.ids import ActionId, BlockId
from tests.acceptance.stage import CHANNEL, STRANGE, Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_help_names_every_word(stage: Stage) -> None:
    """`/eipas help`, and `/eipas` alone, give the usage and summary of every word there is, to the asker only."""
    for text in ("help", "", "   HELP  "):
        await stage["dan"].command(CHANNEL, "/eipas", text)
        said = await stage.whispered("dan", "Commands")
        assert all(f"`/eipas {word.usage}` — {word.summary}" in str(said["blocks"]) for word in WORDS.values())


@pytest.mark.parametrize("text", ["frobnicate", "<!channel>", "start-up", "y", "🙂", "x" * 3000])
async def test_an_unknown_word_is_answered_with_those_there_are(stage: Stage, text: str) -> None:
    """A word that does not exist is quoted, harmless and short, and the known ones are listed."""
    await stage["farid"].command(CHANNEL, "/eipas", text)
    said = await stage.whispered("farid", "I do not know")
    assert "start, status, list" in said["text"]
    assert len(said["text"]) < 300
    assert not stage.local.broadcasts


async def test_status_tells_where_the_newest_one_stands(stage: Stage) -> None:
    """`/eipas status` shows the asker's newest evaluation, and one by its id to anybody, without buttons."""
    thread = await stage.start(title="Where is it")
    for who, text in (("eva", "status"), ("ben", f"status {thread.id}")):
        await stage[who].command(CHANNEL, "/eipas", text)
        said = await stage.whispered(who, "Where is it")
        assert "Waits for" in said["text"]
        assert not [block for block in said["blocks"] if block["type"] == "actions"]


async def test_an_unknown_id_is_refused_in_words(stage: Stage) -> None:
    """An id that nobody has, or that is no id, is answered with what to do."""
    for text in ("status ev_nobody", "inputs %' OR 1=1", "cancel ../../etc", "export ev_"):
        await stage["chloe"].command(CHANNEL, "/eipas", text)
        said = await stage.whispered("chloe", "There is no evaluation")
        assert "list" in said["text"]


@pytest.mark.parametrize("word", ["status", "inputs", "export", "cancel"])
async def test_who_has_nothing_yet_learns_how_to_begin(stage: Stage, word: str) -> None:
    """Without an id and without an evaluation of their own a newcomer reads a plain sentence, not a made-up name."""
    await stage["chloe"].command(CHANNEL, "/eipas", word)
    said = await stage.whispered("chloe", "You own no evaluation and decide in none.")
    assert "start" in said["text"]


async def test_list_shows_open_ones_and_all(stage: Stage) -> None:
    """`/eipas list` names the asker's open evaluations; `list all` those of everybody, ended ones too."""
    thread = await stage.start(title="Listed once")
    await stage["eva"].command(CHANNEL, "/eipas", "list")
    assert "Listed once" in (await stage.whispered("eva", "Listed once"))["text"]
    await stage["farid"].command(CHANNEL, "/eipas", "list")
    await stage.whispered("farid", "no open evaluation of yours")
    await stage["farid"].command(CHANNEL, "/eipas", "list all")
    assert thread.id in (await stage.whispered("farid", "Listed once"))["text"]


async def test_inputs_names_what_is_missing(stage: Stage) -> None:
    """`/eipas inputs` lists each document that is missing, by its path."""
    thread = await stage.start()
    await stage["eva"].command(CHANNEL, "/eipas", f"inputs {thread.id}")
    said = await stage.whispered("eva", "Documents")
    for missing in (await thread.dossier()).context.missing:
        assert missing.path.rpartition("/")[2] in str(said["blocks"])


async def test_export_before_a_decision_says_so(stage: Stage) -> None:
    """`/eipas export` of an evaluation without a decided iteration says that there is none."""
    thread = await stage.start()
    await stage["eva"].command(CHANNEL, "/eipas", f"export {thread.id}")
    await stage.whispered("eva", "no decided iteration yet")


async def test_cancel_asks_once_more_and_keeps_the_reason(stage: Stage) -> None:
    """`/eipas cancel` opens a form; sent, the evaluation is over, its reason is shown and its buttons are gone."""
    thread = await stage.start()
    await stage["eva"].command(CHANNEL, "/eipas", f"cancel {thread.id}")
    view = await stage["eva"].wait_for(lambda p: p.views[-1] if p.views else None)
    assert (await thread.dossier()).evaluation.state is State.COLLECTING
    assert await stage["eva"].submit(view, {BlockId.REASON: "Budget was cut <!here>"}) == {}
    await thread.state(State.CANCELLED)
    root = await thread.card("root")
    assert not [block for block in root["blocks"] if block["type"] == "actions"]
    assert "Budget was cut" in " ".join([str(m["blocks"]) for m in (await thread.cards()).values()])
    await thread.is_the_projection()
    assert not stage.local.broadcasts


async def test_a_stranger_cannot_cancel(stage: Stage) -> None:
    """Who neither owns an evaluation nor decides a gate is told at the click who may cancel it; no form opens."""
    thread = await stage.start()
    await thread.click("farid", await thread.card("root"), ActionId.CANCEL)
    assert stage["eva"].user in (await stage.whispered("farid", "You may not cancel"))["text"]
    await stage["farid"].command(CHANNEL, "/eipas", f"cancel {thread.id}")
    await stage["farid"].wait_for(lambda p: sum("may not cancel" in m["text"] for m in p.messages.values()) > 1)
    assert not stage["farid"].views
    assert (await thread.dossier()).evaluation.state is State.COLLECTING


async def test_a_channel_without_the_bot_is_refused_under_its_field(stage: Stage) -> None:
    """The form asked for in a channel that the bot is not in is refused under the channel's field, with the mend."""
    await stage["eva"].command(STRANGE, "/eipas", "start Stray idea")
    view = await stage["eva"].view("Start an evaluation")
    answer = await stage["eva"].submit(view, {})
    assert "/invite @EIPAS" in answer["errors"][BlockId.CHANNEL]
    again = await stage["eva"].submit(view, {BlockId.CHANNEL: stage["eva"].channels[CHANNEL]})
    assert again == {}
