"""The thing that a sentence says attributes of: its name in the singular, or none where the words name no thing."""

from __future__ import annotations

import re

import simplemma

from bot.reading.names import vocabulary
from bot.reading.prose.clause import COMMON, FINITE_FORMS, NOT_THINGS, thing_name
from bot.reading.words import ANYBODY, DETERMINERS, FUNCTION, NEGATIONS

_ADVERB = re.compile(
    r"\b(?:also|always|usually|typically|obviously|of course|basically|currently|now|just|simply|each|all|both"
    r"|generally"
    r"|naturally|mostly|often|only|then|still|clearly|normally|additionally|auch|immer|außerdem|zusätzlich"
    r"|jeweils|natürlich"
    r"|stets|meist|meistens|ebenfalls)\b",
    re.I,
)
_NEVER = (NOT_THINGS - COMMON) | vocabulary(
    "this that these those which who what where us me him her whom whose others data entity following attribute "
    "attributes value values possible detail details information somebody someone there here"
)
_NEVER_FIRST = (_NEVER - {"data", "first", "second", "third"}) | ANYBODY
_KINDS = vocabulary(
    "entity entities table tables record records model object objects resource resources entität tabelle"
)
_NEW = vocabulary("new single given neue neuen neuer neues einzelne einzelnen")


def owner_name(said: str, language: str) -> str:
    """Return the name of the thing that some words say; "" where they say none.

    >>> owner_name("Every torch obviously", "en"), owner_name("each of us", "en")
    ('torch', '')
    """
    said = re.sub(
        r"['’]s? (?:record|entry|data|details|attributes|fields|properties|card|file)$", "", said.strip(" ,:")
    )
    bare = " ".join(_ADVERB.sub(" ", said.strip(" ,:*_`\"'")).split())
    words = bare.split()
    while words and (words[0].lower() in DETERMINERS or words[0].lower() in ANYBODY & {"all", "alle"}):
        words = words[1:]
    if words and words[0].lower() in _NEW:
        words = words[1:]
    if len(words) > 1 and words[-1].lower() in _KINDS:
        words = words[:-1]
    if language == "de" and any(w[0].isupper() for w in words):
        words = [w for w in words if w[0].isupper()][-1:]
    low = [w.lower() for w in words]
    if low and re.split(r"['’]", low[0])[0] in FUNCTION and low[0][-1] != "s":
        return ""  # "we'll", "they've"
    if not 0 < len(words) <= 3 or any(w in FUNCTION or w in NEGATIONS for w in low):
        return ""
    if (len(low) == 1 and low[0] in _NEVER) or low[-1] in FINITE_FORMS or low[0] in _NEVER_FIRST:
        return ""
    if not all(re.fullmatch(r"[^\W\d][\w'’-]*", w) for w in words):
        return ""
    name = thing_name(" ".join(words), language)
    if language == "de" and name.endswith("uber") and said.lower().endswith("uben"):
        return name.removesuffix("r")  # the dictionary takes doves (Tauben) for their males
    return name


def of_genitive(said: str, article: str) -> str:
    """Return a German noun behind "eines" or "des" without the genitive's ending: ``Pachtvertrags``."""
    if article.lower() not in {"eines", "des", "jedes", "unseres"} or len(said) < 5:
        return said
    lemma = simplemma.lemmatize(said, lang="de")
    if lemma != said and lemma[:1].isupper():
        return lemma
    if said.endswith("s") and not said.endswith(("ss", "us", "is")):
        return said[:-1]
    return said
