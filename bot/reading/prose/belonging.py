"""What a thing belongs to, and what it does not: "an alarm belongs to a logger, not to a reading"."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.facts import AnyFact, EntityFact, RelationFact, Stance
from bot.reading.names import name_key, singular
from bot.reading.prose.attributes.owners import owner_name

_ONE: Final = r"(?:an?|each|every|the|one|eine?[mrns]?|jede[rsmn]?|der|die|das|dem)"
_NAME: Final = r"[^\W\d_][\w-]{1,40}(?: [^\W\d_][\w-]{1,40})?"
_NOT_TO: Final = re.compile(
    rf"\b{_ONE} (?P<source>{_NAME}) (?:belongs|gehört) (?:to|zu) {_ONE} (?P<target>{_NAME}?),? "
    rf"(?:and |und )?(?:not|nicht|never) (?:to |zu )?(?:{_ONE} )?(?P<other>{_NAME}?)(?=[.,;!]|$)",
    re.IGNORECASE,
)
_NUMBER: Final = (
    r"(?:(?:exactly|precisely|always|only|just|at most|no more than|at any time|up to|genau|immer|höchstens|maximal"
    r"|nur) )?"
    r"(?P<one>one|1|a single|eine[mrns]?|einem|ein|1)"
)
_BOUND: Final = re.compile(
    rf"^(?:an?|each|every|any|eine?|jede[rs]?) (?P<source>{_NAME}?) (?P<verb>(?:(?:can |may |must |will "
    rf"|has to )?(?:be|is|are|gets|ist|wird|steht"
    rf"|liegt) (?:\w+ )?|(?:can |may |must |will )?[a-zäöü]+(?:s|t|e|en)? ))"
    rf"(?P<prep>in|on|at|to|for|by|of|with|under|from|into|onto|within|through|via|inside|auf|an|für|zu|zur|zum|bei"
    rf"|von|mit|unter) {_NUMBER} "
    rf"(?P<target>{_NAME}?)(?: at a time| only| allein| each| zugeordnet| gehört)?$",
    re.IGNORECASE,
)
_EITHER: Final = re.compile(r"^(?:at most|no more than|up to|höchstens|maximal|nur|only)\b", re.IGNORECASE)
_OWN_KIND: Final = re.compile(
    rf"^(?:an?|each|every|any|eine?|jede[rs]?) (?P<source>{_NAME}?) (?P<may>may|can|could|must|kann|darf|has|have"
    rf"|hat)? ?(?:optionally )?(?:have|has|hat|haben)? ?"
    rf"(?P<one>an?|one|exactly one|at most one|eine?n?"
    rf"|höchstens eine?n?) (?:optional )?(?P<role>[^\W\d_][\w-]{{2,30}}) (?P<target>{_NAME}?)(?: haben)?$",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    rf"^(?:an?|each|every|any|eine?|jede[rs]?) (?P<source>{_NAME}?) (?P<may>may |can |kann "
    rf"|darf )?(?P<verb>[a-zäöü]+) (?:(?P<prep>in|on|at|to|for|by|of|from|into"
    rf"|under|auf|an|zu|von|unter) )?(?:another|eine[mrn]? andere[nmrs]?) (?P<target>{_NAME}?)(?: \w+)?$",
    re.IGNORECASE,
)
_SAYS_NOTHING: Final = frozenset(
    {"belongs", "belong", "refers", "refer", "points", "references", "has", "have", "is", "gehört"}
)


def read_belonging(text: str, statement: str) -> list[AnyFact]:
    """Return both relations of such a sentence: the one that is, and the one that is not."""
    found = _NOT_TO.search(text)
    if found is None:
        return []
    return [
        RelationFact(statement=statement, source=found["source"], target=found["target"]),
        RelationFact(statement=statement, source=found["source"], target=found["other"], stance=Stance.DENIED),
    ]


def read_bound(text: str, statement: str, language: str) -> list[AnyFact]:
    """Return what a thing hangs on by any verb: "an employee works in one shop", "a crate has a parent crate".

    >>> relation = read_bound("Each tree is grafted on exactly one rootstock", "s", "en")[-1]
    >>> relation.source, relation.target
    ('tree', 'rootstock')
    """
    said = text.strip(" .!")
    if (own := _OWN_KIND.match(said)) and (own["may"] or re.search(r"\b(?:has|have|hat)\b", said)):
        source, target = owner_name(own["source"], language), owner_name(own["target"], language)
        if source and name_key(source) == name_key(target) and singular(own["role"].lower()) == own["role"].lower():
            return _related(source, source, statement, name=own["role"], required=False)
    if other := _OTHER.match(said):
        source, target = owner_name(other["source"], language), owner_name(other["target"], language)
        if source and name_key(source) == name_key(target):
            verb = other["verb"].lower()
            return _related(source, source, statement, name="" if verb in _SAYS_NOTHING else verb, required=False)
    bound = _BOUND.match(said)
    if bound is None:
        return []
    source, target = owner_name(bound["source"], language), owner_name(bound["target"], language)
    if not source or not target or singular(bound["target"]) != bound["target"]:
        return []
    may = re.match(r"(?:can|may|kann|darf)\b", bound["verb"], re.IGNORECASE) or re.search(
        r"\b(?:at most|no more than|up to|höchstens|maximal)\b", said, re.IGNORECASE
    )
    return _related(source, target, statement, required=not may)


def _related(
    source: str, target: str, statement: str, *, name: str = "", required: bool | None = None
) -> list[AnyFact]:
    ends = [EntityFact(statement=statement, name=one) for one in dict.fromkeys((source, target))]
    return [*ends, RelationFact(statement=statement, source=source, target=target, name=name, required=required)]
