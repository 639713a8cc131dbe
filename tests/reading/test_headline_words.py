"""Headlines, roles in one breath, what stands around the backend, and "none" are read as teams mean them."""

from __future__ import annotations

import pytest

from bot.domain.facts import AnyFact, Standing
from bot.reading.read import SourceText, read
from bot.roles.backend_developer.understanding import TOPICS, understood
from tests.reading.headline_words import ROWS, Row
from tests.reading.shorthand import told, wanted

_STANDINGS = {"*nothing": Standing.NOTHING_SAID, "*unread": Standing.NOT_UNDERSTOOD}


def heard(row: Row) -> tuple[set[Standing], list[AnyFact]]:
    """Return how the text of a row stands, and what it says, with the things known that were said of the data."""
    _, key, known, text, _, _ = row
    sources = [
        SourceText(source="answer:x", text=known, topic="database_schema", at=1),
        SourceText(source="answer:y", text=text, topic=key, at=2),
    ]
    known_now = understood(read(sources, topics=TOPICS)).understanding
    own = {one.id: one for one in known_now.statements if one.source == "answer:y"}
    return {one.standing for one in own.values()}, [fact for fact in known_now.facts if fact.statement in own]


def holds(row: Row) -> bool:
    """Whether a row is read as it says, and nothing that it must not be."""
    standings, facts = heard(row)
    want, never = row[4], row[5]
    if wanted(never) & told(facts):
        return False
    if want in _STANDINGS:
        return standings == {_STANDINGS[want]} and not facts
    return wanted(want) <= told(facts) and Standing.NOT_UNDERSTOOD not in standings


@pytest.mark.parametrize("row", ROWS, ids=[text[:50] for _, _, _, text, _, _ in ROWS])
def test_what_teams_say_shortly_is_read_as_they_mean_it(row: Row) -> None:
    """Each row gives the facts that it names and none that it must not; what asks for something else still counts."""
    assert holds(row), heard(row)
