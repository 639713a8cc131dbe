"""What is read of the ways in which other people write."""

from __future__ import annotations

from bot.domain.facts import Standing
from bot.reading.amended import amended
from bot.reading.prose.clause import TopicKind
from bot.reading.read import SourceText, read
from tests.reading import (
    announcing_words,
    aside_words,
    cell_words,
    field_words,
    fresh_words,
    list_words,
    relation_words,
    retracting_words,
)
from tests.reading.outside_words import ROWS, Row
from tests.reading.shorthand import told, wanted

TOPICS: dict[str, TopicKind] = {"api": "api", "data": "data", "flow": "flow", "performance": "performance"} | {
    "security": "security"
}
AT_FIRST = 176
"""Rows that are right: 56 were before the reader was changed for them."""
FRESH_AT_FIRST = 24
"""Rows that were written when all others had been mended and are right: 20 of 24 were at first."""
LISTS_AT_FIRST = 35
"""Rows that list things with their fields and are right: 5 of 51 were at first."""
FIELDS_AT_FIRST = 98
"""Rows about fields that are right: 14 of 109 were before the reader was changed for them."""


def is_right(row: Row) -> bool:
    """Whether all that a row names is read, and nothing that it forbids."""
    _, topic, text, want, never = row
    source = SourceText(source="answer:x" if topic else "feedback:x", text=text, topic=topic)
    result = amended(read([source], topics=TOPICS))
    said = told(result.facts)
    if want == "nothing":
        return not result.facts and all(s.standing is Standing.NOTHING_SAID for s in result.statements)
    return wanted(want) <= said and not wanted(never) & said


def test_of_the_ways_of_others_as_many_are_read_as_ever_were() -> None:
    """At least as many of the rows are right as were at first."""
    assert sum(is_right(row) for row in ROWS) >= AT_FIRST


def test_of_the_ways_of_saying_fields_as_many_are_read_as_ever_were() -> None:
    """At least as many of the rows about fields are right as were at first."""
    assert sum(is_right(row) for row in field_words.ROWS) >= FIELDS_AT_FIRST


def test_of_the_ways_of_listing_things_as_many_are_read_as_ever_were() -> None:
    """At least as many of the rows that list things with their fields are right as were at first."""
    assert sum(is_right(row) for row in list_words.ROWS) >= LISTS_AT_FIRST


def test_of_what_was_written_afterwards_as_much_is_read_as_ever_was() -> None:
    """At least as many of the rows that were written last are right as were at first."""
    assert sum(is_right(row) for row in fresh_words.ROWS) >= FRESH_AT_FIRST


def test_whatever_announces_things_they_are_read_and_nothing_else() -> None:
    """Every row that says which things are kept gives them, and every one that only sounds so gives none."""
    assert [row[2] for row in announcing_words.ROWS if not is_right(row)] == []


def test_how_many_go_with_how_many_is_read_in_signs_in_words_and_by_keys() -> None:
    """Every row that says how many go with how many gives the relation, and no other sentence does."""
    assert [row[2] for row in relation_words.ROWS if not is_right(row)] == []


def test_however_a_field_is_written_its_name_and_type_are_read() -> None:
    """Every row that writes fields gives them with their types, and every one that only looks so gives none."""
    assert [row[2] for row in cell_words.ROWS if not is_right(row)] == []


def test_whatever_is_taken_back_is_gone_and_nothing_else() -> None:
    """Every row that takes back or renames something does so, and one that only sounds so leaves all as it was."""
    assert [row[2] for row in retracting_words.ROWS if not is_right(row)] == []


def test_what_is_told_besides_makes_no_table() -> None:
    """Every row that tells of rivals, comparisons or the writer's day gives nothing, and one that is meant is read."""
    assert [row[2] for row in aside_words.ROWS if not is_right(row)] == []
