"""What plain text is read as."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import (
    Standing,
)
from bot.reading.amended import amended
from bot.reading.prose.clause import TopicKind
from bot.reading.read import SourceText, read
from tests.reading.sentences import ROWS
from tests.reading.shorthand import told, wanted

TOPICS: dict[str, TopicKind] = {
    "stack": "stack",
    "flow": "flow",
    "integrations": "integrations",
    "api": "api",
    "data": "data",
    "performance": "performance",
    "security": "security",
}


@pytest.mark.parametrize(("topic", "text", "want", "never"), ROWS, ids=[text[:50] for _, text, _, _ in ROWS])
def test_a_sentence_says_what_its_speaker_meant(topic: str, text: str, want: str, never: str) -> None:
    """Each sentence gives the facts that its row names, and none of those that it must not give."""
    result = amended(read([SourceText(source="answer:x", text=text, topic=topic)], topics=TOPICS, readers=()))
    said = told(result.facts)
    if want == "*":
        assert not result.facts
    else:
        assert wanted(want) <= said
    assert not wanted(never) & said


def covers(text: str, spans: list[tuple[int, int]]) -> bool:
    held = [False] * len(text)
    for start, end in spans:
        held[start:end] = [True] * (end - start)
    return all(h or not c.isalnum() for h, c in zip(held, text, strict=True))


LINES = st.lists(
    st.one_of(
        st.sampled_from([text for _, text, _, _ in ROWS]),
        st.text(max_size=60),
        st.sampled_from(
            ["```", "# Head", "- a", "  - b", "| a | b |\n|--|--|\n| c | d |", "<!-- x", "> q", "", "~~gone~~"]
        ),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(LINES)
def test_nothing_that_was_said_is_lost(lines: list[str]) -> None:
    """Every letter of a text stands in a statement, each statement is exactly what stands at its span, in order."""
    text = "\n".join(lines)
    result = read([SourceText(source="answer:x", text=text, topic="data")], topics=TOPICS, readers=())
    assert covers(text, [(s.start, s.end) for s in result.statements])
    assert all(text[s.start : s.end] == s.text for s in result.statements)
    assert [s.start for s in result.statements] == sorted(s.start for s in result.statements)
    known = {s.id for s in result.statements}
    assert {f.statement for f in result.facts} <= known


def test_what_is_not_read_is_kept_as_not_understood() -> None:
    """A sentence in a language that is not read stands in the result and says nothing."""
    result = read(
        [SourceText(source="answer:x", text="Мы храним пациентов и визиты", topic="data")], topics=TOPICS, readers=()
    )
    assert [s.standing for s in result.statements] == [Standing.NOT_UNDERSTOOD]
