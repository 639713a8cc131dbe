"""What a clause says that somebody does: its verbs, each with what it is done to, and whether that is denied."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.reading.names import singular, vocabulary
from bot.reading.prose.access.verbs import ASIDE, DENYING, MODALS, ONLY, VERB_OF, participle
from bot.reading.prose.clause import COMMON, Clause, Noun
from bot.reading.prose.things import plausible
from bot.reading.tokens import Token, lemma
from bot.reading.words import DETERMINERS, FUNCTION, NEGATIONS

_JOINS = vocabulary("oder und and or & noch / nor sowie + , then")
_PREPOSITIONS = vocabulary(
    "of in for from at on with within to into under about via per through between für in von an auf bei aus mit zu"
)
_RELATIVE = frozenset({"that", "which", "who", "whom", "whose", "where", "they", "he", "she", "we"})
_ADVERBS = vocabulary("also always just only freely then even auch immer nur stets additionally all both")
_WORDS_OF_ALL = vocabulary("everything anything all alles nothing nichts")
_PREFIXES = vocabulary("ab an auf aus ein frei zu zurück vor weg her hin um nach mit")
_GERMAN_ASIDE = ASIDE - {"bis", "by", "so", "also", "even", "as"}
_NO_VERBS = (FUNCTION | DETERMINERS | _WORDS_OF_ALL) - {"do", "does", "own"}
_LITTLE = _JOINS | _ADVERBS - {"all", "both"} | vocabulary("be able allowed permitted either neither is are")
_ENDS = frozenset({".", "!", ";", ":", "(", ")", "-", "–", "—"})


@dataclass
class Predicate:
    """Verbs (their dictionary forms) and what they are done to; `everything` is said instead of a thing."""

    verbs: list[str] = field(default_factory=list)
    things: list[Noun] = field(default_factory=list)
    denied: bool = False
    own: bool = False
    only: bool = False
    everything: bool = False
    pointed: bool = False
    """Whether "them" or "it" is said instead of a thing."""
    carried: bool = False
    """Whether its verbs are those before it, as long as no other comes: "may edit tours, but no walks"."""


_GRANTED_TOO = vocabulary("note result day hour week month list table part report answer question data stuff")
"""Words that name no thing of a model where somebody tells of it, but do where somebody is granted the use of one."""
_OWNED = re.compile(
    r"^(?:(?:that|which|die|welche) )?(?:belongs? to (?:him|her|them|himself|herself|themselves)\b"
    r"|(?:they|he|she) (?:themselves |himself |herself |have |has )?(?:own|created?|made?|wrote|written|submitted"
    r"|opened|uploaded"
    r"|posted|booked|recorded|filed|entered|added|sent)\b|(?:ihm|ihr|ihnen) gehör)"
)


def grantable(noun: Noun) -> bool:
    """Whether a noun may name what somebody is granted or refused the use of."""
    low = noun.name.lower()
    return plausible(noun) or low in COMMON | _GRANTED_TOO or low.split()[-1:] == ["note"]


def predicates(clause: Clause, at: int, *, denied: bool = False) -> list[Predicate]:
    """Return the predicates of a clause behind its subject; `denied` where the subject denies ("nobody may …")."""
    if clause.language == "de" and _german_order(clause, at):
        return _German(clause, at, denied).read()
    return _English(clause, at, denied).read()


def _german_order(clause: Clause, at: int) -> bool:
    return not any(w.low in {"may", "can", "must", "the", "and", "cannot"} for w in clause.words[at:])


class _English:
    def __init__(self, clause: Clause, at: int, denied: bool) -> None:
        self.clause, self.words, self.at = clause, clause.words, at
        self.here = Predicate(denied=denied)
        self.found: list[Predicate] = []
        self.denied = denied
        self.third = False
        self.modal = False

    def read(self) -> list[Predicate]:
        n, joined, aside = self.at, True, False
        while n < len(self.words):
            word = self.words[n]
            if word.low in ASIDE - {"also", "even"} and (self.here.verbs or self.found):
                break
            if word.text == "(":
                n = _behind_bracket(self.words, n)
                continue
            if word.low in _RELATIVE and self.here.things:
                self.here.own = self.here.own or self._owned(n)
                break
            if (
                self.here.things
                and word.low.endswith("ed")
                and n + 1 < len(self.words)
                and self.words[n + 1].low in {"to", "by"}
            ):
                aside, n = True, n + 2
                continue
            step = self._little(n)
            if step:
                joined = joined or word.low in _JOINS or word.low in MODALS
                aside = aside and word.low not in _JOINS
                n += step
            elif word.low in _PREPOSITIONS:
                aside = bool(self.here.things or self.here.everything)
                n += 1
            elif joined and self._is_verb(n):
                self._verb(n)
                n, joined, aside = n + 1, False, False
            else:
                n, joined = self._thing(n, aside), False
        self._close()
        return self.found

    def _owned(self, n: int) -> bool:
        """Whether a relative clause says that a thing is the subject's own: "crates that belong to him"."""
        return bool(_OWNED.match(" ".join(w.low for w in self.words[n : n + 7])))

    def _little(self, n: int) -> int:
        """Take a word that is neither verb nor thing; return how many words that was."""
        low = self.words[n].low
        if low in MODALS:
            self.modal = True
            self.denied = self.denied or low in DENYING
            return 1
        if low in NEGATIONS:
            if self.here.things or self.here.everything:
                before = self.here
                self._close()
                self.here = Predicate(verbs=list(before.verbs), denied=True, carried=True)
            self.denied = True
            self.here.denied = True
            return 1
        if low in ONLY:
            self.here.only = not self.here.things or n == len(self.words) - 1 or self.here.only
            return 1
        if low in _JOINS | _ADVERBS - {"all", "both"} | {
            "be",
            "able",
            "allowed",
            "permitted",
            "either",
            "neither",
            "is",
            "are",
        }:
            return 1
        return 1 if low in _ENDS and n == len(self.words) - 1 else 0

    def _is_verb(self, n: int) -> bool:
        word = self.words[n]
        if (
            word.kind != "word"
            or word.low in FUNCTION - {"do", "does"}
            or word.low in DETERMINERS - {"own"} | _WORDS_OF_ALL
        ):
            return False
        if not word.text.islower() and n != self.at:
            return False
        known = word.lemma in VERB_OF or participle(word.low) in VERB_OF or word.low in {"do", "does"}
        first = not self.found and not self.here.verbs
        if first:
            return known or self.modal or n == self.at
        if not self.here.things and not self.here.everything:
            return known or self._before_thing(n) or n + 1 >= len(self.words) or self.words[n + 1].low in _JOINS | _ENDS
        agrees = word.low.endswith("s") == self.third
        if not agrees or (singular(word.low) != word.low and not self.third):
            return False
        alone = self._is_last(n) and not self.third and self.here.things[-1:] and self.here.things[-1].many
        return (known and (not self._is_last(n) or self.modal)) or self._before_thing(n) or bool(alone)

    def _low(self, n: int) -> str:
        return self.words[n].low if n < len(self.words) else ""

    def _is_last(self, n: int) -> bool:
        return n + 1 >= len(self.words) or self.words[n + 1].low in _ENDS | _JOINS

    def _before_thing(self, n: int) -> bool:
        """Whether a thing begins right behind a word, so that the word is its verb."""
        if n + 1 >= len(self.words):
            return False
        after = self.words[n + 1]
        if after.low in DETERMINERS | {"them", "it", "only"}:
            return True
        return after.kind == "word" and after.low not in FUNCTION and singular(after.low) != after.low

    def _verb(self, n: int) -> None:
        word = self.words[n]
        if self.here.things or self.here.everything:
            self._close()
            self.here = Predicate(denied=self.denied)
        elif self.here.carried:
            self.here = Predicate(denied=True)
        if not self.found and not self.here.verbs:
            self.third = word.low.endswith("s") and word.low != word.lemma and not self.modal
        base = (
            word.lemma
            if word.lemma in VERB_OF
            else participle(word.low)
            if participle(word.low) in VERB_OF
            else word.lemma
        )
        self.here.verbs.append("do" if word.low in {"do", "does"} else base)
        self.here.denied = self.here.denied or self.denied

    def _thing(self, n: int, aside: bool) -> int:
        low = self.words[n].low
        if low in _WORDS_OF_ALL:
            self.here.everything = True
            if not self.here.verbs:
                self.here.verbs.append("everything")
            return n + 1
        noun = self.clause.noun(n)
        if noun is None:
            if low in {"own", "eigen"}:
                self.here.own = True
            elif low in {"them", "it", "these", "those"}:
                self.here.pointed = True
            return n + 1
        self.here.own = self.here.own or noun.own
        if not aside and grantable(noun) and self.here.verbs:
            self.here.things.append(noun)
        return noun.last + 1

    def _close(self) -> None:
        if self.here.verbs and not (self.here.carried and not self.here.things):
            self.found.append(self.here)


class _German:
    """German puts the verb behind its things where a modal stands before them, and second where none does."""

    def __init__(self, clause: Clause, at: int, denied: bool) -> None:
        self.clause, self.words, self.at, self.denied = clause, clause.words, at, denied
        self.modal = any(w.low in MODALS for w in clause.words[at : at + 2])
        self.found: list[Predicate] = []
        self.here = Predicate()
        self.things: list[Noun] = []

    def read(self) -> list[Predicate]:
        n = self.at
        while n < len(self.words):
            word = self.words[n]
            if word.low in _GERMAN_ASIDE and self.found:
                break
            if n == self.at and not self.modal and self._is_verb(n):
                self.found.append(Predicate([self._whole_verb(n)], denied=self.denied))
            elif self._little(word):
                pass
            elif (noun := self.clause.noun(n)) and self.words[noun.last].text[0].isupper():
                self._noun(n, noun)
                n = noun.last
            elif self._is_verb(n):
                self._verb(self._whole_verb(n))
            n += 1
        return self._finished()

    def _little(self, word: Token) -> bool:
        """Take a word of denial, limit, everything or possession; return whether it was one."""
        last = self.found[-1] if self.found and not self.things else None
        if word.low in NEGATIONS | {"nichts"}:
            self.denied = True
            self.here.everything = self.here.everything or word.low == "nichts"
        elif word.low in ONLY:
            self.here.only = not self.things
            if last is not None and not last.things and not self.modal:
                last.only = True
        elif word.low in {"alles", "all"}:
            self.here.everything = True
        elif word.low.startswith("eigen") and word.lemma != "eigentümer":
            if last is not None:
                last.own = True
            else:
                self.here.own = True
        elif word.low in {"sie", "es", "diese", "ihn"}:
            self.here.pointed = True
        else:
            return False
        return True

    def _noun(self, n: int, noun: Noun) -> None:
        aside = bool(n) and self.words[n - 1].low in _PREPOSITIONS
        if not self.modal and self.found:
            self.found[-1].own = self.found[-1].own or noun.own
        else:
            self.here.own = self.here.own or noun.own
        if not grantable(noun):
            return
        if not self.modal and self.found:
            if not (aside and self.found[-1].things):
                self.found[-1].things.append(noun)
        elif not (aside and self.things):
            self.things.append(noun)

    def _verb(self, base: str) -> None:
        if self.modal and self.found and not self.things and not self.here.everything:
            self.found[-1].verbs.append(base)
            return
        self.found.append(replace(self.here, verbs=[base], things=self.things, denied=self.denied))
        self.things, self.here = [], Predicate(only=self.here.only)

    def _finished(self) -> list[Predicate]:
        if not self.found and self.here.everything:
            self.found = [Predicate(["alles"], [], self.denied, everything=True)]
        for one in self.found[-1:]:
            one.everything = one.everything or self.here.everything
            one.own = one.own or self.here.own
        for one in self.found:
            one.denied = one.denied or (self.denied and not one.things)
        return self.found

    def _is_verb(self, n: int) -> bool:
        word = self.words[n]
        if word.kind != "word" or not word.text[0].islower() or word.low in FUNCTION | DETERMINERS | MODALS | _JOINS:
            return False
        if word.lemma in VERB_OF or n == self.at:
            return True
        before_noun = n + 1 < len(self.words) and self.words[n + 1].text[0].isupper()
        adjective = before_noun and word.low.endswith(("e", "en", "er", "es", "em"))
        return word.low.endswith(("en", "rn", "ln", "t")) and not (adjective and self.modal)

    def _whole_verb(self, n: int) -> str:
        """Return a verb with the prefix that stands at the end of its clause: "lehnen … ab" is ``ablehnen``."""
        word = self.words[n]
        for later in self.words[n + 1 : n + 8]:
            if later.low in {"und", "oder", ",", "."}:
                break
            if later.low in _PREFIXES and self._ends_clause(later):
                return lemma(later.low + word.lemma, "de")
        return word.lemma

    def _ends_clause(self, token: Token) -> bool:
        place = self.words.index(token)
        return place + 1 >= len(self.words) or self.words[place + 1].low in {"und", "oder", ",", ".", ";"}


def _behind_bracket(words: Sequence[Token], n: int) -> int:
    depth = 0
    for place in range(n, len(words)):
        depth += (words[place].text == "(") - (words[place].text == ")")
        if depth <= 0:
            return place + 1
    return len(words)


def inherited(found: Sequence[Predicate]) -> list[Predicate]:
    """Return predicates in which a denial without a thing of its own speaks of the thing before it."""
    made: list[Predicate] = []
    things: list[Noun] = []
    for one in found:
        whole = (
            replace(one, things=list(things))
            if one.denied and not one.things and not one.everything and things
            else one
        )
        made.append(whole)
        things = whole.things or things
    return made
