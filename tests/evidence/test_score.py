"""Scores are arithmetic over checks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evidence import Check, Measure, Outcome
from bot.evidence import scorecard

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
    assert value([check("a", Outcome.NOT_MEASURED, weight=0)]) is None


def test_lowest_part_holds_the_whole_down() -> None:
    """A broken part cannot be averaged away: the whole is at most 25 above it."""
    specs = [(key, key) for key in "abcde"]
    checks = [check(f"{key}.1", Outcome.HELD, score=key) for key in "bcde"]
    assert scorecard([*checks, check("a.1", Outcome.FAILED, score="a")], specs).overall == 25


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
            without = value([*checks[:at], replace(one, outcome=Outcome.NOT_MEASURED), *checks[at + 1 :]])
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
    silent = replace(check("f", Outcome.NOT_MEASURED, weight=0), measures=Measure.FIT)
    sound = check("a", Outcome.HELD)
    for one, expected in ((silent, True), (replace(silent, weight=1), False), (fit(1.0), False)):
        part = scorecard([sound, one], SPECS[:1]).parts[0]
        assert part.nothing_said is expected and (part.value is None) is (one.share is None)
