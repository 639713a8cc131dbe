"""Where what a design demands may come from: the facts and statements of the people, looked up by names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from typing import Final

from bot.domain.facts import FieldFact, RuleFact, Stance, Standing
from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Entity
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import spoken

_WORD: Final = re.compile(r"\w+")
_TELLING: Final = 4
"""Letters of a word that tells what is meant; shorter ones stand in every sentence."""

_MOST: Final = 0.6
"""The share of a sentence's telling words that a statement has to have to have said it."""


class Sources:
    """What people said, by the thing and field that it is about."""

    def __init__(self, bench: CheckContext) -> None:
        said = bench.said
        self._fields: dict[tuple[str, str], list[FieldFact]] = defaultdict(list)
        self._rules: dict[str, list[RuleFact]] = defaultdict(list)
        for fact in said.facts:
            if fact.stance is Stance.DENIED:
                continue
            if isinstance(fact, FieldFact):
                self._fields[spoken(fact.entity), spoken(fact.name)].append(fact)
            elif isinstance(fact, RuleFact):
                self._rules[spoken(fact.entity)].append(fact)
        self._texts = [
            frozenset(spoken(word) for word in _WORD.findall(s.text))
            for s in said.statements
            if s.standing is not Standing.WITHDRAWN
        ]

    def fields(self, entity: Entity, field: str) -> list[FieldFact]:
        """Return what was said of a field of an entity; none if nobody spoke of it."""
        keys = {spoken(name) for name in (entity.name, entity.plural)}
        names = {spoken(field), spoken(field.removesuffix("_id"))}
        return [fact for key in keys for name in names for fact in self._fields.get((key, name), ())]

    def rules(self, entity: Entity, kinds: Collection[str]) -> list[RuleFact]:
        """Return the rules of these kinds that were said of an entity."""
        keys = {spoken(name) for name in (entity.name, entity.plural)}
        return [fact for key in keys for fact in self._rules.get(key, ()) if fact.kind in kinds]

    def tells(self, *told: str) -> bool:
        """Whether one statement has all of these words and numbers."""
        wanted = {spoken(word) for one in told for word in _WORD.findall(one)}
        return any(wanted <= text for text in self._texts)

    def said(self, sentence: str) -> bool:
        """Whether one statement says what a sentence says: it has most of its telling words and all its numbers."""
        found = {word for one in _WORD.findall(sentence) for word in words(one)}
        telling = {spoken(word) for word in found if len(word) >= _TELLING and not word.isdigit()}
        numbers = {spoken(word) for word in found if word.isdigit()}
        return any(numbers <= text and len(telling & text) >= _MOST * len(telling) for text in self._texts)
