"""Who may answer, decide, be named and end an evaluation, in the words that people read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.devtools.local_slack import Person
from bot.devtools.local_slack.records import Member
from bot.domain.lifecycle import State
from handlers.ids import ActionId, BlockId, qualified
from tests.acceptance.looking import key_of, words
from tests.acceptance.stage import CHANNEL, Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

GUEST = Member(id="U0GUSGUES1", name="gus", real_name="Gus Guest", is_restricted=True)
STRANGER = Member(id="U0STRANGE1", name="sten", real_name="Sten Stranger", is_stranger=True, team="T0ELSEWHER")
FORMER = Member(id="U0FORMER01", name="fay", real_name="Fay Former", deleted=True)
OTHER_BOT = Member(id="U0OTHERBOT", name="robbie", real_name="Robbie", is_bot=True)
GO = qualified(BlockId.APPROVERS, "go")


@pytest_asyncio.fixture(loop_scope="module", scope="module", autouse=True)
async def outsiders(context: Stage) -> AsyncIterator[None]:
    """A guest and another company's person in the channel, somebody who has left, and another app's bot."""
    core = context.local.core
    async with AsyncExitStack() as stack:
        for member in (GUEST, STRANGER, FORMER, OTHER_BOT):
            core.workspace.put_person(member)
        for member in (GUEST, STRANGER):
            core.workspace.join(core.workspace.channel(context["eva"].channels[CHANNEL]), member.id)
            context.people[member.name] = await stack.enter_async_context(Person(context.local.url, member.id))
        yield
        for member in (GUEST, STRANGER):
            del context.people[member.name]


@pytest.mark.parametrize("who", ["gus", "sten"])
async def test_what_a_guest_replies_is_a_note_that_says_so(stage: Stage, who: str) -> None:
    """The open question stays open; the writer reads that it was kept as a guest's note, and the note is one."""
    thread = await stage.start()
    await thread.say(who, "We would use MongoDB.")
    await stage.whispered(who, "Kept as a guest’s note")
    dossier = await thread.dossier()
    assert not any(question.answers for question in dossier.questions)
    assert [(note.text, note.guest) for note in dossier.notes] == [("We would use MongoDB.", True)]


@pytest.mark.parametrize("who", ["gus", "sten"])
async def test_guests_neither_answer_by_form_nor_skip_nor_hand_in_documents(stage: Stage, who: str) -> None:
    """Each button that changes something tells them that they only follow; nothing changes, no form opens."""
    thread = await stage.start()
    dossier = await thread.dossier()
    question = await thread.card(f"q.{dossier.open_questions[0].key}")
    for card, action in (
        (await thread.card("root"), ActionId.ANSWER_ALL),
        (question, ActionId.ANSWER),
        (question, ActionId.SKIP),
        (await thread.card("root"), ActionId.CANCEL),
    ):
        await thread.click(who, card, action)
        await stage.whispered(who, "only follow this evaluation")
    await thread.upload(who, "idea.json", b"{}")
    assert not stage[who].views
    after = await thread.dossier()
    assert (after.questions, after.context) == (dossier.questions, dossier.context)


async def test_an_evaluation_may_let_guests_in(stage: Stage) -> None:
    """With the box ticked a guest's reply is an answer like everybody's, and a guest may be an approver."""
    thread = await stage.start(approvers={"go": ("gus",)}, guests=[{"value": "yes"}])
    await thread.say("gus", "A plain answer.")
    dossier = await thread.until(lambda d: any(q.answers for q in d.questions))
    assert dossier.evaluation.guests and not dossier.notes
    await thread.answer_everything()
    await thread.vote("gus", "go", "reject", comment="Not yet")
    await thread.state(State.COLLECTING)


@pytest.mark.parametrize(
    ("user", "why"),
    [
        (FORMER.id, "fay is deactivated"),
        (OTHER_BOT.id, "robbie is an app or a bot"),
        ("U0EIPASBOT", "is an app or a bot"),
        ("USLACKBOT", "Slackbot is an app or a bot"),
        (GUEST.id, "gus is a guest"),
        (STRANGER.id, "sten belongs to another company"),
        ("U0NOBODYX1", "is not in this workspace"),
    ],
)
async def test_who_cannot_decide_is_refused_under_the_field(stage: Stage, user: str, why: str) -> None:
    """The form names the person and the reason under the gate's field; nothing is started, all that was typed stays."""
    view = await stage.form("eva")
    answer = await stage["eva"].submit(view, {BlockId.TITLE.value: "No door", GO: [user]})
    assert why in answer["errors"][GO]
    assert not [m for m in stage["eva"].messages.values() if "No door" in words(m)]


@pytest.mark.parametrize(
    ("approvers", "words_"),
    [
        (("dan",), "only 1 person can"),
        (("dan", "eva"), "only 1 person can"),
        ((), "you decide alone"),
    ],
)
async def test_more_approvals_than_people_are_refused(stage: Stage, approvers: tuple[str, ...], words_: str) -> None:
    """“Approvals needed: 2” with one who may give one is refused under that field, not lowered; so for nobody named."""
    view = await stage.form("eva")
    values = {BlockId.TITLE.value: "Too few", BlockId.NEEDED.value: "2", GO: stage.ids(*approvers)}
    answer = await stage["eva"].submit(view, values)
    assert words_ in answer["errors"][BlockId.NEEDED]
    values[GO] = stage.ids("dan", "ben")
    assert await stage["eva"].submit(view, values) == {}


async def test_another_is_named_where_an_approver_has_left(stage: Stage) -> None:
    """The owner names Ben for Chloe, who has left: the open gate asks Ben, the log says who named whom."""
    thread = await stage.start(approvers={"go": ("chloe",)})
    await thread.answer_everything()
    await stage["eva"].command(CHANNEL, "/eipas", f"approver {thread.id}")
    await stage.whispered("eva", "is still here")
    people = stage.local.core.workspace
    people.put_person(replace(people.person(stage["chloe"].user), deleted=True))
    _forget_people(stage)
    try:
        await stage["dan"].command(CHANNEL, "/eipas", f"approver {thread.id}")
        await stage.whispered("dan", "You may not name another approver")
        await stage["eva"].command(CHANNEL, "/eipas", f"approver {thread.id}")
        view = await stage["eva"].view("Name another approver")
        refused = await stage["eva"].submit(view, {BlockId.SUCCESSOR: FORMER.id})
        assert "deactivated" in refused["errors"][BlockId.SUCCESSOR]
        assert await stage["eva"].submit(view, {BlockId.SUCCESSOR: stage["ben"].user}) == {}
        assert (await thread.gate("go")).approvers == tuple(stage.ids("ben"))
        events = await stage.app.database.read(lambda tx: tx.events.all(thread.id))
        entry = next(event for event in events if event.kind == "approver_replaced")
        assert (entry.actor, entry.data["gone"], entry.data["by"]) == (*stage.ids("eva", "chloe"), stage["ben"].user)
        await thread.vote("ben", "go", "reject", comment="Later")
        await thread.is_the_projection()
    finally:
        people.put_person(replace(people.person(stage["chloe"].user), deleted=False))
        _forget_people(stage)


async def test_an_approver_names_another_where_the_owner_has_left(stage: Stage) -> None:
    """Nobody is shut out with an owner who is gone: Dan, who decides, names Ben in her place; Farid may not."""
    thread = await stage.start(title="Left alone", approvers={"go": ("dan",)})
    people = stage.local.core.workspace
    people.put_person(replace(people.person(stage["eva"].user), deleted=True))
    _forget_people(stage)
    try:
        await stage["farid"].command(CHANNEL, "/eipas", f"approver {thread.id}")
        said = await stage.whispered("farid", "You may not name another approver")
        assert stage["dan"].user in said["text"] and stage["eva"].user not in said["text"]
        await stage["dan"].command(CHANNEL, "/eipas", f"approver {thread.id}")
        view = await stage["dan"].view("Name another approver")
        assert await stage["dan"].submit(view, {BlockId.SUCCESSOR: stage["ben"].user}) == {}
        dossier = await thread.until(lambda d: d.evaluation.owner == stage["ben"].user)
        assert dossier.evaluation.approvers["go"] == tuple(stage.ids("dan"))
        await stage["ben"].command(CHANNEL, "/eipas", f"cancel {thread.id}")
        view = await stage["ben"].view("Cancel the evaluation")
        assert await stage["ben"].submit(view, {BlockId.REASON: "Nobody works on it"}) == {}
        await thread.state(State.CANCELLED)
    finally:
        people.put_person(replace(people.person(stage["eva"].user), deleted=False))
        _forget_people(stage)


async def test_an_approver_cannot_end_what_is_not_theirs(stage: Stage) -> None:
    """Dan decides a gate; he is told that only Eva may cancel, at the click and by the command."""
    thread = await stage.start(approvers={"go": ("dan",)})
    await thread.click("dan", await thread.card("root"), ActionId.CANCEL)
    said = await stage.whispered("dan", "You may not cancel this evaluation")
    assert stage["eva"].user in said["text"] and stage["dan"].user not in said["text"]
    assert not stage["dan"].views


async def test_cancelling_wants_a_reason_is_announced_and_taken_back(stage: Stage) -> None:
    """Without a reason the form stays; with one the thread says who and why. Reopened, it goes on, and says so; a
    second cancellation is a message of its own."""
    thread = await stage.start(title="To and fro")
    await thread.say("eva", "One answer that stays.")
    for number, why in ((1, "Budget *cut*"), (2, "Again")):
        await thread.click("eva", await thread.card("root"), ActionId.CANCEL)
        view = await stage["eva"].view("Cancel the evaluation")
        refused = await stage["eva"].submit(view, {BlockId.REASON: " "})
        assert refused["errors"][BlockId.REASON]
        assert await stage["eva"].submit(view, {BlockId.REASON: why}) == {}
        await thread.state(State.CANCELLED)
        card = await thread.card("cancelled" if number == 1 else "cancelled.2")
        assert why in words(card) and stage["eva"].user in words(card)
        await thread.click("dan", card, ActionId.REOPEN)
        await stage.whispered("dan", "You may not reopen")
        await thread.click("eva", card, ActionId.REOPEN)
        await thread.state(State.COLLECTING)
        assert "Reopened by" in words(await thread.card("cancelled" if number == 1 else "cancelled.2"))
    assert "One answer that stays." in str((await thread.dossier()).questions)
    await thread.is_the_projection()


async def test_what_is_over_can_be_copied(stage: Stage) -> None:
    """The copy has idea, documents, answers and people of the first, another owner, and a thread of its own."""
    thread = await stage.start(title="Worth another try", approvers={"go": ("dan", "ben")}, needed="2")
    await thread.say("eva", "Thirty clinics.")
    await thread.until(lambda d: d.questions[0].answers)
    await stage["ben"].command(CHANNEL, "/eipas", f"clone {thread.id}")
    await stage.whispered("ben", "only what is over is copied")
    await stage.app.services.evaluations.cancel(_actor(stage, "eva"), thread.id, "Wrong moment")
    await thread.click("ben", await thread.card("cancelled"), ActionId.CLONE)
    root = await stage["ben"].wait_for(
        lambda p: next((m for m in p.messages.values() if key_of(m) == "root" and m["ts"] != thread.ts
                        and "Worth another try" in words(m)), None)
    )  # fmt: skip
    first = await thread.dossier()
    copy = await stage.app.services.queries.dossier(str(root["metadata"]["event_payload"]["owner"]))
    assert copy.evaluation.owner == stage["ben"].user
    assert (copy.evaluation.approvers, copy.evaluation.needed) == (first.evaluation.approvers, 2)
    assert [d.sha256 for d in copy.context.inputs] == [d.sha256 for d in first.context.inputs]
    assert copy.questions[0].answers[0].text == "Thirty clinics."


def _actor(stage: Stage, who: str):  # type: ignore[no-untyped-def]
    from bot.services.common import Actor

    return Actor(team=stage.local.core.identity.team_id, user=stage[who].user)


def _forget_people(stage: Stage) -> None:
    """Five minutes later."""
    stage.app.services.context.directory._people.clear()  # type: ignore[attr-defined]
