"""Keys that sentences name: "flights.envelope_id", "put tower_id on bell", "no bell_id on the tower"."""

from __future__ import annotations

import re

from bot.domain.facts import AnyFact, EntityFact, FieldFact, RelationFact, Stance
from bot.reading.names import name_key
from bot.reading.prose.attributes.owners import owner_name

_LONGEST = 600
_KEY = r"[`'\"]?(?P<f>[a-z][a-z0-9]*(?:_[a-z0-9]+)*_id|[a-z]+(?:[A-Z][a-z0-9]+)*Id)[`'\"]?"
_DOTTED = re.compile(
    rf"(?<![\w./-])[`'\"]?(?P<o>[^\W\d][\w]*)\.{_KEY}(?![\w(]|\.\w)(?!\s*(?:->|→|=>|-->|>|refe|fk|ref\b))"
)
_OWNED = re.compile(
    rf"(?P<no>\b(?i:no|not|never|kein\w*|nicht)\s+(?:an? |the |any |eine? )?)?(?<![\w.]){_KEY}\s+(?:column "
    rf"|field |fk |key |feld |spalte )?"
    r"(?:(?:goes|sits|lives|belongs|stands|is|stays|comes|gehört|steht|liegt)\s+)?(?P<not>not )?(?:on|to|in"
    r"|into|at|onto|an|auf|bei|zu)\s+"
    r"(?:the |an? |each |every |der |die |das |dem |den |jede[rmsn]? )?(?P<o>[^\W\d][\w-]*)",
)
_HAS_NONE = re.compile(
    r"\b(?:(?:an?|the|each|every|any|eine?|der|die|das) )?(?P<o>[^\W\d][\w-]*) (?P<never>never |nie "
    r"|niemals )?(?:has|have|gets?|carries|carry"
    r"|needs?|hat|haben|bekommt|bekommen"
    rf"|(?:does|do)(?: not|n['’]t) (?:have|carry|get|need)|(?:must|should|will)(?: not|n['’]t) (?:have|carry"
    rf"|get))(?: a| an| any| its| the)?"
    rf"(?P<no> no| never an?| kein\w*)? {_KEY}",
    re.I,
)


def read_keys(text: str, statement: str, language: str) -> list[AnyFact]:
    """Return the keys that a sentence says of things, the denied ones too; empty where it says none.

    >>> found = read_keys("So it is flights.envelope_id and flights.pilot_id.", "s", "en")
    >>> [f.name for f in found if isinstance(f, FieldFact)]
    ['envelope_id', 'pilot_id']
    """
    if len(text) > _LONGEST or not ("_id" in text or "Id" in text) or "(" in text.partition("_id")[0][-40:]:
        return []
    found: list[AnyFact] = []
    for dotted in _DOTTED.finditer(text):
        found += _key(dotted["o"], dotted["f"], statement, denied=False, sure=True, language=language)
    if found:
        return found
    for has in _HAS_NONE.finditer(text):
        denied = bool(has["no"] or has["never"]) or bool(re.search(r"(?:not|n['’]t) (?:have|carry|get|need)", has[0]))
        found += _key(has["o"], has["f"], statement, denied=denied, sure=False, language=language)
    for owned in _OWNED.finditer(text):
        denied = bool(owned["no"] or owned["not"])
        found += _key(owned["o"], owned["f"], statement, denied=denied, sure=False, language=language)
    return found


def _key(owner: str, name: str, statement: str, *, denied: bool, sure: bool, language: str) -> list[AnyFact]:
    thing = owner_name(owner, language)
    if not thing:
        return []
    if denied:
        return [FieldFact(statement=statement, entity=thing, name=name, stance=Stance.DENIED)]
    target = owner_name(re.sub(r"(?:_id|Id)$", "", name), language)
    if not target or name_key(target) == name_key(thing):
        return [FieldFact(statement=statement, entity=thing, name=name)]
    ends = [EntityFact(statement=statement, name=thing, plural=owner if owner != thing else "")]
    field = FieldFact(statement=statement, entity=thing, name=name, references=target)
    if not sure:
        return [*ends, field]
    link = RelationFact(statement=statement, source=thing, target=target)
    return [*ends, EntityFact(statement=statement, name=target), field, link]
