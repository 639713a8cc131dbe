"""What a later iteration changes of an earlier one, key by key: who is broken by it, and which changes are free.

What the documents of both show is compared there (`areas.callers`); here is what they do not show.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel

from bot.domain.facts import AccessFact, OperationFact, Stance
from bot.evidence.checks import CheckResult, judge, not_applicable
from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Blueprint, Event, Operation, Relation, StateMachine
from bot.roles.backend_developer.blueprint.rights import permissions_of, roles_of, verb_of
from bot.roles.backend_developer.checks.areas.change_table import KEYS, Whom
from bot.roles.backend_developer.checks.areas.left_out import left_out_now
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import spoken

_FROM_FEEDBACK: Final = "feedback:"
_TELLING: Final = 4
"""Letters of a word that tells what is meant; shorter ones stand in every sentence."""

_METHODS: Final = frozenset({"post", "patch", "delete", "sign"})


def broken_by(bench: CheckContext, whom: Whom) -> list[str]:
    """Return what a later iteration changes that breaks these, unless people's feedback speaks of it."""
    previous = bench.previous
    if previous is None:
        return []
    heard = _heard(bench)
    return [line for about, line in _changed(previous, bench.blueprint, whom) if not about & heard]


def rights_kept(bench: CheckContext) -> CheckResult:
    """No iteration gives a role, or strangers, more than the last one did, unless somebody said so."""
    if bench.previous is None:
        return not_applicable("There is no earlier iteration.")
    offenders = broken_by(bench, "rights") + list(_rights(bench, bench.previous))
    return judge(offenders, good="Nobody may more than before without being let.", bad="May more, which nobody said")


def _heard(bench: CheckContext) -> frozenset[str]:
    """Keys of all words of this iteration's feedback: what it speaks of may be changed."""
    said = [s.text for s in bench.said.statements if s.source.startswith(_FROM_FEEDBACK)]
    return frozenset(spoken(word) for text in said for word in re.findall(r"\w+", text))


def _changed(old: Blueprint, new: Blueprint, whom: Whom) -> Iterator[tuple[frozenset[str], str]]:
    for label, before, after in _pairs(old, new):
        for key, (broken, worse) in KEYS[type(before)].items():
            if broken == whom and worse(getattr(before, key), getattr(after, key)):
                yield _about(label, key), f"{label}: {key.replace('_', ' ')} {_said(before, key)} → {_said(after, key)}"
    for told in (_moves, _events, _refusals, left_out_now) if whom == "callers" else ():
        yield from told(old, new)
    for told in (_rules,) if whom == "rows" else ():
        yield from told(old, new)


def _about(*names: str) -> frozenset[str]:
    """Keys of the words that tell what a change is about: who speaks of it may have asked for it."""
    found = {word for name in names for word in (*words(name), *name.split("."))}
    return frozenset(spoken(word) for word in found if len(word) >= _TELLING and word.lower() not in _METHODS)


def _said(part: BaseModel, key: str) -> str:
    value = getattr(part, key)
    return (", ".join(map(str, value)) if isinstance(value, tuple) else str(value)) or "none"


def _pairs(old: Blueprint, new: Blueprint) -> Iterator[tuple[str, Any, Any]]:
    """Yield each part that both have, by what it is known by, with a label."""
    yield "the whole", old, new
    yield "the stack", old.stack, new.stack
    yield "sign-in", old.auth, new.auth
    for kind in ("entities", "relations", "state_machines", "operations", "events", "sign_ins"):
        before, after = ({_known_by(one): one for one in getattr(plan, kind)} for plan in (old, new))
        yield from ((key, before[key], after[key]) for key in before if key in after)
    things = {entity.name: entity for entity in new.entities}
    for entity in old.entities:
        fields = {f.name: f for f in things[entity.name].fields} if entity.name in things else {}
        yield from ((f"{entity.name}.{one.name}", one, fields[one.name]) for one in entity.fields if one.name in fields)


def _known_by(part: Any) -> str:
    if isinstance(part, Relation):
        return f"{part.source}.{part.name}"
    if isinstance(part, StateMachine):
        return f"{part.entity}.{part.field}"
    if isinstance(part, Operation):
        return _label(part)
    return f"{part.kind} {part.name}" if isinstance(part, Event) else str(part.name)


def _label(operation: Operation) -> str:
    path = re.sub(r"{[^}]*}", "{}", operation.path)
    return f"{operation.method} {path}"


def _moves(old: Blueprint, new: Blueprint) -> Iterator[tuple[frozenset[str], str]]:
    """Yield changes of state that are gone, or that another call makes, or fewer may make."""
    after = {(m.entity, s, t.target): t for m in new.state_machines for t in m.transitions for s in t.sources}
    kept = {m.entity for m in new.state_machines}
    calls = {op.id: _label(op) for plan in (old, new) for op in plan.operations}
    for machine in old.state_machines:
        for step in machine.transitions:
            for source in step.sources if machine.entity in kept else ():
                now = after.get((machine.entity, source, step.target))
                about = frozenset(map(spoken, (machine.entity, source, step.target)))
                label = f"{machine.entity} {source} → {step.target}"
                if now is None:
                    yield about, f"{label} is gone"
                elif step.operation and calls.get(now.operation) != calls.get(step.operation):
                    yield about, f"{label} is made by {calls.get(now.operation, 'nothing')}"
                elif now.roles and set(step.roles or ["*"]) - set(now.roles):
                    yield about, f"{label} is closed to some"


def _events(old: Blueprint, new: Blueprint) -> Iterator[tuple[frozenset[str], str]]:
    """Yield what is told no more, or in other words."""
    after = {_known_by(event): event for event in new.events}
    for event in old.events:
        now, about = after.get(_known_by(event)), frozenset(spoken(word) for word in words(event.name))
        if now is None:
            yield about, f"{_known_by(event)} is gone"
            continue
        told = {field.name: field.type for field in now.payload}
        yield from (
            (about | {spoken(field.name)}, f"{_known_by(event)} tells {field.name} no more as it did")
            for field in event.payload
            if told.get(field.name) != field.type
        )


def _refusals(old: Blueprint, new: Blueprint) -> Iterator[tuple[frozenset[str], str]]:
    """Yield refusals that callers knew by their code and that have another status now, or none."""
    after = {_label(op): {p.code: p.status for p in op.problems} for op in new.operations}
    for op in old.operations:
        now = after.get(_label(op))
        yield from (
            (frozenset({spoken(problem.code)}), f"{_label(op)} refuses otherwise than by {problem.code}")
            for problem in op.problems
            if now is not None and now.get(problem.code) != problem.status
        )


_HOLDING: Final = frozenset({"unique", "compare", "bound", "no_overlap", "count", "immutable", "retention"})
_KEEPING: Final = frozenset({"soft_delete", "immutable", "audit"})


def _rules(old: Blueprint, new: Blueprint) -> Iterator[tuple[frozenset[str], str]]:
    """Yield rules that rows of before were never held to, and those by which rows were kept and are no more."""
    before, after = (
        {(r.entity, r.kind.value, r.fields, r.expression, r.condition, r.value) for r in plan.rules}
        for plan in (old, new)
    )
    known = {entity.name for entity in old.entities} & {entity.name for entity in new.entities}
    for rules, kinds, what in ((after - before, _HOLDING, "is demanded"), (before - after, _KEEPING, "is gone")):
        for entity, kind, fields, expression, _, value in sorted(rules, key=str):
            if entity in known and kind in kinds:
                names = (*fields, *re.findall(r"\w+", expression), entity)
                said = expression or ", ".join(fields) or (f"{value:g}" if value is not None else "")
                yield frozenset(map(spoken, names)), f"{kind.replace('_', ' ')} of {entity} ({said}) {what}"


def _rights(bench: CheckContext, old: Blueprint) -> Iterator[str]:
    """Yield operations that a role may call which it could not, and what is limited no more."""
    new, free = bench.blueprint, _granted(bench)
    before = {_label(op): op for op in old.operations}
    for op in new.operations:
        was = before.get(_label(op))
        if was is None or was.public:
            continue
        for role in sorted(_gained(old, was, new, op)):
            if not free & {(spoken(role), spoken(name)) for name in (op.entity or "", op.path, "")}:
                yield f"{role} may {_label(op)}"
        if any(p.own for p in permissions_of(old, was)) and not any(p.own for p in permissions_of(new, op)):
            yield f"{_label(op)} shows more than one's own"
    yield from _new_ways(bench, old, free)
    refused = ({(p.role, p.entity, p.field) for p in b.permissions if p.field and not p.allowed} for b in (old, new))
    gone = next(refused) - next(refused)
    yield from (f"{role} may use {entity}.{field}" for role, entity, field in sorted(gone))


def _new_ways(bench: CheckContext, old: Blueprint, free: set[tuple[str, str]]) -> Iterator[str]:
    """Yield new operations by which a role may do what others could and it could not, unless people asked for them."""
    new, known = bench.blueprint, {role.name for role in old.roles}
    could: dict[tuple[str, str], set[str]] = defaultdict(set)
    for op in old.operations:
        if op.entity and op.kind not in _OF_THEIR_OWN:
            could[verb_of(op), op.entity] |= known if op.public else set(roles_of(old, op)) or known
    labels = {_label(op) for op in old.operations}
    for op in new.operations:
        had = could.get((verb_of(op), op.entity or ""), set())
        if _label(op) in labels or bench.asked(op.id) or op.kind in _OF_THEIR_OWN or not had:
            continue
        for role in sorted((set(roles_of(new, op)) or known) & known - had):
            if not free & {(spoken(role), spoken(name)) for name in (op.entity or "", op.path, "")}:
                yield f"{role} may {_label(op)}"


_OF_THEIR_OWN: Final = frozenset({"action", "query"})
"""Kinds of operations each of which is a right of its own."""


def _gained(old: Blueprint, was: Operation, new: Blueprint, now: Operation) -> set[str]:
    """Return the roles of before that may call an operation which they could not; no roles are all roles."""
    known = {role.name for role in old.roles}
    had, has = set(roles_of(old, was)) or known, set(roles_of(new, now)) or known
    return (has - had) & known


def _granted(bench: CheckContext) -> set[tuple[str, str]]:
    """Return whom people let do something with what, by keys; whom feedback speaks of may be let do anything."""
    facts = [f for f in bench.said.facts if f.stance is Stance.STATED]
    told = {
        (spoken(f.role), spoken(f.entity or f.path))
        for f in facts if isinstance(f, AccessFact) and not f.own and (f.role not in ("", "*") or f.entity or f.path)
    }  # fmt: skip
    told |= {(spoken(r), spoken(f.path)) for f in facts if isinstance(f, OperationFact) for r in f.roles}
    heard = _heard(bench)
    return told | {(spoken(role.name), "") for role in bench.blueprint.roles if spoken(role.name) in heard}
