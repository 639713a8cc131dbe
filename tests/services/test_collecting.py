"""From an idea to the go gate: starting, answering, changing one's mind."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.errors import (
    AlreadyDecided,
    GateNotOpen,
    IllegalEvent,
    InvalidInput,
    NotAllowed,
    NotFound,
    ReasonRequired,
    Replayed,
    Stale,
    TitleMissing,
    TooLong,
    UnknownWorkspace,
    WordsDecideNothing,
)
from bot.domain.evaluation import NOTES_IN_DOSSIER, Note
from bot.domain.gate import GateState
from bot.services.gates import Verdict
from bot.services.ports import Tx
from bot.services.reply_place import Said
from tests.support.dossiers import ARCHITECT, LEAD, OWNER
from tests.support.services import CHANNEL, World


def workspace(folder: Path, name: str = "acme") -> Path:
    """A workspace with an idea and two iterations that others already wrote."""
    root = folder / "roots" / name
    (root / "phase4").mkdir(parents=True)
    (root / "idea.json").write_text(json.dumps({"title": "Workflows", "description": "Automate them."}))
    for number in (1, 2):
        (root / "phase4" / f"backend-developer-iteration-{number}.json").write_text('{"iteration": 1}')
    return root


async def test_a_typed_idea_becomes_the_first_document(world: World) -> None:
    """Without a workspace the typed words are the idea, and everything else is named as missing."""
    evaluation = await world.start(title="Appointments", description="Book a slot.")
    dossier = await world.dossier(evaluation)
    assert [d.origin for d in dossier.context.inputs] == ["typed"]
    assert dossier.context.inputs[0].body["title"] == "Appointments"
    assert dossier.context.missing and all(m.lost for m in dossier.context.missing)
    assert dossier.evaluation.iteration == 1


async def test_a_workspace_gives_the_idea_and_the_number(world: World, tmp_path: Path) -> None:
    """The title comes from idea.json, and the iteration follows the highest that lies in the folder."""
    workspace(tmp_path)
    evaluation = await world.start(title="", description="", workspace="acme")
    assert (evaluation.title, evaluation.iteration) == ("Workflows", 3)


async def test_two_evaluations_of_one_workspace_never_share_a_number(world: World, tmp_path: Path) -> None:
    """The second counts on from what the first is working on, though nothing of that is in the folder yet."""
    workspace(tmp_path)
    first = await world.start(workspace="acme")
    second = await world.start(workspace="acme")
    assert (first.iteration, second.iteration) == (3, 4)


@pytest.mark.parametrize("name", ["nowhere", "../..", "/etc", "a\0b"])
async def test_an_unknown_workspace_is_refused_with_those_there_are(world: World, tmp_path: Path, name: str) -> None:
    """Only folders under the allowed roots can be named, and the words list them."""
    workspace(tmp_path)
    with pytest.raises(UnknownWorkspace, match="acme"):
        await world.start(workspace=name)


async def test_nothing_to_start_from_is_refused(world: World) -> None:
    """Neither a title nor a workspace: nothing is created."""
    with pytest.raises(TitleMissing, match="title"):
        await world.start(title="  ", description="words")
    assert await world.services.queries.listing("T0LOCAL001", None) == ()


async def test_an_unknown_role_is_refused_by_name(world: World) -> None:
    """The words name the roles that exist."""
    with pytest.raises(NotFound, match="backend-developer"):
        await world.start(role="poet")


@pytest.mark.parametrize(("field", "length"), [("title", 151), ("description", 3001)])
async def test_what_slack_could_not_show_is_refused(world: World, field: str, length: int) -> None:
    """One character above the limit is too long, and the limit itself is not."""
    with pytest.raises(TooLong):
        await world.start(**{field: "x" * length})
    await world.start(**{field: "x" * (length - 1)})


async def test_replies_answer_one_question_after_the_other(world: World) -> None:
    """Each plain reply answers the question that was asked last, and the last one opens the go gate."""
    evaluation = await world.start()
    questions = (await world.dossier(evaluation)).questions
    for number, question in enumerate(questions, 1):
        dossier = await world.dossier(evaluation)
        assert dossier.next_question is not None
        assert dossier.next_question.key == question.key and dossier.next_question.asked_at is not None
        assert [q.asked_at is not None for q in dossier.questions].count(True) == number
        await world.reply(evaluation, f"words {number}")
    dossier = await world.dossier(evaluation)
    assert [q.answer.text for q in dossier.questions if q.answer] == [
        f"words {n}" for n in range(1, len(questions) + 1)
    ]
    assert dossier.evaluation.state == "awaiting_go"
    assert await world.gates(evaluation, "go") == [GateState.PENDING]


async def test_a_form_answers_and_skips_many_at_once(world: World) -> None:
    """An empty text is an explicit skip; a key that is not sent stays open."""
    evaluation = await world.start()
    await world.services.questions.answer(world.actor(), evaluation.id, {"opening_1": "Python", "opening_2": " "})
    dossier = await world.dossier(evaluation)
    first, second, third = dossier.questions[:3]
    assert first.answer is not None and first.answer.text == "Python"
    assert second.answer is not None and second.answer.skipped and second.answer.text == ""
    assert third.answer is None and dossier.next_question == third


async def test_a_form_is_taken_whole_or_not_at_all(world: World) -> None:
    """One answer that is too long, or no question of ours, keeps the others from being recorded."""
    evaluation = await world.start()
    answer = world.services.questions.answer
    with pytest.raises(TooLong, match="3,001"):
        await answer(world.actor(), evaluation.id, {"opening_1": "fine", "opening_2": "x" * 3001})
    with pytest.raises(NotFound, match="opening_9"):
        await answer(world.actor(), evaluation.id, {"opening_1": "fine", "opening_9": "what"})
    dossier = await world.dossier(evaluation)
    assert not any(q.answer for q in dossier.questions) and dossier.evaluation.version == 1


async def test_answers_are_versioned_and_the_same_words_are_no_new_version(world: World) -> None:
    """Who said what, when, is kept for every version; sending the same text again changes nothing."""
    evaluation = await world.start()
    await world.services.questions.answer(world.actor(), evaluation.id, {"opening_1": "Python"})
    await world.services.questions.answer(world.actor(LEAD), evaluation.id, {"opening_1": "Go"}, "shortcut")
    before = (await world.dossier(evaluation)).evaluation.version
    await world.services.questions.answer(world.actor(LEAD), evaluation.id, {"opening_1": " Go "})
    dossier = await world.dossier(evaluation)
    assert [(a.version, a.text, a.by, a.via) for a in dossier.questions[0].answers] == [
        (1, "Python", OWNER, "form"),
        (2, "Go", LEAD, "shortcut"),
    ]
    assert dossier.evaluation.version == before


async def test_a_delivery_that_comes_twice_counts_once(world: World) -> None:
    """Slack's retry of the same delivery is refused as a replay and changes nothing."""
    evaluation = await world.start()
    actor = world.actor(delivery="Ev123")
    said = world.said(evaluation, "words")
    await world.services.replies.take(actor, said)
    with pytest.raises(Replayed):
        await world.services.replies.take(actor, said)
    assert len((await world.dossier(evaluation)).open_questions) == len(world.role.questions) - 1


async def test_a_thread_that_is_not_ours_is_left_alone(world: World) -> None:
    """A reply or a file elsewhere is nothing to us, no error, and costs no commit: channels are full of threads."""
    commits: list[int] = []
    world.database.on_commit = commits.append
    actor = world.actor(delivery="m:C1:1.2")
    assert (
        await world.services.replies.take(actor, Said(channel=CHANNEL, thread_ts="1.1", ts="1.2", text="words")) is None
    )
    assert await world.services.inputs.give(actor, CHANNEL, "1.000001", [("F1", "a.json", 10)]) is None
    assert commits == []


async def test_another_workspace_sees_nothing(world: World) -> None:
    """An id from another Slack workspace is not found, whatever is asked of it."""
    evaluation = await world.to_go()
    gate = await world.gate(evaluation, "go")
    other = world.actor(LEAD)
    other = type(other)(team="T0OTHER001", user=LEAD)
    for attempt in (
        world.services.questions.answer(other, evaluation.id, {"opening_1": "x"}),
        world.services.questions.ready(other, evaluation.id),
        world.services.gates.vote(other, gate.id, Verdict(option="approve")),
        world.services.gates.check(other, gate.id),
        world.services.evaluations.cancel(other, evaluation.id, "Enough"),
        world.services.runs.stop(other, evaluation.id),
        world.services.runs.retry(other, evaluation.id),
        world.services.runs.raise_budget(other, evaluation.id, 50.0),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await world.state(evaluation) == "awaiting_go"


async def test_approving_in_words_is_refused_with_who_decides_how(world: World) -> None:
    """While a gate is pending a bare yes is no note and no verdict: the words name the gate, its buttons and people."""
    evaluation = await world.to_go()
    evaluation = (await world.dossier(evaluation)).evaluation
    with pytest.raises(WordsDecideNothing, match=f"“approve” decides nothing.*“User Guidance”.*buttons.*@{LEAD}"):
        await world.reply(evaluation, "approve", user=LEAD)
    dossier = await world.dossier(evaluation)
    assert dossier.notes == () and dossier.evaluation.state == "awaiting_go"


async def test_a_bare_yes_tells_the_designer_nothing(world: World) -> None:
    """While nobody is asked and no gate waits, thanks and yes are passed over; a sentence is a note."""
    evaluation = await world.to_run()
    await world.reply(evaluation, "Thanks!")
    await world.reply(evaluation, "Thanks, and mind the holidays")
    assert [note.text for note in (await world.dossier(evaluation)).notes] == ["Thanks, and mind the holidays"]


async def test_a_reply_with_no_question_open_is_a_note(world: World) -> None:
    """It is kept once, however often the message is delivered, and one too long is refused rather than cut."""
    evaluation = await world.to_go()
    evaluation = (await world.dossier(evaluation)).evaluation
    await world.reply(evaluation, "Mind the holidays", ts="5.5")
    await world.reply(evaluation, "Mind the holidays", ts="5.5")
    with pytest.raises(TooLong, match="Your message is 40,001"):
        await world.reply(evaluation, "x" * 40_001)
    dossier = await world.dossier(evaluation)
    assert [note.text for note in dossier.notes] == ["Mind the holidays"]
    assert dossier.evaluation.state == "awaiting_go"


async def test_a_changed_answer_voids_the_go_gate(world: World) -> None:
    """The gate is withdrawn and a new one about the new answers is opened; a vote on the old one is refused."""
    evaluation = await world.to_go()
    old = await world.gate(evaluation, "go")
    await world.services.questions.answer(world.actor(), evaluation.id, {"opening_1": "Something else"})
    new = await world.gate(evaluation, "go")
    assert await world.gates(evaluation, "go") == [GateState.WITHDRAWN, GateState.PENDING]
    assert new.subject_sha256 != old.subject_sha256
    with pytest.raises(GateNotOpen):
        await world.services.gates.vote(world.actor(LEAD), old.id, Verdict(option="approve"))
    with pytest.raises(Stale):
        await world.services.gates.vote(
            world.actor(LEAD), new.id, Verdict(option="approve", subject_sha256=old.subject_sha256)
        )
    assert world.waiting == []


async def test_a_no_needs_a_reason_and_returns_to_collecting(world: World) -> None:
    """After it people ask again, as they are or with other answers; each time a new gate is opened."""
    evaluation = await world.to_go()
    with pytest.raises(ReasonRequired):
        await world.vote(evaluation, "go", LEAD, "reject", "  ")
    await world.vote(evaluation, "go", LEAD, "reject", "Where is the budget?")
    assert await world.state(evaluation) == "collecting"
    with pytest.raises(AlreadyDecided):
        await world.vote(evaluation, "go", LEAD)
    await world.services.questions.ready(world.actor(), evaluation.id)
    await world.vote(evaluation, "go", LEAD, "reject", "Still none.")
    await world.services.questions.answer(world.actor(), evaluation.id, {"opening_3": "5000 USD"})
    assert await world.gates(evaluation, "go") == [GateState.REJECTED, GateState.REJECTED, GateState.PENDING]
    assert await world.state(evaluation) == "awaiting_go"
    assert world.waiting == []


async def test_what_was_said_at_the_go_reaches_the_designer(world: World) -> None:
    """The reason of a no that was followed by a yes is feedback of the run."""
    evaluation = await world.to_go()
    await world.vote(evaluation, "go", LEAD, "reject", "Keep it in the EU")
    await world.services.questions.ready(world.actor(), evaluation.id)
    await world.vote(evaluation, "go", LEAD)
    await world.work_off()
    assert [(f.origin, f.text, f.by) for f in world.designer.briefs[0].feedback] == [("go", "Keep it in the EU", LEAD)]


async def test_asking_for_the_go_too_early_says_what_is_open(world: World) -> None:
    """The open question is named, and no gate is opened."""
    evaluation = await world.start()
    with pytest.raises(InvalidInput, match=world.role.questions[0].name):
        await world.services.questions.ready(world.actor(), evaluation.id)
    assert await world.gates(evaluation, "go") == []


async def test_asking_for_the_go_twice_opens_one_gate(world: World) -> None:
    """While it waits for the go it cannot be asked for again."""
    evaluation = await world.to_go()
    with pytest.raises(IllegalEvent):
        await world.services.questions.ready(world.actor(), evaluation.id)
    assert await world.gates(evaluation, "go") == [GateState.PENDING]


async def test_no_design_is_made_before_the_go_is_approved(world: World) -> None:
    """Whatever else happens before it, nothing is enqueued and the designer is not called."""
    evaluation = await world.to_go()
    await world.reply((await world.dossier(evaluation)).evaluation, "a note")
    await world.vote(evaluation, "go", LEAD, "reject", "no")
    await world.services.questions.ready(world.actor(), evaluation.id)
    await world.work_off()
    assert world.designer.briefs == [] and world.waiting == []
    await world.vote(evaluation, "go", LEAD)
    assert [work.kind for work in world.waiting] == ["run"]


async def test_after_the_go_answers_are_closed(world: World) -> None:
    """The words say what can be done instead, and nothing changes."""
    evaluation = await world.to_run()
    with pytest.raises(IllegalEvent, match="answers are closed"):
        await world.services.questions.answer(world.actor(), evaluation.id, {"opening_1": "too late"})
    assert await world.state(evaluation) == "running"


async def test_cancelling_ends_everything_that_waits(world: World) -> None:
    """Gates are withdrawn, timers dropped, the run stopped; only the owner may, with a reason, and only once."""
    evaluation = await world.to_review()
    for other in ("U0NOBODY01", ARCHITECT):
        with pytest.raises(NotAllowed, match=f"@{OWNER}"):
            await world.services.evaluations.cancel(world.actor(other), evaluation.id, "Enough")
    with pytest.raises(ReasonRequired):
        await world.services.evaluations.cancel(world.actor(), evaluation.id, "  ")
    await world.services.evaluations.cancel(world.actor(), evaluation.id, "Out of money")
    dossier = await world.dossier(evaluation)
    assert dossier.evaluation.state == "cancelled" and dossier.evaluation.failure == "Out of money"
    assert not [gate for gate in dossier.gates if gate.state is GateState.PENDING]
    assert await world.database.read(lambda tx: tx.timers.next_at()) is None
    with pytest.raises(IllegalEvent):
        await world.services.evaluations.cancel(world.actor(), evaluation.id, "Enough")


async def test_a_note_costs_the_same_among_hundreds_and_ten_thousand(world: World) -> None:
    """To take a reply, and to read all that a thread shows, takes less than thrice as long in the longest thread."""
    evaluation = await world.to_go()
    evaluation = (await world.dossier(evaluation)).evaluation

    async def fill(number: int) -> None:
        def fn(tx: Tx) -> None:
            for n in range(number):
                note = Note(id=f"nt_{number}_{n}", iteration=1, by=OWNER, text="Mind the holidays", at=tx.now,
                            ts=f"{number}.{n}")  # fmt: skip
                tx.notes.add(evaluation.id, note)

        await world.database.transaction(fn)

    async def seconds() -> float:
        taken = []
        for _ in range(15):
            began = time.perf_counter()
            await world.reply(evaluation, "And mind the week-ends")
            await world.database.read(lambda tx: tx.dossier(evaluation.id))
            taken.append(time.perf_counter() - began)
        return min(taken)

    await fill(300)
    few = await seconds()
    await fill(10_000)
    assert await seconds() < 3 * few
    assert len((await world.dossier(evaluation)).notes) == NOTES_IN_DOSSIER


async def test_an_answer_is_never_skipped_over(world: World) -> None:
    """Whoever presses “Skip” under a question that was answered a moment before gets the answer back, and it stands."""
    evaluation = await world.start()
    await world.services.questions.answer(world.actor(), evaluation.id, {"opening_1": "PostgreSQL"})
    answered = await world.services.questions.skip(world.actor(LEAD), evaluation.id, "opening_1")
    assert answered is not None and answered.answer is not None and answered.answer.text == "PostgreSQL"
    assert await world.services.questions.skip(world.actor(LEAD), evaluation.id, "opening_2") is None
    first, second = (await world.dossier(evaluation)).questions[:2]
    assert (len(first.answers), second.answer is not None and second.answer.skipped) == (1, True)
    strangers = replace(world.actor(), team="T0OTHER001")
    for key in ("opening_1", "opening_3"):
        with pytest.raises(NotFound):
            await world.services.questions.skip(strangers, evaluation.id, key)
