"""Type words and names are read alike in every notation."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.facts import ValueType
from bot.reading.names import plural, same_name, singular, with_article, words
from bot.reading.types import leading_type, value_type


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("varchar(12)", ValueType.STRING),
        ("int8", ValueType.BIGINT),
        ("NUMERIC(10,2)", ValueType.DECIMAL),
        ("timestamptz", ValueType.TIMESTAMP),
        ("timestamp(3) with time zone", ValueType.TIMESTAMP),
        ("tinyint(1)", ValueType.BOOLEAN),
        ("ja/nein", ValueType.BOOLEAN),
        ("Ganzzahl", ValueType.INTEGER),
        ("Zeitpunkt", ValueType.TIMESTAMP),
        ("String!", ValueType.STRING),
        ("draft/published", ValueType.ENUM),
        ("'a' | 'b'", ValueType.ENUM),
        ("[Foo!]!", ValueType.ARRAY),
        ("list of string", ValueType.ARRAY),
    ],
)
def test_type_words_are_known(said: str, kind: ValueType) -> None:
    """Words of many notations and of German are types."""
    shape = value_type(said)
    assert shape is not None
    assert shape.type is kind


def test_what_is_no_type_is_none() -> None:
    """An entity's name, a sentence and a union of types are left to who asks."""
    assert [value_type(said) for said in ("Foo", "a user of ours", "string | number", "name", "")] == [None] * 5


def test_parts_of_types_are_kept() -> None:
    """Length, precision, members and null are what was said."""
    money = value_type("decimal (10,2) not null")
    assert money is not None and (money.precision, money.scale, money.nullable) == (10, 2, False)
    colour = leading_type("enum(Red, blue) default Red")
    assert colour is not None and (colour[0].values, colour[1]) == (("Red", "blue"), " default Red")


@given(st.text(max_size=300))
def test_any_text_is_borne(said: str) -> None:
    """No text makes the words of types or names fail."""
    value_type(said)
    leading_type(said)
    assert singular(singular(said)) is not None
    assert plural(said) is not None
    words(said)


def test_hostile_types_take_no_time() -> None:
    """A megabyte of anything is no type at once."""
    started = time.process_time()
    for piece in ("(", "a|", "list of ", "x ", "[", "optional[", "unsigned "):
        value_type(piece * 200_000)
        leading_type(piece * 200_000)
        value_type(piece * 300)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("diagnoses", "diagnosis"),
        ("lenses", "lens"),
        ("Shelves", "Shelf"),
        ("species", "species"),
        ("canvases", "canvas"),
        ("statuses", "status"),
        ("BillableMetrics", "BillableMetric"),
        ("SLAs", "SLA"),
        ("people", "person"),
        ("caches", "cache"),
        ("skus", "sku"),
        ("Companies", "Company"),
    ],
)
def test_number_is_told(many: str, one: str) -> None:
    """Plural and singular go both ways, case kept; each is left as it is when asked for itself."""
    assert (singular(many), plural(one), singular(one), plural(many)) == (one, many, one, many)


def test_german_is_left_alone() -> None:
    """German nouns that look like English plurals are kept."""
    for name in ("Haus", "Kurs", "Ergebnis", "Rechnung", "Benutzer"):
        assert (singular(name), plural(name)) == (name, name)


def test_names_are_compared_by_words() -> None:
    """Case, separators and number make no other name."""
    assert same_name("billable_metrics", "BillableMetric")
    assert same_name("Credit Note", "credit-notes")
    assert not same_name("user", "user_role")


def test_a_noun_is_spoken_with_the_article_that_it_sounds_with() -> None:
    """By sound, not by letter; what is no English keeps "a"."""
    said = [with_article(noun) for noun in ("item", "user", "hour", "order line", "SMS", "öffner")]
    assert said == ["an item", "a user", "an hour", "an order line", "an SMS", "a öffner"]
