"""Answers that say there is nothing: "none", "Nothing external.", "Keine weiteren Wünsche"."""

from __future__ import annotations

import re
from typing import Final

from bot.reading.words import NONE_ANSWERS

_OF_WHAT: Final = (
    r"(?:external|outside|other|further|special|specific|particular|additional|more|third[- ]party|hard|known|extra"
    r"|strict|real|externen?|weiteren?|besonderen?|anderen?|speziellen?|zusätzlichen?|fremden?|festen?)"
)
_WHAT: Final = (
    r"(?:systems?|services?|integrations?|interfaces?|dependenc(?:y|ies)|third[- ]part(?:y|ies)|providers?|vendors?"
    r"|requirements?|constraints?|wish(?:es)?|preferences?|needs?|concerns?|objections?|comments?|remarks?|changes?"
    r"|additions?|questions?|expectations?|targets?|goals?|ones?|systemen?|dienste|integrationen|schnittstellen"
    r"|anbieter|drittsysteme|fremdsysteme|abhängigkeiten|anforderungen|vorgaben|wünsche|vorlieben|bedenken|einwände"
    r"|anmerkungen|änderungen|ergänzungen|fragen|erwartungen|ziele)"
)
_NONE: Final = re.compile(
    r"(?:(?:nope|no|nein|none|keine)[,.;] ?)?(?:(?:there (?:is|are)|we (?:have|need|know of)|that['’]s|es gibt"
    r"|wir haben|wir brauchen|sonst|ansonsten|also|und|and) )*"
    rf"(?:(?:nothing|nichts)(?: {_OF_WHAT}| else| weiter(?:es)?| mehr| more)?"
    rf"|(?:no|none of the|kein\w{{0,2}})(?: {_OF_WHAT}){{0,2}} {_WHAT}(?: (?:or|and|oder|und) {_WHAT})?|none"
    r"|keine[rs]?)"
    r"(?: (?:at all|whatsoever|here|for now|yet|so far|that (?:i|we) know of|from (?:me|us|our side|my side)|either"
    r"|as of now|today|hier|bisher|bislang|vorerst|überhaupt|derzeit|momentan|von (?:mir|uns|unserer seite)"
    r"|to (?:add|mention|report)|hinzuzufügen|nötig|needed|required|vorgesehen|planned|geplant))*",
    re.I,
)
"""All of an answer: what is named in it is what questions ask for, never a thing or a right that is refused."""


_BINDS: Final = re.compile(
    r"\b(?:must|may|can|should|shall|only|never|always|cannot|but|except|apart|besides|not|no|muss|müssen|soll\w*|darf"
    r"|dürfen|kann|können|nur|nie|immer|aber|außer|nicht|kein\w*)\b|\d",
    re.I,
)
_REASON: Final = 8
"""So many words at most say why there is nothing: "none, we do all of it ourselves"."""


def says_none(low: str) -> bool:
    """Whether a sentence in lower case, without its signs, answers that there is nothing of what was asked about."""
    return low in NONE_ANSWERS or _NONE.fullmatch(low) is not None


def says_none_and_why(low: str) -> bool:
    """Whether it says so and why; what also binds, excepts or counts something asks for more than nothing."""
    said, _, why = (part.strip() for part in low.partition(","))
    brief = len(why.split()) <= _REASON and not _BINDS.search(why)
    return says_none(said) and (brief or says_none(why))
