"""Names as people write them: their words, singular and plural, and whether two of them mean the same thing.

English number is inflect's, corrected where it takes a singular for a plural (gas, canvas, status). German nouns are
left alone: their plural cannot be told from their ending.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import inflect

_UPPER, _LOWER = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
_WORD = re.compile(
    rf"[{_UPPER}]{{2,}}s(?![{_LOWER}])"  # SLAs, APIs
    rf"|[{_UPPER}]+(?=[{_UPPER}][{_LOWER}])\d*"
    rf"|[{_UPPER}]?[{_LOWER}]+\d*"
    rf"|[{_UPPER}]+\d*"
    r"|[^\W\d_]+\d*"
    r"|\d+"
)
_LONGEST = 200
"""Longest name that is looked into, in characters: no name that people give is longer."""


def vocabulary(text: str) -> frozenset[str]:
    """Return the words of a text, as a set to look them up in."""
    return frozenset(text.split())


_GERMAN = re.compile(
    r"[äöüß]|(?:ung|heit|keit|schaft|nis|tät|chen|lein|aus|eis|kurs|glas|gleis|satz|zeug|blatt|recht"
    r"|nutzer|kunde|gruppe|auftrag|artikel|vertrag|arbeiter|termin|adresse|anfrage|lager|lieferant|standort|bereich"
    r"|rolle|mandant|vorgang|schritt|anlage|aufgabe|angebot|betrag|beleg|konto|posten|fall|raum"
    r"|klasse|lehrer|akte|kategorie|nachricht|datei|vorlage|firma|filiale|fahrer|fahrt|mitglied)$"
)
_IRREGULAR_PLURAL = re.compile(r"(?:[szxo]|[cs]h|v)es$|[iua]s$|ss$|(?:people|ren|men|teeth|feet|mice|lice|[aei]|ia)$")
"""Endings of plurals that inflect must look up; all others only lose their s."""
_IRREGULAR_SINGULAR = re.compile(r"(?:[sxzofi]|[cs]h|fe|man|child|person|foot|tooth|mouse|goose|um|on|ex|ix|a)$")
"""Endings of singulars that inflect must look up; all others only take an s."""
_IES = re.compile(r"[^aeiou]ies$")
_SINGULAR_IN_S = vocabulary(
    "access alias analytics arrears atlas aws bias biogas bus cannabis canvas chaos chassis cosmos diabetes dns ethos "
    "gas goods gps headquarters herpes https ios iris kubernetes lens logistics los means "
    "mathematics mechanics news os pancreas pathos physics pos premises progress robotics sales saas series "
    "sms sos species tennis texas tls christmas economics electronics ethics gis ns kudos rabies "
    "redis thermos"
)
_PLURAL_IN_US = vocabulary(
    "bureaus cpus ecus emus flus gnus gpus gurus haikus menus milieus plateaus skus submenus tableaus tofus vpus"
)
_PLURAL_IN_IS = vocabulary(
    "apis bikinis emojis guis kpis minis paparazzis pois rabbis rois skis taxis tuis uis uris wikis"
)
_IRREGULAR = {
    "indices": "index",
    "indexes": "index",
    "matrices": "matrix",
    "vertices": "vertex",
    "appendices": "appendix",
    "schemata": "schema",
    "addenda": "addendum",
    "axes": "axis",
    "bases": "base",
    "databases": "database",
    "criteria": "criterion",
    "phenomena": "phenomenon",
    "quizzes": "quiz",
    "waltzes": "waltz",
    "quartzes": "quartz",
    "blitzes": "blitz",
    "busses": "bus",
    "movies": "movie",
    "cookies": "cookie",
    "lies": "lie",
    "ties": "tie",
    "pies": "pie",
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_UNCOUNTED = vocabulary(
    "data media metadata equipment information staff feedback inventory software hardware sheep fish"
)


def words(name: str) -> tuple[str, ...]:
    """Return a name's words in lower case: ``billable_metric``, ``BillableMetric`` and ``billable-metric`` agree."""
    return tuple(match.group().lower() for match in _WORD.finditer(name[:_LONGEST]))


def same_name(one: str, other: str) -> bool:
    """Whether two names mean the same thing, whatever their case, separators and number."""
    return name_key(one) == name_key(other)


@lru_cache(maxsize=16384)
def name_key(name: str) -> str:
    """Return what names that mean the same thing have in common, to group and look up by."""
    parts = words(name)
    if not parts:
        return name.strip().lower()
    return "".join((*parts[:-1], _singular(parts[-1])))


@lru_cache(maxsize=16384)
def latin(name: str) -> str:
    """Return a name without accents where that leaves a name: other scripts stay as they are."""
    bare = unicodedata.normalize("NFKD", name.translate(_UMLAUTS))
    stripped = "".join(char for char in bare if not unicodedata.combining(char))
    return stripped if stripped.isascii() else unicodedata.normalize("NFC", name)


@lru_cache(maxsize=16384)
def german_key(name: str) -> str:
    """Return what one and many of a German thing have in common, umlauts written out or not: ``Antrag``, ``antraege``.

    It is for names of which `name_key` says nothing: two different English things may share it.
    """
    bare = name_key(name)
    for written, plain in (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ä", "a"), ("ö", "o"), ("ü", "u"), ("ß", "ss")):
        bare = bare.replace(written, plain)
    changed = bare != name_key(name)
    for ending in ("ern", "er", "en", "n", "e") if changed else ("en", "n", "e"):
        if bare.endswith(ending) and len(bare) - len(ending) > 2:
            return bare.removesuffix(ending)
    return bare


@lru_cache(maxsize=16384)
def acts_at(action: str, path: str) -> bool:
    """Whether a path ends in an action, in any form: ``deliver`` in ``/deliveries``, ``ablehnen`` in ``/ablehnung``."""
    last = path.rstrip("/").rsplit("/", 1)[-1]
    if last.startswith("{"):
        return False
    verb, end = (re.sub(r"[^a-z]", "", latin(one).lower()) for one in (action, last.rpartition(":")[2]))
    stem = re.sub(r"(?:en|e|n|y)$", "", verb) if len(verb) > 4 else verb
    if end.startswith(stem) or (len(stem) > 5 and end.startswith(stem[:-1])):
        return True
    bones, other = (re.sub(r"[aeiou]", "", one) for one in (stem, end))
    return len(bones) > 3 and other.startswith(bones)


_PARTICIPLE = re.compile(r"(ed|led|d)$")


def same_verb(participle: str, verb: str) -> bool:
    """Whether a state is what a verb makes: ``cancelled`` and ``cancel``, ``paid`` and ``pay``."""
    root = _PARTICIPLE.sub("", participle)
    irregular = {"paid": "pay", "sent": "send", "withdrawn": "withdraw"}
    return verb == irregular.get(participle, "") or (len(root) > 2 and verb.startswith(root[: max(3, len(root) - 1)]))


@lru_cache(maxsize=16384)
def singular(name: str) -> str:
    """Return a name with its last word in the singular, its case and separators kept; a singular is returned as is."""
    return _with_last_word(name, _singular)


@lru_cache(maxsize=16384)
def plural(name: str) -> str:
    """Return a name with its last word in the plural, its case and separators kept; a plural is returned as is."""
    return _with_last_word(name, _plural)


def _with_last_word(name: str, change: Callable[[str], str]) -> str:
    """Apply `change` to the last word of `name` and give it the case that it had."""
    if len(name) > _LONGEST:
        return name
    found = list(_WORD.finditer(name))
    if not found:
        return name
    last = found[-1]
    said = last.group()
    changed = change(said.lower())
    if changed == said.lower():
        return name
    capitals = said.rstrip("s") if said.endswith("s") and said[:-1].isupper() and len(said) > 2 else said
    if capitals != said or (said.isupper() and len(said) > 1):
        base = changed.upper()
        if len(said) <= 4 and changed == said.lower() + "s":
            base = said + "s"
        changed = base[:-1] + "s" if capitals != said and base.endswith("S") else base
    elif said[0].isupper():
        changed = changed[0].upper() + changed[1:]
    return name[: last.start()] + changed + name[last.end() :]


@lru_cache(maxsize=16384)
def _singular(word: str) -> str:
    """Return the singular of one lower-case word."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if _is_invariable(word):
        return word
    if word.endswith("us"):
        return word[:-1] if word in _PLURAL_IN_US else word
    if word.endswith("is"):
        return word[:-1] if word in _PLURAL_IN_IS else word
    if not _IRREGULAR_PLURAL.search(word):
        return word if not word.endswith("s") else (word[:-3] + "y" if _IES.search(word) else word[:-1])
    found = _engine().singular_noun(word)
    return str(found) if found else word


@lru_cache(maxsize=16384)
def _plural(word: str) -> str:
    """Return the plural of one lower-case word."""
    if word in _UNCOUNTED or _GERMAN.search(word) or not word.isascii() or word.isdigit() or _singular(word) != word:
        return word
    if not _IRREGULAR_SINGULAR.search(word):
        return word[:-1] + "ies" if re.search(r"[^aeiou]y$", word) else word + "s"
    if word.endswith("tz"):
        return word + "es"
    many = str(_engine().plural_noun(word) or word)
    return word if many == word + "s" and word.endswith("s") else many


def _is_invariable(word: str) -> bool:
    """Whether a word is its own singular, by its ending or because it is known to be."""
    if word in _SINGULAR_IN_S or word in _UNCOUNTED or word.endswith("ss") or len(word) < 3 or not word.isascii():
        return True
    return word.isdigit() or bool(_GERMAN.search(word))


@lru_cache(maxsize=4096)
def with_article(noun: str) -> str:
    """Return an English noun with "a" or "an" before it, as it is spoken: "an item", "a user", "an hour"."""
    return str(_engine().a(noun)) if noun.isascii() and noun.strip() else f"a {noun}"


@lru_cache(maxsize=1)
def _engine() -> inflect.engine:
    """Return inflect's engine, loaded when first needed.

    Its import takes three seconds, because typeguard instruments every function; without that it takes a tenth.
    """
    import typeguard  # noqa: PLC0415

    instrumenting = typeguard.typechecked
    typeguard.typechecked = lambda function: function  # type: ignore[assignment]
    try:
        import inflect  # noqa: PLC0415
    finally:
        typeguard.typechecked = instrumenting
    return inflect.engine()
