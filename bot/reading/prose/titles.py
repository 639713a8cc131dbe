"""What a heading, or the line above a list, introduces: a known label, or perhaps a thing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.reading.names import singular
from bot.reading.prose.clause import NOT_THINGS, thing_name
from bot.reading.spelling import label_of
from bot.reading.words import FUNCTION, LABEL_OF

_TITLE_NOISE = re.compile(
    (
        r"^(?:\d+[.)]\s*)+|^h\d\.\s+|\s*\([^)]*\)\s*|^(?:for|für|zu[mr]?|main|key|core|our|unsere|den|each|every"
        r"|an?|the|ein|eine|jede[rs]?|der|die|das|fields? "
        r"(?:of|for)|attributes? of|felder von|(?:table|tabelle|entity|model|collection):?)\s+|\s+(?:table|"
        r"tabelle|entity|model|resource|collection|fields?|attributes?|columns|schema|felder|attribute|"
        r"properties|eigenschaften|has|have|hat|with|mit|contains|needs|(?:has|have|needs|contains|gets)"
        r" (?:these|the following|following)"
        r"(?: fields| attributes| columns| properties| data)?|(?:is|are) (?:made up|composed) of|consists of"
        r"|enthält|besteht aus|"
        r"record|object)$"
    ),
    re.I,
)
_TITLE_TAIL = re.compile(r"\s*[,–—-]\s*(?:gehör(?:t|en)|belongs?|part of|one per|many per|teil von)\b.*$", re.I)
_HAS_STATES = re.compile(
    r"(?:the |an? |each |every |ein(?:e)? |jede[rs]? )?(?P<name>[^\W\d][\w-]*(?: [\w-]+)?) (?:has|have|"
    r"knows?|goes through|passes(?: "
    r"through)?|can be in|moves through|hat|kennt|durchläuft) (?:these|the following|following|the|diese|"
    r"folgende|die folgenden) "
    r"(?:states?|status(?:es)?|steps|stages|phases|zustände|stati|schritte)\s*:?$",
    re.I,
)
_STATES_OF = re.compile(
    r"(?:(?:how|which way|what) (?:an?|the|each|every|one"
    r"|our) (?P<how>[^\W\d][\w-]*(?: [\w-]+)?) (?:moves?(?: along| on)?|changes|goes"
    r"|lives|progresses|can be|may be|can become|travels|flows)"
    r"|wie sich (?:eine?|die|der|das) (?P<wie>[^\W\d][\w-]*) (?:ändert|bewegt|entwickelt)|(?:the |possible "
    r"|allowed |die |der |mögliche[nr]? )*(?:(?:status|state) (?:flow|changes?|diagram|model|graph|values|table|list)"
    r"|status(?:es)?|states?|life(?:[ -]?cycle)?"
    r"|work ?flow|flow|stages?|phases?|steps"
    r"|transitions?|state machine) (?:of|for) (?:(?:an?|the|each|every|one"
    r"|our) )?(?P<en>[^\W\d][\w-]*(?: [^\W\d][\w-]*)?)"
    r"|(?:die |der |das |mögliche[nr]? |alle )*(?:status|stati|zustände?|lebenszyklus|lebenslauf|ablauf|phasen"
    r"|statuswerte|(?:status|zustands)?(?:übergänge|wechsel|fluss|diagramm))"
    r" (?:einer|eines|der|des|für (?:eine?n?|die|den|das)|von|jeder|jedes) (?P<de>[^\W\d][\w-]*))(?: (?:is|are"
    r"|can be|ist|sind|kann sein))?\s*:?$",
    re.I,
)
"""``states of a print job``, ``Status einer Bestellung``."""
STOP_TITLES = NOT_THINGS | frozenset(
    [
        "overview",
        "introduction",
        "general",
        "summary",
        "background",
        "features",
        "feature",
        "requirements",
        "requirement",
        "getting",
        "started",
        "usage",
        "installation",
        "setup",
        "contributing",
        "license",
        "misc",
        "other",
        "details",
        "api",
        "design",
        "schema",
        "security",
        "performance",
        "authentication",
        "authorization",
        "integrations",
        "notes",
        "todo",
        "assumptions",
        "goals",
        "scope",
        "user",
        "stories",
        "story",
        "use",
        "cases",
        "functional",
        "non-functional",
        "tech",
        "stack",
        "architecture",
        "deployment",
        "testing",
        "context",
        "description",
        "purpose",
        "questions",
        "allgemein",
        "überblick",
        "übersicht",
        "sonstiges",
        "hintergrund",
        "ziele",
        "anforderungen",
        "funktionen",
        "sicherheit",
        "einleitung",
        "so",
        "main",
        "basically",
        "here",
        "below",
        "further",
        "important",
        "example",
        "examples",
        "remarks",
        "rules",
        "acceptance",
        "criteria",
        "criterion",
        "akzeptanzkriterien",
        "nachtrag",
        "korrektur",
        "berichtigung",
        "correction",
        "erratum",
        "edit",
        "update",
    ]
)


@dataclass(frozen=True, slots=True)
class Title:
    """What a heading or the line above a list introduces: a known label, or perhaps an entity."""

    label: str = ""
    entity: str = ""
    sure: bool = False


def owner_of_states(said: str) -> str:
    """Return the thing whose states are spoken of, in the singular."""
    name = thing_name(said, "de") if said[:1].isupper() and " " not in said else thing_name(said, "en")
    return "" if name.lower() in STOP_TITLES else name


def heading_entity(text: str) -> Title:  # noqa: PLR0911
    """Return what a heading introduces: ``Entities:``, ``Invoice``, ``2. Fields of Invoice``."""
    if re.match(r"\W*(?:here|there|that|it|this|what|let)['’]s?\s", text, re.I) or not is_latin(text):
        return Title()
    if states := _HAS_STATES.match(text.strip().strip("#*_`").strip()):
        return Title(label="states", entity=thing_name(states["name"], "en"), sure=True)
    if states := _STATES_OF.match(text.strip().strip("#*_`").strip()):
        name = owner_of_states(next(name for name in states.groupdict().values() if name))
        return Title(label="states", entity=name, sure=True) if name else Title(label="states")
    bare = _TITLE_TAIL.sub("", text.strip()).strip("#*_`: .").strip()
    key = bare.lower()
    if label := label_of(key):
        return Title(label=label)
    for _ in range(3):
        bare = _TITLE_NOISE.sub("", bare).strip(" :*_`")
    key = bare.lower()
    if label := label_of(key):
        return Title(label=label)
    last = key.rsplit(" ", 1)[-1]
    if (
        last in {"endpoints", "routes", "api", "endpunkte", "roles", "rollen", "states", "status", "statuses"}
        and " " in key
    ):
        kind = LABEL_OF.get(last, "")
        return Title(label=kind, entity=singular(bare.rsplit(" ", 1)[0]) if kind == "states" else "")
    words = bare.split()
    if (
        not 0 < len(words) <= 3
        or not re.fullmatch(r"[\w\s./'-]+", bare)
        or any(re.split("['’]", w.lower())[0] in FUNCTION for w in words)
        or words[-1].lower() in (STOP_TITLES if len(words) == 1 else STOP_TITLES - NOT_THINGS)
        or (words[0].lower() in STOP_TITLES and len(words) == 1)
    ):
        return Title()
    if any(w in {"GET", "POST", "PUT", "PATCH", "DELETE"} for w in words) or bare.startswith("/"):
        return Title()
    return Title(entity=thing_name(bare, "en"), sure=words[0][0].isupper())


def is_latin(text: str) -> bool:
    """Whether a text is in Latin letters: words of another script are kept, and nothing is read out of them."""
    return all(ord(c) <= 0x24F for c in text if c.isalpha())
