"""The files that are handed out first are there: one that was renamed would silently come at any time."""

from __future__ import annotations

from pathlib import Path

from tests.support.longest_first import LONGEST

ROOT = Path(__file__).resolve().parents[2]


def test_each_of_the_longest_files_is_there() -> None:
    """Each path names a file of tests, and none twice."""
    assert [path for path in LONGEST if not (ROOT / path).is_file()] == []
    assert len(set(LONGEST)) == len(LONGEST)
