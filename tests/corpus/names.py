"""When two names mean the same thing: case, separators, umlauts, and one or many do not count."""

from __future__ import annotations

import re
import unicodedata

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SINGULARS = (("s", ""), ("es", ""), ("es", "is"), ("ies", "y"), ("ves", "f"), ("ves", "fe"), ("zzes", "z"))
_IRREGULAR = {
    "people": "person",
    "children": "child",
    "criteria": "criterion",
    "indices": "index",
    "vertices": "vertex",
}
_PARAMETER = re.compile(r"\{[^}]*\}|<[^>]*>|(?<=/):\w+")


def spellings(name: str) -> frozenset[str]:
    """Letters and digits of the name, the umlauts written out and stripped: `Zähler` is `zaehler` and `zahler`."""
    lower = unicodedata.normalize("NFC", name.lower())
    stripped = unicodedata.normalize("NFKD", lower.replace("ß", "ss"))
    return frozenset(re.sub(r"[\W_]", "", form) for form in (lower, lower.translate(_UMLAUTS), _bare(stripped)))


def _bare(decomposed: str) -> str:
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def forms(name: str) -> frozenset[str]:
    """The spellings of a noun and what its singular may be, so that `diagnoses` and `Diagnosis` meet."""
    found = set(spellings(name))
    for word in tuple(found):
        found.update(
            word[: -len(end)] + by for end, by in _SINGULARS if word.endswith(end) and len(word) > len(end) + 1
        )
        found.update(word[: -len(many)] + one for many, one in _IRREGULAR.items() if word.endswith(many))
    return frozenset(found)


def alternatives(names: str) -> tuple[str, ...]:
    """The names of `a|b`."""
    return tuple(part for part in names.split("|") if part)


def same_noun(names: str, other: str) -> bool:
    """Whether one of `a|b` names the same thing as `other`, be it one or many."""
    return any(forms(name) & forms(other) for name in alternatives(names))


def same_word(names: str, other: str) -> bool:
    """Whether one of `a|b` is spelled like `other`; one and many are two words here."""
    return any(spellings(name) & spellings(other) for name in alternatives(names))


def route(text: str) -> str:
    """`METHOD /path` with every parameter as `{}`: its name is nobody's promise."""
    method, _, path = text.partition(" ")
    return f"{method.upper()} {_PARAMETER.sub('{}', path.split('?')[0].rstrip('/')) or '/'}"


def routes(text: str) -> tuple[str, ...]:
    """The calls of `METHOD /a|/b`."""
    method, _, paths = text.partition(" ")
    return tuple(route(f"{method} {path}") for path in alternatives(paths))
