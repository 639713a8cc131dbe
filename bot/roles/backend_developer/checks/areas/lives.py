"""Do things live as was said: how their states begin and change, who changes them, and what may never change?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from bot.domain.facts import EventFact, NumberFact, OperationFact, RuleFact, Stance, StateFact
from bot.evidence.checks import CheckResult, judge, not_applicable
from bot.reading.names import same_verb, words
from bot.roles.backend_developer.blueprint import Blueprint, Event, Operation, Rule, StateMachine
from bot.roles.backend_developer.blueprint.rights import roles_of
from bot.roles.backend_developer.checks.areas.asked import said_fields, said_of
from bot.roles.backend_developer.checks.areas.locks import locked_while_new
from bot.roles.backend_developer.checks.areas.records import RECORDS, stem_of
from bot.roles.backend_developer.checks.areas.unasked_moves import guarded, jobs, revived
from bot.roles.backend_developer.checks.areas.unasked_parts import second_states
from bot.roles.backend_developer.checks.context import CheckContext, catalogue_of
from bot.roles.backend_developer.checks.fit.rendered import LITERAL, plain, spoken

_BEGINS: Final = re.compile(r"NEW\.\S+ NOT IN \((.*?)\) THEN")
_ENDS: Final = 2
"""A rule that names no more than the ends of a time holds for all rows together, whatever they are about."""

_HARMLESS: Final = frozenset(
    ["remind", "notify", "send", "resend", "email", "print", "download", "export", "copy", "duplicate", "clone",
     "preview", "comment", "rate", "share", "follow", "watch", "like", "assign", "upload", "attach", "quote",
     "estimate", "import"]
)  # fmt: skip
"""What is done to a thing without changing its state."""

_REMOVING: Final = frozenset(["delete", "deletes", "purge", "purges", "erase", "erases", "remove", "removes", "prune",
                              "prunes", "cleanup", "clean", "expire", "expires"])  # fmt: skip
_DELETED: Final = frozenset({"deleted_at", "deleted_on", "deleted", "is_deleted", "removed_at", "is_removed"})


def states_meant(bench: CheckContext) -> CheckResult:
    """Where people listed the changes of a state, there are no others; operations make theirs for who calls them."""
    said: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for fact in bench.said.facts:
        if isinstance(fact, StateFact) and fact.stance is Stance.STATED:
            said[spoken(fact.entity)] |= {(plain(s), plain(fact.target)) for s in fact.sources}
    machines = [m for m in bench.blueprint.state_machines if said.get(spoken(m.entity))]
    crossed = [line for m in bench.blueprint.state_machines for told in _TELLING for line in told(bench.blueprint, m)]
    crossed += second_states(bench)
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
    offenders += [*guarded(bench, said), *revived(bench, said)]
    return judge([*offenders, *crossed], good="States change as was said.", bad="Changes of state that are not meant")


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


def _unmoved(blueprint: Blueprint, machine: StateMachine) -> Iterator[str]:
    """A change that no operation makes, beside others that one makes, and an operation that changes no state."""
    told = any(event.entity == machine.entity for event in blueprint.events)
    orphans = [step for step in machine.transitions if not step.operation]
    moving = {step.operation for step in machine.transitions if step.operation}
    for operation in blueprint.operations:
        idle = operation.kind == "action" and operation.id not in moving and "{" in operation.path
        verb = _verb(operation)
        if operation.entity != machine.entity or not idle or verb in _HARMLESS or not moving:
            continue
        meant = [step.target for step in orphans if verb and same_verb(step.target.casefold(), verb)]
        left = [step.target for step in orphans if not told and not step.assumed]
        if targets := meant or left:
            yield f"{operation.method} {operation.path} leaves the state (nothing makes it {targets[0]})"


def _barred(blueprint: Blueprint, machine: StateMachine) -> Iterator[str]:
    """Who may call an operation is refused each change that it makes, or who may make the change cannot call it."""
    for operation in blueprint.operations:
        steps = [step for step in machine.transitions if step.operation == operation.id]
        may = set(roles_of(blueprint, operation))
        if not steps or not may or not any(step.roles for step in steps):
            continue
        let = may if any(not step.roles for step in steps) else {role for step in steps for role in step.roles}
        yield from (f"{operation.method} {operation.path} refuses {role}" for role in sorted(may - let))
        yield from (f"{operation.method} {operation.path} is closed to {role}" for role in sorted(let - may))


def _torn(blueprint: Blueprint, machine: StateMachine) -> Iterator[str]:
    """A call that says nothing but its name leads from one state to either of two."""
    calls = {operation.id: operation for operation in blueprint.operations}
    ends: dict[tuple[str, str], set[str]] = defaultdict(set)
    for step in machine.transitions:
        for source in step.sources if not step.guard else ():
            ends[source, step.operation].add(step.target)
    for (source, name), targets in ends.items():
        operation = calls.get(name)
        if operation is not None and len(targets) > 1 and operation.kind != "update" and not _tells(operation):
            yield f"{operation.method} {operation.path}: {source} → {' or '.join(sorted(targets))}"


def _tells(operation: Operation) -> bool:
    return bool(operation.request or operation.request_entity or operation.parameters)


_TELLING: Final = (_crossed, _unmoved, _barred, _torn)
"""What contradicts itself in a state machine, whatever was said."""


def _verb(operation: Operation) -> str:
    last = operation.path.rstrip("/").rsplit("/", 1)[-1]
    found = words(last) if "{" not in last else ()
    return found[0].casefold() if found else ""


def rules_meant(bench: CheckContext) -> CheckResult:
    """Rules leave what operations do: what may never change has none that changes it, and no row goes unsaid."""
    purging = [event.name for event in bench.blueprint.events if event.kind == "schedule" and _purges(bench, event)]
    stopped = [*_stopped(bench.blueprint), *jobs(bench), *locked_while_new(bench)]
    if not bench.blueprint.rules and not purging and not stopped:
        return not_applicable("The design has no rules.")
    frozen = {r.entity for r in bench.blueprint.rules if r.kind == "immutable" and not (r.fields or r.condition)}
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
    offenders += stopped
    apart = {spoken(f.entity) for f in bench.said.facts if isinstance(f, RuleFact) and f.kind == "no_overlap"}
    offenders += [
        f"{rule.entity} (one at a time in all)"
        for rule in bench.blueprint.rules
        if rule.kind == "no_overlap" and len(rule.fields) == _ENDS and not rule.assumed
        and spoken(rule.entity) not in apart
        and any(r.source == rule.entity for r in bench.blueprint.relations)
    ]  # fmt: skip
    offenders += [f"{rule.entity} ({what})" for rule in bench.blueprint.rules if (what := _losing(bench, rule))]
    offenders += purging
    return judge(offenders, good="Rules leave room for what is done.", bad="Rules refuse or lose what is done")


def _stopped(blueprint: Blueprint) -> Iterator[str]:
    """Yield states that change by what operations do, and may not change by a rule or as a field that is set once."""
    for machine in blueprint.state_machines:
        once = {
            name
            for r in blueprint.rules
            if r.entity == machine.entity and r.kind == "immutable" and not r.condition
            for name in r.fields
        }
        fields = next(e.fields for e in blueprint.entities if e.name == machine.entity)
        once |= {f.name for f in fields if f.immutable}
        if machine.field in once and machine.transitions:
            yield f"{machine.entity}.{machine.field} (which is set once)"


def _losing(bench: CheckContext, rule: Rule) -> str:
    """Return what a rule takes from people who never said so: rows after some days, rows beyond some number."""
    if rule.kind not in ("retention", "count"):
        return ""
    kept = stem_of(rule.entity) in RECORDS
    heard = any(
        spoken(f.entity) == spoken(rule.entity) and f.kind == rule.kind.value
        for f in bench.said.facts if isinstance(f, RuleFact)
    ) or any(isinstance(f, NumberFact) and f.metric == rule.kind.value for f in bench.said.facts)  # fmt: skip
    if heard or (rule.assumed and not kept):
        return ""
    return f"{rule.value:g} days and gone" if rule.kind == "retention" else f"{rule.value:g} at most"


def _purges(bench: CheckContext, event: Event) -> bool:
    """Whether a job that nobody said removes records."""
    found = {word.casefold() for word in words(event.name)}
    about = {spoken(event.entity), *map(spoken, found)} & RECORDS
    said = {spoken(f.name) for f in bench.said.facts if isinstance(f, EventFact)}
    return bool(about and found & _REMOVING) and spoken(event.name) not in said


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
