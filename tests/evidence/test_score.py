"""Scores are arithmetic over checks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evidence import Check, Compared, Fulfilment, Measure, Outcome, Score
from bot.evidence.score import scorecard

SPECS = (("api", "API"), ("db", "Database"))


def check(key: str, outcome: Outcome, *, weight: float = 1, cap: int | None = None, score: str = "api") -> Check:
    """Make a check of which only the arithmetic matters."""
    return Check(
        key=key,
        title=key,
        score=score,
        outcome=outcome,
        detail="",
        tool="own",
        tool_version="1",
        command="true",
        weight=weight,
        cap=cap,
    )


@st.composite
def _many(draw: st.DrawFn, score: str = "api") -> list[Check]:
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(Outcome), st.sampled_from([0.25, 0.5, 1, 2, 3]), st.sampled_from([None, 20, 30, 50, 70])
            ),
            min_size=1,
            max_size=12,
        )
    )
    return [check(f"{score}.{i}", o, weight=w, cap=c, score=score) for i, (o, w, c) in enumerate(rows)]


def value(checks: list[Check]) -> int | None:
    """The score of one part."""
    return scorecard(checks, SPECS[:1]).parts[0].value


def test_worked_example_of_the_docstring() -> None:
    """75 of 100 by weight becomes 70 by the cap; four more parts make 88 overall."""
    capped = [
        check("held", Outcome.HELD, weight=3),
        check("keys", Outcome.FAILED, cap=70),
        check("absent", Outcome.NOT_MEASURED),
    ]
    others = [
        check(f"{part}.{i}", Outcome.HELD if i < tenths else Outcome.FAILED, score=part)
        for part, tenths in (("b", 9), ("c", 9), ("d", 9), ("e", 10))
        for i in range(10)
    ]
    card = scorecard([*capped, *others], [(key, key) for key in ("api", "b", "c", "d", "e")])
    assert [part.value for part in card.parts] == [70, 90, 90, 90, 100]
    assert card.parts[0].capped_by == ("keys",)
    assert card.parts[0].measured_share == pytest.approx(0.8)
    assert card.overall == 88


def test_too_little_measured_is_no_number() -> None:
    """Under the needed share a part has no number, and neither has the whole."""
    api = [check("a", Outcome.HELD), check("b", Outcome.NOT_MEASURED)]
    card = scorecard([*api, check("c", Outcome.HELD, score="db")], SPECS)
    assert (card.parts[0].value, card.parts[1].value, card.overall) == (None, 100, None)
    assert card.measured_share == pytest.approx(2 / 3)


def test_nothing_measured_is_no_number() -> None:
    """No checks, or only ones that do not apply, are no 100."""
    assert scorecard([], SPECS).overall is None
    assert value([check("a", Outcome.NOT_APPLICABLE)]) is None
    assert value([check("a", Outcome.NOT_MEASURED, weight=0)]) is None


def test_what_does_not_apply_is_measured_and_not_held() -> None:
    """Its weight is in the measured share, with the reason beside it, and on neither side of the soundness."""
    checks = [check("a", Outcome.HELD), check("b", Outcome.FAILED), check("c", Outcome.NOT_APPLICABLE, weight=2)]
    part = scorecard([*checks, check("d", Outcome.NOT_MEASURED)], SPECS[:1]).parts[0]
    assert (part.value, part.measured_share) == (50, pytest.approx(0.8))
    assert (part.held, part.failed, part.not_measured, part.not_applicable) == (1, 1, 1, 1)


def said(*done: bool, score: str = "api") -> Check:
    """A fit check of an area that compared these statements."""
    compared = tuple(
        Compared(statement=f"{score}{n}", text="", outcome=Fulfilment.DONE if one else Fulfilment.NOT_DONE)
        for n, one in enumerate(done)
    )
    outcome = Outcome.HELD if all(done) else Outcome.FAILED
    made = replace(check(f"{score}.fit", outcome, score=score), measures=Measure.FIT, share=sum(done) / len(done))
    return replace(made, compared=compared)


def test_four_fifths_come_nowhere_near_wherever_the_rest_is_missing() -> None:
    """Areas of which little was said cannot hide that a fifth of all is missing from the one that most was said of."""
    specs = [(key, key) for key in "abcde"]
    sound = [check(f"{key}.1", Outcome.HELD, score=key) for key in "abcde"]
    fits = [said(*[True] * 40, *[False] * 14, score="a"), *(said(True, True, True, True, score=key) for key in "bcde")]
    card = scorecard([*sound, *fits], specs)
    assert [part.value for part in card.parts] == [74, 100, 100, 100, 100]
    assert card.overall == 80
    assert scorecard([*sound, *fits], specs, statements=0.5).overall == 50


def test_least_sound_part_holds_the_whole_down() -> None:
    """Harm cannot be averaged away: the whole is at most 25 above the least soundness."""
    specs = [(key, key) for key in "abcde"]
    checks = [check(f"{key}.1", Outcome.HELD, score=key) for key in "bcde"]
    assert scorecard([*checks, check("a.1", Outcome.FAILED, score="a")], specs).overall == 25


def test_an_area_of_one_statement_weighs_one_statement() -> None:
    """What is missing counts once, wherever it belongs, but an area without anything fails the whole.

    With one of forty-one statements missing, alone in its area, a mean of the areas would say 80.
    """
    specs = [(key, key) for key in "abcde"]
    sound = [check(f"{key}.1", Outcome.HELD, score=key) for key in "abcde"]
    four = [said(*[True] * 10, score=key) for key in "bcde"]
    assert scorecard([*sound, said(False, score="a"), *four], specs).overall == 70
    assert scorecard([*sound, said(True, False, score="a"), *four], specs).overall == 97


def test_where_nothing_was_compared_the_areas_fit_counts() -> None:
    """A role whose checks count shares without listing statements has the mean of those."""
    sound = [check(f"{key}.1", Outcome.HELD, score=key) for key in ("api", "db")]
    assert scorecard([*sound, fit(0.5)], SPECS).overall == 75


@given(_many(), st.lists(st.booleans(), min_size=1, max_size=6), st.lists(st.booleans(), min_size=1, max_size=6))
def test_a_statement_more_that_is_not_done_raises_nothing(
    checks: list[Check], one: list[bool], other: list[bool]
) -> None:
    """Neither a part nor the whole."""
    rest = [*checks, check("db.1", Outcome.HELD, score="db"), said(*other, score="db")]
    before = scorecard([*rest, said(*one)], SPECS)
    after = scorecard([*rest, said(*one, False)], SPECS)
    for less, more in ((after.overall, before.overall), (after.parts[0].value, before.parts[0].value)):
        assert (less is None) == (more is None)
        assert less is None or (more is not None and less <= more)


def test_never_rounded_up() -> None:
    """19 of 20 is 95; 94.9 is 94, not the threshold."""
    assert value([check("a", Outcome.HELD, weight=949), check("b", Outcome.FAILED, weight=51)]) == 94


def test_doubled_key_is_refused() -> None:
    """A check counts once; the same key twice is an error, not twice the weight."""
    with pytest.raises(ValueError, match="twice"):
        scorecard([check("a", Outcome.HELD), check("a", Outcome.HELD)], SPECS)


@given(_many())
def test_bounds(checks: list[Check]) -> None:
    """A score is within 0 and 100, under the cap of every check that failed, and exists only on enough measurement."""
    part = scorecard(checks, SPECS[:1]).parts[0]
    if part.value is None:
        return
    caps = [c.cap for c in checks if c.outcome is Outcome.FAILED and c.cap is not None]
    assert 0 <= part.value <= min([100, *caps])
    assert part.measured_share >= 0.6 - 1e-9


@given(_many(), st.data())
def test_mending_never_lowers(checks: list[Check], data: st.DataObject) -> None:
    """When a failed check comes to hold, no score falls."""
    at = data.draw(st.integers(0, len(checks) - 1))
    if checks[at].outcome is not Outcome.FAILED:
        return
    mended = [*checks[:at], replace(checks[at], outcome=Outcome.HELD), *checks[at + 1 :]]
    before, after = value(checks), value(mended)
    assert (before is None) == (after is None)
    assert before is None or (after is not None and after >= before)


@given(_many(), st.sampled_from([0.25, 1, 3]))
def test_not_measured_never_raises(checks: list[Check], weight: float) -> None:
    """One more unmeasured check leaves the score or takes it away; nor does losing one that held raise it."""
    before = value(checks)
    assert value([*checks, check("more", Outcome.NOT_MEASURED, weight=weight, cap=20)]) in (before, None)
    for at, one in enumerate(checks):
        if one.outcome is Outcome.HELD:
            for outcome in (Outcome.NOT_MEASURED, Outcome.NOT_APPLICABLE):
                without = value([*checks[:at], replace(one, outcome=outcome), *checks[at + 1 :]])
                assert without is None or (before is not None and without <= before)


@given(_many().flatmap(lambda checks: st.tuples(st.just(checks), st.permutations(checks))))
def test_order_does_not_matter(pair: tuple[list[Check], list[Check]]) -> None:
    """The same checks in another order give the same scorecard."""
    assert scorecard(pair[0], SPECS[:1]) == scorecard(pair[1], SPECS[:1])


def fit(share: float | None) -> Check:
    """Make a fit check that counted this share."""
    outcome = Outcome.NOT_MEASURED if share is None else Outcome.HELD if share == 1 else Outcome.FAILED
    return replace(check("api.fit", outcome), measures=Measure.FIT, share=share)


@given(_many(), st.floats(0, 1), st.floats(0, 1))
def test_doing_less_never_scores_more(checks: list[Check], one: float, other: float) -> None:
    """With the same soundness a smaller fit gives no larger score, and never more than the fit itself."""
    less, more = (value([*checks, fit(share)]) for share in sorted((one, other)))
    assert (less is None) == (more is None)
    if less is not None and more is not None:
        assert less <= more <= 100 * max(one, other) + 1e-6


def test_four_fifths_are_eighty() -> None:
    """A sound design that does four fifths of what was asked has 80; one of which nothing was asked has no number."""
    assert value([check("sound", Outcome.HELD), fit(0.8)]) == 80
    assert value([check("sound", Outcome.HELD), fit(None)]) is None


def test_an_area_of_which_nothing_was_said_says_so() -> None:
    """It is unproven for that reason, and told from one whose comparison could not be run."""
    silent = replace(check("f", Outcome.NOT_APPLICABLE), measures=Measure.FIT)
    older, not_run = (replace(silent, outcome=Outcome.NOT_MEASURED, weight=weight) for weight in (0, 1))
    sound = check("a", Outcome.HELD)
    for one, expected in ((silent, True), (older, True), (not_run, False), (fit(1.0), False)):
        part = scorecard([sound, one], SPECS[:1]).parts[0]
        assert part.nothing_said is expected and (part.value is None) is (one.share is None)


@given(_many(), _many("db"), st.data())
def test_a_fault_more_never_raises(api: list[Check], db: list[Check], data: st.DataObject) -> None:
    """Where what held, or what did not apply, comes to fail, neither its part nor the whole rises."""
    given_ = [*api, *db]
    at = data.draw(st.integers(0, len(given_) - 1))
    if given_[at].outcome not in (Outcome.HELD, Outcome.NOT_APPLICABLE):
        return
    spoilt = [*given_[:at], replace(given_[at], outcome=Outcome.FAILED), *given_[at + 1 :]]
    before, after = scorecard(given_, SPECS), scorecard(spoilt, SPECS)
    for one, other in zip((*before.parts, before), (*after.parts, after), strict=True):
        was, is_ = (card.value if isinstance(card, Score) else card.overall for card in (one, other))
        assert was is None or is_ is None or is_ <= was


@given(_many(), st.lists(st.booleans(), min_size=1, max_size=20))
def test_a_statement_more_that_nobody_heard_never_raises(checks: list[Check], done: list[bool]) -> None:
    """One more statement that is not done lowers the part and the whole, or leaves them."""
    before, after = (scorecard([*checks, said(*many)], SPECS[:1]) for many in (done, [*done, False]))
    assert before.measured_share == after.measured_share
    for was, is_ in ((before.overall, after.overall), (before.parts[0].value, after.parts[0].value)):
        assert (was is None) == (is_ is None)
        assert was is None or is_ is None or is_ <= was
