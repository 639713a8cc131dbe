"""A clause: its tokens, how its speaker stands to it, and the nouns in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import simplemma

from bot.domain.facts import Stance
from bot.reading.names import singular
from bot.reading.tokens import Token
from bot.reading.words import (
    ANYBODY,
    CREATE_VERBS,
    DELETE_VERBS,
    DETERMINERS,
    FUNCTION,
    NEGATIONS,
    POSTPONED,
    POSTPONED_PHRASES,
    READ_VERBS,
    UNSURE,
    UNSURE_PHRASES,
    UPDATE_VERBS,
)

TopicKind = Literal["stack", "flow", "integrations", "api", "data", "performance", "security", ""]
"""What a question asks about, whatever its key is called: decides what a bare list is a list of."""

MANY = frozenset(
    ["many", "several", "multiple", "viele", "mehrere", "beliebig", "zero", "some", "various", "einige", "m", "n"]
)
ONE = frozenset(["one", "exactly", "single", "genau", "einen", "einem", "einer"])
NOT_THINGS = frozenset(
    [
        "system",
        "app",
        "application",
        "backend",
        "service",
        "api",
        "user-interface",
        "software",
        "platform",
        "it",
        "we",
        "they",
        "you",
        "i",
        "he",
        "she",
        "one",
        "people",
        "thing",
        "things",
        "everything",
        "nothing",
        "anything",
        "something",
        "lot",
        "number",
        "kind",
        "sort",
        "way",
        "day",
        "week",
        "month",
        "year",
        "time",
        "hour",
        "minute",
        "second",
        "rest",
        "others",
        "other",
        "example",
        "case",
        "list",
        "part",
        "end",
        "start",
        "beginning",
        "database",
        "db",
        "table",
        "tables",
        "field",
        "fields",
        "data",
        "request",
        "requests",
        "response",
        "result",
        "results",
        "idea",
        "work",
        "question",
        "answer",
        "everyone",
        "nobody",
        "anybody",
        "note",
        "notes",
        "stuff",
        "etc",
        "man",
        "wir",
        "sie",
        "es",
        "system",
        "sachen",
        "dinge",
        "zeit",
        "tag",
        "woche",
        "monat",
        "jahr",
        "teil",
        "liste",
        "daten",
        "anfrage",
        "antwort",
        "beispiel",
        "fall",
        "frage",
        "ding",
        "alles",
        "nichts",
        "path",
        "paths",
        "endpoint",
        "endpoints",
        "json",
        "rest",
        "project",
        "need",
        "needs",
        "kinds",
        "first",
        "second",
        "third",
        "currently",
        "team",
        "teams",
        "mvp",
        "version",
        "phase",
        "order-of",
        "market",
        "markdown",
        "english",
        "both",
        "else",
        "out",
        "morning",
        "evening",
        "night",
        "noon",
        "weekend",
        "today",
        "tomorrow",
        "long",
        "later",
        "soon",
        "often",
        "once",
        "twice",
        "offline",
        "online",
        "gdpr",
        "dsgvo",
        "hipaa",
        "ccpa",
        "sox",
        "ferpa",
        "pci",
        "pci-dss",
        "abend",
        "nacht",
        "wochenende",
    ]
)
COMMON = frozenset(
    {"project", "team", "request", "version", "case", "list", "question", "answer", "phase", "part", "result", "market"}
)
"""Common nouns that name a thing where they are declared as one, and otherwise do not."""
DECLARABLE = COMMON | frozenset(
    {
        "lot", "day", "week", "month", "year", "service", "application", "app", "platform", "software", "system",
        "work",
        "table", "example", "path", "response", "night", "weekend", "market", "note", "number", "kind", "tag",
        "woche", "monat", "jahr", "teil", "liste", "anfrage", "antwort", "beispiel", "fall", "frage", "list", "thing",
    }
)  # fmt: skip
"""Nouns of no weight that name a thing where fields with types are listed under them: ``Lot: nr (int)``."""
_OBJECT_PRONOUNS = frozenset({"them", "it", "us", "him", "themselves", "itself"})
_JOINS = frozenset({"and", "or", ",", "then"})
FINITE_FORMS = frozenset(
    [
        "gets",
        "get",
        "got",
        "goes",
        "starts",
        "begins",
        "ends",
        "happens",
        "comes",
        "becomes",
        "sends",
        "tells",
        "gives",
        "takes",
        "makes",
        "wants",
        "needs",
        "knows",
        "keeps",
        "uses",
        "lets",
        "stays",
    ]
)
"""Forms of the commonest verbs that name nothing in a data model: a noun phrase ends before them."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun phrase: its name in the singular, as it was said, how many, and its first and last token."""

    name: str
    said: str
    many: bool
    one: bool
    own: bool
    first: int
    last: int


@dataclass(frozen=True)
class Clause:
    """A stretch of a sentence that says one thing."""

    words: tuple[Token, ...]
    text: str
    language: str
    topic: str = ""

    @cached_property
    def low(self) -> str:
        """Its text in lower case, single-spaced."""
        return " ".join(w.low for w in self.words)

    @cached_property
    def lemmas(self) -> tuple[str, ...]:
        """The dictionary forms of its tokens."""
        return tuple(w.lemma for w in self.words)

    def has(self, *lemmas: str) -> bool:
        """Whether one of these lemmas or words stands in it."""
        return any(w.lemma in lemmas or w.low in lemmas for w in self.words)

    def says(self, *phrases: str) -> bool:
        """Whether one of these phrases stands in it, at the bounds of words."""
        padded = f" {self.low} "
        return any(f" {p} " in padded for p in phrases)

    @cached_property
    def negated(self) -> bool:
        """Whether something in it is denied."""
        return any(w.low in NEGATIONS for w in self.words)

    @cached_property
    def stance(self) -> Stance:
        """How its speaker stands to it."""
        return stance(self.words)

    def nouns(self, first: int = 0, last: int | None = None) -> list[Noun]:
        """Return the noun phrases between two tokens."""
        stop = len(self.words) if last is None else last
        found: list[Noun] = []
        n = first
        while n < stop:
            noun = self.noun(n, stop)
            if noun:
                found.append(noun)
                n = noun.last + 1
            else:
                n += 1
        return found

    def noun(self, at: int, stop: int | None = None) -> Noun | None:
        """Return the noun phrase that begins at a token: determiners, then words that are neither verb nor little."""
        stop = len(self.words) if stop is None else stop
        n, many, one, own = at, False, False, False
        while n < stop and (
            self.words[n].low in DETERMINERS
            or self.words[n].low in ANYBODY & {"all", "alle"}
            or self.words[n].lemma in {"eigen"}
        ):
            many = many or self.words[n].low in MANY
            one = one or self.words[n].low in ONE
            own = (
                own
                or self.words[n].low in {"own", "eigene", "eigenen", "eigenes"}
                or self.words[n].low.startswith("eigen")
            )
            n += 1
        start = n
        while n < stop and n - start < 4 and self._part(n, n == start):
            n += 1
        if n == start or (self.language == "en" and start == at and self._finite(start, n)):
            return None
        words = self.words[start:n]
        if self.language == "de":
            capital = [w for w in words if w.text[0].isupper()]
            words = tuple(capital) or words
        said = " ".join(w.text.replace("’s", "").replace("'s", "") for w in words)
        name = thing_name(said, self.language)
        return Noun(name, said, many or (name != said and not one), one, own, at, n - 1)

    def _finite(self, start: int, stop: int) -> bool:
        """Whether a bare word is a verb by where it stands: "filter them", "…, and signs the slip"."""
        if stop - start != 1 or stop >= len(self.words):
            return False
        after = self.words[stop].low
        joined = start > 0 and self.words[start - 1].low in _JOINS
        return after in _OBJECT_PRONOUNS or (joined and after in _ARTICLES)

    def _ends_plural(self, n: int) -> bool:
        """Whether a word is the verb of the plural right before it: "Users *follow* others", "keepers *scan* it"."""
        before, after = self.words[n - 1], self.words[n + 1] if n + 1 < len(self.words) else None
        said = self.words[n].low
        return (
            after is not None
            and singular(before.low) != before.low
            and singular(said) == said
            and (
                after.low in _ARTICLES | _OBJECT_PRONOUNS
                or (after.kind == "word" and after.low not in FUNCTION and singular(after.low) != after.low)
            )
        )

    def _part(self, n: int, first: bool) -> bool:
        token = self.words[n]
        if token.kind != "word" or token.low in FUNCTION or token.lemma in RELATION_VERBS or token.low in DETERMINERS:
            return False
        if token.method or token.low in NEGATIONS or token.low in {"only", "nur", "own"}:
            return False
        if self.language == "de":
            return token.text[0].isupper() or (
                first
                and n + 1 < len(self.words)
                and self.words[n + 1].kind == "word"
                and self.words[n + 1].text[0].isupper()
                and token.lemma not in ACCESS_VERBS
            )
        if token.low in FINITE_FORMS or (not first and self.language == "en" and self._ends_plural(n)):
            return False
        return first or token.lemma not in ACCESS_VERBS or (self.language == "en" and self._heads_compound(n))

    def _heads_compound(self, n: int) -> bool:
        """Whether a word that may be a verb is the noun behind another: "price *lists*", "purchase *orders* may …"."""
        before, after = self.words[n - 1], self.words[n + 1] if n + 1 < len(self.words) else None
        ends = after is None or after.kind == "sign" or after.low in FUNCTION - {"them", "it", "us", "him", "her"}
        plain = singular(before.low) == before.low and before.kind == "word" and before.lemma not in ACCESS_VERBS
        return ends and plain and singular(self.words[n].low) != self.words[n].low


_PLAIN_VOWELS = str.maketrans("ÄÖÜäöü", "AOUaou")
_ARTICLES = frozenset(
    [
        "a",
        "an",
        "the",
        "their",
        "its",
        "his",
        "her",
        "our",
        "your",
        "my",
        "every",
        "each",
        "one",
        "this",
        "that",
        "these",
        "those",
    ]
)
RELATION_VERBS = frozenset(["have", "belong", "contain", "include", "consist", "reference", "hold", "own", "be"])
ACCESS_VERBS = READ_VERBS | CREATE_VERBS | UPDATE_VERBS | DELETE_VERBS


def thing_name(said: str, language: str) -> str:
    """Return a noun in the singular, its case kept: ``Fahrten`` gives ``Fahrt``, ``credit notes`` ``credit note``."""
    if language != "de":
        return singular(said)
    head, _, last = said.rpartition(" ")
    base = _german_noun(last)
    return f"{head} {base}".strip()


@lru_cache(maxsize=10_000)
def _german_noun(word: str) -> str:
    """Return a German noun in the singular; the word as it stands where it is not known or would become a verb."""
    if len(word) > 30 or not word.isalpha() or not word[0].isupper():
        return word
    if re.search(r"(.)\1e$", word):  # Halle, Klasse, Gruppe: feminine, and no plural
        return word
    base = simplemma.lemmatize(word, lang="de")
    same = base.translate(_PLAIN_VOWELS)[:2] == word.translate(_PLAIN_VOWELS)[:2]
    return base if base[:1].isupper() and (same or (base[1:2] != word[1:2] and base[:1] == word[:1])) else word


def stance(words: Sequence[Token]) -> Stance:
    """Return how a speaker stands to what these words say, by negation, postponement and doubt."""
    low = " ".join(w.low for w in words)
    padded = f" {low} "
    if any(f" {p}" in padded for p in POSTPONED_PHRASES) or any(w.low in POSTPONED for w in words) or _quarter(words):
        return Stance.POSTPONED
    if any(f" {p}" in padded for p in UNSURE_PHRASES) or any(w.low in UNSURE for w in words) or low.endswith("?"):
        return Stance.UNSURE
    if any(w.low in NEGATIONS for w in words):
        return Stance.DENIED
    return Stance.STATED


def _quarter(words: Sequence[Token]) -> bool:
    return any(w.low in {"q1", "q2", "q3", "q4"} for w in words)
