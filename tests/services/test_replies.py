"""Which question a reply answers, by the order in which Slack took the cards and the replies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.errors import IllegalEvent, InvalidInput
from bot.domain.evaluation import Evaluation
from bot.domain.remarks import Remark
from bot.domain.surface import Posted, SurfaceId, SurfaceKind
from bot.services.replies import Became, Taken
from tests.support.dossiers import ARCHITECT, LEAD, OWNER
from tests.support.services import CHANNEL, STRANGER, TEAM, World


class Thread:
    """A thread in which cards stand from a time on; times are Slack's seconds."""

    def __init__(self, world: World, evaluation: Evaluation) -> None:
        self.world, self.evaluation = world, evaluation

    async def stands(self, key: str, at: float | None, state: str = "posted", sent: datetime | None = None) -> None:
        surface = SurfaceId(kind=SurfaceKind.THREAD, team=TEAM, owner=self.evaluation.id)
        row = Posted(
            surface=surface, key=key, kind="message", state=state, channel=CHANNEL, digest="d",  # type: ignore[arg-type]
            ts=None if at is None else f"{at:.6f}", updated_at=sent or datetime(2026, 3, 2, tzinfo=UTC),
        )  # fmt: skip
        await self.world.database.transaction(lambda tx: tx.surfaces.put(row))

    async def say(self, at: float, text: str, user: str = OWNER, **more: bool) -> Taken:
        taken = await self.world.reply(self.evaluation, text, user, ts=f"{at:.6f}", **more)
        assert taken is not None
        return taken

    async def answers(self) -> list[str | None]:
        found = (await self.world.dossier(self.evaluation)).questions
        return [q.answer.text if q.answer else None for q in found]

    async def notes(self) -> list[str]:
        return [note.text for note in (await self.world.dossier(self.evaluation)).notes]


async def thread(world: World) -> Thread:
    """The root and the first question stand since second 100."""
    made = Thread(world, await world.start())
    await made.stands("root", 99)
    await made.stands("q.opening_1", 100)
    return made


async def test_a_thought_in_two_messages_is_one_answer(world: World) -> None:
    """The second was written before the next question stood, whenever it arrives."""
    here = await thread(world)
    await here.say(110, "We use PostgreSQL.")
    await here.stands("q.opening_2", 112)
    taken = await here.say(111, "Redis is only a cache.")
    assert taken.became is Became.JOINED and taken.question is not None and taken.question.key == "opening_1"
    assert (await here.answers())[:2] == ["We use PostgreSQL.\n\nRedis is only a cache.", None]
    await here.say(120, "Orders and invoices.")
    assert (await here.answers())[1] == "Orders and invoices."


async def test_four_people_at_once_settle_one_question(world: World) -> None:
    """All of them saw the first question only; each part is there, in the order of writing, and every writer known."""
    here = await thread(world)
    for at, user in ((112, LEAD), (110, OWNER), (113, STRANGER), (111, ARCHITECT)):
        await here.say(at, f"said at {at}", user)
    answers = await here.answers()
    assert answers[0] is not None and set(answers[0].split("\n\n")) == {f"said at {n}" for n in range(110, 114)}
    assert answers[0].startswith("said at 110")
    assert answers[1:] == [None] * (len(answers) - 1)
    question = (await world.dossier(here.evaluation)).questions[0]
    assert {answer.by for answer in question.answers} == {OWNER, LEAD, ARCHITECT, STRANGER}
    assert len(question.answers[-1].messages) == 4


async def test_a_second_message_shortly_after_joins_the_first(world: World) -> None:
    """It begins as a continuation, though the next question stands; another person's, or a late one, does not join."""
    here = await thread(world)
    await here.say(110, "We use PostgreSQL")
    await here.stands("q.opening_2", 111)
    assert (await here.say(118, "and Redis as a cache")).became is Became.JOINED
    assert (await here.answers())[:2] == ["We use PostgreSQL\n\nand Redis as a cache", None]
    assert (await here.say(120, "and orders", LEAD)).became is Became.ANSWER
    await here.stands("q.opening_3", 121)
    assert (await here.say(500, "and a third thing", LEAD)).became is Became.ANSWER


async def test_the_last_answer_is_joined_until_the_summary_stands(world: World) -> None:
    """Written when only the last question stood, it belongs to that; after the summary it is a note."""
    here = await thread(world)
    await world.answer_all(here.evaluation)
    await here.say(130, "Seen by me: the first question.")
    assert (await here.answers())[0] == "As usual\n\nSeen by me: the first question."
    await here.stands("i1.answers", 140)
    assert (await here.say(150, "Mind the holidays")).became is Became.NOTE


async def test_a_card_on_its_way_is_waited_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it stood is known once Slack has answered; until then nothing is decided, and then by Slack's order."""
    here = await thread(world)
    await here.say(110, "We use PostgreSQL.")
    await here.stands("q.opening_2", None, "sending")

    async def answered(_seconds: float) -> None:
        await here.stands("q.opening_2", 111)

    monkeypatch.setattr("bot.services.replies.asyncio.sleep", answered)
    assert (await here.say(112, "Orders")).became is Became.ANSWER
    assert (await here.answers())[:2] == ["We use PostgreSQL.", "Orders"]


async def test_a_card_whose_sending_got_no_answer_stood_once_it_was_sent(world: World) -> None:
    """Where Slack's answer is lost nobody waits for it: what was written after the sending saw the card."""
    here = await thread(world)
    await here.say(110, "We use PostgreSQL.")
    sent = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    await here.stands("q.opening_2", None, "sending", sent)
    assert (await here.say(sent.timestamp() - 1, "Redis, too")).became is Became.JOINED
    assert (await here.say(sent.timestamp() + 5, "Orders and invoices")).became is Became.ANSWER


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("thanks!", Remark.COURTESY),
        ("hmm, who wrote this?", Remark.ENQUIRY),
        ("skip", Remark.SKIP),
        ("🎉", Remark.COURTESY),
    ],
)
async def test_chatter_is_not_taken_and_can_be(world: World, text: str, remark: Remark) -> None:
    """The question stays open and no designer hears of it; “It is the answer” takes it, in its writer's name."""
    here = await thread(world)
    taken = await here.say(110, text, LEAD)
    assert (taken.became, taken.remark) == (Became.NOT_TAKEN, remark)
    assert (await here.answers())[0] is None and await here.notes() == []
    assert taken.note is not None and taken.question is not None
    await world.services.replies.insist(world.actor(), here.evaluation.id, taken.note.id, taken.question.key)
    question = (await world.dossier(here.evaluation)).questions[0]
    assert question.answer is not None and (question.answer.text, question.answer.by) == (text, LEAD)


@pytest.mark.parametrize("more", [{"text": "(aside) lunch?"}, {"text": "can you take this one?", "to_others": True}])
async def test_what_is_among_people_is_kept_nowhere(world: World, more: dict[str, object]) -> None:
    """Brackets and words to somebody else: no answer, no note, nothing said, also while no question is open."""
    here = await thread(world)
    for at in (110, 111):
        taken = await here.say(at, **more)  # type: ignore[arg-type]
        assert taken.became is Became.PASSED_OVER and taken.note is None
        assert await here.notes() == []
        await world.answer_all(here.evaluation)


async def test_brackets_beside_ones_own_answer_are_a_part_of_it(world: World) -> None:
    """Shortly after it, by the same person; not another's, a later one, or one that says that it is an aside."""
    here = await thread(world)
    await here.say(110, "JWT, issued by Keycloak")
    await here.stands("q.opening_2", 111)
    for at, text, user in ((112, "(aside) lunch?", OWNER), (113, "(I doubt it)", LEAD), (500, "(it rains)", OWNER)):
        assert (await here.say(at, text, user)).became is Became.PASSED_OVER
    assert (await here.say(130, "(we may move to Entra next year)")).became is Became.JOINED
    assert (await here.answers())[:2] == ["JWT, issued by Keycloak\n\n(we may move to Entra next year)", None]


async def test_not_an_answer_undoes_it(world: World) -> None:
    """The words stay as a note, the question is open again and asked next, an open go gate is withdrawn; once only."""
    here = await thread(world)
    await here.say(110, "Ask Ben, he knows")
    await here.say(111, "he is back on Monday")
    retract = world.services.replies.retract
    question = await retract(world.actor(LEAD), here.evaluation.id, "opening_1")
    assert not question.settled and (await here.answers())[0] is None
    assert await here.notes() == ["Ask Ben, he knows\n\nhe is back on Monday"]
    with pytest.raises(InvalidInput, match="not answered by a reply"):
        await retract(world.actor(), here.evaluation.id, "opening_1")
    assert (await here.say(110, "Ask Ben, he knows")).became is Became.PASSED_OVER  # Slack delivers it once more
    await here.say(120, "PostgreSQL")
    await world.answer_all(here.evaluation)
    assert await world.state(here.evaluation) == "awaiting_go"
    await retract(world.actor(), here.evaluation.id, "opening_1")
    dossier = await world.dossier(here.evaluation)
    assert dossier.evaluation.state == "collecting" and dossier.next_question == dossier.questions[0]
    assert [gate.state.value for gate in dossier.gates] == ["withdrawn"]


async def test_not_an_answer_leaves_what_a_form_said(world: World) -> None:
    """Only what replies have added is taken back."""
    here = await thread(world)
    await world.services.questions.answer(world.actor(), here.evaluation.id, {"opening_1": "By form"})
    await here.say(110, "By reply", LEAD)
    assert (await here.answers())[0] == "By form\n\nBy reply"
    await world.services.replies.retract(world.actor(), here.evaluation.id, "opening_1")
    assert (await here.answers())[0] == "By form" and await here.notes() == ["By reply"]


async def test_after_the_go_nothing_is_undone(world: World) -> None:
    """What the run works from stays."""
    evaluation = await world.start()
    here = Thread(world, evaluation)
    await here.say(110, "PostgreSQL")
    await world.answer_all(evaluation)
    await world.vote(evaluation, "go", LEAD)
    with pytest.raises(IllegalEvent, match="answers are closed"):
        await world.services.replies.retract(world.actor(), evaluation.id, "opening_1")


async def test_who_replies_before_the_root_is_known_to_stand_is_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack shows the root before the bot knows its ts: the thread is looked for again while one is starting there."""
    evaluation = await world.start()
    await world.database.transaction(lambda tx: tx.evaluations.set_thread(evaluation.id, CHANNEL, None))  # type: ignore[arg-type]
    looks: list[float] = []

    async def stands(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 2:
            await world.database.transaction(lambda tx: tx.evaluations.set_thread(evaluation.id, CHANNEL, "99.000001"))

    monkeypatch.setattr("bot.services.queries.asyncio.sleep", stands)
    found = await world.services.queries.in_thread(TEAM, CHANNEL, "99.000001")
    assert found is not None and found.id == evaluation.id
    assert len(looks) == 2
    assert await world.services.queries.in_thread(TEAM, CHANNEL, "98.000001") is None
    assert len(looks) == 2, "a channel in which nothing is starting holds nobody up"


async def test_one_message_counts_once_whatever_it_is_called(world: World) -> None:
    """The same message under two deliveries, as `message` and as a mention, is one answer."""
    here = await thread(world)
    said = world.said(here.evaluation, "PostgreSQL", ts="110.000001")
    for delivery in ("m:one", "m:other"):
        await world.services.replies.take(replace(world.actor(), delivery=delivery), said)
    assert (await here.answers())[:2] == ["PostgreSQL", None]


async def test_a_message_is_traced_to_what_it_became(world: World) -> None:
    """An edited or deleted message is found as the answer, the part of one, or the note that it became."""
    here = await thread(world)
    await here.say(110, "PostgreSQL")
    source, place = world.services.replies.source, (TEAM, CHANNEL, here.evaluation.thread_ts or "")
    found = await source(*place, "110.000000")
    assert found is not None and found.whole and found.editable and found.question is not None
    await here.say(111, "16, not 15")
    found = await source(*place, "110.000000")
    assert found is not None and not found.whole
    await world.answer_all(here.evaluation)
    await here.stands("i1.answers", 112)
    await here.say(120, "Mind the holidays")
    found = await source(*place, "120.000000")
    assert found is not None and found.note is not None and found.question is None
    assert await source(*place, "121.000000") is None
