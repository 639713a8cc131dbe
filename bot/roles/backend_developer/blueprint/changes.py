"""What changed between two blueprints, in words for the review."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from pydantic import BaseModel

from bot.roles.backend_developer.blueprint import (
    Blueprint,
    Budget,
    Entity,
    EntityField,
    Event,
    Operation,
    Permission,
    Relation,
    Rule,
    StateMachine,
)

_SOURCES = ("source", "cites", "assumed")
"""What a part says of where it comes from, not of what it is."""

_ENTITY_SKIPPED = (*_SOURCES, "name", "description", "fields", "indexes", "tenant_scoped")

_T = TypeVar("_T", bound=BaseModel)
_K = TypeVar("_K")


def diff(old: Blueprint, new: Blueprint) -> tuple[str, ...]:
    """Return the differences as lines, grouped: data model, API, access, integrations, budgets, the rest.

    Empty if the blueprints are equal in everything but their decisions, which are reasons and not design.
    """
    return (
        *_entities(old, new),
        *_relations(old, new),
        *_rules(old, new),
        *_operations(old, new),
        *_events(old, new),
        *_access(old, new),
        *_integrations(old, new),
        *_budgets(old, new),
        *_parts("Stack", old.stack, new.stack, skip=(*_SOURCES, "assumed_parts")),
        *_parts("Architecture", old.services, new.services),
        *_parts("API", _surface(old), _surface(new)),
    )


def _entities(old: Blueprint, new: Blueprint) -> Iterable[str]:
    before, after = {e.name: e for e in old.entities}, {e.name: e for e in new.entities}
    for name in _added(before, after):
        fields = ", ".join(f.name for f in after[name].fields)
        yield f"Entity {name} added{f', with {fields}' if fields else ''}"
    for name in _added(after, before):
        yield f"Entity {name} removed"
    for name in _kept(before, after):
        yield from _fields(before[name], after[name])


def _fields(old: Entity, new: Entity) -> Iterable[str]:
    before, after = {f.name: f for f in old.fields}, {f.name: f for f in new.fields}
    for name in _added(before, after):
        yield f"Field {new.name}.{name} added ({after[name].type})"
    for name in _added(after, before):
        yield f"Field {new.name}.{name} removed"
    for name in _kept(before, after):
        yield from _parts(
            f"Field {new.name}.{name}", before[name], after[name], skip=("name", "description", *_SOURCES)
        )
    if old.tenant_scoped != new.tenant_scoped:
        yield f"Entity {new.name} is {'now' if new.tenant_scoped else 'no longer'} scoped to a tenant"
    yield from _parts(f"Entity {new.name}", old, new, skip=_ENTITY_SKIPPED)
    keys_before, keys_after = {i.fields: i for i in old.indexes}, {i.fields: i for i in new.indexes}
    for fields in _added(keys_before, keys_after):
        yield f"Index of {new.name} over {', '.join(fields)} added"
    for fields in _added(keys_after, keys_before):
        yield f"Index of {new.name} over {', '.join(fields)} removed"


def _relations(old: Blueprint, new: Blueprint) -> Iterable[str]:
    def key(relation: Relation) -> tuple[str, str]:
        return (relation.source, relation.name)

    yield from _listed("Relation", old.relations, new.relations, key, lambda r: f"{r.source}.{r.name} to {r.target}")


def _rules(old: Blueprint, new: Blueprint) -> Iterable[str]:
    def key(rule: Rule) -> tuple[object, ...]:
        return (rule.entity, rule.kind, rule.fields, rule.expression, rule.condition)

    def words(rule: Rule) -> str:
        said = rule.expression or rule.text or ", ".join(rule.fields)
        return f"{rule.kind.replace('_', ' ')} of {rule.entity}{f' ({said})' if said else ''}"

    def life(machine: StateMachine) -> str:
        return f"{machine.entity}.{machine.field}"

    yield from _listed("Rule", old.rules, new.rules, key, words)
    yield from _listed("States of", old.state_machines, new.state_machines, life, life)


def _events(old: Blueprint, new: Blueprint) -> Iterable[str]:
    def key(event: Event) -> tuple[str, str]:
        return (event.kind, event.name)

    def words(event: Event) -> str:
        return f"{event.name} ({event.kind.replace('_', ' ')})"

    yield from _listed("Event", old.events, new.events, key, words)


def _operations(old: Blueprint, new: Blueprint) -> Iterable[str]:
    def key(operation: Operation) -> tuple[str, str]:
        return (operation.method, operation.path)

    def words(operation: Operation) -> str:
        return f"{operation.method} {operation.path}"

    yield from _listed("Operation", old.operations, new.operations, key, words, skip=("summary", *_SOURCES))


def _access(old: Blueprint, new: Blueprint) -> Iterable[str]:
    yield from _listed("Role", old.roles, new.roles, lambda role: role.name, lambda role: role.name)
    yield from _listed("Sign-in", old.sign_ins, new.sign_ins, lambda way: way.name, lambda way: way.name)
    yield from _listed("Permission", old.permissions, new.permissions, _right, _permission)
    yield from _parts("Security", old.auth, new.auth)


def _right(p: Permission) -> tuple[object, ...]:
    return (p.role, p.verbs, p.entity, p.operation, p.field)


def _permission(p: Permission) -> str:
    who = {"": "anybody signed in", "*": "anybody"}.get(p.role, p.role)
    where = p.operation or ".".join(part for part in (p.entity or "everything", p.field) if part)
    own = " of their own" if p.own else ""
    return f"{who} {'may' if p.allowed else 'must not'} {', '.join(p.verbs)} {where}{own}"


def _integrations(old: Blueprint, new: Blueprint) -> Iterable[str]:
    yield from _listed("Integration", old.integrations, new.integrations, lambda i: i.service, lambda i: i.service)


def _budgets(old: Blueprint, new: Blueprint) -> Iterable[str]:
    def key(budget: Budget) -> tuple[str, str]:
        return (budget.metric, budget.operation)

    def words(budget: Budget) -> str:
        place = f" of {budget.operation}" if budget.operation else ""
        return f"{budget.metric}{place} {budget.value:g} {budget.unit}"

    yield from _listed("Budget", old.budgets, new.budgets, key, words, skip=_SOURCES)


def _surface(blueprint: Blueprint) -> dict[str, object]:
    return {
        "title": blueprint.title,
        "version": blueprint.version,
        "base_path": blueprint.base_path,
        "tenant": blueprint.tenant,
        "conventions": tuple(f"{c.kind}: {c.value}" for c in blueprint.conventions),
    }


def _listed(
    what: str,
    old: Iterable[_T],
    new: Iterable[_T],
    key: Callable[[_T], object],
    words: Callable[[_T], str],
    *,
    skip: tuple[str, ...] = _SOURCES,
) -> Iterable[str]:
    before, after = {key(item): item for item in old}, {key(item): item for item in new}
    yield from (f"{what} {words(after[k])} added" for k in _added(before, after))
    yield from (f"{what} {words(before[k])} removed" for k in _added(after, before))
    for k in _kept(before, after):
        yield from _parts(f"{what} {words(after[k])}", before[k], after[k], skip=skip)


def _parts(
    what: str, old: BaseModel | Mapping[str, object], new: BaseModel | Mapping[str, object], skip: tuple[str, ...] = ()
) -> Iterable[str]:
    before, after = dict(old), dict(new)
    for name, value in after.items():
        if name not in skip and before[name] != value:
            yield f"{what}: {name.replace('_', ' ')} was {_words(before[name])}, is {_words(value)}"


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(_words(item) for item in value) or "empty"
    if isinstance(value, EntityField):
        return f"{value.name} ({value.type})"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return f"“{text}”" if " " in text else text or "empty"


def _added(before: Mapping[_K, object], after: Mapping[_K, object]) -> list[_K]:
    return [key for key in after if key not in before]


def _kept(before: Mapping[_K, object], after: Mapping[_K, object]) -> list[_K]:
    return [key for key in after if key in before]
