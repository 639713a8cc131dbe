"""A few of what `make judge` judges: what is right holds, what is wrong is named and falls under the threshold."""

from __future__ import annotations

import pytest

from bot.roles.backend_developer.checks.document import Document
from bot.roles.backend_developer.renderers.openapi import values
from tests.judge.bases import BASES
from tests.judge.bench import text_of
from tests.judge.faults import FAULTS
from tests.judge.planting import THRESHOLD, plant, right, verdict_of
from tests.judge.ranks import auroc, spearman
from tests.judge.unfit import UNFIT, unfit

SOME = (
    "an asked operation is missing", "a relation points the other way", "a denial is not kept",
    "a list of people is open to the world", "later an entity is missing", "a reference to nothing",
    "a foreign key cascades instead of restricting", "monitoring is denied",
)  # fmt: skip


def test_there_are_enough_kinds_of_faults() -> None:
    """At least 150 kinds of faults are planted, each under a name of its own, over at least three designs."""
    keys = [fault.key for fault in FAULTS]
    assert len(keys) == len(set(keys)) >= 150
    assert len(BASES) >= 3


@pytest.mark.parametrize("name", [base.name for base in BASES])
def test_a_right_design_trips_nothing(name: str) -> None:
    """A base design has no failed check and a hundred of everything."""
    found = verdict_of(name)
    assert (found.failed, found.overall) == ({}, 100)


@pytest.mark.parametrize("key", SOME)
def test_a_fault_is_named_and_falls_under_the_threshold(key: str) -> None:
    """A check that is meant for the fault fails, and no area hides it."""
    found = plant(key, "depot")
    assert found is not None
    assert found.caught
    assert found.worst < THRESHOLD


@pytest.mark.parametrize("name", [base.name for base in BASES])
def test_a_document_read_back_is_what_was_written(name: str) -> None:
    """Reading a rendered document gives the values that it was rendered from, so that these may stand for it here."""
    plan = right(name).blueprint
    read = Document(text_of(right(name), "openapi.yaml").encode()).root
    assert repr(read) == repr(values(plan))


def test_judged_twice_is_the_same() -> None:
    """The same design judged again has the same scores and the same failed checks."""
    assert plant("a denial is not kept", "depot") == plant("a denial is not kept", "depot")


@pytest.mark.parametrize("name", [name for name in UNFIT if "crossed" not in name or "depot under" in name])
def test_what_does_not_fit_stays_low(name: str) -> None:
    """A design for other people, an empty one and a damaged one do not come above 60."""
    assert unfit(name).overall <= 60


def test_the_figures_are_counted_rightly() -> None:
    """Equal ranks correlate wholly, turned ones inversely; right above wrong is 1, a tie a half."""
    assert spearman([(1, 2), (2, 3), (3, 9)]) == pytest.approx(1)
    assert spearman([(1, 9), (2, 3), (3, 2)]) == pytest.approx(-1)
    assert auroc([100, 100], [85, 100]) == pytest.approx(0.75)
