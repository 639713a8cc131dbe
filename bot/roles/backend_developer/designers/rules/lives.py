"""Rules over rows and the states that they go through, from facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial

from bot.domain.facts import RuleFact, StateFact
from bot.reading.names import same_verb, words
from bot.roles.backend_developer.blueprint import (
    Entity,
    EntityField,
    FieldType,
    Operation,
    OperationKind,
    Rule,
    RuleKind,
    StateMachine,
    Transition,
)
from bot.roles.backend_developer.designers.rules.access import frozen
from bot.roles.backend_developer.designers.rules.data import Data, extended
from bot.roles.backend_developer.designers.rules.identifiers import column, key_of, member, snake
from bot.roles.backend_developer.designers.rules.moments import tells_when
from bot.roles.backend_developer.designers.rules.world import World

_COMPARED = re.compile(r"\s*([\w.]+)\s*(<=|>=|<>|!=|<|>|=)\s*([\w.]+)\s*")
_STATE_FIELDS = ("status", "state", "zustand", "phase", "stage")


def rules_of(world: World, data: Data, machines: Iterable[StateMachine]) -> tuple[Rule, ...]:
    """Return the rules; what cannot be enforced by the data alone is kept in its own words."""
    lives = {machine.entity: machine for machine in machines}
    found: dict[tuple[object, ...], Rule] = {}
    for fact in world.of(RuleFact):
        name = data.name(fact.entity) if fact.entity else ""
        if not name:
            continue
        rule = _rule(fact, data.get(name), data, lives.get(name)).model_copy(
            update={"cites": world.cites.of("rule", key_of(fact.entity), fact.kind, also=(fact.statement,))}
        )
        found.setdefault(
            (
                rule.entity,
                rule.kind,
                rule.fields,
                rule.expression,
                rule.condition,
                rule.text if rule.kind is RuleKind.OTHER else "",
            ),
            rule,
        )
    for name, statement in frozen(world, data).items():
        if (name, RuleKind.IMMUTABLE) not in {(rule.entity, rule.kind) for rule in found.values()}:
            found[name, RuleKind.IMMUTABLE] = Rule(entity=name, kind=RuleKind.IMMUTABLE, cites=(statement,))
    return tuple(found.values())[:300]


def _rule(fact: RuleFact, entity: Entity, data: Data, life: StateMachine | None) -> Rule:
    known = {f.name for f in entity.fields} | {
        c for r in data.relations if r.source == entity.name for c in (r.columns or (f"{r.name}_id",))
    }
    names = tuple(_known(f, known, data, entity) for f in fact.fields if not _is_tenant(f, data, entity))
    text = (fact.text or fact.expression or fact.kind)[:600]
    make = partial(Rule, entity=entity.name, text=text)
    named = bool(names) and all(names)
    kept: dict[str, Callable[[], Rule | None]] = {
        "immutable": lambda: _immutable(make, fact, tuple(n for n in names if n), entity, life),
        "soft_delete": lambda: make(kind=RuleKind.SOFT_DELETE),
        "audit": lambda: make(kind=RuleKind.AUDIT),
        "unique": lambda: make(kind=RuleKind.UNIQUE, fields=tuple(dict.fromkeys(names))) if named else None,
        "no_overlap": lambda: make(kind=RuleKind.NO_OVERLAP, fields=names) if named and len(names) > 1 else None,
        "retention": lambda: _kept(make, fact, entity),
        "count": lambda: make(kind=RuleKind.COUNT, fields=names, value=fact.value) if named and fact.value else None,
    }
    compared = (
        _compared(fact, lambda said: _known(said, known, data, entity)) if fact.kind in ("compare", "bound") else ""
    )
    if compared:
        return make(kind=RuleKind(fact.kind), expression=compared)
    made = kept.get(fact.kind, lambda: None)()
    return made or make(kind=RuleKind.OTHER)


def _kept(make: Callable[..., Rule], fact: RuleFact, entity: Entity) -> Rule | None:
    """Return how long rows live, counted from what people named; None where no field of theirs says when that was.

    Counted from when they were made they would be gone too early.
    """
    if not fact.value:
        return None
    if not fact.condition:
        return make(kind=RuleKind.RETENTION, value=fact.value)
    times = [f.name for f in entity.fields if f.type in (FieldType.DATE, FieldType.TIMESTAMP)]
    since = next((name for name in times if tells_when(name, fact.condition)), None)
    return make(kind=RuleKind.RETENTION, value=fact.value, fields=(since,)) if since else None


def _is_tenant(said: str, data: Data, entity: Entity) -> bool:
    """Whether a column says whose a row is: what is unique is so within a tenant, without its being named."""
    return entity.tenant_scoped and key_of(said.removesuffix("_id").removesuffix("Id")) == key_of(data.tenant)


def _immutable(
    make: Callable[..., Rule], fact: RuleFact, names: tuple[str, ...], entity: Entity, life: StateMachine | None
) -> Rule | None:
    """Return what stays as it is: always, or from a state on; None where what it depends on is no state."""
    if not fact.condition:
        return make(kind=RuleKind.IMMUTABLE, fields=names)
    field = next((f for f in entity.fields if life is not None and f.name == life.field), None)
    for one in [field] if field else [f for f in entity.fields if f.values]:
        heard = [word.lower() for word in words(fact.condition)]
        named = [v for v in one.values if all(any(_alike(part.lower(), word) for word in heard) for part in words(v))]
        if named:
            kept = _from_then_on(named, life)
            listed = ", ".join("'" + value.replace("'", "''") + "'" for value in one.values if value in kept)
            return make(kind=RuleKind.IMMUTABLE, fields=names, condition=f"{one.name} in ({listed})")
    return None


def _alike(state: str, heard: str) -> bool:
    return state == heard or same_verb(state, heard) or same_verb(heard, state)


def _from_then_on(states: Iterable[str], life: StateMachine | None) -> set[str]:
    """Return states with all that may follow them."""
    found, ahead = set(states), True
    while ahead and life is not None:
        after = {step.target for step in life.transitions if found & set(step.sources)}
        ahead = bool(after - found)
        found |= after
    return found


def _compared(fact: RuleFact, known: Callable[[str], str]) -> str:
    """Return a comparison over columns, "" where it names what is none."""
    found = _COMPARED.fullmatch(fact.expression)
    if found is None:
        return ""
    left, sign, right = found.groups()
    one, two = known(left), known(right)
    number = re.fullmatch(r"-?\d+(\.\d+)?", right) is not None
    return f"{one} {sign} {two or right}" if one and (two or number) else ""


def _known(said: str, known: Iterable[str], data: Data, entity: Entity) -> str:
    """Return the column that is meant by a name, "" if there is none."""
    key = key_of(said)
    for name in known:
        if key_of(name) == key or key_of(name.removesuffix("_id")) == key:
            return name
    target = data.name(said)
    if target and any(r.source == entity.name and r.target == target for r in data.relations):
        relation = next(r for r in data.relations if r.source == entity.name and r.target == target)
        return relation.columns[0] if relation.columns else f"{relation.name}_id"
    return ""


def lives_of(world: World, data: Data) -> tuple[StateMachine, ...]:
    """Return the state machines, and give their entities the field that holds the state."""
    by_entity: dict[str, list[StateFact]] = {}
    for fact in world.of(StateFact):
        if name := data.name(fact.entity):
            by_entity.setdefault(name, []).append(fact)
    return tuple(_life(world, data, name, facts) for name, facts in by_entity.items())[:60]


def _life(world: World, data: Data, name: str, facts: list[StateFact]) -> StateMachine:
    entity = data.get(name)
    said = dict.fromkeys(_member(s) for fact in facts for s in (*fact.sources, fact.target) if s)
    wanted = next((column(f.field) for f in facts if f.field), "")
    enums = [f for f in entity.fields if f.values]
    holds = next((f for f in entity.fields if wanted and f.name == wanted), None)
    holds = holds or next((f for f in enums if _members(f) & {m.lower() for m in said}), None)
    holds = holds or next((f for f in entity.fields if f.name.lower() in _STATE_FIELDS), None)
    cites = world.cites.of("state", key_of(facts[0].entity), also=tuple(f.statement for f in facts))
    values = tuple(
        dict.fromkeys(
            [
                *(holds.values if holds else ()),
                *(m for m in said if m.lower() not in (_members(holds) if holds else set())),
            ]
        )
    )
    made = EntityField(
        name=holds.name if holds else wanted or "status",
        type=FieldType.ENUM,
        values=values,
        required=True,
        label=holds.label if holds else "",
        cites=tuple(dict.fromkeys([*(holds.cites if holds else ()), *cites]))[:60],
    )
    data.put(extended(entity, made))
    exact = {v.lower(): v for v in values}
    transitions = tuple(
        Transition(
            sources=tuple(exact[_member(s).lower()] for s in fact.sources),
            target=exact[_member(fact.target).lower()],
            action=snake(fact.action) if fact.action else "",
            roles=tuple(snake(r) for r in fact.roles),
            cites=(fact.statement,),
        )
        for fact in facts
        if fact.target and fact.sources
    )
    first = next((exact[_member(f.target).lower()] for f in facts if f.target and not f.sources), "")
    return StateMachine(entity=name, field=made.name, initial=first, transitions=transitions, cites=cites)


def _member(said: str) -> str:
    return member(said, verbatim=False)


def _members(field: EntityField) -> set[str]:
    return {value.lower() for value in field.values}


def _last(operation: Operation) -> str:
    """Return the key of what an operation is called by: ``return`` of ``/bookings/{id}/return``."""
    return key_of(operation.path.rstrip("/").rpartition("/")[2].rpartition(":")[2])


def linked(machine: StateMachine, operations: Iterable[Operation]) -> StateMachine:
    """Return the machine with each transition's operation, where one of that name changes such a row."""
    own = [op for op in operations if op.entity == machine.entity and op.kind is OperationKind.ACTION]
    changed = []
    for transition in machine.transitions:
        called = {key_of(transition.action), key_of(transition.target)}
        found = next((op.id for op in own if _last(op) in called), "")
        found = found or next((op.id for op in own if same_verb(transition.target.casefold(), _last(op))), "")
        changed.append(transition.model_copy(update={"operation": found}) if found else transition)
    return machine.model_copy(update={"transitions": tuple(changed)})
