"""Do things live as was said: how their states begin and change, who changes them, and what may never change?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from bot.domain.facts import OperationFact, RuleFact, Stance, StateFact
from bot.evidence.checks import CheckResult, judge, not_applicable
from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Blueprint, Operation, StateMachine
from bot.roles.backend_developer.checks.areas.asked import said_fields, said_of
from bot.roles.backend_developer.checks.context import CheckContext, catalogue_of
from bot.roles.backend_developer.checks.fit.rendered import LITERAL, plain, spoken
from bot.roles.backend_developer.checks.names import same_verb

_BEGINS: Final = re.compile(r"NEW\.\S+ NOT IN \((.*?)\) THEN")
_ENDS: Final = 2
"""A rule that names no more than the ends of a time holds for all rows together, whatever they are about."""

_DELETED: Final = frozenset({"deleted_at", "deleted_on", "deleted", "is_deleted", "removed_at", "is_removed"})


def states_meant(bench: CheckContext) -> CheckResult:
    """Where people listed the changes of a state, there are no others, and operations make those they are called by."""
    said: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for fact in bench.said.facts:
        if isinstance(fact, StateFact) and fact.stance is Stance.STATED:
            said[spoken(fact.entity)] |= {(plain(s), plain(fact.target)) for s in fact.sources}
    machines = [m for m in bench.blueprint.state_machines if said.get(spoken(m.entity))]
    crossed = [line for m in bench.blueprint.state_machines for line in _crossed(bench.blueprint, m)]
    if not machines and not crossed:
        return not_applicable("Nobody listed changes of a state.")
    offenders = [
        f"{m.entity}: {source} → {step.target}"
        for m in machines
        for step in m.transitions
        if not step.assumed
        for source in step.sources
        if (plain(source), plain(step.target)) not in said[spoken(m.entity)]
    ]
    offenders += [line for m in machines for line in _begins(bench, m, said[spoken(m.entity)])]
    return judge([*offenders, *crossed], good="States change as was said.", bad="Changes of state that nobody said")


def _begins(bench: CheckContext, machine: StateMachine, said: set[tuple[str, str]]) -> Iterator[str]:
    """Rows begin where what was said begins: in a state that changes are made from, and none leads to."""
    entity = next(e for e in bench.blueprint.entities if e.name == machine.entity)
    first = {source for source, _ in said} - {target for _, target in said}
    table = catalogue_of(bench).tables.get(entity.plural)
    column = table.columns.get(machine.field) if table is not None else None
    if not first or table is None or column is None:
        return
    guards = " ".join(s for s in catalogue_of(bench).facts["triggers"] if s.startswith(f"{table.name} "))
    allowed = [member for some in _BEGINS.findall(guards) for member in LITERAL.findall(some)]
    filled = LITERAL.match(column.default)
    for state in dict.fromkeys([*allowed, *([filled[1]] if filled else [])]):
        if plain(state) not in first and not any(plain(state) == source for source, _ in said):
            yield f"{machine.entity} begins as {state}"


def _crossed(blueprint: Blueprint, machine: StateMachine) -> Iterator[str]:
    """An operation that is called like one state's change makes another: ``cancel`` makes it confirmed."""
    entity = next(e for e in blueprint.entities if e.name == machine.entity)
    members = next((f.values for f in entity.fields if f.name == machine.field), ())
    for operation in blueprint.operations:
        targets = {step.target for step in machine.transitions if step.operation == operation.id}
        verb = _verb(operation)
        own = {member for member in members if verb and same_verb(member.casefold(), verb)}
        alike = any(verb and verb[:4] in target.casefold() for target in targets)
        if targets and own and not own & targets and not alike:
            yield f"{operation.method} {operation.path} makes it {', '.join(sorted(targets))}"


def _verb(operation: Operation) -> str:
    last = operation.path.rstrip("/").rsplit("/", 1)[-1]
    found = words(last) if "{" not in last else ()
    return found[0].casefold() if found else ""


def rules_meant(bench: CheckContext) -> CheckResult:
    """What may never change has no operation that changes it, as every call would be refused, unless people said so."""
    if not bench.blueprint.rules:
        return not_applicable("The design has no rules.")
    frozen = {rule.entity for rule in bench.blueprint.rules if rule.kind == "immutable" and not rule.fields}
    said = {spoken(f.entity) for f in bench.said.facts if isinstance(f, RuleFact) and f.kind == "immutable"}
    asked = {e.id for f in bench.said.facts if isinstance(f, OperationFact) and f.path for e in bench.named(f)}
    offenders = [
        f"{op.method} {op.path} ({op.entity} is only appended)"
        for op in bench.blueprint.operations
        if op.entity in frozen and op.kind in ("update", "delete")
        and not (spoken(op.entity) in said and op.id in asked)
    ]  # fmt: skip
    moved = {machine.entity for machine in bench.blueprint.state_machines if machine.transitions}
    offenders += [f"states of {name} (which is only appended)" for name in sorted(frozen & moved)]
    apart = {spoken(f.entity) for f in bench.said.facts if isinstance(f, RuleFact) and f.kind == "no_overlap"}
    offenders += [
        f"{rule.entity} (one at a time in all)"
        for rule in bench.blueprint.rules
        if rule.kind == "no_overlap" and len(rule.fields) == _ENDS and not rule.assumed
        and spoken(rule.entity) not in apart
        and any(r.source == rule.entity for r in bench.blueprint.relations)
    ]  # fmt: skip
    return judge(offenders, good="Rules leave room for what is done.", bad="Rules refuse what operations do")


def deletions_heeded(bench: CheckContext) -> CheckResult:
    """A mark of deletion that nobody said is heeded: reads leave such rows out by a rule, `soft_delete`."""
    ruled = {rule.entity for rule in bench.blueprint.rules if rule.kind == "soft_delete"}
    said = said_fields(bench)
    offenders = [
        f"{entity.name}.{field.name}"
        for entity in bench.blueprint.entities
        for field in entity.fields
        if field.name.lower() in _DELETED and entity.name not in ruled
        and not said_of(entity, field.name, said)
    ]  # fmt: skip
    return judge(offenders, good="No row is marked as deleted and shown.", bad="Marks of deletion that nothing heeds")
