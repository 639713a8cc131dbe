"""The card of what was understood, its file, and the form that corrects it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.devtools.local_slack.blockkit import check_blocks, check_view
from bot.domain.evaluation import Dossier
from bot.domain.recap import Correction, Recap, RecapQuestion, RecapSection, RecapState, StoredRecap
from bot.domain.surface import FilePost, Message
from bot.services.recaps import Wording
from handlers.ids import ActionId, BlockId, qualified
from handlers.views.modals import FormRefused, correction_form, parse_correction
from handlers.views.recap import recap_card
from handlers.views.thread import thread
from tests.support import dossiers

words = st.text(max_size=400) | st.sampled_from(["<!channel>", "*bold* `code`", "x" * 3000, "漢" * 500, "\x00\ud800"])
lines = st.lists(words, max_size=14).map(tuple)
sections = st.builds(lambda title, lines: RecapSection(title=title, lines=lines, total=len(lines)), words, lines)
recaps = st.builds(
    Recap,
    statements=st.integers(0, 9999),
    understood=st.integers(0, 9999),
    sections=st.lists(sections, max_size=12).map(tuple),
    assumed=sections,
    corrections=st.lists(st.builds(Correction, text=words, by=words, became=words), max_size=4).map(tuple),
    questions=st.lists(
        st.builds(RecapQuestion, kind=st.just("left_open"), text=words, about=st.just("s1")), max_size=5
    ).map(tuple),
    more_questions=st.integers(0, 50),
)


def _with(stored: StoredRecap | None) -> Dossier:
    return replace(dossiers.awaiting_go(), recaps=(stored,) if stored else ())


def _card(stored: StoredRecap | None) -> Message | None:
    dossier = _with(stored)
    return recap_card(dossier, dossier.iterations[0])


@given(recaps)
@settings(max_examples=60, deadline=None)
def test_whatever_was_understood_is_a_message_that_slack_takes(recap: Recap) -> None:
    """Any lines, questions and corrections make a message within Slack's limits that mentions nobody."""
    card = _card(replace(dossiers.recap(), recap=recap))
    assert card is not None
    check_blocks([dict(block) for block in card.blocks])
    assert "<!channel>" not in card.text
    assert card.blocks[-2]["elements"][0]["action_id"] == ActionId.CORRECT


def test_the_card_stands_between_the_answers_and_the_go() -> None:
    """People read what was understood before the question whether to go on, and the gate's card points at it."""
    items = thread(dossiers.awaiting_go(), dossiers.role())
    keys = [item.key for item in items]
    gate = next(item for item in items if ".gate.go." in item.key)
    assert keys.index("i1.answers") < keys.index("i1.recap") < keys.index(gate.key)
    assert isinstance(gate, Message)
    assert "20 of 21 statements understood" in gate.text
    assert "2 questions open" in gate.text


def test_a_role_that_tells_nothing_has_no_card() -> None:
    """Without a stored recap neither card nor a line at the gate is there."""
    shown = thread(_with(None), dossiers.role())
    assert "i1.recap" not in [item.key for item in shown]
    assert not any("What I understood" in item.text for item in shown if isinstance(item, Message))


def test_what_is_being_read_or_cannot_be_read_is_said() -> None:
    """The card says that reading is under way, and why it failed."""
    reading = _card(replace(dossiers.recap(), state=RecapState.PENDING, recap=None))
    broken = _card(replace(dossiers.recap(), state=RecapState.FAILED, recap=None, reason="It was too much."))
    assert reading is not None
    assert "being read" in reading.text
    assert broken is not None
    assert "It was too much." in broken.text


def test_card_and_go_are_incomplete_while_it_is_being_read() -> None:
    """While documents are read for an open go, both cards say since when; once that is over neither does."""
    reading = _with(replace(dossiers.recap(), state=RecapState.PENDING, recap=None))
    opened = next(gate.opened_at for gate in reading.gates if gate.key == "go")
    waiting = [
        i.key for i in thread(reading, dossiers.role()) if isinstance(i, Message) and i.incomplete_since == opened
    ]
    assert [key.split(".")[1] for key in waiting] == ["recap", "gate"]
    read = thread(dossiers.awaiting_go(), dossiers.role())
    assert not [item.key for item in read if isinstance(item, Message) and item.incomplete_since]


def test_what_a_card_cannot_hold_is_a_file() -> None:
    """With a stored file the thread has it below the card, and the card says where the rest is."""
    recap = dossiers.recap().recap
    assert recap is not None
    many = RecapSection(title="Entities", lines=tuple(f"Thing{n}" for n in range(12)), total=40)
    stored = replace(dossiers.recap(), recap=replace(recap, sections=(many,)), file_sha256="ee" * 32)
    card = _card(stored)
    assert card is not None
    assert "…and 32 more in the file below" in card.text
    posts = [item for item in thread(_with(stored), dossiers.role()) if isinstance(item, FilePost)]
    assert [post.name for post in posts] == ["what-i-understood.md"]


def _sent(view: dict[str, Any], **values: Any) -> dict[str, Any]:
    fields = {
        block["block_id"]: {"eipas:input": {"type": block["element"]["type"]}}
        for block in view["blocks"]
        if block["type"] == "input"
    }
    for block, value in values.items():
        fields[block]["eipas:input"] |= value
    return {**view, "state": {"values": fields}}


def test_the_form_asks_what_the_card_asks() -> None:
    """Each question has its field, a contradiction a menu of both statements, and the last field is for all else."""
    view = correction_form(dossiers.awaiting_go())
    check_view(view, surface="modal")
    kinds = [block["element"]["type"] for block in view["blocks"] if block["type"] == "input"]
    assert kinds == ["static_select", "plain_text_input", "plain_text_input"]
    form = parse_correction(
        _sent(
            view,
            **{
                qualified(BlockId.CORRECTION, "1."): {"selected_option": {"value": "s2"}},
                qualified(BlockId.CORRECTION, "2.s3"): {"value": "The frobnicator has a colour."},
                qualified(BlockId.CORRECTION, "else"): {"value": "Doctors have a title."},
            },
        )
    )
    assert form.wordings == (
        Wording(about="s2"),
        Wording(text="The frobnicator has a colour.", about="s3"),
        Wording(text="Doctors have a title."),
    )


def test_an_empty_form_is_refused_under_its_last_field() -> None:
    """Sent without a word nothing is corrected, and the person is told in the form."""
    with pytest.raises(FormRefused) as refused:
        parse_correction(_sent(correction_form(dossiers.awaiting_go())))
    assert list(refused.value.errors) == [qualified(BlockId.CORRECTION, "else")]
