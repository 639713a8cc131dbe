"""The words of scores: what a number stands on, what is worst, and what is not a number at all."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.basis import Basis
from bot.domain.evidence import Check, Compared, Fulfilment, Measure, Outcome, Score, Scorecard
from handlers.views.review import review
from handlers.views.scores import basis_words, overall_words, part_line, value_words, worst_words
from tests.handlers.views.payloads import check_message
from tests.support.dossiers import STAGES, checks, result, role

SILENT = Score(
    key="k", name="Colour", value=None, measured_share=1.0, held=7, failed=0, not_measured=1, nothing_said=True
)


def fit(*outcomes: Fulfilment) -> Check:
    compared = tuple(
        Compared(statement=f"s{n}", text=f"Say <!here> {n}", outcome=outcome, gap="no such *column*")
        for n, outcome in enumerate(outcomes)
    )
    return replace(checks()[0], key="k.fit", outcome=Outcome.FAILED, measures=Measure.FIT, share=0.5, compared=compared)


def test_the_line_says_all_that_the_number_stands_on() -> None:
    """Statements, what was not understood, soundness and what could not be run stand in one line."""
    found = Basis(statements=41, done=35, not_understood=3, soundness=97, not_run=9, nothing_said=False)
    assert basis_words(found) == (
        "Fit 85 % of 41 statements · 3 not understood · soundness 97 · 9 checks could not be run"
    )


def test_what_is_nought_is_left_out() -> None:
    """A role without checks of fit says nothing of fit; where nothing was said, that is said."""
    none = Basis(statements=0, done=0, not_understood=0, soundness=100, not_run=0, nothing_said=False)
    assert basis_words(none) == "Soundness 100"
    assert basis_words(replace(none, nothing_said=True)) == "Fit unproven: nothing was said · soundness 100"


def test_an_area_of_which_nothing_was_said_has_no_number() -> None:
    """Its value and its line are words; the overall score says why it has none."""
    assert value_words(SILENT) == "unproven: nothing was said"
    assert not any(letter.isdigit() for letter in part_line(SILENT))
    words = overall_words(Scorecard(overall=None, measured_share=1.0, parts=(SILENT, replace(SILENT, value=90))))
    assert words.startswith("Unproven: nothing was said of")


def test_the_review_names_three_of_what_is_worst_before_anything_else() -> None:
    """The line and the worst three stand before facts, strengths and files, and mention nobody."""
    one = fit(Fulfilment.NOT_DONE, Fulfilment.DONE, Fulfilment.NOT_UNDERSTOOD, *[Fulfilment.NOT_DONE] * 3)
    dossier = STAGES["in_review"]()
    made = replace(result(), checks=(one, *checks()))
    card = review("ev_1", role(), dossier.current, made)
    check_message(card)
    assert "Fit 16 % of 6 statements · 1 not understood · soundness" in card.text
    assert "What is worst* (3 of " in card.text
    assert card.text.index("What is worst") < card.text.index("Entities") < card.text.index("41 operations are doc")


def test_nothing_is_worst_where_nothing_failed() -> None:
    """No heading stands over an empty list."""
    assert worst_words([check for check in checks() if check.outcome is Outcome.HELD]) == ""
