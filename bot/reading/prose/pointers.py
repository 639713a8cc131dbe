"""Sentences that only point at a document or another answer, and those that only say that nothing more comes."""

from __future__ import annotations

import re
from typing import Final

from bot.reading.names import vocabulary
from bot.reading.words import FUNCTION, NEGATIONS

_FILE: Final = re.compile(
    r"[\w./-]*\w\.(?:csv|tsv|json|ya?ml|sql|ddl|dbml|puml|plantuml|mmd|prisma|proto|graphql|gql|md|txt|py|ts|java|go|rb|kt"
    r"|pdf|png|svg|docx?|xlsx?)\b",
    re.IGNORECASE,
)
_NOTATIONS: Final = vocabulary(
    "csv dbml ddl sql prisma proto puml plantuml mermaid schema shema diagram diagramm erd swagger"
)
_DOCUMENTS: Final = vocabulary(
    "model models modell datenmodell types type api endpoints endpoint er class data file files datei document "
    "documents tables table dictionary definitions snippet fragment matrix spec openapi yaml json code entity "
    "relationship calls"
)
_PLACES: Final = vocabulary(
    "above below unten oben attached attachment anhang beside uploads upload uploaded answer answers antwort question "
    "frage phase1 phase2 phase3 phase4 folder ordner workspace"
)
_LITTLE: Final = vocabulary(
    "see siehe is are lies lie liegt ist sind steht stehen live that's thats source truth the a an my our this next "
    "last team who whole full current der die das den dem im wie also team's they're"
)
_LONGEST: Final = 14
_DONE: Final = re.compile(
    r"(?:and |so |ok,? )?(?:that(?:[’']s| is|s) (?:it|all)(?: of it)?|these are all|das (?:ist|war) (?:schon )?alles"
    r"|das war(?:[’']s|s)|mehr (?:ist es )?nicht)",
    re.IGNORECASE,
)


def points(text: str) -> bool:
    """Whether a sentence asks for nothing: it only says where something stands, or that this was all.

    >>> points("see schema.sql in phase3"), points("the csv."), points("Documents"), points("see documents of others")
    (True, True, False, False)
    """
    bare = text.strip(" \t\n.!-*•")
    if _DONE.fullmatch(bare):
        return True
    rest = _FILE.sub(" ", bare)
    found = re.findall(r"[^\W_][\w'’-]*", rest.lower())
    if len(found) > _LONGEST or any(word in NEGATIONS for word in found):
        return False
    named = rest != bare or any(word in _NOTATIONS or word in _PLACES for word in found)
    return named and all(word in _NOTATIONS | _DOCUMENTS | _PLACES | _LITTLE | FUNCTION for word in found)
