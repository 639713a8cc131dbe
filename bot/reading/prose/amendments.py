"""Amendments: what was said before is called otherwise, is of another type, or is gone.

An amendment names what it amends as people called it; `bot.reading.amended` finds out what that is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.facts import AmendmentFact
from bot.reading.names import vocabulary
from bot.reading.prose.retractions import retracted
from bot.reading.types import value_type
from bot.reading.words import FUNCTION

_LONGEST = 400
_OPENER = re.compile(
    r"^\W*(?:(?:edit|update|correction|korrektur|nachtrag|nee|ach|quatsch|ps|p\.s\.|oops|ups|sorry|actually|eigentlich|"
    r"on (?:second|2nd) "
    r"thoughts?|on reflection|wait|hmm+|by the way|btw|also|and|und|oh|well|no|nein|please|bitte|so|but|"
    r"aber|we decided|"
    r"i meant|meant)\b[\s,:;.!–—-]*)+",
    re.I,
)
_WORD = r"[^\W\d][\w/#+-]*(?:\.[\w/#+-]+)*"
_N = (
    rf"[\"'`“”]?(?:the |a |an |all |any |der |die |das |den |dem |kein |keine |"
    rf"keinen )?({_WORD}(?: {_WORD})?)[\"'`“”]?"
)
_M = rf"[\"'`“”]?(?:the |a |an |der |die |das |den |dem )?({_WORD}(?: {_WORD})?)[\"'`“”]?"
_END = (
    r"(?= *(?:[.,;!()]|$| and | und | but | aber | instead| after all| any ?more| anyway| now| at all| since| because"
)
_END += r"| either| please| bitte| in the end))"
_OF = r"(?: (?:of|from|in|on|for|von|aus|bei) (?:the |an? |each |every |der |des |dem )?([^\W\d][\w-]*))?"

_RENAMES: Final = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"^rename {_M} (?:to|as|in|into) {_M}{_END}",
        rf"^(?:we |let'?s |please )?(?:say|call (?:it|them|this|that)|use|take|write) {_M}(?: now)?,? "
        rf"(?:instead of|rather than|and not|not|statt) {_M}{_END}",
        rf"^(?:we |let'?s )?call {_M} {_M} (?:now|from now on){_END}",
        rf"^{_M} (?:is|are|was|were|has been|have been|should be|must be|heißt|heißen)(?: now| from now on| jetzt)?"
        rf" (?:called|named|renamed(?: to)?|renamed into) {_M}{_END}",
        rf"^{_M} (?:heißt|heißen|nennen wir) (?:jetzt|nun|künftig) {_M}{_END}",
        rf"^(?:instead of|statt) {_M}(?: we (?:say|use|call it|take|have))? {_M}{_END}",
    )
)
_SWAPS: Final = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?:^|\b(?:(?:we|wir|to|with|use|take|on|is|now|for|nehmen|mit|it'?s|have|want|"
        rf"need) )+){_M} (?:instead of|rather than|in place of|statt|"
        rf"anstelle von|anstatt) {_M}{_END}",
        rf"\b(?:replaced?|replaces|swap(?:ped)?|exchanged?|ersetz\w+) {_M} (?:by|with|for|durch) {_M}{_END}",
        rf"\b(?:moved?|switch(?:ed)?|migrat(?:ed?|ing)|chang(?:ed?|ing)|went) from {_M} to {_M}{_END}",
        rf"\bnot {_M},? but(?: rather)? {_M}{_END}",
        rf"^{_M}(?: ?(?:[,.!…–—-]|\.\.\.) (?:hmm+,? )?(?:no|nein)|,? (?:hmm+|uhm?|äh|ach),? (?:no|nein)| (?:no"
        rf"|nein)(?=,)"
        rf"|[,.]? (?:hmm+,? )?(?:no,? wait|wait,? no|or rather|scratch that|nope)),? (?:wait,? )?(?:it'?s |we use "
        rf")?{_M}{_END}",
        rf"\b(?:first|at first|initially|originally|zuerst|anfangs|ursprünglich)\b,? (?:it |we |this |es |"
        rf"wir )?(?:was|were|said|used|"
        rf"had|wanted|took|planned|war|hatten|wollten)(?: to use)? {_M}(?: geplant| planned)?,? (?:but|aber|"
        rf"then|inzwischen|now|jetzt)"
        rf"[^.]{{0,40}}?\b(?:on|for|to|is|use|take|have|it'?s|nehmen wir|ist es|aber) (?:aber )?{_M}{_END}",
        rf"\bmoved away from {_M}\b[^;.]*[;,.]\s*(?:[^;.]{{0,40}} )?(?:in|on|to|with) {_M}{_END}",
        rf"^{_M},? {_M} would be (?:too|more than)",
    )
)
_DROPS: Final = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b(?:we |i )?(?:no longer|don'?t|do not|won'?t|will not|never) (?:really )?(?:need|want|have|use|"
        rf"keep|store) {_N}{_OF}{_END}",
        rf"^(?:we can )?(?:drop|remove|scrap|scratch|forget(?: about)?|cut|kill|skip|omit|delete|strike|"
        rf"lose|leave out|take out|"
        rf"get rid of|do without|streicht?|vergesst|vergiss|lasst) {_N}{_OF}{_END}",
        rf"[,;] (?:so |and )?(?:drop|remove|scrap|skip|leave out) {_N}{_OF}{_END}",
        rf"^{_M} (?:is|are|was|were|has been|have been|can|will be|ist|sind|fällt|fallen|entfällt|"
        rf"entfallen)(?: now| also| auch)?"
        rf" (?:no longer needed|going away|obsolete|not needed(?: any ?more)?(?: after all)?|gone|out|dropped|cut"
        rf"|cancelled|"
        rf"removed|history|off|go|"
        rf"weg|raus|gestrichen|entfallen|nicht mehr nötig){_END}",
        rf"^{_M} (?:goes away|go away|can go|may go|dies|gets dropped|get dropped|gets removed|gets cut|kann weg"
        rf"|können weg){_END}",
        rf"^{_M} (?:entfällt|entfallen|fällt weg|fallen weg|brauchen wir (?:doch )?nicht(?: mehr)?){_END}",
        rf"^no more {_M}{_END}",
        rf"^there (?:is|are|will be) no {_M}(?: any ?more| after all)?{_END}",
        rf"^(?:no|kein|keine|keinen) {_M}(?= (?:after all|any ?more|then)|,? so the )",
    )
)
_TWO_GONE = re.compile(
    rf"^{_M} and {_M} (?:are|were|sind) (?:gone|out|dropped|not needed|no longer needed|cut|history|weg|"
    rf"raus|gestrichen)",
    re.I,
)
_FORGET_TWO = re.compile(rf"^(?:forget|drop|remove|scrap) (?:about )?{_M} and {_M}{_END}", re.I)
_AGAINST = re.compile(
    rf"\b(?:lists?|has|mentions|shows|proposes|wants|names) {_M}[;,.] (?:but )?we (?:decided|"
    rf"are) against (?:that|it|this|them)",
    re.I,
)
_RETYPE = re.compile(
    r"^(?:make|change|turn|set|let)? ?(?:the )?(?:(?P<owner>[^\W\d][\w-]*)(?:\."
    r"|['’]s ))?(?P<field>[^\W\d][\w-]*)(?: (?:of|in|on|for) (?:the |an? |"
    r"each )?(?P<thing>[^\W\d][\w-]*))?"
    r" (?:(?:should be|must be|is|be|to|into|as|becomes|wird|ist)(?: now)? )?(?:an? |"
    r"eine? )?(?P<type>[a-z][a-z0-9_() ,]{1,30}?)"
    r"(?: (?:instead(?: of [\w ]+)?|now|not an? [\w ]+|,? not [\w ]+))?[.!]?$",
    re.I,
)
_BEHIND: Final = vocabulary("now since geplant planned instead jetzt nun anymore entity table field role either")
_NOT_NAMES: Final = frozenset(
    [
        "it",
        "that",
        "this",
        "them",
        "they",
        "there",
        "we",
        "i",
        "you",
        "one",
        "ones",
        "same",
        "thing",
        "everything",
        "nothing",
        "any",
        "anything",
        "all",
        "more",
        "than",
        "as",
        "to",
        "be",
        "do",
        "so",
        "it's",
        "that's",
        "need",
        "want",
        "time",
        "idea",
        "problem",
        "question",
        "preference",
        "account",
        "login",
        "token",
        "auth",
        "password",
        "sign-in",
        "longer",
        "sure",
        "later",
        "much",
        "many",
        "other",
        "others",
        "first",
        "such",
        "way",
        "change",
        "changes",
        "es",
        "das",
        "dies",
        "sie",
        "wir",
        "nichts",
        "alles",
        "mehr",
    ]
)


_REST = re.compile(
    r"^[\s,;:.–—-]*(?:(?:after all|any ?more|now|at all|anyway|either|please|bitte|instead)[\s,;:.]*)?"
    r"(?:(?:and|und|but|aber|so|it'?s|it is) )*"
)


@dataclass(frozen=True, slots=True)
class Amended:
    """What a sentence amends, and what is left of it to read."""

    facts: tuple[AmendmentFact, ...]
    rest: str


_LEAD = re.compile(
    r"^\W*(?:(?:a (?:few|couple of)|some|few|the|my|our|small|minor|two|three|four|\d+|ein paar|einige|die|noch"
    r"|kleine|unsere) )*"
    r"(?:corrections?|amendments?|changes?|fixes|edits?|updates?|errata|korrekturen?|änderungen|berichtigungen|nachträge)"
    r"(?: (?:though|tho|please|since then|to (?:that|this|it|the (?:above|schema|model))|so far|dazu|noch"
    r"|bitte))*\s*[:.!]*\s*$",
    re.I,
)


def leads_amendments(text: str) -> bool:
    """Whether a line or heading says that what follows amends what was said: "a few corrections:"."""
    return len(text) < 80 and bool(_LEAD.match(text))


_NO_MORE = re.compile(rf"^(?:no|kein|keine|keinen) {_M}[ .!]*$|^{_M} (?:doch|lieber) nicht(?: mehr)?[ .!]*$", re.I)
"""What a speaker takes back behind "actually" or "nein": "Actually no keys"."""
_SAME_FOR = re.compile(
    r",? (?:and )?(?:(?:the )?same (?:for|goes for|with)|also|ebenso|dito für|genauso) (?P<more>[^.;]{2,80})$", re.I
)
_SO = re.compile(
    r"^(?:the )?(?P<field>[^\W\d][\w-]*(?: [^\W\d][\w-]*)?) (?:is|are|ist|sind|can only be"
    r"|should be) [^,;]{1,60}, (?:so|hence|thus|therefore|also|"
    r"i\.e\.|daher) (?:an? |eine? |just an? |make (?:it|them) (?:an? )?)?(?P<type>[a-zäöü][\w ]{1,30})$",
    re.I,
)


def read_corrections(text: str, statement: str, entity: str) -> tuple[AmendmentFact, ...]:
    """Return what a line below "corrections:" gives other types: "A is really a boolean, same for B"."""
    bare = " ".join(text.split()).strip(" .!")
    if len(bare) > _LONGEST:
        return ()
    more: list[str] = []
    if same := _SAME_FOR.search(bare):
        more = [one for one in re.split(r",| and | und ", same["more"]) if one.strip()]
        bare = bare[: same.start()]
    if so := _SO.match(bare):
        shape = value_type(so["type"].strip()) or value_type(so["type"].strip().split(" ")[0])
        kind = shape.type if shape else None
        facts: tuple[AmendmentFact, ...] = (
            (AmendmentFact(statement=statement, old=so["field"], entity=entity, type=kind),) if kind else ()
        )
    else:
        facts = _retyped_all(bare, statement, entity)
    also = tuple(
        AmendmentFact(statement=statement, old=one.strip(" .`"), entity="", type=facts[-1].type)
        for one in more
        if facts
    )
    return (*facts, *also)


def _retyped_all(text: str, statement: str, entity: str) -> tuple[AmendmentFact, ...]:
    """Return what each part of "make A an integer, and B is a plain string, not an enum" gives another type."""
    found: list[AmendmentFact] = []
    for part in re.split(
        r"(?:,|;)? and (?=make |change |turn |set |let |the |[\w-]+ (?:is|are|should|must) )|;\s*|, (?=make "
        r"|[\w-]+ (?:is|are) )",
        text,
    ):
        bare = _WORDY.sub(" ", _WITHOUT.sub("", part)).strip(" ,.")
        found += _retyped(" ".join(bare.split()), statement, entity)
    return tuple(found)


_WITHOUT = re.compile(
    r",? (?:not|and not|instead of|rather than|nicht|statt) (?:an? |as an? |eine? )?[\w ]{2,30}$"
    r"|,? (?:with|w/|mit|of|in|to) (?:up to |exactly )?\d+ [^,;]{2,50}$",
    re.I,
)
_WORDY = re.compile(
    r"\b(?:really|actually|in fact|just|plain|simple|simply|normal|ordinary|proper|eigentlich|wirklich|einfach)\b", re.I
)


def read_amendments(text: str, statement: str, entity: str) -> Amended | None:
    """Return what a sentence amends, None if nothing; `entity` is the thing that was spoken of before it."""
    if len(text) > _LONGEST:
        return None
    bare = " ".join(retracted(text).split()).strip()
    opened = _OPENER.match(bare)
    bare = bare[opened.end() :] if opened else bare
    for find in (_two_gone, _renamed, _swapped, _gone):
        if (found := find(bare, statement, entity)) is not None:
            return Amended(found[0], _REST.sub("", bare[found[1] :]))
    if opened and re.search(r"\b(?:no|kein|keine|keinen) *$", opened[0]):
        bare = f"no {bare}"  # "Actually no keys": the opener took the "no"
    if opened and (gone := _NO_MORE.match(bare)) and _names(gone[1] or gone[2]):
        return Amended((AmendmentFact(statement=statement, old=_plain(gone[1] or gone[2])),), "")
    if opened or bare.lower().startswith("make "):
        facts = read_corrections(bare, statement, entity)
        return Amended(facts, "") if facts else None
    return None


_Found = tuple[tuple[AmendmentFact, ...], int] | None
"""What was found, and where in the text it ends."""


def _names(*said: str | None) -> bool:
    return all(one and one.lower() not in _NOT_NAMES and one.split()[0].lower() not in _NOT_NAMES for one in said)


def _plain(said: str) -> str:
    """Return a name without little words behind it."""
    words = re.sub(r"[.,;:]+$", "", said.strip()).split()
    while len(words) > 1 and words[-1].lower() in FUNCTION | _BEHIND:
        words.pop()
    return " ".join(words)


def _renamed(text: str, statement: str, _entity: str) -> _Found:
    return _instead(_RENAMES, {1}, text, statement)


def _swapped(text: str, statement: str, _entity: str) -> _Found:
    return _instead(_SWAPS, {0, len(_SWAPS) - 1}, text, statement)


def _instead(patterns: Sequence[re.Pattern[str]], new_first: set[int], text: str, statement: str) -> _Found:
    for number, pattern in enumerate(patterns):
        if (found := pattern.search(text)) and _names(found[1], found[2]):
            old, new = (found[2], found[1]) if number in new_first else (found[1], found[2])
            return (AmendmentFact(statement=statement, old=_plain(old), new=_plain(new)),), found.end()
    return None


def _two_gone(text: str, statement: str, _entity: str) -> _Found:
    for pattern in (_TWO_GONE, _FORGET_TWO):
        if (found := pattern.search(text)) and _names(found[1], found[2]):
            both = (found[1], found[2])
            return tuple(AmendmentFact(statement=statement, old=_plain(one)) for one in both), found.end()
    if (found := _AGAINST.search(text)) and _names(found[1]):
        return (AmendmentFact(statement=statement, old=_plain(found[1])),), len(text)
    return None


def _gone(text: str, statement: str, _entity: str) -> _Found:
    for pattern in _DROPS:
        found = pattern.search(text)
        if found and _names(found[1]):
            thing = found[2] if found.re.groups > 1 and found[2] else ""
            return (AmendmentFact(statement=statement, old=_plain(found[1]), entity=thing),), found.end()
    return None


def _retyped(text: str, statement: str, entity: str) -> tuple[AmendmentFact, ...]:
    found = _RETYPE.match(text)
    shape = value_type(found["type"].strip()) if found else None
    if found is None or shape is None or not _names(found["field"]):
        return ()
    owner = found["thing"] or found["owner"] or entity
    return (AmendmentFact(statement=statement, old=found["field"], entity=owner, type=shape.type),)
