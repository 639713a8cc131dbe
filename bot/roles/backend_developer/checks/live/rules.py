"""Rules and states: what would break one is refused, and nothing is changed."""

from __future__ import annotations

import re
from typing import Any, Final

import psycopg

from bot.roles.backend_developer.blueprint import FieldType, OperationKind, Rule, RuleKind
from bot.roles.backend_developer.checks.live.prober import Prober, each
from bot.roles.backend_developer.checks.live.rows import CannotMake
from bot.roles.backend_developer.checks.live.targets import Target
from bot.roles.backend_developer.renderers.openapi.schemas import writable
from bot.roles.backend_developer.renderers.shapes import TableShape
from bot.roles.backend_developer.renderers.sql_objects import enforced

RULES: Final = "database.rules_kept"
STATES: Final = "database.states_kept"
_PAIR: Final = re.compile(r"\s*(\w+)\s*(<=|<|>=|>)\s*(\w+)\s*")
_BOUND: Final = re.compile(r"\s*(\w+)\s*(<=|<|>=|>)\s*(-?\d+(?:\.\d+)?)\s*")
_MANY: Final = 30
_DISORDERED: Final[dict[FieldType, tuple[Any, Any]]] = {
    FieldType.TIMESTAMP: ("2026-05-02T00:00:00Z", "2026-05-01T00:00:00Z"),
    FieldType.DATE: ("2026-05-02", "2026-05-01"),
    FieldType.TIME: ("12:00:00", "11:00:00"),
    FieldType.INTEGER: (7, 5),
    FieldType.BIGINT: (7, 5),
    FieldType.DECIMAL: ("7", "5"),
    FieldType.MONEY: ("7", "5"),
    FieldType.FLOAT: (7.0, 5.0),
}
"""The later before the earlier, by type."""


def probe_rules(prober: Prober) -> None:
    """Try to break every rule, and to change states in other ways than said."""
    mine = [t for t in prober.targets if t.access == "roles" and t.written]
    creating = [t for t in mine if t.kind is OperationKind.CREATE and t.route.body and not t.route.operation.request]
    each(prober, "rules", creating, lambda t: _rules(prober, t), RULES)
    each(prober, "states", [t for t in mine if t.route.moves], lambda t: _moves(prober, t), STATES)
    changing = [t for t in mine if t.kind is OperationKind.UPDATE and t.shape is not None and t.shape.machines]
    each(prober, "states", changing, lambda t: _jumps(prober, t), STATES)


# -- rules ------------------------------------------------------------------------------------------------------------


def _rules(prober: Prober, target: Target) -> None:
    shape = target.shape
    assert shape is not None  # noqa: S101 - what is written has an entity
    for rule in shape.rules:
        if enforced(shape, rule):
            try:
                _rule(prober, target, shape, rule)
            except CannotMake as reason:
                prober.findings.leave(RULES, f"{target.id}: {_said(rule)}", str(reason))
    for column in shape.columns:
        if column.unique and column.name in {c.name for c in writable(shape)}:
            _twice(prober, target, (column.name,), f"the same {column.name} twice")


def _rule(prober: Prober, target: Target, shape: TableShape, rule: Rule) -> None:
    names = {c.name for c in writable(shape)}
    if rule.kind in (RuleKind.COMPARE, RuleKind.BOUND):
        breaking = _breaking(shape, rule)
        if breaking and set(breaking) <= names:
            call = prober.call(target)
            _refused(prober, target, {**call.body, **breaking}, f"{_said(rule)} broken")
        else:
            prober.findings.leave(RULES, f"{target.id}: {_said(rule)}", "what breaks it is not made up here")
    elif rule.kind is RuleKind.UNIQUE and rule.fields and not rule.condition:
        _twice(prober, target, rule.fields, f"the same {', '.join(rule.fields)} twice")
    elif rule.kind is RuleKind.NO_OVERLAP and not rule.condition:
        _twice(prober, target, tuple(f for f in rule.fields if f in names), "a row that overlaps another")
    elif rule.kind is RuleKind.COUNT and rule.value is not None and rule.value <= _MANY and not rule.condition:
        _too_many(prober, target, rule)


def _twice(prober: Prober, target: Target, fields: tuple[str, ...], what: str) -> None:
    first = prober.call(target)
    if not fields or not set(fields) <= set(first.body):
        return
    answer = prober.grant(first)
    if answer.status not in (200, 201):
        return
    second = prober.call(target)
    _refused(prober, target, {**second.body, **{name: first.body[name] for name in fields}}, what)


def _too_many(prober: Prober, target: Target, rule: Rule) -> None:
    first = prober.call(target)
    same = {name: first.body[name] for name in rule.fields if name in first.body}
    if len(same) < len(rule.fields):
        return
    for _ in range(int(rule.value or 0)):
        call = prober.call(target)
        if prober.send(target, call.address, call.headers, {**call.body, **same}).status not in (200, 201):
            break
    call = prober.call(target)
    _refused(prober, target, {**call.body, **same}, f"more than {rule.value:g} of them")


def _refused(prober: Prober, target: Target, body: Any, what: str) -> None:
    shape = target.shape
    assert shape is not None  # noqa: S101 - the caller saw it
    call = prober.call(target)
    before = prober.rows.count(shape)
    answer = prober.send(target, call.address, call.headers, body)
    prober.expect(RULES, target, what, answer, 409, 422)
    after = prober.rows.count(shape)
    prober.findings.record(
        RULES, target.id, what, expected="no new row", seen=f"{after - before} more", held=after == before
    )


def _breaking(shape: TableShape, rule: Rule) -> dict[str, Any]:
    """Return values that break a comparison; {} where it is of another form."""
    pair = _PAIR.fullmatch(rule.expression)
    if pair is not None and pair[1] in shape.by_name and pair[3] in shape.by_name:
        low, high = (pair[1], pair[3]) if pair[2].startswith("<") else (pair[3], pair[1])
        kinds = {shape.by_name[low].type, shape.by_name[high].type}
        values = _DISORDERED.get(next(iter(kinds))) if len(kinds) == 1 else None
        return {low: values[0], high: values[1]} if values else {}
    bound = _BOUND.fullmatch(rule.expression)
    if bound is not None and bound[1] in shape.by_name:
        end, kind = float(bound[3]), shape.by_name[bound[1]].type
        value = end + 1 if bound[2].startswith("<") else end - 1
        if kind in (FieldType.DECIMAL, FieldType.MONEY):
            return {bound[1]: f"{value:g}"}
        if kind in (FieldType.INTEGER, FieldType.BIGINT, FieldType.FLOAT):
            return {bound[1]: int(value) if kind is not FieldType.FLOAT else value}
    return {}


def _said(rule: Rule) -> str:
    return rule.expression or rule.text or f"{rule.kind.value} {', '.join(rule.fields)}"


# -- states -----------------------------------------------------------------------------------------------------------


def _moves(prober: Prober, target: Target) -> None:
    shape = target.shape
    assert shape is not None  # noqa: S101 - what is written has an entity
    fields = {machine.field for machine, _step in target.route.moves}
    for field in fields:
        steps = [step for machine, step in target.route.moves if machine.field == field]
        for role in prober.roles(target):
            if role in target.own:
                continue
            for step in steps:
                if not step.roles or role in step.roles:
                    _step(prober, target, role, field, step.sources, step.target)
            break
        begun = {source for step in steps for source in step.sources}
        states = shape.by_name[field].values
        if all(step.sources for step in steps):
            for state in states:
                if state not in begun:
                    _out_of_place(prober, target, field, state)


def _step(prober: Prober, target: Target, role: str, field: str, sources: tuple[str, ...], goal: str) -> None:
    shape = target.shape
    assert shape is not None  # noqa: S101 - the caller saw it
    for state in sources or shape.by_name[field].values[:1]:
        call = prober.call(target, role=role)
        if call.row is None:
            return
        prober.rows.put(shape, call.row, field, state)
        answer = prober.grant(call)
        if not prober.expect(STATES, target, f"{field} {state} to {goal}", answer, 200, 201, 204):
            continue
        now = prober.rows.now(shape, call.row)
        seen = now[field] if now else "no row"
        prober.findings.record(
            STATES, target.id, f"{field} {state} to {goal}", expected=goal, seen=seen, held=seen == goal
        )


def _out_of_place(prober: Prober, target: Target, field: str, state: str) -> None:
    shape, call = target.shape, prober.call(target)
    assert shape is not None  # noqa: S101 - the caller saw it
    if call.row is None:
        return
    prober.rows.put(shape, call.row, field, state)
    what = f"{field} is {state}, where it does not begin"
    prober.expect(STATES, target, what, prober.grant(call), 409)
    now = prober.rows.now(shape, call.row)
    seen = now[field] if now else "no row"
    prober.findings.record(STATES, target.id, what, expected=f"it stays {state}", seen=seen, held=seen == state)


def _jumps(prober: Prober, target: Target) -> None:
    """Writing the state itself must not lead where no step leads."""
    shape = target.shape
    assert shape is not None  # noqa: S101 - the caller chose it
    for machine in shape.machines:
        closed = machine.field not in {c.name for c in writable(shape)}
        if closed or not machine.initial or not machine.transitions:
            continue  # of a machine without steps nothing was said that could be held
        reached = {step.target for step in machine.transitions if not step.sources or machine.initial in step.sources}
        for state in shape.by_name[machine.field].values:
            if state in reached or state == machine.initial:
                continue
            call = prober.call(target)
            if call.row is None or not isinstance(call.body, dict):
                return
            prober.rows.put(shape, call.row, machine.field, machine.initial)
            body = {**(call.body if target.method == "PUT" else {}), machine.field: state}
            answer = prober.send(target, call.address, call.headers, body)
            what = f"{machine.field} written from {machine.initial} to {state}"
            prober.expect(STATES, target, what, answer, 403, 409, 422)
            try:
                now = prober.rows.now(shape, call.row)
            except psycopg.Error:
                continue
            seen = now[machine.field] if now else "no row"
            prober.findings.record(
                STATES, target.id, what, expected=f"it stays {machine.initial}", seen=seen, held=seen == machine.initial
            )
