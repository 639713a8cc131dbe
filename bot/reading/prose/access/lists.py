"""What stands beside or below the name of a role or a thing, read as sentences about it: "Viewer: read only"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.reading.names import name_key
from bot.reading.people import looks_like_people
from bot.reading.prose.access.verbs import VERB_OF
from bot.reading.tokens import lemma
from bot.reading.words import LABEL_OF

_ALL = r"(?:full|complete|total|unrestricted|unlimited|all|every|admin(?:istrator)?)"
_ACCESS = r"(?:access(?: rights?)?|control|rights?|permissions?|privileges?)"
_ALONE = re.compile(r"^(?:only|just) (?P<one>[^.;:]{2,80}?)[ .]*$|^(?P<other>[^.;:]{2,80}?) only[ .]*$", re.I)
_MODAL_FIRST = re.compile(
    r"(?:may|can|cannot|can't|cant|must|should|shall|mustn't|is|are|has|have|gets?|does|do|only|darf|dürfen|kann"
    r"|können|hat|"
    r"haben|ist|sind|nur)\b",
    re.I,
)
_ACCESS_FIRST = re.compile(
    rf"(?:only )?(?:(?:{_ALL}|read|write|view|read[- ]?only|view[- ]?only|read/write|read, create, edit and delete"
    rf"|edit)(?: system| admin)? {_ACCESS}\b"
    r"|(?:read|view)[- ]?only\b|no (?:\w+ )?(?:access|rights?|permissions?)\b)",
    re.I,
)
_GERMAN_ACCESS = re.compile(
    r"(?:nur )?(?:(?:voll|lese|schreib)(?:zugriff|rechte?|zugang)|(?:vollen|lesenden|kompletten) zugriff|alle rechte"
    r"|kein(?:en|e)? (?:zugriff|zugang|rechte))\b",
    re.I,
)
_MANAGES = re.compile(r"(?P<what>[^\W\d][\w' -]{2,60}?) (?:management|administration)[. ]*$", re.I)


_HOW: dict[str, str] = {
    **dict.fromkeys(
        ("read", "view", "read only", "read-only", "view only", "readonly", "nur lesen", "lesen"), "only read"
    ),
    **dict.fromkeys(
        ("read and write", "read & write", "read + write", "read/write", "read-write", "rw", "full", "full access",
         "crud",
         "everything", "all", "manage", "lesen und schreiben"), "handle"),
    **dict.fromkeys(("none", "no access", "nothing", "kein zugriff"), "not access"),
}  # fmt: skip
_USED = re.compile(
    r"(?P<own>(?:(?:their|his|her|its) )?own |all |any |eigene )?(?P<thing>[^\W\d][\w-]*(?: [^\W\d][\w-]*)?)"
    rf"(?:(?P<only> only| nur)|(?:,| -| –|:"
    rf"| \() ?(?P<how>{'|'.join(re.escape(one) for one in sorted(_HOW, key=len, reverse=True))})\)?)$",
    re.I,
)
"""What a role may use and how: ``trips, read only``, ``own trips only``."""
_NO_DOING = re.compile(
    r"(?:,|;)? ?(?:\(|\b)(?:but |and )?(?:no|not|never|without) (?P<verb>[a-z]+(?:(?:,| or|/"
    r"| and) [a-z]+)*)\)?(?=[,;.)]|$)",
    re.I,
)
_PLUS = re.compile(r"\b([a-z]+) ?\+ ?(?=[a-z]+\b)")


def _refusals(said: str) -> str:
    """Return "create+edit articles, no delete" as "create and edit articles, but may not delete"."""
    said = _PLUS.sub(lambda m: f"{m[1]} and " if lemma(m[1], "en") in VERB_OF else m[0], said)
    found = _NO_DOING.search(said)
    verbs = re.split(r"(?:,| or|/| and) ", found["verb"].lower()) if found and found.start() else []
    bases = [lemma(verb, "en") for verb in verbs]
    if found is None or not bases or any(base not in VERB_OF for base in bases):
        return said
    return f"{said[: found.start()].rstrip(' ,;(')}, but may not {' or '.join(bases)}{said[found.end() :]}"


def _use(used: re.Match[str]) -> str:
    own = (used["own"] or "").strip().lower()
    how = "only read" if used["only"] else _HOW[used["how"].lower()]
    return f"{how} {'own ' if own.endswith(('own', 'eigene')) else ''}{used['thing']}"


def assigned(role: str, said: str, modal: str = "may") -> str:
    """Return what stands beside or below a role's name as a sentence about it, "" where it grants and refuses nothing.

    >>> assigned("Viewer", "read only"), assigned("Baker", "bake own loaves", "may not")
    ('Viewer has read only', 'Baker may not bake own loaves')
    """
    bare = _refusals(said.strip(" .`*"))
    low = bare.lower()
    if used := _USED.match(bare):
        return f"{role} {modal} {_use(used)}"
    opened = _MODAL_FIRST.match(bare)
    if low in _WHOLES:
        return f"{role} may {_WHOLES[low]}"
    if _ACCESS_FIRST.match(bare) or _GERMAN_ACCESS.match(bare):
        return f"{role} {'has' if _ACCESS_FIRST.match(bare) else 'hat'} {bare}"
    if opened or low.startswith(("not ", "never ", "nicht ", "nie ")):
        return f"{role} {bare}" if opened else f"{role} {modal} {bare}"
    if managed := _MANAGES.match(bare):
        return f"{role} {modal} manage {managed['what']}"
    return f"{role} {modal} {bare}" if _begins_with_verb(bare) else ""


_WHOLES = {
    **dict.fromkeys(("none", "nothing", "no access", "-", "–"), "not access anything"),
    **dict.fromkeys(("everything", "all", "anything", "full", "crud", "alles"), "handle everything"),
}


def _begins_with_verb(text: str) -> bool:
    first = re.match(r"[^\W\d_]+", text)
    if first is None:
        return False
    low = first[0].lower()
    return text[0].islower() or lemma(low, "en") in VERB_OF or lemma(low, "de") in VERB_OF


def of_thing(what: str, rest: str) -> str:
    """Return what stands behind a thing's name as sentences: batches and "brewers create, tasters view", "clerks only".

    Empty where it says nothing of rights.
    """
    if alone := _ALONE.match(rest):
        return f"Only {alone['one'] or alone['other']} may handle {what}."
    said = []
    for piece in re.split(r"[,;] (?:and |but )?", rest.strip(" .")):
        words = piece.split()
        verbs = [n for n, word in enumerate(words) if n and lemma(word.lower(), "en") in VERB_OF]
        if not verbs or verbs[-1] != len(words) - 1:
            return ""
        said.append(f"{piece} {what}")
    return f"{'; '.join(said)}." if said else ""


_OPENS_LIST = re.compile(
    r"^(?:an? |the |all |every |each |der |die |das |ein |eine )?(?P<who>[^\W\d][^:()]{1,60}?) "
    r"(?P<modal>can|may|must|should|are allowed to|is allowed to|are able to|is able to|cannot|can't|dürfen|darf"
    r"|können|kann)"
    r"(?P<limit> not| only| nicht| nur| never)?(?: do the following| the following| folgendes)?[ :]*$",
    re.I,
)
_ROLE_TITLE = re.compile(
    r"^(?:\d+[.)] *)?[`*_]*(?P<name>[^\W\d][\w' /&-]{1,40}?)[`*_]*(?: role| user role| permissions| rights|-rolle)?"
    r" ?(?:\([^()]{1,60}\))?[: ]*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Addressed:
    """The role of which the items of a list speak, and how they go on: "may", "may not", "may only"."""

    name: str
    modal: str = "may"


def addressed(lead: str, headings: Sequence[str], known: Collection[str], *, asked: bool) -> Addressed | None:
    """Return the role that a list or paragraph is about, by the line or headings above it; None if about none.

    `asked` is whether rights were asked about.
    """
    if found := _OPENS_LIST.match(lead.strip(" *_`")):
        who = found["who"].strip()
        if looks_like_people(who) or name_key(who) in {name_key(one) for one in known} or asked:
            denied = found["modal"].lower() in {"cannot", "can't"} or (found["limit"] or "").strip() in {
                "not", "nicht", "never",
            }  # fmt: skip
            only = (found["limit"] or "").strip() in {"only", "nur"}
            return Addressed(who, "may not" if denied else "may only" if only else "may")
    titles = [*headings, lead] if lead else list(headings)
    if not titles:
        return None
    above = {LABEL_OF.get(title.lower().strip(" :*_`#"), "") or _about_roles(title) for title in titles[:-1]}
    found = _ROLE_TITLE.match(titles[-1].strip())
    if found is None or LABEL_OF.get(found["name"].lower()) or len(found["name"].split()) > 3:
        return None
    name = found["name"].strip()
    is_known = name_key(name) in {name_key(one) for one in known}
    if is_known or ((asked or above & {"roles", "access"}) and looks_like_people(name)) or "roles" in above:
        return Addressed(name)
    return None


def _about_roles(title: str) -> str:
    """Return "roles" for a heading such as "User roles and permissions" or "Rollen und Rechte"."""
    return "roles" if re.search(r"\b(?:user )?roles?\b|\brollen\b|\bpersonas\b|\bactors\b", title, re.I) else ""
