"""Rules that lock rows under a condition: what is locked while it is new can never become what it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from bot.domain.facts import RuleFact
from bot.reading.names import same_verb, words
from bot.roles.backend_developer.blueprint import Blueprint, Entity, Rule
from bot.roles.backend_developer.blueprint.defaults import is_today
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import spoken

Value: TypeAlias = str | bool | None

_ATOM: Final = re.compile(
    r"^\(*\s*\"?(?P<name>\w+)\"?\s*(?P<sign>=|==|<>|!=|is not|is|not in|in)\s*\(*\s*(?P<value>.+?)\s*\)*$",
    re.IGNORECASE,
)
_BARE: Final = re.compile(r"^\(*\s*(?P<no>not\s+)?\"?(?P<name>\w+)\"?\s*\)*$", re.IGNORECASE)
_WORD: Final = re.compile(r"'((?:[^']|'')*)'|([\w.+-]+)")
_CONSTANTS: Final[Mapping[str, Value]] = {"null": None, "true": True, "false": False}


def locked_while_new(bench: CheckContext) -> Iterator[str]:
    """Yield rules that nobody said and that lock a row in the form in which it is made, though rows are worked on."""
    plan = bench.blueprint
    things = {entity.name: entity for entity in plan.entities}
    for rule in plan.rules:
        if rule.kind != "immutable" or not rule.condition or not _worked_on(plan, rule.entity):
            continue
        if _said(bench, rule):
            continue
        if holds_of(rule.condition, new_row(plan, things[rule.entity])):
            yield f"{rule.entity} (locked while it is new: {rule.condition})"


def new_row(plan: Blueprint, entity: Entity) -> dict[str, Value]:
    """Return what is known of each row at the moment at which it is made: states, defaults, what is empty yet."""
    row: dict[str, Value] = {}
    for field in entity.fields:
        if field.default is not None and not is_today(field.default):
            row[field.name] = _CONSTANTS.get(field.default.casefold(), field.default)
        elif field.default is None and field.empty_allowed and (field.read_only or not field.required):
            row[field.name] = None
    row |= {m.field: m.initial for m in plan.state_machines if m.entity == entity.name and m.initial}
    return row


def holds_of(condition: str, row: Mapping[str, Value]) -> bool:
    """Whether a condition is known to hold of a row: comparisons with literals, joined by AND and OR."""
    return any(
        all(_atom(part, row) for part in re.split(r"\band\b|&&", one, flags=re.IGNORECASE))
        for one in re.split(r"\bor\b|\|\|", condition, flags=re.IGNORECASE)
    )


def _atom(text: str, row: Mapping[str, Value]) -> bool:
    bare = _BARE.match(text.strip())
    if bare is not None:
        known = row.get(bare["name"])
        return known is (not bare["no"])
    found = _ATOM.match(text.strip())
    if found is None or found["name"] not in row:
        return False
    value = row[found["name"]]
    literals = [quoted or _CONSTANTS.get(word.casefold(), word) for quoted, word in _WORD.findall(found["value"])]
    turned = found["sign"].casefold() in ("<>", "!=", "is not", "not in")
    if value is None and None not in literals:
        return False  # nothing is known of a comparison with nothing
    return (value in literals) is not turned


def _worked_on(plan: Blueprint, name: str) -> bool:
    """Whether rows are changed by anybody: by an operation, or in their state."""
    moved = any(m.entity == name and m.transitions for m in plan.state_machines)
    return moved or any(op.entity == name and op.kind == "update" for op in plan.operations)


def _said(bench: CheckContext, rule: Rule) -> bool:
    """Whether people said that such rows do not change, at all or under a condition with these words."""
    told = {word.casefold() for word in words(rule.condition)}
    for fact in bench.said.facts:
        if isinstance(fact, RuleFact) and fact.kind == "immutable" and spoken(fact.entity) == spoken(rule.entity):
            heard = {word.casefold() for word in words(fact.condition)}
            if not heard or any(same_verb(one, other) or one == other for one in heard for other in told):
                return True
    return False
