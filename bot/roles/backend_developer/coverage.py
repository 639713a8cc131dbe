"""What became of each statement: computed from what the parts of a blueprint cite, never written by a designer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.evidence import Check, Fulfilment
from bot.domain.facts import OpenFact, Standing, Statement
from bot.roles.backend_developer.blueprint import Blueprint, Cited

if TYPE_CHECKING:  # the report needs the accounts, and no start the readers
    from bot.reading.merge import Understanding


class Account(StrEnum):
    """What became of a statement. Withdrawn ones and those that say nothing are not counted in any share."""

    REALISED = "realised"
    DECLINED = "declined"
    OPEN = "open"
    NOT_REALISED = "not_realised"
    NOT_UNDERSTOOD = "not_understood"
    WITHDRAWN = "withdrawn"
    NOTHING_SAID = "nothing_said"


UNCOUNTED = frozenset({Account.WITHDRAWN, Account.NOTHING_SAID})


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """A statement, what became of it, and the parts that realise it (or what was declined), as addresses.

    `gap` is what the checks found missing of it although parts cite it; `by_model` that a model read it.
    """

    statement: Statement
    account: Account
    parts: tuple[str, ...] = ()
    gap: str = ""
    by_model: bool = False


def coverage(understanding: Understanding, blueprint: Blueprint) -> tuple[Covered, ...]:
    """Return what became of each statement, in the order of the texts."""
    realised, declined = cited_by(blueprint)
    asked = {fact.statement for fact in understanding.questions if isinstance(fact, OpenFact)}
    modelled = {fact.statement for fact in understanding.facts if fact.by_model}
    return tuple(
        Covered(
            statement=said,
            account=_account(said, realised, declined, asked),
            parts=tuple(realised.get(said.id) or declined.get(said.id) or ())[:12],
            by_model=said.id in modelled,
        )
        for said in understanding.statements
    )


def held_to(covered: Iterable[Covered], gaps: Mapping[str, str]) -> tuple[Covered, ...]:
    """Return the coverage held to what the checks compared: what is cited and not done is not realised."""
    return tuple(
        replace(one, account=Account.NOT_REALISED, gap=gap)
        if one.account is Account.REALISED and (gap := gaps.get(one.statement.id, ""))
        else one
        for one in covered
    )


def gaps_of(checks: Iterable[Check]) -> Mapping[str, str]:
    """Return what checks of fit found missing, by the statement's id."""
    return {
        one.statement: one.gap or "it is not done"
        for check in checks
        for one in check.compared
        if one.outcome is Fulfilment.NOT_DONE
    }


def cited_by(blueprint: Blueprint) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    """Return the addresses of the parts by the statements that they cite: of what is there, and of what is declined."""
    realised: dict[str, list[str]] = defaultdict(list)
    for address, part in addressed(blueprint):
        for statement in part.cites:
            realised[statement].append(address)
    declined: dict[str, list[str]] = defaultdict(list)
    for item in blueprint.declined:
        for statement in item.cites:
            declined[statement].append(f"{item.standing}: {item.what}")
    return realised, declined


def addressed(blueprint: Blueprint) -> Iterator[tuple[str, Cited]]:
    """Yield every part that may cite statements, with its address: ``Order.status``, ``POST /orders``."""
    for entity in blueprint.entities:
        yield entity.name, entity
        yield from ((f"{entity.name}.{field.name}", field) for field in entity.fields)
    for link in blueprint.relations:
        yield f"{link.source}.{link.name} → {link.target}", link
        yield from ((f"{link.source}.{link.name}.{field.name}", field) for field in link.fields)
    yield from ((f"{op.method.value} {op.path}", op) for op in blueprint.operations)
    yield from ((f"role {role.name}", role) for role in blueprint.roles)
    yield from ((f"permission of {one.role or 'everybody signed in'}", one) for one in blueprint.permissions)
    yield from ((f"rule of {rule.entity}: {rule.kind.value}", rule) for rule in blueprint.rules)
    for machine in blueprint.state_machines:
        yield f"states of {machine.entity}", machine
        yield from ((f"{machine.entity}: {move.target}", move) for move in machine.transitions)
    yield from ((f"event {event.name}", event) for event in blueprint.events)
    yield from ((f"sign-in {way.name}", way) for way in blueprint.sign_ins)
    yield from ((f"service {one.service}", one) for one in blueprint.integrations)
    yield from ((f"{one.metric} {one.value:g} {one.unit}", one) for one in blueprint.budgets)
    yield "stack", blueprint.stack
    yield from ((f"{one.kind}: {one.value[:60]}", one) for one in blueprint.conventions)


def assumed(blueprint: Blueprint) -> tuple[str, ...]:
    """Return the addresses of the parts that nobody said."""
    parts = [address for address, part in addressed(blueprint) if part.assumed]
    return (*parts, *(f"stack: {part}" for part in blueprint.stack.assumed_parts))


def share(covered: Iterable[Covered]) -> tuple[int, int]:
    """Return how many of the statements that ask for something are realised or declined, and how many there are."""
    counted = [one for one in covered if one.account not in UNCOUNTED]
    return sum(one.account in (Account.REALISED, Account.DECLINED) for one in counted), len(counted)


def _account(
    said: Statement, realised: Mapping[str, list[str]], declined: Mapping[str, list[str]], asked: set[str]
) -> Account:
    match said.standing:
        case Standing.WITHDRAWN:
            return Account.WITHDRAWN
        case Standing.NOTHING_SAID:
            return Account.NOTHING_SAID
        case Standing.NOT_UNDERSTOOD:
            return Account.NOT_UNDERSTOOD
        case _:
            if said.id in realised:
                return Account.REALISED
            if said.id in declined:
                return Account.DECLINED
            return Account.OPEN if said.id in asked else Account.NOT_REALISED
