"""Answers and replies as impatient, careless and hostile people type them."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.gate import GateState
from bot.domain.lifecycle import State
from handlers.ids import ActionId, BlockId, qualified
from tests.acceptance.looking import words
from tests.acceptance.stage import CHANNEL, Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOSTILE = {
    "everybody": "<!channel> <!here> <!everyone> wake up",
    "markup": "<script>alert(1)</script> & <https://evil.example|click> *bold* `code`",
    "emoji": "🧑‍🚀" * 200,
    "right to left": "\u202eرد على السؤال\u202c العنوان",
    "look-alike of a verdict": "approve",
    "one letter": "y",
    "exactly full": "a" * 3000,
    "controls": "a\x00b\x1bc",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_whatever_is_replied_is_an_answer_and_nothing_more(stage: Stage, text: str) -> None:
    """A reply answers the open question, notifies nobody, decides nothing, and is kept as it was typed."""
    thread = await stage.start()
    await thread.say("ava", text)
    dossier = await thread.until(lambda d: d.questions[0].settled)
    assert dossier.evaluation.state is State.COLLECTING
    assert not dossier.gates
    await thread.is_the_projection()
    assert not stage.local.broadcasts


async def test_a_reply_is_as_long_as_slack_carries_it(stage: Stage) -> None:
    """A pasted schema of 38,000 characters is one answer, whole; what no message holds is refused with both numbers."""
    thread = await stage.start()
    schema = "\n".join(f"CREATE TABLE t{n} (id uuid PRIMARY KEY, name text NOT NULL);" for n in range(650))
    await thread.say("ben", schema)
    dossier = await thread.until(lambda d: d.questions[0].answer)
    assert dossier.questions[0].answers[-1].text == schema and len(schema) > 36_000
    await thread.is_the_projection()
    await thread.reply("ben", "long " * 9000)
    said = await stage.whispered("ben", "at most 40,000")
    assert "44,999" in said["text"]
    assert not (await thread.dossier()).questions[1].settled


async def test_a_form_says_where_to_put_what_is_longer_and_cuts_nothing(stage: Stage) -> None:
    """Opened at a long answer, the form's field is empty and says that the answer stays; saved, it has stayed."""
    thread = await stage.start()
    text = "We keep every invoice. " * 200
    await thread.say("ben", text)
    await thread.until(lambda d: d.questions[0].settled)
    await thread.click("ben", await thread.card("q.opening_1"), ActionId.ANSWER)
    view = await stage["ben"].view("Edit the answer")
    said = str(view["blocks"])
    assert "goes into the thread" in said and "4,599 characters, stays while the field below is empty" in said
    answer = await stage["ben"].submit(view, {})
    assert answer["errors"]
    assert (await thread.dossier()).questions[0].answers[-1].text == text.strip()


async def test_a_reply_that_looks_like_a_verdict_decides_no_gate(stage: Stage) -> None:
    """“y”, “approve” and their like leave the go gate as it was and are no notes; the writer is told of the buttons."""
    thread = await stage.start(approvers={"go": ("dan",)})
    await thread.answer_everything()
    gate = await thread.gate("go")
    for text in ("y", "Y", "yes", "approve", "Approved!", "LGTM :+1:", "n", "reject"):
        await thread.say("dan", text)
        said = await stage.whispered("dan", f"“{text}” decides nothing in words")
        assert "is decided by the buttons on its card" in said["text"]
    dossier = await thread.dossier()
    assert dossier.notes == ()
    assert dossier.evaluation.state is State.AWAITING_GO
    assert (found := dossier.gate(gate.iteration, "go")) is not None
    assert (found.id, found.state, found.votes) == (gate.id, GateState.PENDING, ())
    assert not dossier.runs


async def test_an_edit_after_the_go_gate_opened_opens_it_anew(stage: Stage) -> None:
    """An edited answer withdraws the open go gate, says so on its card, and opens another on what changed."""
    thread = await stage.start()
    await thread.answer_everything(text="First version")
    first, card = await thread.gate("go"), await thread.gate_card("go")
    question = (await thread.dossier()).questions[0]
    await thread.click("ben", await thread.card(f"q.{question.key}"), ActionId.EDIT_ANSWER)
    view = await stage["ben"].view("Edit the answer")
    assert "First version" in str(view["blocks"])
    assert await stage["ben"].submit(view, {qualified(BlockId.ANSWER, question.key): "Second version"}) == {}
    await thread.until(lambda d: len(d.gates) == 2)
    second = await thread.gate("go")
    assert second.subject_sha256 != first.subject_sha256
    withdrawn = await thread.said(f"i{first.iteration}.gate.go.{first.id}")
    assert "Withdrawn" in withdrawn
    assert "version 2" in await thread.said(f"q.{question.key}")
    # The old card's button was drawn before the edit: Slack lets nobody press what is gone.
    with pytest.raises(Exception, match="no_such_action"):
        await thread.click("eva", card, qualified(ActionId.VOTE, "approve"))
    await thread.is_the_projection()


async def test_the_same_answer_again_changes_nothing(stage: Stage) -> None:
    """Sending the form unchanged neither makes a version nor withdraws the gate."""
    thread = await stage.start()
    await thread.answer_everything(text="Same")
    gate = await thread.gate("go")
    await thread.click("eva", await thread.card("i1.answers"), ActionId.ANSWER_ALL)
    view = await stage["eva"].view("All questions")
    fields = [b["block_id"] for b in view["blocks"] if b.get("block_id", "").startswith(f"{BlockId.ANSWER}/")]
    assert await stage["eva"].submit(view, dict.fromkeys(fields, "Same")) == {}
    dossier = await thread.dossier()
    assert {len(q.answers) for q in dossier.questions} == {1}
    assert (await thread.gate("go")).id == gate.id


async def test_a_question_is_skipped_only_explicitly(stage: Stage) -> None:
    """An empty form is refused under its field; the Skip button skips; a blank reply does nothing."""
    thread = await stage.start()
    first = (await thread.dossier()).questions[0]
    await thread.click("ava", await thread.card(f"q.{first.key}"), ActionId.ANSWER)
    view = await stage["ava"].view("Answer")
    answer = await stage["ava"].submit(view, {})
    assert "tick" in next(iter(answer["errors"].values()))
    await thread.click("ava", await thread.card(f"q.{first.key}"), ActionId.SKIP)
    await thread.until(lambda d: d.questions[0].settled and d.questions[1].asked_at)
    assert "Skipped by" in await thread.said(f"q.{first.key}")


async def test_four_people_answer_at_once(stage: Stage) -> None:
    """Four replies at the same moment are one answer of four parts to the one question that stood; none is lost."""
    thread = await stage.start()
    await thread.card("q.opening_1")
    names = ("ava", "ben", "chloe", "dan")
    await asyncio.gather(*(thread.say(who, f"From {who}") for who in names))
    dossier = await thread.until(lambda d: d.questions[0].answer and len(d.questions[0].answer.messages) == 4)
    first = dossier.questions[0].answers[-1]
    assert set(first.text.split("\n\n")) == {f"From {who}" for who in names}
    assert [q.settled for q in dossier.questions[1:]] == [False] * (len(dossier.questions) - 1)
    await thread.is_the_projection()
    await thread.is_the_projection()


async def test_a_message_is_used_as_an_answer_by_the_shortcut(stage: Stage) -> None:
    """“Answer with this message” offers the questions and takes the message's words for the chosen one."""
    thread = await stage.start(title="Shortcut idea")
    await thread.say("ava", "The stack is boring on purpose")
    await thread.until(lambda d: d.questions[0].settled)
    ts = await thread.reply("ben", "Orders & invoices, <b>nothing</b> else")
    await thread.until(lambda d: d.questions[1].settled)
    await stage["chloe"].shortcut("eipas:answer_shortcut", channel=CHANNEL, message_ts=ts)
    view = await stage["chloe"].view("Use as an answer")
    assert "Orders & invoices, <b>nothing</b> else" in str(view["blocks"])
    text = "Orders & invoices, <b>nothing</b> else"
    menu = next(block["element"] for block in view["blocks"] if block.get("block_id") == BlockId.QUESTION)
    chosen = next(option for option in menu["options"] if option["value"] == "4")
    filled = {BlockId.QUESTION: chosen, qualified(BlockId.ANSWER, "message"): text}
    assert await stage["chloe"].submit(view, filled) == {}
    dossier = await thread.until(lambda d: d.questions[4].settled)
    assert dossier.questions[4].answers[-1].text == text
    assert dossier.questions[4].answers[-1].by == stage["chloe"].user
    await thread.is_the_projection()


async def test_the_shortcut_outside_a_thread_says_where_it_belongs(stage: Stage) -> None:
    """Used on any other message, the shortcut says that it is for messages of an evaluation's thread."""
    ts = await stage["ava"].say(CHANNEL, "Lunch?")
    await stage["ava"].shortcut("eipas:answer_shortcut", channel=CHANNEL, message_ts=ts)
    said = await stage["ava"].wait_for(
        lambda p: next(
            (w for w in [*map(words, p.messages.values()), str(p.views)] if "in an evaluation's thread" in w), None
        )
    )
    assert "evaluation" in said


async def test_edited_and_deleted_messages_change_nothing_and_say_so(stage: Stage) -> None:
    """An answer stays as it was given when its message is edited or deleted, and its writer alone is told so."""
    thread = await stage.start()
    ts = await thread.say("ava", "As given")
    await thread.until(lambda d: d.questions[0].settled)
    await stage["ava"].edit(CHANNEL, ts, "As edited")
    await stage.whispered("ava", "The answer still says what it said before")
    await stage["ava"].delete(CHANNEL, ts)
    await stage.whispered("ava", "The answer still stands")
    await thread.quiet()
    question = (await thread.dossier()).questions[0]
    assert [a.text for a in question.answers] == ["As given"]
    assert not (await thread.dossier()).questions[1].settled


async def test_a_mention_in_the_thread_counts_once(stage: Stage) -> None:
    """A reply that mentions the bot arrives as two events and is one answer, without the mention."""
    thread = await stage.start()
    bot = stage.local.core.identity.bot_user
    await thread.say("ava", f"<@{bot}> PostgreSQL it is")
    await thread.until(lambda d: d.questions[0].settled)
    await thread.quiet()
    dossier = await thread.dossier()
    assert dossier.questions[0].answers[-1].text == "PostgreSQL it is"
    assert not dossier.questions[1].settled
