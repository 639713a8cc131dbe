"""Lists: every row on some page and on one only, filters, order, ranges, words."""

from __future__ import annotations

import uuid
from typing import Final

from bot.roles.backend_developer.blueprint import FieldType
from bot.roles.backend_developer.checks.live.access import listed, same_row
from bot.roles.backend_developer.checks.live.effects import EXACT
from bot.roles.backend_developer.checks.live.prober import Call, Prober
from bot.roles.backend_developer.checks.live.rows import Row
from bot.roles.backend_developer.checks.live.targets import Target

LISTS: Final = "api.lists_exact"


def probe_list(prober: Prober, target: Target) -> None:
    """Read a list page by page, and by each filter, order, range and search that the operation has."""
    if target.access == "public" and target.scoped:
        return
    shape, op = target.shape, target.route.operation
    assert shape is not None  # noqa: S101 - what is written has an entity
    call = prober.call(target)
    path = {p.column: call.row[p.column] for p in target.route.parameters if call.row is not None}
    own = {shape.owner_column: prober.people.user(call.role)} if shape.owner_column else {}
    made = [prober.rows.tenant_rows[0]] if shape.tenant else [
        prober.rows.make(shape.entity, 0, {**own, **path}) for _ in range(5)
    ]  # fmt: skip
    created = shape.moment("created")
    if created and not shape.tenant:
        for row in made:  # of one moment, so that a cursor has to know more than the moment
            prober.rows.put(shape, row, created, made[0][created])
    if not any(prober.rows.now(shape, row) for row in made):
        return
    seen = listed(
        prober, target, call.address, call.headers, call.query, limit=2 if prober.rows.count(shape) < 36 else 100
    )
    keys = [tuple(str(item.get(name)) for name in shape.primary_key) for item in seen]
    missing = [row for row in made if not any(same_row(shape.primary_key, item, row) for item in seen)]
    note = prober.findings.record
    note(LISTS, target.id, "all pages", expected="every row", seen=f"{len(missing)} of 5 are missing", held=not missing)
    twice = len(keys) - len(set(keys))
    note(LISTS, target.id, "all pages", expected="each row once", seen=f"{twice} twice", held=not twice)
    small = prober.send(target, call.address, call.headers, query={**(call.query or {}), "limit": "1"}).json()
    count = len(small.get("items", ())) if isinstance(small, dict) else -1
    note(LISTS, target.id, "limit=1", expected="one row", seen=f"{count} rows", held=count == 1)
    for name in op.filters:
        _filtered(prober, call, name, made[0])
    for name in op.sort:
        for down in (False, True):
            _sorted(prober, call, name, down=down)
    for name in op.ranges:
        _ranged(prober, call, name, made[0])
    if op.search:
        _searched(prober, call, made[0])


def _filtered(prober: Prober, call: Call, name: str, row: Row) -> None:
    target, shape = call.target, call.target.shape
    assert shape is not None  # noqa: S101 - the caller saw it
    column = shape.by_name.get(name)
    if column is None or column.type not in EXACT or row.get(name) is None:
        return
    value = str(row[name]).lower() if column.type is FieldType.BOOLEAN else str(row[name])
    items = listed(prober, target, call.address, call.headers, {**(call.query or {}), name: value})
    wrong = [item.get(name) for item in items if name in item and str(item[name]).lower() != value.lower()]
    there = any(same_row(shape.primary_key, item, row) for item in items)
    note = prober.findings.record
    note(LISTS, target.id, f"{name}={value[:40]}", expected="only rows with it", seen=wrong[:2], held=not wrong)
    note(LISTS, target.id, f"{name}={value[:40]}", expected="the row that has it", seen="it is missing", held=there)


def _sorted(prober: Prober, call: Call, name: str, *, down: bool) -> None:
    sort = f"-{name}" if down else name
    items = listed(prober, call.target, call.address, call.headers, {**(call.query or {}), "sort": sort})
    shape = call.target.shape
    assert shape is not None  # noqa: S101 - the caller saw it
    column = shape.by_name.get(name)
    values = [item[name] for item in items if item.get(name) is not None]
    if column is None or column.type not in (FieldType.INTEGER, FieldType.BIGINT, FieldType.TIMESTAMP, FieldType.DATE):
        return
    held = values == sorted(values, reverse=down)
    prober.findings.record(LISTS, call.target.id, f"sort={sort}", expected="in order", seen=values[:4], held=held)


def _ranged(prober: Prober, call: Call, name: str, row: Row) -> None:
    shape = call.target.shape
    assert shape is not None  # noqa: S101 - the caller saw it
    value = row.get(name)
    if value is None or not hasattr(value, "isoformat"):
        return
    said = value.isoformat().replace("+00:00", "Z")
    since = listed(prober, call.target, call.address, call.headers, {**(call.query or {}), f"{name}_from": said})
    until = listed(prober, call.target, call.address, call.headers, {**(call.query or {}), f"{name}_to": said})
    there = any(same_row(shape.primary_key, item, row) for item in since)
    beyond = any(same_row(shape.primary_key, item, row) for item in until)
    note = prober.findings.record
    note(LISTS, call.target.id, f"{name}_from", expected="the row of that moment", seen="it is missing", held=there)
    note(
        LISTS,
        call.target.id,
        f"{name}_to",
        expected="rows before it only",
        seen="the row of that moment",
        held=not beyond,
    )


def _searched(prober: Prober, call: Call, row: Row) -> None:
    shape, op = call.target.shape, call.target.route.operation
    assert shape is not None  # noqa: S101 - the caller saw it
    for name in op.search:
        words = f"word{uuid.uuid4().hex[:8]}"
        if name not in shape.by_name or shape.by_name[name].type not in (FieldType.STRING, FieldType.TEXT):
            continue
        longest = shape.by_name[name].max_length or 200
        if longest < len(words) or shape.by_name[name].pattern:
            continue
        prober.rows.put(shape, row, name, words)
        found = listed(prober, call.target, call.address, call.headers, {**(call.query or {}), "q": words})
        there = any(same_row(shape.primary_key, item, row) for item in found)
        what = f"q={words}, which is in {name}"
        prober.findings.record(LISTS, call.target.id, what, expected="that row", seen="it is missing", held=there)
    none = listed(prober, call.target, call.address, call.headers, {**(call.query or {}), "q": "zzqqxxnever"})
    prober.findings.record(LISTS, call.target.id, "q", expected="no row", seen=f"{len(none)} rows", held=not none)
