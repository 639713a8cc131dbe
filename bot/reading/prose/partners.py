"""Outside systems by what they do or how they are reached: where their name ends, what they send, by which way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.domain.facts import AnyFact, ServiceFact
from bot.reading.names import vocabulary
from bot.reading.tokens import Token
from bot.reading.words import FUNCTION

_DOES: Final = vocabulary(
    "send sends push pushes pull pulls call calls get gets receive receives deliver delivers ask asks want wants give "
    "gives import imports export exports notify notifies post posts report reports provide provides need needs know "
    "knows take takes tell tells fetch fetches read reads write writes pay pays handle handles keep keeps run runs "
    "return returns confirm confirms publish publishes offer offers sync syncs feed feeds schickt schicken sendet "
    "senden liefert liefern meldet melden ruft rufen holt holen bekommt bekommen erhält erhalten braucht brauchen "
    "nimmt nehmen gibt geben bezahlt bezahlen bestätigt bestätigen übermittelt übermitteln importiert exportiert"
)
_OBJECTS: Final = vocabulary(
    "us our the a an their its them every each all one it uns unsere unseren unser den die das eine einen ein ihre "
    "ihren jede jeden jedes alle"
)
_DEMANDS: Final = vocabulary("must should may can shall needs has have muss soll darf kann müssen sollen dürfen können")
_SYSTEMS: Final = vocabulary(
    "provider service system gateway api platform vendor bureau software dienst anbieter plattform bank registry"
)


def ends_before(words: Sequence[Token], n: int) -> bool:
    """Whether a system's name has ended before a word: "shop systems | send us", "the insurer | gets a file"."""
    return words[n].low in _DOES and words[n].text.islower() and n + 1 < len(words) and (
        words[n + 1].low in _OBJECTS or words[n + 1].low.isdigit() or words[n + 1].low in FUNCTION
    )  # fmt: skip


def is_own_thing(words: Sequence[Token], first: int, last: int) -> bool:
    """Whether "a return must still go through" speaks of a thing of the backend, of which something is demanded."""
    one = first > 0 and words[first - 1].low in {"a", "an", "every", "each", "ein", "eine", "einen", "jede", "jeder"}
    demanded = last + 1 < len(words) and words[last + 1].low in _DEMANDS
    return one and demanded and not {w.low for w in words[first : last + 1]} & _SYSTEMS


_SENT_TO_US: Final = re.compile(
    r"\b(?:sends?|push(?:es)?|posts?|reports?|calls?|tells?|notif(?:y|ies)|schick(?:t|en)|sende[tn]|melde[tn]|ruf(?:t|en)"
    r"|liefer[tn]|übermittel[tn])\b.{0,20}?\b(?:us|uns)\b.{0,80}?\b(?:by|via|per|over|through|as|with|using|mit|über|als)"
    r" (?:an? |einen? )?(?:signed |signierte[nrs]? )?webhooks?\b",
    re.I,
)


def sent_by_webhook(low: str) -> bool:
    """Whether others send us something by webhook."""
    return _SENT_TO_US.search(low) is not None


_INTERFACE: Final = (
    r"(?:apis?|interfaces?|rest|soap|graphql|s?ftp|edi|webhooks?|files?|gateways?|protocols?|adapters?|feeds?|vpn|portals?"
    r"|mq|schnittstellen?|dateien?|dateiaustausch|portale?)"
)
_REACHED: Final = re.compile(
    r"^(?:the |our |all |die |der |das |unsere |alle )?(?P<name>[^\W\d_][\w&.-]*(?: [^\W\d_][\w&.-]*){0,2}?) "
    r"(?:(?:can|must|will|may|have to|has to|are to|is to) (?:only |solely )?be (?:only |solely )?"
    r"|(?:are|is) (?:only |solely )?)"
    r"(?:reached|connected|integrated|called|addressed|attached|reachable|available) (?:only |solely )?"
    rf"(?:over|through|via|by|with|using) (?P<how>[^.;]{{0,60}}?\b{_INTERFACE})\b[^,;]{{0,40}}$"
    r"|^(?:die |der |das |unsere |alle )?(?P<wer>[^\W\d_][\w&.-]*(?: [^\W\d_][\w&.-]*){0,2}?) "
    r"(?:können|kann|sind|ist|werden|wird|lassen sich|lässt sich) (?:nur |ausschließlich |allein )?"
    rf"(?:über|per|mit|via) (?P<wie>[^.;]{{0,60}}?\b{_INTERFACE}) "
    r"(?:erreichbar|ansprechbar|angebunden|erreicht|zu erreichen|anbinden|ansprechen|erreichen)(?: werden| sein)?$",
    re.I,
)


def read_reached(text: str, statement: str) -> list[AnyFact]:
    """Return the service of "Carriers can only be reached over their existing interfaces"."""
    found = _REACHED.match(text.strip().rstrip(".!"))
    if found is None or (found["name"] or found["wer"]).lower() in FUNCTION:
        return []
    how = found["how"] or found["wie"]
    return [ServiceFact(statement=statement, name=found["name"] or found["wer"], protocol=how[:80])]


_GETS: Final = re.compile(
    r"\b(?:gets?|receives?|(?:is|are) (?:sent|given)|bekommt|bekommen|erhält|erhalten)(?: from us| von uns)?"
    r" (?P<what>.+)",
    re.I,
)
_SENDS: Final = re.compile(
    r"\b(?:we|wir)(?: also| auch)? (?:send|export|deliver|push|transmit|upload|hand over|schicken|senden|übermitteln"
    r"|exportieren|liefern)(?: (?P<whom>them|him|her|it|ihnen|ihm|ihr)\b)? (?P<what>.+?)"
    r"(?= (?:to|an|zu|in den|ins|into|zum|zur)\b|$)",
    re.I,
)
_EVERYTHING_ELSE: Final = re.compile(r"\s+(?:by|via|per|from us|von uns|in the evening|at night|um \d.*)\b.*$", re.I)
_MOST: Final = 8


def what_is_sent(text: str, schedule: str) -> str:
    """Return what a sentence says is sent or got at its time: "a list of the parcels"; "" where it is not of that form.

    `schedule` is the time as it stands there.
    """
    bare = re.sub(rf"(?:\s|^){re.escape(schedule)}(?!\w)", " ", text, flags=re.I)
    found = _GETS.search(bare) or _SENDS.search(bare)
    if found is None:
        return ""
    what = re.sub(
        r"^(?:an?|the|our|all|all the|eine?n?|die|den|das|alle|unsere?n?)\s+",
        "",
        " ".join(found["what"].split()),
        flags=re.I,
    )
    what = _EVERYTHING_ELSE.sub("", what).strip(" .,;!")
    return what if 0 < len(what.split()) <= _MOST else ""
