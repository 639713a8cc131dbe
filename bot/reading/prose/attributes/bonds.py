"""What a thing hangs on by any verb: "an employee works in one shop", "a crate may have a parent crate"."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.facts import AnyFact, EntityFact, RelationFact
from bot.reading.names import name_key, singular
from bot.reading.prose.attributes.owners import owner_name
from bot.reading.prose.clause import thing_name

_ONE: Final = r"(?:an?|each|every|the|one|eine?[mrns]?|jede[rsmn]?|der|die|das|dem)"
_NAME: Final = r"[^\W\d_][\w-]{1,40}(?: [^\W\d_][\w-]{1,40})?"
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
_BOTH_WAYS: Final = re.compile(
    rf"^(?:an?|each|every|eine?|jede[rs]?) (?P<one>{_NAME}?) (?:can |may |kann )?[a-zäöü]+ (?:(?:many|several"
    rf"|multiple|viele|mehrere) )?"
    rf"(?P<others>{_NAME}?)(?:,? (?:and|und|while)|,) (?:an?|each|every|eine?"
    rf"|jede[rs]?) (?P<other>{_NAME}?) (?:[a-zäöü]+ ){{1,4}}"
    rf"(?:many|several|multiple|more than one|viele[nr]?|mehrere[nr]?) (?P<ones>{_NAME}?)(?: \w+)?$",
    re.IGNORECASE,
)
_THERE: Final = re.compile(
    rf"^(?:for|to|zu|für|pro|per) (?:each|every|any|an?|jede[mnr]?|eine[mnr]?) (?P<one>{_NAME}?),? (?:there (?:are"
    rf"|can be|may be)|gibt es|gehören|kann es)"
    rf" (?:(?:any number of|one or more|zero or more|many|several|multiple|beliebig viele|viele|mehrere"
    rf"|eine oder mehrere|keine, eine oder mehrere) )"
    rf"(?P<many>{_NAME}?)(?: geben)?$",
    re.IGNORECASE,
)
_SAYS_NOTHING: Final = frozenset(
    {"belongs", "belong", "refers", "refer", "points", "references", "has", "have", "is", "gehört"}
)


def read_bound(text: str, statement: str, language: str) -> list[AnyFact]:  # noqa: PLR0911 - one exit per way of it
    """Return what a thing hangs on by any verb: "an employee works in one shop", "a crate has a parent crate".

    >>> relation = read_bound("Each tree is grafted on exactly one rootstock", "s", "en")[-1]
    >>> relation.source, relation.target
    ('tree', 'rootstock')
    """
    said = text.strip(" .!")
    if both := _BOTH_WAYS.match(said):
        return _many_ways(both, statement, language)
    if there := _THERE.match(said):
        source, target = thing_name(there["many"], language), owner_name(there["one"], language)
        return _related(source, target, statement) if source and target else []
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


def _many_ways(both: re.Match[str], statement: str, language: str) -> list[AnyFact]:
    """Return "a playlist has songs and a song can be on many playlists", if both halves speak of the same two."""
    one, other = owner_name(both["one"], language), owner_name(both["other"], language)
    same = name_key(thing_name(both["others"], language)) == name_key(other)
    back = name_key(thing_name(both["ones"], language)) == name_key(one)
    if not one or not other or not same or not back:
        return []
    ends = [EntityFact(statement=statement, name=name) for name in (one, other)]
    return [*ends, RelationFact(statement=statement, source=one, target=other, cardinality="many_to_many")]


def _related(
    source: str, target: str, statement: str, *, name: str = "", required: bool | None = None
) -> list[AnyFact]:
    ends = [EntityFact(statement=statement, name=one) for one in dict.fromkeys((source, target))]
    return [*ends, RelationFact(statement=statement, source=source, target=target, name=name, required=required)]
