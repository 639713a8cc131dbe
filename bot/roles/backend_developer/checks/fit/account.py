"""One result per statement: done, not done and why, not understood, declined, or only words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bot.domain.facts import (
    AccessFact,
    AnyFact,
    ConventionFact,
    EntityFact,
    EventFact,
    FieldFact,
    NumberFact,
    OpenFact,
    OperationFact,
    RelationFact,
    RoleFact,
    RuleFact,
    ServiceFact,
    SignInFact,
    StackFact,
    Stance,
    Standing,
    StateFact,
    Statement,
    TenancyFact,
    UseCaseFact,
)
from bot.reading.merge import Understanding
from bot.roles.backend_developer.checks.fit import data, fields, interface, numbers, outside, sign_ins, use_cases
from bot.roles.backend_developer.checks.fit.gaps import (
    API,
    DATABASE,
    DENIAL,
    PERFORMANCE,
    SECURITY,
    SERVICE,
    Denied,
    Gap,
)
from bot.roles.backend_developer.checks.fit.rendered import Rendered

COMPARERS: Final[Mapping[type[Any], Callable[[Any, Rendered], Iterator[Gap]]]] = {
    EntityFact: data.entity,
    FieldFact: fields.attribute,
    RelationFact: data.relation,
    RuleFact: data.rule,
    StateFact: data.state,
    OperationFact: interface.operation,
    AccessFact: interface.access,
    UseCaseFact: use_cases.use_case,
    RoleFact: interface.role,
    SignInFact: sign_ins.sign_in,
    TenancyFact: interface.tenancy,
    EventFact: interface.event,
    NumberFact: numbers.number,
    ServiceFact: outside.service,
    StackFact: outside.stack,
    ConventionFact: numbers.convention,
}
"""How each kind of fact is compared with what was rendered."""

KINDS: Final[Mapping[type[Any], str]] = {
    EntityFact: "entity", FieldFact: "field", RelationFact: "relation", RuleFact: "rule", StateFact: "state",
    OperationFact: "operation", AccessFact: "access", RoleFact: "role", SignInFact: "sign_in",
    TenancyFact: "tenancy", EventFact: "event", NumberFact: "number", ServiceFact: "service", StackFact: "stack",
    ConventionFact: "convention", UseCaseFact: "use_case",
}  # fmt: skip
"""What each kind of fact is called."""

_ASKED_IN: Final = {
    "opening_1": SERVICE,
    "opening_2": API,
    "opening_3": SERVICE,
    "api_design": API,
    "database_schema": DATABASE,
    "integration_needs": SERVICE,
    "performance_requirements": PERFORMANCE,
    "security_controls": SECURITY,
}
"""The area that each question of the definition asks about."""


class Verdict(StrEnum):
    """What became of a statement in what was rendered.

    CLAIMED: it asks for what only words of a design can say (naming, compliance), which no comparison proves.
    """

    DONE = "done"
    NOT_DONE = "not_done"
    NOT_UNDERSTOOD = "not_understood"
    DECLINED = "declined"
    CLAIMED = "claimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFit:
    """A statement, what became of it, the areas that it counts in, and what is not as it says, with the area.

    `kinds` are those of the gaps, in their order: the name of the fact's kind (`entity`, `operation`, …) or `denial`.
    """

    statement: Statement
    verdict: Verdict
    areas: frozenset[str] = frozenset()
    gaps: tuple[Gap, ...] = ()
    kinds: tuple[str, ...] = ()


def fit_of(said: Understanding, made: Rendered | None) -> tuple[StatementFit, ...]:
    """Return one result for each statement that asks for something, in the order of the texts.

    `made` None means that there is nothing to compare with (no document, or a database that a migration broke): then
    nothing that was asked for is done.
    """
    facts: dict[str, list[AnyFact]] = defaultdict(list)
    for fact in said.facts:
        facts[fact.statement].append(fact)
    topics = _topics(said, facts)
    found = (_one(one, facts[one.id], topics, made) for one in said.statements)
    return tuple(one for one in found if one is not None)


def _one(
    statement: Statement, facts: list[AnyFact], topics: Mapping[str, str], made: Rendered | None
) -> StatementFit | None:
    if statement.standing in (Standing.WITHDRAWN, Standing.NOTHING_SAID):
        return None
    if statement.standing is Standing.NOT_UNDERSTOOD:
        areas = frozenset({topics.get(statement.source, SERVICE)})
        return StatementFit(statement=statement, verdict=Verdict.NOT_UNDERSTOOD, areas=areas)
    binding = [fact for fact in facts if fact.stance in (Stance.STATED, Stance.DENIED)]
    if not binding:
        return StatementFit(statement=statement, verdict=Verdict.DECLINED)
    compared = [fact for fact in binding if not _only_words(fact)]
    if not compared:
        return StatementFit(statement=statement, verdict=Verdict.CLAIMED)
    found = [
        (gap, DENIAL if isinstance(gap[1], Denied) else KINDS[type(fact)])
        for fact in compared
        for gap in (_gaps(fact, made, compared) if made else [(_home(fact), "nothing usable was rendered")])
    ]
    gaps = tuple(gap for gap, _ in found)
    return StatementFit(
        statement=statement,
        verdict=Verdict.NOT_DONE if gaps else Verdict.DONE,
        areas=frozenset({*map(_home, compared), *(area for area, _ in gaps)}),
        gaps=gaps,
        kinds=tuple(kind for _, kind in found),
    )


def _gaps(fact: AnyFact, made: Rendered, beside: Sequence[AnyFact]) -> Iterator[Gap]:
    if isinstance(fact, AccessFact):
        return interface.access(fact, made, [other for other in beside if isinstance(other, AccessFact)])
    return COMPARERS[type(fact)](fact, made)


def _only_words(fact: AnyFact) -> bool:
    return isinstance(fact, OpenFact) or (isinstance(fact, ConventionFact) and fact.kind != "base_path")


def _home(fact: AnyFact) -> str:
    return interface.HOME.get(type(fact), DATABASE)


def _topics(said: Understanding, facts: Mapping[str, list[AnyFact]]) -> dict[str, str]:
    """Return the area of each source: its question's, or for a document that of most of its facts."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for statement in said.statements:
        counted[statement.source].update(_home(fact) for fact in facts.get(statement.id, ()))
    found = {source: count.most_common(1)[0][0] for source, count in counted.items() if count}
    asked = {source: _ASKED_IN.get(source.removeprefix("answer:"), "") for source in counted}
    return {**found, **{source: area for source, area in asked.items() if area}}
