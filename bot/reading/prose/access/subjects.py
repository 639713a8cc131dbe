"""Whom a clause about permissions speaks of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.reading.names import name_key, singular, vocabulary
from bot.reading.people import looks_like_people
from bot.reading.prose.access.verbs import (
    GENERAL,
    MODALS,
    ONLY,
    OUTSIDERS,
    OWNERS,
    VERB_OF,
    participle,
)
from bot.reading.prose.clause import Clause, Noun, thing_name
from bot.reading.prose.things import plausible
from bot.reading.tokens import Token
from bot.reading.words import DETERMINERS, FUNCTION, NEGATIONS, NUMERALS

_NOBODY = frozenset({"nobody", "none", "niemand", "keiner"})
_BUT = frozenset({"but", "except", "besides", "außer", "ausser", "save"})
_BUT_TWO = frozenset(
    {("other", "than"), ("apart", "from"), ("aside", "from"), ("except", "for"), ("save", "for"), ("bis", "auf")}
)
_BOTH = frozenset({"both", "beide"})
_OPENERS = vocabulary("as well and also so but then however here und aber auch dann because since")
_JOINS = frozenset({"and", "or", ",", "und", "oder", "sowie", "&", "/"})
_LONGEST = 4


@dataclass(frozen=True, slots=True)
class Subject:
    """The roles that a clause begins with, and where its predicate does.

    `only` says that nobody else may, `denied` that even these may not ("nobody"), `owner` that it is whoever made the
    row, `known` that the text has named one of the roles before.
    """

    names: tuple[str, ...]
    end: int
    only: bool = False
    denied: bool = False
    owner: bool = False
    known: bool = False
    known_names: tuple[str, ...] = ()


def subject_of(clause: Clause, known: Collection[str], *, bare: bool = False) -> Subject | None:
    """Return whom a clause begins with, None if nobody; `bare` where nothing but them is expected."""
    return _object_first(clause, known) or _SubjectReader(clause, known, bare=bare).read()


class _SubjectReader:
    def __init__(self, clause: Clause, known: Collection[str], *, bare: bool) -> None:
        self.clause, self.words, self.known, self.bare = clause, clause.words, known, bare
        self.n = _behind_colon(clause)
        self.only = self.was_known = self.owner = False
        self.names: list[str] = []

    def _low(self, ahead: int = 0) -> str:
        return self.words[self.n + ahead].low if self.n + ahead < len(self.words) else ""

    def read(self) -> Subject | None:
        while self._low() in _OPENERS | {",", '"', "'"}:
            self.n += 1
        if self._nobody():
            return Subject((), self.n, denied=True) if self._low() in MODALS or not self.bare else None
        if self._low() in ONLY:
            self.n, self.only = self.n + 1, True
        if self._low() in {"role", "roles", "rolle", "rollen"} and self._low(1) not in {":", ",", ""}:
            self.n += 1
        while self._one() and self._goes_on():
            pass
        if not self.names or not self._are_people():
            return None
        return Subject(tuple(self.names), self.n, self.only, False, self.owner, self.was_known, tuple(self.known))

    def _nobody(self) -> bool:
        """Take "nobody"; return whether it stands alone. "Nobody but clerks" is "only clerks"."""
        if self._low() not in _NOBODY and not (self._low() == "no" and self._low(1) == "one"):
            return False
        self.n += 2 if self._low() == "no" else 1
        other = (self._low(), self._low(1)) in _BUT_TWO
        if self._low() in _BUT or other:
            self.n, self.only = self.n + (2 if other else 1), True
            return False
        return True

    def _one(self) -> bool:
        """Take one role with its article; return whether there was one."""
        start = self.n
        if self._low() in _BOTH and len(self.known) > 1 and self._low(1) not in self._first_words():
            self.names += list(self.known)[-2:]
            self.was_known, self.n = True, self.n + 1
            return True
        while self._low() in DETERMINERS - {"own"} | {'"', "'"}:
            self.n += 1
        if (taken := _known_at(self.clause, self.n, self.known)) is not None:
            self.was_known = True
        elif self._low() in GENERAL | OWNERS and not self._longer():
            self.owner = self.owner or self._low() in OWNERS
            taken = (self._low() if self._low() in OUTSIDERS else "", self.n + 1)
            if self._low(1) in {"else", "other", "andere", "anderen"}:
                taken = (taken[0], self.n + 2)
        else:
            taken = _unknown_at(self.clause, self.n, bare=self.bare)
        if taken is None:
            self.n = start
            return False
        self.names.append(taken[0])
        self.n = taken[1]
        if self._low() in {"alone", "allein"}:
            self.n, self.only = self.n + 1, True
        return True

    def _first_words(self) -> set[str]:
        """What a noun behind "both" begins with where it says which two: "both clerks", "both of them" says it not."""
        after = self.words[self.n + 1] if self.n + 1 < len(self.words) else None
        named = after is not None and after.kind == "word" and after.low not in FUNCTION | MODALS | NEGATIONS
        return {after.low} if after is not None and named and after.lemma not in VERB_OF else set()

    def _longer(self) -> bool:
        """Whether a word for everybody begins a longer name: "visitor centre"."""
        low = self._low(1)
        if not low or self.words[self.n + 1].kind != "word" or low in FUNCTION | MODALS | ONLY | NEGATIONS:
            return False
        longer = _unknown_at(self.clause, self.n, bare=self.bare)
        return longer is not None and longer[1] > self.n + 1 and looks_like_people(longer[0])

    def _goes_on(self) -> bool:
        """Take a join behind which another role stands; return whether there is one."""
        if self._low() not in _JOINS or not _more(self.clause, self.n + 1, self.known):
            return False
        while self._low() in _JOINS:
            self.n += 1
        return True

    def _are_people(self) -> bool:
        if (
            self.was_known
            or self.bare
            or self.owner
            or self.only
            or any(not n or looks_like_people(n) for n in self.names)
        ):
            return True
        everything = self._low() in {"do", "does"} and self._low(1) in {"everything", "all"}
        return everything or any(w.low in MODALS | ONLY for w in self.words[: self.n + 2])


def _behind_colon(clause: Clause) -> int:
    """Return where the clause proper begins: behind a colon that stands before its modal verb."""
    modal = next((n for n, w in enumerate(clause.words) if w.low in MODALS), 0)
    return max((n + 1 for n in range(modal) if clause.words[n].text == ":"), default=0)


def _known_at(clause: Clause, n: int, known: Collection[str]) -> tuple[str, int] | None:
    """Return the known role that begins at a token, as it was named, and where it ends."""
    words = clause.words
    keys = {name_key(name): name for name in known}
    if not keys:
        return None
    for size in range(min(_LONGEST, len(words) - n), 0, -1):
        part = words[n : n + size]
        if any(w.kind != "word" for w in part):
            continue
        said = " ".join(w.text for w in part)
        for form in (said, thing_name(said, clause.language), *_german_stems(said, clause.language)):
            if (role := keys.get(name_key(form))) is not None:
                return role, n + size
    return None


def _german_stems(said: str, language: str) -> list[str]:
    """Return what a German plural may be the plural of: ``Disponenten`` of ``Disponent``."""
    endings = ("innen", "en", "n", "e", "s") if language == "de" else ()
    return [said.removesuffix(ending) for ending in endings if said.endswith(ending) and len(said) > len(ending) + 3]


def _unknown_at(clause: Clause, n: int, *, bare: bool) -> tuple[str, int] | None:
    """Return the noun that begins at a token and ends before a verb, in the singular, and where it ends.

    Of "project leads do" the longer one is the noun: a verb that is known goes before one that only looks like one.
    """
    words = clause.words
    best: tuple[int, str, int] | None = None
    for size in range(1, min(_LONGEST, len(words) - n) + 1):
        last = words[n + size - 1]
        if last.kind != "word" or last.low in FUNCTION | NEGATIONS | MODALS | DETERMINERS:
            break
        if (clause.language == "de" and last.text.islower()) or (
            best and last.lemma in VERB_OF and last.text.islower()
        ):
            break
        name = thing_name(" ".join(w.text for w in words[n : n + size]), clause.language)
        sure = _ends_subject(clause, n, n + size, name, bare=bare)
        if sure and _may_be_a_role(name) and (best is None or sure > best[0]):
            best = (sure, name, n + size)
    return best[1:] if best else None


def _may_be_a_role(name: str) -> bool:
    noun = Noun(name, name, False, False, False, 0, 0)
    if name.lower() in NUMERALS:
        return False
    return (plausible(noun) or looks_like_people(name)) and name.lower() not in {
        "we",
        "it",
        "you",
        "i",
        "team",
        "wer",
        "who",
        "whoever",
        "one",
    }


def _ends_subject(clause: Clause, start: int, n: int, name: str, *, bare: bool) -> int:  # noqa: PLR0911 - one exit per sign
    """Return how surely a verb, a modal or a join stands at a token, so that the noun before it is a subject; 0: no."""
    words = clause.words
    if n >= len(words):
        return 3 if bare else 0
    word = words[n]
    if word.low in MODALS | NEGATIONS | ONLY | {"do", "does"} or (bare and word.text in {".", "!", ";"}):
        return 3
    if bare and word.low in {"who", "that", "which"}:
        return 3
    if word.low in _JOINS:
        return 2 if n - start <= 3 else 0
    if word.kind != "word" or word.low in FUNCTION or word.lemma in {"have", "be"}:
        return 0
    people = looks_like_people(name)
    if clause.language == "de":
        return 1 if word.text[0].islower() else 0
    many = singular(words[n - 1].low) != words[n - 1].low
    third = word.low.endswith("s") and word.low != word.lemma
    if not ((many and not word.low.endswith("s")) or (not many and third)):
        return 0
    listed = word.lemma in VERB_OF or participle(word.low) in VERB_OF
    return 3 if listed and (many or people) else 2 if people else 1 if listed else 0


def _more(clause: Clause, n: int, known: Collection[str]) -> bool:
    """Whether the subject goes on behind a join: another role stands there, and a predicate behind it."""
    words = clause.words
    while n < len(words) and words[n].low in DETERMINERS | _JOINS:
        n += 1
    if _known_at(clause, n, known):
        return True
    other = _unknown_at(clause, n, bare=False)
    return other is not None


def _object_first(clause: Clause, known: Collection[str]) -> Subject | None:
    """Read "Reklamationen erledigt ausschließlich das Servicecenter": the role stands behind the verb, alone."""
    words = clause.words
    for n, word in enumerate(words):
        if word.low in ONLY and 1 < n < len(words) - 1 and clause.language == "de":
            at = n + 1
            while at < len(words) and words[at].low in DETERMINERS:
                at += 1
            if taken := _known_at(clause, at, known):
                return Subject((taken[0],), 0, only=True, known=True, known_names=tuple(known))
    return None


def begins_clause(words: Sequence[Token], language: str, known: Collection[str]) -> bool:
    """Whether people with a verb of their own stand first: "…, the caretaker maintains boats"."""
    at = 0
    while at < min(2, len(words)) and words[at].low in DETERMINERS:
        at += 1
    rest = tuple(words[at : at + 8])
    if rest[:1] and rest[0].low in {"everyone", "everybody", "anyone", "nobody"} and len(rest) > 2:
        return True
    clause = Clause(rest, "", language, "security")
    taken = _known_at(clause, 0, known) or _unknown_at(clause, 0, bare=False)
    if taken is None or taken[1] >= len(rest) or rest[taken[1]].low in _JOINS:
        return False
    if not _known_at(clause, 0, known):
        return looks_like_people(taken[0])
    verb = rest[taken[1]]
    return verb.kind == "word" and (verb.low not in FUNCTION or verb.low in MODALS)
