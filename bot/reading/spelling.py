"""Mends slips of the pen in the words of the grammar: "belogns to", "requierd", "bolean"; never in names.

Only a word that no dictionary has is mended, and only into the one word of a given vocabulary that is a single slip
away: two letters swapped, one left out, one too many or one wrong; in a long word two of these.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

import simplemma

from bot.reading.names import vocabulary
from bot.reading.words import LABEL_OF, LABELS

_SHORTEST, _LONG, _LONGEST = 4, 8, 24
_WORD = re.compile(r"(?<![\w/.@$'’-])[^\W\d_]{3,24}(?![\w(/@'’])")

_CELLS = re.compile(r"(?<=[,;])(?![^()]*\))")
_NAMES = re.compile(r"\W*\w*")

GRAMMAR = vocabulary(
    "each every has have many several belongs belong contains consists includes must should optional optionally only "
    "with which where when store stores keep keeps record track required mandatory unique between cannot following "
    "view read create edit update delete remove can't should needs need least more jede jeder jedes jeden einen eine "
    "fields attributes columns gehört gehören enthält besteht mehrere viele optional eindeutig speichern "
    "erfassen muss darf können dürfen"
)
"""Words that bind a sentence about things, attributes and rights."""
TYPES = vocabulary(
    "string integer decimal boolean timestamp datetime date text number float money email optional required unique "
    "nullable mandatory default varchar numeric bigint uuid whole read-only zeichenkette ganzzahl dezimalzahl datum "
    "zeitpunkt kommazahl pflichtfeld pflicht eindeutig freiwillig betrag wahrheitswert"
)
"""Words that say of what kind a field is: no names where they stand behind one."""
_PLAIN_TYPES = TYPES - vocabulary("date text number money email whole datum betrag default pflicht")
"""Those of them that no name has for its last word."""
_LABEL_WORDS = frozenset(
    word for kind in ("entities", "roles", "endpoints", "fields", "relations", "states") for word in LABELS[kind]
    if " " not in word and len(word) >= _SHORTEST
)  # fmt: skip


def mended_sentence(text: str) -> str:
    """Return a text with slips in the words of the grammar mended.

    >>> mended_sentence("A boat hsa a nmae and a optinal nickname.")
    'A boat has a nmae and a optional nickname.'
    """
    return _WORD.sub(lambda found: _as_written(found[0], _slips(GRAMMAR)), text)


def mended_types(text: str) -> str:
    """Return what stands in brackets or behind a colon of a field with slips in the words for types mended."""
    return _WORD.sub(lambda found: _as_written(found[0], _slips(TYPES)), text)


def mended_fields(text: str) -> str:
    """Return a list of fields with slips in the words for types mended, and the names left as they are.

    >>> mended_fields("modle strign, weigth (decmal), lit: boolen")
    'modle string, weigth (decimal), lit: boolean'
    """
    found: list[str] = []
    for cell in _CELLS.split(text):
        begins = _NAMES.match(cell)
        name = begins[0] if begins else ""
        rest = cell[len(name) :]
        told = re.search(r"[(:]", rest)
        plain, noted = (rest[: told.start()], rest[told.start() :]) if told else (rest, "")
        found.append(name + _WORD.sub(lambda m: _as_written(m[0], _slips(_PLAIN_TYPES)), plain) + mended_types(noted))
    return "".join(found)


def label_of(text: str) -> str:
    """Return the kind of a label in lower case, slips of one mended (``entites``); "" where it is none."""
    if kind := LABEL_OF.get(text):
        return kind
    return LABEL_OF.get(_slips(_LABEL_WORDS).mended(text), "") if text.isalpha() else ""


@lru_cache(maxsize=4)
def _slips(known: frozenset[str]) -> Slips:
    """Return a vocabulary by its slips, made when it is first asked for: reading is imported at the start."""
    return Slips(known)


def _as_written(word: str, slips: Slips) -> str:
    if word[:1].isupper() and not word[1:].islower():
        return word
    found = slips.mended(word.lower())
    if not found:
        return word
    return found[0].upper() + found[1:] if word[0].isupper() else found


class Slips:
    """A vocabulary, by what is left of each word with a letter or two left out."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._near: dict[str, set[str]] = defaultdict(set)
        for word in self._known:
            for left in {word, *_without_one(word)}:
                self._near[left].add(word)

    def mended(self, word: str) -> str:
        """Return the one word that a lower-case word is a slip of; "" if it is none, or a word itself."""
        if not 3 <= len(word) <= _LONGEST or word in self._known:
            return ""
        near = {w for left in (word, *_without_one(word)) for w in self._near.get(left, ())}
        likely = [w for w in near if is_slip(word, w)]
        if len(likely) != 1 and len(word) >= _LONG:
            likely = likely or [w for w in self._known if len(w) >= _LONG and _is_two_slips(word, w)]
        if len(likely) != 1 or _is_word(word):
            return ""
        return likely[0]


@lru_cache(maxsize=20_000)
def _is_word(word: str) -> bool:
    """Whether a dictionary has a word, or it is the many of one that it has."""
    return any(
        simplemma.is_known(form, lang=language)
        for language in ("en", "de")
        for form in (word, word.capitalize(), word.removesuffix("s"), word.removesuffix("s").capitalize())
    )


def is_slip(word: str, meant: str) -> bool:
    """Whether a word is another with two letters swapped, one left out, one too many, or one wrong inside it.

    >>> is_slip("hsa", "has"), is_slip("uniqe", "unique"), is_slip("bill", "bell"), is_slip("maya", "may")
    (True, True, False, False)
    """
    if sorted(word) == sorted(meant):
        return _swapped(word, meant)
    if min(len(word), len(meant)) < _SHORTEST or word[0] != meant[0]:
        return False
    if len(word) + 1 == len(meant):
        return word in _without_one(meant)
    if len(word) == len(meant) + 1:
        return len(meant) > _SHORTEST and meant in _without_one(word)
    wrong = sum(a != b for a, b in zip(word, meant, strict=True)) if len(word) == len(meant) else 9
    return wrong == 1 and len(word) > _SHORTEST + 1


def _is_two_slips(word: str, meant: str) -> bool:
    if word[0] != meant[0] or abs(len(word) - len(meant)) > 2:
        return False
    return any(is_slip(one, meant) for one in _without_one(word)) or any(
        is_slip(word, one) for one in _without_one(meant)
    )


def _swapped(word: str, meant: str) -> bool:
    """Whether two words of the same letters differ in one pair, next to each other or with one letter between."""
    unlike = [n for n, (a, b) in enumerate(zip(word, meant, strict=True)) if a != b]
    if not unlike:
        return False
    return unlike[-1] - unlike[0] <= 2 and (len(word) > 3 or unlike[-1] - unlike[0] == 1)


def _without_one(word: str) -> Iterator[str]:
    return (word[:n] + word[n + 1 :] for n in range(len(word)))
