"""Whether another attempt may go on from what an earlier one left."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from bot.domain.attempt import _PARTS, PreviousAttempt, TranscriptHealth, why_afresh
from bot.domain.design import Brief, Feedback, Reply, Source

ROLES = Reply(key="opening_1", question="Stack?", text="Python", by="U1")
AGENTS = Reply(key="rn_1.tenants", question="How many?", text="40", by="U1")
GO = Feedback(id="gt_1.0.v", origin="go", text="Mind the cost", by="U1", iteration=1)
NOTE = Feedback(id="nt_1", origin="note", text="Add an auditor", by="U1", iteration=1)
BRIEF = Brief(
    evaluation_id="ev_1", role="backend-developer", title="Orders", description="For bakeries", iteration=1, goal="",
    sources=(Source(path="idea.json", sha256="a", body={"a": 1}),), replies=(ROLES,), feedback=(GO, NOTE),
)  # fmt: skip
LEFT = PreviousAttempt(
    attempt=1, record=TranscriptHealth.SOUND, designer="claude", model="m", brief=BRIEF, steps=4, asked={AGENTS.key}
)


def why(brief: Brief = BRIEF, *, designer: str = "claude", model: str = "m", **left: Any) -> str:
    return why_afresh(replace(LEFT, **left), designer, model, brief)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": "Invoices"}, "the title"),
        ({"description": "For shops"}, "the description"),
        ({"goal": "Speed"}, "the goal"),
        ({"sources": ()}, "the documents"),
        ({"missing": ("idea.json",), "sources": ()}, "the documents"),
        ({"replies": (replace(ROLES, text="Go"),)}, "the answers"),
        ({"replies": ()}, "the answers"),
        ({"feedback": (NOTE,)}, "the feedback"),
        ({"feedback": (GO, replace(NOTE, text="Add none"))}, "the feedback"),
        ({"feedback": (GO, NOTE, replace(GO, id="gt_2.0.v"))}, "the feedback"),
        ({"replies": (), "goal": "Speed"}, "the goal and the answers"),
    ],
)
def test_a_changed_brief_starts_afresh(change: dict[str, Any], words: str) -> None:
    """The words name what changed, each part once."""
    assert why(replace(BRIEF, **change)) == f"{words} changed since attempt 1"


def test_what_the_conversation_learns_by_itself_is_no_change() -> None:
    """Answers to its own questions are its tools' results; later notes are handed to it as they come."""
    later = replace(NOTE, id="nt_2", text="And a clerk")
    assert why(replace(BRIEF, replies=(ROLES, AGENTS), feedback=(GO, NOTE, later))) == ""


def test_answers_to_an_earlier_conversation_are_part_of_the_brief() -> None:
    """What a left-behind conversation had asked is told by the brief, and stays equal with it."""
    told = replace(BRIEF, replies=(ROLES, AGENTS))
    assert why_afresh(replace(LEFT, brief=told, asked=()), "claude", "m", told) == ""
    assert why(told, asked=()) == "the answers changed since attempt 1"


@pytest.mark.parametrize(
    ("record", "inherited", "afresh"),
    [
        (TranscriptHealth.SOUND, 4, ""),
        (TranscriptHealth.DOUBTFUL, 0, ""),
        (TranscriptHealth.DOUBTFUL, 3, ""),
        (TranscriptHealth.DOUBTFUL, 4, "attempt 1 went on and came no further"),
        (TranscriptHealth.SPOILED, 0, "going on would end as attempt 1 did"),
    ],
)
def test_the_end_says_whether_its_record_is_to_blame(record: TranscriptHealth, inherited: int, afresh: str) -> None:
    """A sound record always serves, a spoiled one never, a doubtful one unless going on brought nothing."""
    assert why(record=record, inherited=inherited) == afresh


@pytest.mark.parametrize("other", [{"designer": "offline"}, {"model": "another"}])
def test_a_conversation_belongs_to_one_model(other: dict[str, str]) -> None:
    """A changed setting between two attempts starts afresh."""
    assert why(**other) == "the designer or its model is another one than in attempt 1"  # type: ignore[arg-type]


def test_every_part_of_a_brief_is_compared_or_fixed() -> None:
    """A part that is added to the brief has to be compared, too; these cannot differ, or follow from the rest."""
    fixed = {"evaluation_id", "role", "iteration", "past", "readings"}
    assert {field.name for field in fields(Brief)} == fixed | set(_PARTS)
