"""Words that name people."""

from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import NotAllowed
from bot.domain.phrase import Mention, filled, joined, people, phrase


def test_an_error_keeps_whom_it_names_as_values() -> None:
    """Whoever shows an error decides how a person is drawn; a log shows the id, and a pickled error loses nobody."""
    error = NotAllowed(what="stop this run", who=people(["U0AVA", "U0BEN"]))
    assert error.message == "You may not stop this run. @U0AVA, @U0BEN may."
    assert error.phrase.drawn(str.upper, "<{}>".format) == "YOU MAY NOT STOP THIS RUN. <U0AVA>, <U0BEN> MAY."
    assert pickle.loads(pickle.dumps(error)).phrase == error.phrase


@given(st.text(), st.text())
def test_what_is_put_in_is_never_read_as_a_person_or_a_field(first: str, second: str) -> None:
    """A text in a field stays a text, whatever it looks like."""
    said = filled("{a} and {b}", {"a": first, "b": phrase(second, Mention("U1"))})
    assert [part for part in said.parts if isinstance(part, Mention)] == [Mention("U1")]
    assert str(said) == f"{first} and {second}@U1"


def test_numbers_keep_their_format_and_lists_their_order() -> None:
    """A template's format holds for what is no phrase."""
    assert (
        str(filled("{n:,} by {who}", {"n": 1200, "who": joined("; ", [people(["U1"]), people(["U2"])])}))
        == "1,200 by @U1; @U2"
    )
