"""Names as said, as identifiers of tables, columns, schemas and paths."""

from __future__ import annotations

import re

from bot.reading.names import latin, name_key, plural, words

_LONGEST = 56
_NO_WORD = re.compile(r"[^\w$]+")
_PLAIN = re.compile(r"[^\W\d][\w$]*")
_MEMBER_BREAK = re.compile(r"[\s\-/]+")


def key_of(name: str) -> str:
    """Return what names of one thing have in common, accents and umlauts aside."""
    return name_key(latin(name))


def column(name: str) -> str:
    """Return a field's name as a column: kept where it is an identifier, its words joined where it is not."""
    plain = latin(name.strip().strip("`\"'*"))
    if not _PLAIN.fullmatch(plain):
        plain = _NO_WORD.sub("_", plain).strip("_").lower()
    if plain and plain[0].isdigit():
        plain = f"n{plain}"
    return plain[:_LONGEST] or "value"


def snake(name: str) -> str:
    """Return a name's words joined by underscores, in lower case."""
    return "_".join(words(latin(name)))[:_LONGEST] or "thing"


def pascal(name: str) -> str:
    """Return a name's words joined, each with a capital: the name of a schema."""
    return "".join(word[:1].upper() + word[1:] for word in words(latin(name)))[:_LONGEST] or "Thing"


def table(name: str, said: str) -> str:
    """Return an entity's table: the name that was said for it, or its plural."""
    if said and _PLAIN.fullmatch(latin(said)) and latin(said) == latin(said).lower():
        return latin(said)[:_LONGEST]
    return snake(plural(name))


def member(said: str, *, verbatim: bool) -> str:
    """Return an enum's member: word for word from notations, and words joined where a sentence says it in several."""
    kept = said.strip().strip("`\"'")
    if verbatim or not _MEMBER_BREAK.search(kept):
        return kept[:80]
    return _MEMBER_BREAK.sub("_", kept if kept.isupper() else kept.lower())[:80]
