"""What must hold of the judging whatever is judged: it is the same twice, and nothing that is wrong or unheard raises it."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.design import Brief
from bot.domain.evidence import Check, Scorecard
from bot.roles.backend_developer.checks.subject import Subject
from tests.judge.bench import assess, forget
from tests.judge.faults import FAULTS
from tests.judge.pairs import joined, pairs
from tests.judge.planting import base_of, right, spoilt
from tests.judge.ranks import designed, places

FAULTY = ("clinic", "a denial is not kept"), ("depot", "an asked operation is missing"), ("academy", "times are text")
WORDS = ("zib", "frol", "quandet", "moor", "blen", "sprazzle", "unk", "dor", "vint", "glasp", "thew", "ombra")
NOT_THERE = (
    "Every dragon has two wings and a temper.", "GET /moons lists moons.", "POST /moons/{id}/eclipse",
    "Only astronauts may read moons.", "Dragons: name, wings, hoard_size.", "A dragon belongs to a cave.",
    "The bot shall sing at noon.", "| entity | field |\n|--|--|\n| Dragon | wings |",
)  # fmt: skip


def outcomes(checks: tuple[Check, ...]) -> list[object]:
    """What is told of a design but for the time that it took."""
    return [(c.key, c.outcome, c.weight, c.cap, c.share, c.compared, len(c.findings)) for c in checks]


def numbers(card: Scorecard) -> Mapping[str, int]:
    """All scores; one that is unproven counts as none."""
    return {"overall": card.overall or 0} | {part.key: part.value or 0 for part in card.parts}


@functools.cache
def middling(name: str) -> Subject:
    """A design that is neither right nor hopeless."""
    for base, fault in FAULTY:
        if name == base:
            return spoilt(next(f for f in FAULTS if f.key == fault), base_of(base))
    found = designed(("", name), 60)
    assert found is not None
    return found


MIDDLING = (*(base for base, _ in FAULTY), places()[0][1])


@pytest.mark.parametrize("name", MIDDLING)
def test_judged_twice_is_the_same(name: str) -> None:
    """The same design, every migration run and every list tried again, has the same outcome of every check."""
    first, card = assess(middling(name), valid=False)
    forget()
    again, other = assess(middling(name), valid=False)
    assert outcomes(first) == outcomes(again)
    assert card == other
    assert min(numbers(card).values()) < 100
    assert 0 < numbers(card)["overall"] < 100


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(MIDDLING),
    st.sampled_from(["api_design", "database_schema", "security_controls", "performance_requirements", "opening_3"]),
    st.sampled_from(NOT_THERE)
    | st.lists(st.sampled_from(WORDS), min_size=2, max_size=9).map(lambda words: " ".join(words).capitalize() + "."),
)
def test_a_statement_more_that_nobody_heard_raises_nothing(name: str, key: str, sentence: str) -> None:
    """Whatever is said besides and not done, understood or not, every score falls or stays."""
    before, after = (
        numbers(assess(replace(middling(name), brief=brief), valid=False)[1])
        for brief in (middling(name).brief, _more(middling(name).brief, key, sentence))
    )
    assert {part: value for part, value in after.items() if value > before[part]} == {}


def _more(brief: Brief, key: str, sentence: str) -> Brief:
    """The brief with one sentence more in an answer, below all that it says."""
    there = [reply.key for reply in brief.replies]
    at = key if key in there else there[0]
    replies = tuple(replace(r, text=f"{r.text}\n\n{sentence}\n") if r.key == at else r for r in brief.replies)
    return replace(brief, replies=replies)


@pytest.mark.parametrize("case", list(pairs(12)), ids=lambda case: "-".join(case).replace(" ", "_"))
def test_a_fault_more_raises_nothing(case: tuple[str, str, str]) -> None:
    """A second fault leaves every score where the first has put it, or lower; unless it takes the first one away."""
    found = joined(case)
    if found is not None and not found.undone:
        assert found.risen == ()


def test_the_pairs_are_many_and_their_own() -> None:
    """The same pairs are drawn each time, over all bases, and most of them are faults that stand beside each other."""
    drawn = list(pairs(200))
    assert drawn == list(pairs(200))
    assert len(set(drawn)) == 200 and {base for *_, base in drawn} == {"clinic", "depot", "academy"}


def test_a_design_is_not_spoilt_by_being_judged() -> None:
    """Planting changes a copy: the right design is the same before and after."""
    before = copy.deepcopy(right("depot").blueprint)
    middling("depot")
    assert right("depot").blueprint == before
