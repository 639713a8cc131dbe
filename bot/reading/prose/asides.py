"""What people tell besides: what rivals have, what something is like, their own day. Nothing of it is asked for."""

from __future__ import annotations

import re

_LONGEST = 500
_HAS = (
    r"(?:has|have|had|offers?|sells?|does|do|did|loves?|likes?|wants?|says?|thinks?|keeps?|stores?|uses?|hat|haben"
    r"|hatten?|bietet|bieten|liebt|mag|will|sagt|meint|nutzt)"
)
_OTHERS = (
    r"(?:(?:the |die |das )?(?:other|most|many|andere|die meisten|viele) (?:apps?|tools?|systems?|products?|sites?"
    r"|vendors?|companies|anwendungen|systeme|firmen|anbieter)"
    r"|(?:the |das |our |unser )?(?:old|previous|former|legacy|alte|vorige|bisherige)"
    r" (?:system|tool|app|software|database|one|program))"
)
_RIVALS = (
    r"(?:our|unsere?|die) (?:rivals?|competitors?|competition|konkurrenz|konkurrenten|mitbewerber|wettbewerber"
    r"|neighbou?rs?|nachbar\w*)"
)
_BRANDS = (
    r"(?:facebook|airbnb|amazon|wikipedia|google|uber|ebay|instagram|tiktok|twitter|youtube|netflix|spotify|tinder"
    r"|reddit|linkedin|booking\.com|excel)"
)
_ASIDE = re.compile(
    rf"(?:(?:for example|e\.g\.|zum beispiel|z\.b\.),? )?(?:{_OTHERS}(?: \w+){{0,3}}? {_HAS}\b"
    rf"|{_RIVALS}(?: \w+){{0,3}}? {_HAS}\b(?!.*\b(?:an?|ein|eine[nr]?)\b)"
    rf"|{_BRANDS}(?: \w+)? {_HAS}\b)"
    r"|(?:think of it|picture (?:it|this)|imagine|stell(?:t)? (?:dir|euch|dich) vor)\b"
    r"|(?:it['’]?s|it is|this is|that['’]s|das ist|es ist)"
    r"(?: (?:a bit|kind of|sort of|just|pretty much|so|ein bisschen|ungefähr|quasi|genau))* (?:like|wie)\b"
    rf"|(?:my|mein\w*) (?!table|entit|model|data|tabelle|daten|modell)\w+(?: \w+)? {_HAS}\b"
    r"|in my (?:last|old|previous|former) \w+|(?:sorry|apologies|sry|entschuldigung|entschuldigt) (?:for|about"
    r"|für|dass)\b"
    r"|i (?:have|had|['’]ve got) (?:\w+ )?(?:kids|children|meetings?|calls?|no time"
    r"|a (?:meeting|call|headache|cold|dog|cat|question))\b",
    re.I,
)
_TURN = re.compile(
    r"\s*(?:[;]|,? but|,? aber| [-–—])\s+(?=(?:we|wir|ours?|unsere?|here|hier|the|for|entities|tables)\b)"
    r"|[.!]\s+|:\s+(?=entities|tables)",
    re.I,
)
_STRUCTURED = re.compile(r"[({]|\w_\w|: \w+,")
_OURS = re.compile(r"^(?:(?:but|and|aber|und) )?(?:ours|unsere[rs]?) (?:has|have|hat|haben)\b", re.I)


def without_asides(text: str) -> str:
    """Return a sentence without what is told besides, and what it says of "ours" as what we have.

    >>> without_asides("Facebook has groups and events; we have boats."), without_asides("Ours has boats.")
    ('we have boats.', 'we have boats.')
    """
    if len(text) > _LONGEST:
        return text
    said = text.strip()
    if (found := _ASIDE.match(said)) and not _STRUCTURED.search(said):
        turn = _TURN.search(said, found.end())
        said = said[turn.end() :] if turn else ""
        return without_asides(said) if said else ""
    return _OURS.sub("we have", text)
