"""Tenants, as people say that rows are theirs."""

from __future__ import annotations

import re

from bot.domain.facts import AnyFact, Stance, TenancyFact
from bot.reading.names import vocabulary
from bot.reading.people import looks_like_people
from bot.reading.prose.clause import Clause, Noun, thing_name
from bot.reading.prose.things import plausible

_MULTI = re.compile(r"\b(?:multi[- ]?tenan\w*|mandantenfähig\w*|mehrmandanten\w*)\b")
_NOT_MULTI = re.compile(
    r"\b(?:no|not|isn't|never|kein\w*|nicht) (?:(?:an?|any|really) )?(?:multi[- ]?tenan|mandantenf|"
    r"mehrmandanten|tenants?\b)"
    r"|\bsingle[- ]tenant\b"
)
_ALL = (
    r"(?:everything|all (?:of )?(?:the )?(?:data|tables|rows|records|entities|of it)|every (?:row|record|table|entity|"
    r"resource|thing)|each (?:row|record|table)|data|alles|alle daten|jede zeile|jeder datensatz|daten)"
)
_ARTICLE = r"(?:an? |the |its |each |every |exactly |one |zu |einem |einer |der |dem |jede[mnrs]? )*"
_EVERYTHING = re.compile(
    rf"^(?:{_ALL})\b[^.;]{{0,30}}?\b(?:belongs? to|(?:is|are|must be|wird|werden) (?:\w+ )?(?:scoped|"
    rf"separated|partitioned|"
    rf"isolated|split|kept|separate|getrennt)(?: strictly| apart)? (?:to|by|per|for|pro|nach|je)|gehör\w+ "
    rf"zu?|gehört|per) "
    rf"{_ARTICLE}(?P<name>[a-zäöüß]\w+)"
)
_ISOLATED = re.compile(
    r"\b(tenants?|mandanten|organi[sz]ations?|workspaces?)\b.*\b(isolated|separated|getrennt|isolation)\b"
)
_OTHERS = re.compile(
    r"\b(?:an?|no|one|each|kein\w*|ein\w*) (?P<name>[a-zäöüß]\w+) (?:(?:may|can|must|shall|should|darf|kann|ever) )*"
    r"(?:never |not |cannot |can't |nie )?(?:sees?|reads?|access\w*|gets? at|sieht|sehen) (?:another|the "
    r"other|other|andere\w*|"
    r"the data of (?:an)?other)\b"
)
_SERVES = re.compile(
    r"\b(?:installation|instance|deployment|system|server|platform|software|plattform|instanz) "
    r"(?:serves?|hosts?|is (?:used|shared) by|bedient) (?:many|several|all|multiple|mehrere|viele) "
    r"(?P<name>[a-zäöüß]\w+)"
)
_SHARE = re.compile(
    r"\b(?:several|many|multiple|different|various|mehrere|viele"
    r"|verschiedene) (?:[a-zäöüß]\w+ )?(?P<name>[a-zäöüß]\w+) (?:will |can |may "
    r"|would )?(?:share|use|work (?:on|in|with)|run on|live in|teilen sich|nutzen|verwenden"
    r"|arbeiten (?:auf|in|mit)) (?:the |one |this "
    r"|a single |our |das |die |ein\w* |unsere? )(?:same |selbe |gleiche )?(?:system"
    r"|installation|instance|deployment|server|platform|software"
    r"|database|app|application|backend|plattform|instanz|datenbank|anwendung)\b"
)
_EACH_OTHERS = re.compile(
    r"\b(?P<name>[a-zäöüß]\w+) (?:(?:must|may|can|should|shall|do|dürfen|sollen"
    r"|können) )?(?:never |not |cannot |can't |don't |nie )"
    r"(?:get to )?(?:see|read|access|touch|get at)s? each (?:other's?|others')"
    r"|\b(?:each|every|jede[rs]?) (?P<one>[a-zäöüß]\w+) (?:(?:only|just|ever|nur|may|can|will"
    r"|always) )*(?:sees?|gets?|has access to|sieht)"
    r" (?:(?:only|just|nur) )*(?:its|their|seine|ihre) (?:own|eigene\w*)"
    r"|\bkeine? (?P<kein>[a-zäöüß]\w+) (?:sieht|liest|darf) (?:die |den |das )?\w+ (?:eines|einer|der|des) andere\w+"
)
_IS_TENANT = re.compile(
    r"\b(?:an?|each|every|the|jede[rs]?|eine?) (?P<name>[a-zäöüß]\w+) (?:is|are|ist) (?:(?:its|their|a|"
    r"our|one|ein\w*|eigene\w*) )*"
    r"(?:own )?(?:tenant|mandant)\b|\btenants? (?:is|are|means?|=) (?:an? |the |our )?(?P<other>[a-zäöüß]\w+)"
)
_OWN = re.compile(
    r"\b(?:jede[rs]?|each|every) (?P<name>[a-zäöüß]\w+) (?:hat|has) (?:its |their |seine )?(?:own|eigene\w*)\b"
)
_PER = re.compile(r"\b(?:per|by|pro|each|je|jede[rs]?)\s+(?:an?\s+|the\s+)?(?P<name>[a-zäöü]+)")
_NO_NAMES = vocabulary("user day design field role environment month other region itself default")


def read_tenancy(clause: Clause, statement: str) -> list[AnyFact]:
    """Return that rows belong to a tenant; the word "enterprise" alone says nothing of it."""
    low = " ".join(clause.low.replace(" 's", "'s").split())
    if _NOT_MULTI.search(low):
        return [TenancyFact(statement=statement, stance=Stance.DENIED)]
    for pattern in (_EVERYTHING, _OTHERS, _SERVES, _SHARE, _EACH_OTHERS, _IS_TENANT):
        if (found := pattern.search(low)) and (name := _tenant(found, clause.language, pattern is _EVERYTHING)):
            return [TenancyFact(statement=statement, tenant=name)]
    if not _MULTI.search(low) and not _ISOLATED.search(low):
        return []
    found = _OWN.search(low) or _PER.search(low)
    return [TenancyFact(statement=statement, tenant=_tenant(found, clause.language, True) if found else "")]


def _tenant(found: re.Match[str], language: str, people_too: bool) -> str:
    """Return the tenant's name, "" where it is none: one of many people is no tenant, but whose row it is."""
    said = next((name for name in found.groupdict().values() if name), "")
    said = re.sub(r"_?ids?$", "", said)
    name = thing_name(said.capitalize() if language == "de" else said, language)
    noun = Noun(name, said, False, False, False, 0, 0)
    if not said or said in _NO_NAMES or not plausible(noun):
        return ""
    return "" if looks_like_people(name) and not people_too and name.lower() not in {"tenant", "mandant"} else name
