"""Says what is taken back in the amendments' own words: "Farbe bitte wieder raus" is "drop Farbe".

"EDIT: please call the first one perches, not roosts, the biologists insist" is "rename roosts to perches".
"""

from __future__ import annotations

import re

_LONGEST = 300
_BETWEEN = (
    "please|bitte|kann|können|soll|sollen|muss|can|should|may|has to|doch|wieder|again|now|jetzt|auch|is|are|ist|sind"
    "|go|goes|be|then"
)
"""Words between what is taken back and the word for that; none of them belongs to its name."""
_NAME = rf"[^\W\d][\w-]{{1,40}}(?: (?!(?:{_BETWEEN})\b)[^\W\d][\w-]{{1,40}})?"
_X, _Y = rf"[\"'`“”]?(?P<x>{_NAME})[\"'`“”]?", rf"[\"'`“”]?(?P<y>{_NAME})[\"'`“”]?"
_THE = r"(?:the |a |an |our |das |die |der |den |dem )?"
_OPENER = re.compile(
    r"^\W*(?P<all>(?:(?:edit|update|correction|korrektur|berichtigung|nachtrag|erratum|ps|p\.s\.|sorry|oops|ups"
    r"|wait|moment|halt|stop|hm+|ach"
    r"|äh|ah|oh|actually|eigentlich|no|nope|nein|nee|doch|well|on (?:second|2nd) thoughts?|on reflection|i mean"
    r"|i meant|ich meine|also|and|und|but"
    r"|aber|please|bitte|so)\b[\s,:;.!–—-]*)+)",
    re.I,
)
_WHY = re.compile(
    r"(?:,|;| [-–—]| \()\s*(?:nobody|no one|no-one|not needed|the \w+ (?:insist|say|want|prefer|agree|told"
    r"|asked)\b|those|that['’]s|it['’]s|they|we|our"
    r"|because|since|sorry|obviously|as|somebody|someone|braucht|brauchen|das|die|der|weil|denn|da|wir|haben"
    r"|war|ist|niemand|keiner|hat)\b.*$"
    r"| (?:please|bitte|pls|thanks|danke|sorry)$",
    re.I,
)
_CALLED = re.compile(
    rf"(?:please |bitte )*(?:call|name|nenn(?:t|en wir)?) (?:the (?:first|second|third|last|other) (?:one|table"
    rf"|field|thing)|it|them|that|this|das|die erste|es) {_THE}{_Y},?"
    rf" (?:and )?(?:not|instead of|rather than|nicht|statt) {_THE}{_X}$",
    re.I,
)
_OUT = re.compile(
    rf"{_THE}{_X} (?:(?:{_BETWEEN}) )*"
    r"(?:raus|weg|out|gone|streichen|gestrichen|löschen|gelöscht|entfernen|entfernt|away|removed|dropped|struck"
    r"|verworfen)(?: again| wieder| now| please| bitte)*$",
    re.I,
)
_ONLY = re.compile(
    rf"(?:no|not|without|ohne|kein(?:e|en)?|nicht) {_THE}{_X}(?: (?:on|in|at|for|bei|auf"
    rf"|in) [\w ]{{2,30}})?,? (?:only|just|nur) .{{2,80}}$",
    re.I,
)
_WITHOUT = re.compile(rf"(?:without|ohne) {_THE}{_X}$", re.I)
_RATHER = re.compile(
    rf"(?:not|nicht|kein(?:e|en)?) {_THE}{_X}(?:, ?(?:sondern|but(?: rather)?|rather)? ?| sondern "
    rf"| but )(?:lieber )?{_THE}{_Y}$",
    re.I,
)
_MEANT = re.compile(rf"{_THE}{_Y},? (?:and )?(?:not|nicht) {_THE}{_X}$", re.I)
_THAT = re.compile(rf"make (?:that|it) {_THE}{_Y} (?:instead of|rather than|not) {_THE}{_X}$", re.I)
_NOT_HERE = re.compile(
    rf"{_THE}{_X} (?:gibt['’]?s|gibt es|haben wir|brauchen wir)(?: bei uns| hier| doch| gar)* nicht(?: mehr)?$", re.I
)
_HERE = re.compile(
    rf"{_THE}{_X} (?:heißt|heißen|nennt sich|is called|are called)(?: bei uns| hier| jetzt| nun| here| now"
    rf"| with us)+ {_THE}{_Y}$",
    re.I,
)


_FORMS: tuple[tuple[re.Pattern[str], str, bool], ...] = (
    (_CALLED, "rename {x} to {y}", True),
    (_THAT, "{y} instead of {x}", True),
    (_HERE, "rename {x} to {y}", True),
    (_OUT, "drop {x}", True),
    (_NOT_HERE, "drop {x}", True),
    (_ONLY, "drop {x}", False),
    (_WITHOUT, "drop {x}", False),
    (_RATHER, "{y} instead of {x}", False),
    (_MEANT, "{y} instead of {x}", False),
)
"""Each way of taking back, what it is in the amendments' words, and whether it says so without "sorry" before it."""


def retracted(text: str) -> str:
    """Return what a sentence takes back or renames in the words of amendments, or the sentence as it is.

    >>> retracted("Nachtrag: Farbe bitte wieder raus, braucht kein Mensch."), retracted("A pump has a colour.")
    ('drop Farbe', 'A pump has a colour.')
    """
    said = " ".join(text.split()).strip(" .!")
    if not 5 <= len(said) <= _LONGEST:
        return text
    opened = _OPENER.match(said)
    negated = bool(opened and re.search(r"\b(?:no|nope|nein|nee)[\s,:;.!–—-]*$", opened["all"], re.I))
    bare = said[opened.end() :] if opened else said
    bare = _WHY.sub("", bare).strip(" ,.!")
    for pattern, form, sure in _FORMS:
        found = pattern.match(bare) if opened or sure else None
        if found is None and negated and pattern is _ONLY:
            found = pattern.match(f"no {bare}")
        if found is not None:
            return form.format(**found.groupdict())
    return text
