"""Tenants, as people say that rows are theirs."""

from __future__ import annotations

import re

from bot.domain.facts import AnyFact, Stance, TenancyFact
from bot.reading.prose.clause import Clause, thing_name
from bot.reading.prose.things import plausible


def read_tenancy(clause: Clause, statement: str) -> list[AnyFact]:
    """Return that rows belong to a tenant; the word "enterprise" alone says nothing of it."""
    low = clause.low
    multi = re.search(r"\b(multi[- ]?tenan\w*|mandantenfähig\w*|mehrmandanten\w*)\b", low)
    everything = re.match(
        (
            r"(everything|all data|all tables|every (?:row|record|table|entity|resource)|all of it|alles|"
            r"alle daten|each (?:row|record))\b.*\b(belongs? to|is scoped (?:to|by)|gehör\w+ zu?|per|"
            r"gehört)\b"
        ),
        low,
    )
    isolated = re.search(
        r"\b(tenants?|mandanten|organi[sz]ations?|workspaces?)\b.*\b(isolated|separated|getrennt|isolation)\b", low
    )
    if not (multi or everything or isolated):
        return []
    stance = Stance.DENIED if clause.negated or clause.says("single tenant", "single-tenant") else Stance.STATED
    if everything:
        noun = clause.noun(len(everything[0].split()))
        return [TenancyFact(statement=statement, tenant=noun.name if noun and plausible(noun) else "", stance=stance)]
    name = re.search(r"\b(?:per|by|pro|each|je)\s+(?:an?\s+|the\s+)?([a-zäöü]+)", low)
    return [
        TenancyFact(statement=statement, tenant=thing_name(name[1], clause.language) if name else "", stance=stance)
    ]
