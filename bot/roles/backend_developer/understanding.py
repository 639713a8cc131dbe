"""What a brief's texts say: its documents, answers, feedback and notes, in the order in which they count."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from bot.domain.design import Brief, Feedback
from bot.domain.facts import AnyFact, Standing
from bot.reading.merge import Understanding, merge
from bot.reading.prose.clause import TopicKind
from bot.reading.read import ReadingResult, SourceText, read

TOPICS: Final[Mapping[str, TopicKind]] = {
    "opening_1": "stack",
    "opening_2": "flow",
    "opening_3": "integrations",
    "api_design": "api",
    "database_schema": "data",
    "integration_needs": "integrations",
    "performance_requirements": "performance",
    "security_controls": "security",
}
"""What each question of the definition asks about."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood, and all facts that were read, those that others overruled among them."""

    understanding: Understanding
    facts: tuple[AnyFact, ...]


def sources_of(brief: Brief, notes: Iterable[Feedback] = ()) -> tuple[SourceText, ...]:
    """Return the texts of a brief: documents first, then title and description, answers, feedback and notes."""
    found = [
        SourceText(source=f"input:{one.path}", text=json.dumps(one.body, ensure_ascii=False, indent=1), suffix=".json")
        for one in brief.sources
    ]
    found += [SourceText(source="title", text=brief.title), SourceText(source="description", text=brief.description)]
    said = [reply for reply in brief.replies if reply.text.strip()]
    found += [
        SourceText(source=f"answer:{reply.key}", text=reply.text, topic=reply.key, at=place)
        for place, reply in enumerate(said, 1)
    ]
    heard = {item.id: item for item in (*brief.feedback, *notes)}
    found += [
        SourceText(
            source=f"{'note' if item.origin == 'note' else 'feedback'}:{item.id}", text=item.text, at=len(said) + place
        )
        for place, item in enumerate(heard.values(), 1)
    ]
    return tuple(one for one in found if one.text.strip())


def understood(result: ReadingResult) -> Understood:
    """Merge a reading. A title is a name and asks for nothing, whatever words it is made of."""
    named = tuple(
        replace(said, standing=Standing.NOTHING_SAID)
        if said.source == "title" and said.standing is Standing.NOT_UNDERSTOOD
        else said
        for said in result.statements
    )
    return Understood(understanding=merge(replace(result, statements=named)), facts=result.facts)


@lru_cache(maxsize=8)
def read_here(sources: tuple[SourceText, ...]) -> Understood:
    """Read texts in this process: for a run's own thread, never on the loop."""
    return understood(read(sources, topics=TOPICS))
