"""What people write while a question is open, and what they see of what became of it."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.lifecycle import State
from handlers.ids import ActionId, BlockId, qualified
from tests.acceptance.looking import words
from tests.acceptance.stage import CHANNEL, Stage, Thread

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def begun(stage: Stage) -> Thread:
    thread = await stage.start()
    await thread.card("q.opening_1")
    return thread


async def test_a_thought_in_two_messages_is_one_answer(stage: Stage) -> None:
    """Sent one right after the other, both stand in the first answer, and the second question waits for its own."""
    thread = await begun(stage)
    await thread.say("ava", "We use PostgreSQL 16.")
    ts = await thread.say("ava", "The framework is free to choose.")
    dossier = await thread.until(lambda d: d.questions[0].answer and len(d.questions[0].answer.messages) == 2)
    assert dossier.questions[0].answers[-1].text == "We use PostgreSQL 16.\n\nThe framework is free to choose."
    assert not dossier.questions[1].settled
    await thread.is_the_projection()
    shown = next(message for message in await thread.shown() if message["ts"] == ts)
    assert [reaction["name"] for reaction in shown["reactions"]] == ["ballot_box_with_check"]


async def test_what_was_taken_is_shown_and_can_be_undone(stage: Stage) -> None:
    """The next card quotes it with “Not an answer”: pressed, the question is open again and the words are a note."""
    thread = await begun(stage)
    await thread.say("ben", "Ask Dan, he knows that best")
    receipt = await thread.card("q.opening_2")
    assert "Ask Dan, he knows that best" in words(receipt) and "Not an answer" in words(receipt)
    await thread.click("chloe", receipt, ActionId.NOT_AN_ANSWER)
    await stage.whispered("chloe", "“Stack and database” is open again")
    dossier = await thread.dossier()
    assert not dossier.questions[0].settled
    assert [note.text for note in dossier.notes] == ["Ask Dan, he knows that best"]
    assert "Not an answer" not in await thread.said("q.opening_2")
    await thread.reply("dan", "PostgreSQL 16")
    await thread.until(lambda d: d.questions[0].settled)
    await thread.is_the_projection()


async def test_the_last_answer_can_be_undone_at_the_summary(stage: Stage) -> None:
    """It withdraws the go gate, and the summary says which question is open again."""
    thread = await begun(stage)
    dossier = await thread.dossier()
    last = dossier.questions[-1]
    texts = {q.key: "As the documents say." for q in dossier.questions[:-1]}
    await thread.click("eva", await thread.card("root"), ActionId.ANSWER_ALL)
    view = await stage["eva"].view("All questions")
    filled = {qualified(BlockId.ANSWER, key): text for key, text in texts.items()}
    assert await stage["eva"].submit(view, filled) == {}
    await thread.reply("ben", "The weather was nice in Rome")
    await thread.state(State.AWAITING_GO)
    await thread.click("eva", await thread.card("i1.answers"), ActionId.NOT_AN_ANSWER)
    await thread.state(State.COLLECTING)
    assert f"{last.name}* is open again" in await thread.said("i1.answers")
    await thread.reply("ben", "OIDC for staff")
    await thread.state(State.AWAITING_GO)
    await thread.is_the_projection()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hmm, who wrote this?", "it asks something itself"),
        ("thanks!", "it reads like a word among yourselves"),
        (":tada: :tada:", "it reads like a word among yourselves"),
        ("skip", "a question is skipped by its button"),
        ("ok", "the question wants more than a yes"),
    ],
)
async def test_chatter_is_no_answer_and_says_so(stage: Stage, text: str, why: str) -> None:
    """Its writer alone reads that it was not taken, why, and presses “It is the answer” where it was one after all."""
    thread = await begun(stage)
    await thread.say("farid", text)
    said = await stage.whispered("farid", f"“{text}” was not taken")
    assert why in words(said)
    assert not (await thread.dossier()).questions[0].settled
    assert not [m for m in stage["ava"].messages.values() if f"“{text}” was not taken" in words(m)]
    await thread.click("farid", said, qualified(ActionId.IS_AN_ANSWER, "opening_1"))
    dossier = await thread.until(lambda d: d.questions[0].settled)
    assert dossier.questions[0].answers[-1].by == stage["farid"].user
    await stage["farid"].message("Taken as the answer to “Stack and database”")
    await thread.is_the_projection()


async def test_skip_in_words_offers_the_button(stage: Stage) -> None:
    """“skip this one” is not written down as an answer; the word that says so skips by a press."""
    thread = await begun(stage)
    await thread.say("farid", "skip this one, please")
    said = await stage.whispered("farid", "“skip this one, please” was not taken")
    await thread.click("farid", said, ActionId.SKIP)
    dossier = await thread.until(lambda d: d.questions[0].settled)
    assert dossier.questions[0].answers[-1].skipped


async def test_what_people_say_to_each_other_is_left_alone(stage: Stage) -> None:
    """Words to somebody by name and asides are no answer, no note, and nobody is told anything about them."""
    thread = await begun(stage)
    before = len(stage["dan"].messages)
    for text in (f"<@{stage['ben'].user}> can you take this one?", "(back in five)", f"cc <@{stage['ben'].user}>"):
        await thread.say("dan", text)
    await thread.quiet()
    dossier = await thread.dossier()
    assert not dossier.questions[0].settled and dossier.notes == ()
    assert not [m for m in list(stage["dan"].messages.values())[before:] if m.get("ephemeral")]


async def test_people_are_named_in_what_is_kept(stage: Stage) -> None:
    """Only the bot's mention is cut; the others stand by name in the answer, and in the files made of it."""
    thread = await begun(stage)
    bot, ben = stage.local.core.identity.bot_user, stage["ben"].user
    await thread.say("ava", f"<@{bot}> PostgreSQL. <@{ben}> owns it, ask <@{stage['dan'].user}> for the version")
    dossier = await thread.until(lambda d: d.questions[0].settled)
    assert dossier.questions[0].answers[-1].text.startswith("PostgreSQL. @")
    assert ben not in dossier.questions[0].answers[-1].text
    assert "@ben owns it, ask @dan for the version" in dossier.questions[0].answers[-1].text


async def test_an_edit_is_told_with_the_button_that_follows_it(stage: Stage) -> None:
    """The writer reads that the answer did not change; one press takes the edited text, another opens its form."""
    thread = await begun(stage)
    ts = await thread.say("ava", "MySQL 8")
    await thread.until(lambda d: d.questions[0].settled)
    await stage["ava"].edit(CHANNEL, ts, "PostgreSQL 16")
    said = await stage.whispered("ava", "You edited a message that was taken as the answer to “Stack and database”")
    await thread.click("ava", said, qualified(ActionId.EDIT_ANSWER, f"m.{ts}"))
    view = await stage["ava"].view("Edit the answer")
    assert "PostgreSQL 16" in str(view["blocks"])
    await stage["ava"].close_view(view)
    await thread.click("ava", said, qualified(ActionId.TAKE_EDIT, f"m.{ts}"))
    dossier = await thread.until(lambda d: d.questions[0].answers[-1].text == "PostgreSQL 16")
    assert [answer.text for answer in dossier.questions[0].answers] == ["MySQL 8", "PostgreSQL 16"]
    await thread.is_the_projection()


async def test_a_deleted_reply_is_told_with_the_button_that_undoes_it(stage: Stage) -> None:
    """Its writer reads that the answer stands, and takes it back by a press."""
    thread = await begun(stage)
    ts = await thread.say("ava", "MySQL 8")
    await thread.until(lambda d: d.questions[0].settled)
    await stage["ava"].delete(CHANNEL, ts)
    said = await stage.whispered("ava", "You deleted a message that was taken as the answer")
    await thread.click("ava", said, ActionId.NOT_AN_ANSWER)
    await thread.until(lambda d: not d.questions[0].settled)


async def test_edited_and_deleted_notes_are_told_too(stage: Stage) -> None:
    """What was kept as a note says what it said; the writer learns how to say it otherwise."""
    thread = await begun(stage)
    await thread.answer_everything()
    await thread.card("i1.answers")
    ts = await thread.say("ben", "Mind the holidays")
    await thread.until(lambda d: d.notes)
    await stage["ben"].edit(CHANNEL, ts, "Mind the week-ends")
    await stage.whispered("ben", "that was kept as a note")
    await stage["ben"].delete(CHANNEL, ts)
    await stage.whispered("ben", "It stays kept")


async def test_asking_the_bot_in_a_thread_answers_nothing(stage: Stage) -> None:
    """“@EIPAS status” and “what waits for me?” are answered to who asked; the open question stays open."""
    thread = await begun(stage)
    for text in (f"<@{stage.local.core.identity.bot_user}> status", "status?", "what's waiting for me?"):
        await thread.say("chloe", text)
    await stage.whispered("chloe", "Waits for")
    await stage.whispered("chloe", "Waiting for you")
    assert not (await thread.dossier()).questions[0].settled


async def test_one_message_under_two_teams_is_one_delivery(stage: Stage) -> None:
    """Slack Connect brings a message twice, with another channel and team around one client_msg_id: it counts once."""
    thread = await begun(stage)
    core = stage.local.core
    await thread.say("ava", "PostgreSQL 16")
    await thread.until(lambda d: d.questions[0].settled)
    await thread.card("q.opening_2")
    said = next(m for m in await thread.shown() if m.get("text") == "PostgreSQL 16")
    from bot.devtools.local_slack import payloads  # the same delivery, made by hand

    channel = core.workspace.channel(stage["eva"].channels[CHANNEL])
    again = payloads.event_callback(core, payloads.message_event(core, channel, {**said, "ts": core.workspace.tick()}))
    core.delivery.announce(again)
    await stage.local.settle()
    await asyncio.sleep(0.1)
    dossier = await thread.dossier()
    assert [len(question.answers) for question in dossier.questions[:2]] == [1, 0]
