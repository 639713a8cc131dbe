"""Edited rendered files are merged three ways: nothing of either side is lost, and conflicts are listed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.roles.backend_developer.renderers.service import merged

LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "def f():\n", "    x = 1\n"]), max_size=12)
BASE = "one\ntwo\nthree\nfour\nfive\n"


def test_changes_in_different_places_both_hold() -> None:
    """An edit at the top and a new rendering at the bottom need nobody's decision."""
    made = merged(BASE, BASE.replace("five", "FIVE"), BASE.replace("one", "ONE"))
    assert (made.text, made.conflicts) == ("ONE\ntwo\nthree\nfour\nFIVE\n", ())


def test_a_conflict_is_marked_and_listed() -> None:
    """Where both changed the same line, both stand there, and the place is told in lines."""
    made = merged(BASE, BASE.replace("three", "theirs"), BASE.replace("three", "ours"))
    (place,) = made.conflicts
    marked = made.text.splitlines()[place.first_line - 1 : place.last_line]
    assert marked == ["<<<<<<< yours", "ours", "=======", "theirs", ">>>>>>> rendered now"]


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    """What the team did by hand and the design does now is one change."""
    both = BASE.replace("two", "2")
    assert merged(BASE, both, both).text == both


@given(LINES, LINES, LINES)
def test_nothing_is_lost(base: list[str], theirs: list[str], ours: list[str]) -> None:
    """Every line that a side added is in the merged text; an untouched side never wins over a touched one."""
    old, new, mine = "".join(base), "".join(theirs), "".join(ours)
    made = merged(old, new, mine)
    added = [line for line in ours if line not in base] + [line for line in theirs if line not in base]
    assert all(line in made.text for line in added)
    assert merged(old, old, mine).text == mine
    assert merged(old, new, old).text == new
    for place in made.conflicts:
        lines = made.text.splitlines()
        assert lines[place.first_line - 1] == "<<<<<<< yours" and lines[place.last_line - 1] == ">>>>>>> rendered now"


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_texts_of_any_kind_are_merged(base: str, theirs: str, ours: str) -> None:
    """Texts without a last line end, or with other line ends, are kept to the letter where one side is untouched."""
    made = merged(base, theirs, ours)
    if not made.conflicts and ours != base and theirs == base:
        assert made.text == ours
