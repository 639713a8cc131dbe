"""Sentences that sum the idea up or praise it, and ask for nothing that a backend could lack."""

from __future__ import annotations

import re
from typing import Final

_BINDS: Final = re.compile(
    r"\b(?:must|may|shall|should|only|never|always|not|no|cannot|within|every|each|unique|encrypted|required|muss|müssen"
    r"|soll\w*|darf|dürfen|nur|nie|immer|nicht|kein\w*|innerhalb|jede[rsn]?|eindeutig|verschlüsselt)\b|\d|/\w",
    re.I,
)
_SUMMARY: Final = re.compile(
    r"(?:(?:we (?:are )?build(?:ing)?|this is|it is|it['’]s|wir bauen|das ist|es ist) )?"
    r"(?:an?|the|our|eine?n?|die|das|unsere?)"
    r" (?:[\w-]+ )?(?:platform|service|marketplace|app|product|portal|system|plattform|dienst|marktplatz|produkt),?"
    r" (?:with|through|by|on|in|over|mit|über|auf|durch|in) (?:which|whom|der|dem|die|das|den)\b",
    re.I,
)
_PRAISE: Final = re.compile(r"(?:less|fewer|weniger) [^\W\d_][\w-]*(?: [\w-]+){0,5}", re.I)


def only_tells(text: str) -> bool:
    """Whether a sentence tells the idea ("A platform with which …") or its use ("Less paper in the workshop").

    What binds or counts asks for something, however it begins.
    """
    bare = text.strip().lstrip("-*• ").rstrip(".! ")
    return not _BINDS.search(bare) and bool(_SUMMARY.match(bare) or _PRAISE.fullmatch(bare))
