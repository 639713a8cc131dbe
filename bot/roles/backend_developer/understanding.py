"""What a brief's texts say: its documents, answers, feedback and notes, in the order in which they count."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from bot.domain.design import Brief, Feedback, ModelReading, Source
from bot.domain.facts import AnyFact, Standing, Statement
from bot.domain.inputs import TEXT
from bot.reading.amended import amended
from bot.reading.inputs.kinds import kind_of
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

_NOTES = ("note", "correction")


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood, and all facts that were read, those that others overruled among them."""

    understanding: Understanding
    facts: tuple[AnyFact, ...]


def sources_of(brief: Brief, notes: Iterable[Feedback] = ()) -> tuple[SourceText, ...]:
    """Return the texts of a brief: documents first, then title and description, answers, feedback and notes."""
    found = [
        SourceText(source=f"input:{one.path}", text=_text(one), suffix=_suffix(one))
        for one in brief.sources
        if not _says_only(one, brief)
    ]
    found += [SourceText(source="title", text=brief.title), SourceText(source="description", text=brief.description)]
    said = [reply for reply in brief.replies if reply.text.strip()]
    found += [
        SourceText(source=f"answer:{reply.key}", text=reply.text, topic=reply.key, at=place)
        for place, reply in enumerate(said, 1)
    ]
    heard = {item.id: item for item in (*brief.feedback, *notes)}
    found += [
        SourceText(source=source_of(item), text=item.text, at=len(said) + place)
        for place, item in enumerate(heard.values(), 1)
    ]
    return tuple(one for one in found if one.text.strip())


def _says_only(document: Source, brief: Brief) -> bool:
    """Whether a document is the idea that somebody typed: its words are the title and the description themselves."""
    title, description = (" ".join(text.split()) for text in (brief.title, brief.description))
    said = {str(key): " ".join(str(value).split()) for key, value in document.body.items()}
    return said in ({"title": title}, {"title": title, "description": description})


def _suffix(document: Source) -> str:
    kind = kind_of(document.path)
    return kind if kind != ".json" and set(document.body) == {TEXT} else ".json"


def _text(document: Source) -> str:
    """Return a document as its reader reads it: JSON written out again, every other kind as it was given."""
    if _suffix(document) == ".json":
        return json.dumps(document.body, ensure_ascii=False, indent=1)
    return str(document.body[TEXT])


def source_of(item: Feedback) -> str:
    """Return the source of what somebody said beside the answers."""
    return f"{'note' if item.origin in _NOTES else 'feedback'}:{item.id}"


def replaced(brief: Brief) -> tuple[tuple[str, str], ...]:
    """Return the statements that a correction says otherwise, each with the source that does."""
    return tuple((item.about, source_of(item)) for item in brief.feedback if item.about)


def understood(
    result: ReadingResult, instead: Iterable[tuple[str, str]] = (), readings: Iterable[ModelReading] = ()
) -> Understood:
    """Merge a reading; see `replaced`. `readings` are what a model read where the rules could not.

    A title is a name and asks for nothing, whatever words it is made of. What was said otherwise does not count.
    """
    result = _with_model(result, readings)
    result = amended(result)
    first: dict[str, str] = {}
    for said in result.statements:
        first.setdefault(said.source, said.id)
    gone = _everywhere(result, {about: first[source] for about, source in instead if source in first})
    statements = tuple(_standing(said, gone) for said in result.statements)
    facts = tuple(fact for fact in result.facts if fact.statement not in gone) if gone else result.facts
    return Understood(understanding=merge(replace(result, statements=statements, facts=facts)), facts=facts)


def _with_model(result: ReadingResult, readings: Iterable[ModelReading]) -> ReadingResult:
    """Add what a model read, but only of statements that are still not understood without it."""
    unread = {said.id for said in result.statements if said.standing is Standing.NOT_UNDERSTOOD}
    facts = tuple(fact for one in readings if one.statement in unread for fact in one.facts)
    read = {fact.statement for fact in facts}
    if not read:
        return result
    statements = tuple(
        replace(said, standing=Standing.UNDERSTOOD) if said.id in read else said for said in result.statements
    )
    return replace(result, statements=statements, facts=(*result.facts, *facts))


def same_words(said: Statement) -> str:
    """Return what two statements have in common that say the same in the same words."""
    return " ".join(said.text.casefold().split())


def _everywhere(result: ReadingResult, gone: Mapping[str, str]) -> Mapping[str, str]:
    """Return what does not count, with all that say the same in the same words: people are asked about it once."""
    if not gone:
        return gone
    words = {same_words(said): gone[said.id] for said in result.statements if said.id in gone}
    later = set(gone.values())
    return {s.id: words[same_words(s)] for s in result.statements if same_words(s) in words and s.id not in later}


def _standing(said: Statement, gone: Mapping[str, str]) -> Statement:
    if said.id in gone:
        return replace(said, standing=Standing.WITHDRAWN, withdrawn_by=gone[said.id])
    if said.source == "title" and said.standing is Standing.NOT_UNDERSTOOD:
        return replace(said, standing=Standing.NOTHING_SAID)
    return said


@lru_cache(maxsize=8)
def read_here(
    sources: tuple[SourceText, ...],
    instead: tuple[tuple[str, str], ...] = (),
    readings: tuple[ModelReading, ...] = (),
) -> Understood:
    """Read texts in this process: for a run's own thread, never on the loop."""
    return understood(read(sources, topics=TOPICS), instead, readings)
