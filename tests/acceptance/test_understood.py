"""What people see of what was understood: before the go, corrected in it, and accounted for after the run."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.lifecycle import State
from bot.domain.recap import RecapState
from handlers.ids import ActionId, BlockId
from tests.acceptance.stage import REVIEWS, Stage, Thread

pytestmark = pytest.mark.asyncio(loop_scope="module")

FERRY = (
    "A crossing has a departure time, a vessel and a capacity. The fluxometer shall be galvanised twice.\n"
    "Ticket: code string unique, seats int, status (held|paid|used|void)"
)


async def _read(thread: Thread) -> str:
    """Wait until what is known now was read, and return what the card says."""
    await thread.until(lambda d: (r := d.recap(d.evaluation.iteration)) and r.state is RecapState.READY)
    return await thread.said("i1.recap")


async def _form(stage: Stage, thread: Thread, who: str) -> dict[str, Any]:
    await thread.click(who, await thread.card("i1.recap"), ActionId.CORRECT)
    view: dict[str, Any] = await stage[who].view("Correct")
    return view


async def test_people_correct_what_was_understood_by_form_and_by_reply(stage: Stage) -> None:
    """The card names fields, states and the sentence nobody could read; each correction shows with what it came to."""
    thread = await stage.start(description="")
    await thread.answer_everything(text=FERRY)
    said = await _read(thread)
    assert "status (held|paid|used|void)" in said
    assert "I did not understand “The fluxometer shall be galvanised twice.”" in said
    first = await thread.gate("go")

    view = await _form(stage, thread, "ben")
    fields = [b for b in view["blocks"] if b.get("block_id", "").startswith(f"{BlockId.CORRECTION}/")]
    last = fields[-1]["block_id"]
    assert await stage["ben"].submit(view, {last: "A vessel has a name and a draught (decimal)."}) == {}
    await thread.until(lambda d: len(d.gates) == 2)
    said = await _read(thread)
    assert "A vessel has a name and a draught (decimal)." in said
    assert "Vessel.draught" in said
    second = await thread.gate("go")
    assert second.subject_sha256 != first.subject_sha256

    await thread.say("chloe", "Ticket: price decimal")
    await thread.until(lambda d: d.notes and d.notes[-1].text == "Ticket: price decimal")
    said = await _read(thread)
    assert "Ticket.price" in said
    assert (await thread.gate("go")).id == second.id
    assert "What I understood" in str(await thread.gate_card("go"))
    await thread.is_the_projection()


@pytest.mark.parametrize("words", ["no idea", "-", "not my area"])
async def test_who_says_nothing_is_asked(stage: Stage, words: str) -> None:
    """Answers without content bring questions, at most five at a time, and nothing that looks understood."""
    thread = await stage.start(title=f"Untold: {words}", description="")
    await thread.answer_everything(text=words)
    said = await _read(thread)
    assert "Which things does the backend keep" in said
    recap = (await thread.dossier()).recap(1)
    assert recap is not None
    assert recap.recap is not None
    assert 1 <= len(recap.recap.questions) <= 5
    assert not [part for part in recap.recap.sections if part.title in ("Entities", "Operations")]


async def test_other_languages_are_listed_and_their_notation_is_read(stage: Stage) -> None:
    """Of a Chinese and Russian answer the lines in notation are read; the sentences are asked about, none invented."""
    thread = await stage.start(title="Orders", description="")
    chinese, russian = "订单有编号和金额，状态为已付款或未付款。", "Пользователь оплачивает заказ."
    await thread.answer_everything(text=f"{chinese}\nOrder: number string, amount decimal\n{russian}")
    said = await _read(thread)
    assert "Order: number string, amount decimal" in said
    assert "I did not understand “订单有编号和金额" in said
    assert "I did not understand “Пользователь оплачивает заказ.”" in said
    recap = (await thread.dossier()).recap(1)
    assert recap is not None
    assert recap.recap is not None
    assert next(part for part in recap.recap.sections if part.title == "Entities").total == 1


async def _reviewed(thread: Thread, reason: str) -> None:
    """Give the go, reject the API review with this reason and approve the others."""
    await thread.run()
    for key in REVIEWS:
        if key == "api_review" and reason:
            await thread.vote("eva", key, "reject", comment=reason)
        else:
            await thread.vote("eva", key, "approve")
    await thread.state(State.DECIDING)


async def test_three_points_of_a_rejection_have_three_outcomes(stage: Stage) -> None:
    """The review after it says of each point what became of it; what is open goes on until it is done or waived."""
    thread = await stage.start(description="")
    await thread.answer_everything(text="Ferry: name string, status (afloat|docked)")
    reason = "A ferry has a draught (decimal). Drop the fluxometer, gentlebeings, in blue. No Kafka."
    await _reviewed(thread, reason)
    await thread.vote("eva", "iteration_complete", "optimise", comment="Mend the points.")
    await thread.until(lambda d: d.evaluation.iteration == 2 and d.current.result)
    said = await thread.said("i2.review")
    assert "“A ferry has a draught (decimal).” → done: " in said
    assert "“Drop the fluxometer, gentlebeings, in blue.” → *not understood*" in said
    assert "“No Kafka.” → left out as asked" in said

    for key in REVIEWS:
        await thread.vote("eva", key, "approve")
    await thread.vote("eva", "iteration_complete", "optimise", comment="Once more.")
    dossier = await thread.until(lambda d: d.evaluation.iteration == 3 and d.current.result)
    assert [item.text for item in dossier.current.feedback if item.origin == "api_review"] == [
        "Drop the fluxometer, gentlebeings, in blue."
    ]
    said = await thread.said("i3.review")
    assert "gentlebeings, in blue.” → *not understood*" in said
    # What was done for the first rejection is in the third design, too.
    files = await thread.files()
    assert b"draught" in next(body for title, body in files.items() if title == "Iteration 3 \u00b7 openapi.yaml")

    await thread.click("eva", await thread.card("i3.review"), ActionId.WAIVE)
    view = await stage["eva"].view("Waive a point")
    assert (await stage["eva"].submit(view, {}))["errors"]
    options = next(b for b in view["blocks"] if b.get("block_id") == BlockId.POINT)["element"]["options"]
    picked = next(option["value"] for option in options if "gentlebeings" in option["text"]["text"])
    why = "Nobody knows what a fluxometer is."
    assert await stage["eva"].submit(view, {BlockId.POINT: picked, BlockId.REASON: why}) == {}
    await thread.until(lambda d: any(p.waived_by for p in d.current.result.highlights.points))
    assert "waived by" in await thread.said("i3.review")
    for key in REVIEWS:
        await thread.vote("eva", key, "approve")
    await thread.vote("eva", "iteration_complete", "optimise", comment="And again.")
    dossier = await thread.until(lambda d: d.evaluation.iteration == 4)
    assert not [item for item in dossier.current.feedback if item.origin == "api_review"]


async def test_nothing_said_brings_an_unproven_result(stage: Stage) -> None:
    """Who says nothing gets a result that says that it is unproven because nothing was said, and no invented parts."""
    thread = await stage.start(title="Nothing at all", description="")
    await thread.answer_everything(text="no idea")
    await thread.run()
    said = await thread.said("i1.review")
    assert "nothing was said" in said
    result = (await thread.dossier()).current.result
    assert result is not None
    assert dict(result.highlights.facts)["Entities"] == "0"
    assert dict(result.highlights.facts)["Operations"] == "0"
    files = await thread.files()
    assert any(title.endswith("coverage.csv") for title in files)
