"""What a score stands on is counted from checks, whichever role has them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.basis import basis, held_back, shortfalls, unsettled
from bot.domain.design import Narrative, Point, PointOutcome
from bot.domain.evidence import Check, Compared, Fulfilment, Measure, Outcome

DONE, NOT_DONE, UNREAD = Fulfilment.DONE, Fulfilment.NOT_DONE, Fulfilment.NOT_UNDERSTOOD
NARRATIVE = Narrative(
    strengths=("a", "b", "c"), improvements=("d", "e", "f"), recommendation="Ready to go on.",
    next_steps=(), next_focus=(),
)  # fmt: skip


def check(key: str, outcome: Outcome = Outcome.HELD, *, score: str = "paint", weight: float = 1.0) -> Check:
    return Check(
        key=key, title=key, score=score, outcome=outcome, detail=f"{key} found", tool="t", tool_version="1",
        command="c", weight=weight,
    )  # fmt: skip


def fit(key: str, *given: tuple[str, Fulfilment]) -> Check:
    compared = tuple(Compared(statement=name, text=name, outcome=outcome, gap="gap") for name, outcome in given)
    failed = any(one.outcome is not DONE for one in compared)
    made = check(key, Outcome.FAILED if failed else Outcome.HELD, score=key)
    return replace(made, measures=Measure.FIT, share=0.5, compared=compared)


def point(outcome: PointOutcome, waived_by: str = "") -> Point:
    return Point(feedback_id="f", number=1, text="t", outcome=outcome, waived_by=waived_by)


def test_a_statement_of_two_areas_is_one_statement() -> None:
    """Statements are counted by their ids; what one area finds not done is not done."""
    found = basis([fit("a", ("s1", DONE), ("s2", DONE), ("s3", UNREAD)), fit("b", ("s1", DONE), ("s2", NOT_DONE))])
    assert (found.statements, found.done, found.not_understood, found.fit) == (3, 1, 1, 33)


def test_soundness_is_the_held_share_of_the_measured_weight() -> None:
    """It is rounded down; what could not be run is counted apart, and what does not apply is neither."""
    found = basis([
        check("a", weight=2), check("b", Outcome.FAILED), check("c", Outcome.NOT_MEASURED),
        check("d", Outcome.NOT_APPLICABLE), check("e", Outcome.NOT_MEASURED, weight=0),
    ])  # fmt: skip
    assert (found.soundness, found.not_run) == (66, 1)
    assert basis([check("c", Outcome.NOT_MEASURED)]).soundness is None


def test_nothing_said_is_told_from_nothing_asked_and_from_nothing_run() -> None:
    """Only checks of fit that had nothing to compare say so: not a role without them, nor one that broke."""
    silent = replace(check("a", Outcome.NOT_APPLICABLE), measures=Measure.FIT)
    assert basis([silent]).nothing_said and basis([silent]).fit is None
    assert not basis([check("a")]).nothing_said
    assert not basis([replace(silent, outcome=Outcome.NOT_MEASURED)]).nothing_said


def test_the_worst_comes_first() -> None:
    """Proven harm by its cap, then what takes most from its area: one of two statements before one of five checks."""
    checks = [
        *(check(f"held{n}") for n in range(4)), check("small", Outcome.FAILED),
        replace(check("leak", Outcome.FAILED), cap=30), replace(check("invalid", Outcome.FAILED), cap=20),
        fit("f", ("said", NOT_DONE), ("kept", DONE)),
    ]  # fmt: skip
    assert [one.title for one in shortfalls(checks)] == ["invalid", "leak", "said", "small"]


def test_what_was_not_understood_is_named_so() -> None:
    """A statement carries its gap, or that it was not understood; one of two areas is named once."""
    found = shortfalls([fit("a", ("s1", UNREAD), ("s2", NOT_DONE)), fit("b", ("s1", UNREAD))])
    assert [(one.title, one.detail) for one in found] == [("s1", "not understood"), ("s2", "gap")]


@pytest.mark.parametrize("outcome", ["open", "not_done", "not_understood"])
def test_an_open_point_holds_a_recommendation_back(outcome: PointOutcome) -> None:
    """No words call a result ready while a point is open; a waived one holds nothing back."""
    told = held_back(NARRATIVE, [check("a")], [point(outcome)]).recommendation
    assert told.startswith("Not ready: 1 point of the feedback is open") and "Ready to go on" not in told
    assert held_back(NARRATIVE, [check("a")], [point(outcome, "U1"), point("done")]) == NARRATIVE


def test_a_statement_not_understood_holds_a_recommendation_back() -> None:
    """All that is unsettled is named with its number."""
    given = [fit("a", ("s1", UNREAD), ("s2", UNREAD))]
    assert unsettled(given, [point("open")]) == ("2 statements were not understood", "1 point of the feedback is open")
    assert "2 statements were not understood" in held_back(NARRATIVE, given, ()).recommendation


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(Fulfilment)), max_size=20))
def test_every_statement_that_is_not_done_is_a_shortfall(said: list[tuple[str, Fulfilment]]) -> None:
    """As many statements fall short as are counted as not done, in however many areas they stand."""
    checks = [fit(f"area{n}", one) for n, one in enumerate(said)]
    found = basis(checks)
    assert len(shortfalls(checks)) == found.statements - found.done
    assert 0 <= (found.fit or 0) <= 100
