"""What people say in passing is read as they mean it."""

from __future__ import annotations

import pytest

from bot.domain.facts import Standing
from bot.reading.amended import amended
from bot.reading.prose.clause import TopicKind
from bot.reading.read import SourceText, read
from tests.reading.further_words import ROWS as FURTHER
from tests.reading.plain_words import ROWS as PLAIN
from tests.reading.shorthand import told, wanted
from tests.reading.spoken_words import ROWS

TOPICS: dict[str, TopicKind] = {"api": "api", "data": "data", "integrations": "integrations", "security": "security"}
ALL = [*ROWS, *PLAIN, *FURTHER]


@pytest.mark.parametrize(("topic", "text", "want", "never"), ALL, ids=[text[:50] for _, text, _, _ in ALL])
def test_what_is_said_in_passing_is_read(topic: str, text: str, want: str, never: str) -> None:
    """Each row gives the facts that it names, and none of those that it must not give."""
    result = amended(read([SourceText(source="answer:x", text=text, topic=topic)], topics=TOPICS))
    said = told(result.facts)
    if want == "*":
        assert not result.facts
    else:
        assert wanted(want) <= said
        assert not wanted(never) & said


@pytest.mark.parametrize(
    "text",
    [
        "please work in what the reviewers asked for",
        "work in the reviewers' remarks please",
        "please do what the reviewers want",
    ],
)
def test_feedback_that_only_points_at_others_asks_for_nothing(text: str) -> None:
    """It says nothing of its own, so that nobody is asked what it means."""
    result = read([SourceText(source="feedback:x", text=text)])
    assert [s.standing for s in result.statements] == [Standing.NOTHING_SAID]
