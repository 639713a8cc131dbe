"""What operations do: what is made, changed and deleted, versions, repeated requests, lists, signed calls."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Mapping
from typing import Any, Final

from bot.roles.backend_developer.blueprint import FieldType, OperationKind
from bot.roles.backend_developer.checks.live.access import ROLES, _same, listed
from bot.roles.backend_developer.checks.live.client import Answer
from bot.roles.backend_developer.checks.live.prober import CONTRACT, Call, Prober, each
from bot.roles.backend_developer.checks.live.rows import Row
from bot.roles.backend_developer.checks.live.targets import Target
from bot.roles.backend_developer.renderers.shapes import is_author

REPEATS: Final = "service.repeats_safe"
VERSIONS: Final = "service.updates_safe"
LISTS: Final = "api.lists_exact"
SIGNED: Final = "security.calls_signed"
NOTED: Final = "service.changes_noted"
SECRET: Final = "shared by the probes"  # noqa: S105 - a throw-away service's
_EXACT: Final = frozenset({FieldType.STRING, FieldType.TEXT, FieldType.INTEGER, FieldType.BOOLEAN, FieldType.ENUM,
                           FieldType.EMAIL, FieldType.UUID, FieldType.DATE, FieldType.BIGINT})  # fmt: skip


def probe_behaviour(prober: Prober) -> None:
    """Try what every operation does when it is granted."""
    mine = [t for t in prober.targets if t.access in ("roles", "public") and t.written]
    each(prober, "creates", [t for t in mine if t.kind is OperationKind.CREATE], lambda t: _create(prober, t), CONTRACT)
    each(prober, "reads", [t for t in mine if t.kind is OperationKind.READ], lambda t: _read(prober, t), VERSIONS)
    each(prober, "updates", [t for t in mine if t.kind is OperationKind.UPDATE], lambda t: _update(prober, t), VERSIONS)
    each(prober, "lists", [t for t in mine if t.many], lambda t: _list(prober, t), LISTS)
    each(prober, "deletes", [t for t in mine if t.kind is OperationKind.DELETE], lambda t: _delete(prober, t), CONTRACT)
    waiting = [t for t in prober.targets if t.route.operation.asynchronous and t.access in ("roles", "public")]
    each(prober, "background work", waiting, lambda t: _accepted(prober, t), CONTRACT)
    each(
        prober,
        "signed calls",
        [t for t in prober.targets if t.access == "signed"],
        lambda t: _signed(prober, t),
        SIGNED,
    )


def _seen(prober: Prober, target: Target) -> bool:
    """Whether callers of the operation see rows at all: without a tenant nobody sees a tenant's."""
    return target.access == "roles" or not target.scoped or (target.shape is not None and target.shape.tenant)


def _create(prober: Prober, target: Target) -> None:
    if not _seen(prober, target):
        return
    shape = target.shape
    assert shape is not None  # noqa: S101 - what is written has an entity
    call = prober.call(target)
    key = {"Idempotency-Key": uuid.uuid4().hex} if target.keyed else {}
    before = prober.rows.count(shape)
    answer = prober.send(target, call.address, {**call.headers, **key}, call.body, query=call.query)
    made = 201 if target.method == "POST" else 200
    if not prober.expect(CONTRACT, target, "a new row", answer, made):
        return
    shown = answer.json()
    row = _row_of(prober, target, shown)
    count = prober.rows.count(shape)
    what = "a new row"
    held = row is not None and count == before + 1
    prober.findings.record(CONTRACT, target.id, what, expected="one more row", seen=f"{count - before} more", held=held)
    if row is None:
        return
    if isinstance(call.body, dict):
        _as_sent(prober, target, call.body, shown)
    _authors(prober, call, row)
    _noted(prober, target)
    _location(prober, call, answer)
    if target.keyed:
        _repeated(prober, call, key, answer, before)


def _repeated(prober: Prober, call: Call, key: Mapping[str, str], first: Answer, before: int) -> None:
    target, shape = call.target, call.target.shape
    assert shape is not None  # noqa: S101 - the caller saw it
    again = prober.send(target, call.address, {**call.headers, **key}, call.body)
    same = (again.status, again.json()) == (first.status, first.json())
    prober.findings.record(
        REPEATS, target.id, "the same request again", expected="the first answer", seen=again, held=same
    )
    count = prober.rows.count(shape)
    prober.findings.record(
        REPEATS, target.id, "the same request again", expected="one row", seen=f"{count - before} rows",
        held=count == before + 1,
    )  # fmt: skip
    other = prober.call(target)
    if other.body != call.body:
        answer = prober.send(target, call.address, {**call.headers, **key}, other.body)
        prober.expect(REPEATS, target, "another request with the same key", answer, 409, 422)
    answer = prober.send(target, call.address, {**call.headers, "Idempotency-Key": None}, other.body)  # type: ignore[dict-item]
    prober.expect(REPEATS, target, "no key", answer, 400)
    answer = prober.send(target, call.address, {**call.headers, "Idempotency-Key": "k" * 256}, other.body)
    prober.expect(REPEATS, target, "a key of 256 characters", answer, 400)
    roles = prober.roles(target)
    stranger = prober.people.headers(target, call.role, 0, 1)
    if call.role in roles and stranger != call.headers and target.access == "roles" and call.role not in target.own:
        mine = prober.call(target, number=1)
        answer = prober.send(target, mine.address, {**stranger, **key}, mine.body)
        held = answer.json() != first.json() and answer.status == first.status
        prober.findings.record(
            REPEATS,
            target.id,
            "somebody else with the same key",
            expected="a request of their own",
            seen=answer,
            held=held,
        )


def _read(prober: Prober, target: Target) -> None:
    if not _seen(prober, target):
        return
    call = prober.call(target)
    answer = prober.grant(call)
    if not prober.expect(CONTRACT, target, "a row that is there", answer, 200):
        return
    shape = target.shape
    if shape is not None and call.row is not None and not target.route.operation.response:
        shown = answer.json()
        held = isinstance(shown, dict) and _same(shape.primary_key, shown, call.row)
        prober.findings.record(CONTRACT, target.id, "a row that is there", expected="that row", seen=answer, held=held)
    tag = answer.headers.get("etag", "")
    again = prober.send(target, call.address, {**call.headers, "If-None-Match": tag or '"none"'})
    prober.expect(VERSIONS, target, "read again by its version", again, 304)
    changed = prober.send(target, call.address, {**call.headers, "If-None-Match": '"another"'})
    prober.expect(VERSIONS, target, "read by another version", changed, 200)
    nobodys = prober.send(target, target.address(None), call.headers)
    prober.expect(CONTRACT, target, "a row that is not there", nobodys, 404)


def _update(prober: Prober, target: Target) -> None:
    if not _seen(prober, target):
        return
    call, shape = prober.call(target), target.shape
    assert shape is not None and call.row is not None  # noqa: S101 - what is written has an entity, and a path names a row
    first = prober.grant(call)
    if not prober.expect(CONTRACT, target, "a change", first, 200):
        return
    if not call.body:
        return  # nothing of it can be changed, so that there is nothing to note and no second version
    shown, row = first.json(), prober.rows.now(shape, call.row)
    if isinstance(call.body, dict):
        _as_sent(prober, target, call.body, shown)
        _only_sent(prober, call, row)
    _noted(prober, target)
    tag = first.headers.get("etag", "")
    prober.findings.record(VERSIONS, target.id, "a change", expected="an ETag", seen=first.headers, held=bool(tag))
    body = prober.fitting(target, call.role, 0, call.row)
    second = prober.send(target, call.address, {**call.headers, "If-Match": tag}, body)
    prober.expect(VERSIONS, target, "a change of the version that was read", second, 200)
    fresh = second.headers.get("etag", "")
    prober.findings.record(VERSIONS, target.id, "two changes", expected="two versions", seen=fresh, held=fresh != tag)
    before = prober.rows.now(shape, call.row)
    stale = prober.send(
        target, call.address, {**call.headers, "If-Match": tag}, prober.fitting(target, call.role, 0, call.row)
    )
    prober.expect(VERSIONS, target, "a change of a version that is gone", stale, 412)
    held = prober.rows.now(shape, call.row) == before
    prober.findings.record(
        VERSIONS, target.id, "a change of a version that is gone", expected="the row as it was", seen="it was changed",
        held=held,
    )  # fmt: skip
    gone = prober.send(target, target.address(None), call.headers, prober.fitting(target, call.role, 0, call.row))
    prober.expect(CONTRACT, target, "a change of a row that is not there", gone, 404)


def _delete(prober: Prober, target: Target) -> None:
    shape = target.shape
    if not _seen(prober, target) or shape is None or shape.tenant:
        return
    call = prober.call(target)
    others = prober.rows.count(shape)
    answer = prober.grant(call)
    if answer.status == 409:
        return  # something still points at it
    if not prober.expect(CONTRACT, target, "a row taken away", answer, 200, 204):
        return
    row = prober.rows.now(shape, call.row or {})
    kept = row is not None and row.get("deleted_at") is None
    left = prober.rows.count(shape)
    prober.findings.record(
        CONTRACT, target.id, "a row taken away", expected="it is gone", seen="it is there", held=not kept
    )
    prober.findings.record(
        CONTRACT, target.id, "a row taken away", expected="no other row goes", seen=f"{others - left} went",
        held=others - left in (0, 1),
    )  # fmt: skip
    _noted(prober, target)
    prober.expect(CONTRACT, target, "a row that is gone, taken away again", prober.grant(call), 404)
    for reader in prober.targets:
        if reader.written and reader.kind is OperationKind.READ and reader.shape is shape and reader.access == "roles":
            who = prober.people.headers(reader, next(iter(prober.roles(reader)), ""), 0)
            answer = prober.send(reader, reader.address(call.row), who)
            prober.expect(CONTRACT, reader, f"a row that {target.id} took away", answer, 404, 403)


# -- lists ------------------------------------------------------------------------------------------------------------


def _list(prober: Prober, target: Target) -> None:
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
    missing = [row for row in made if not any(_same(shape.primary_key, item, row) for item in seen)]
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
    if column is None or column.type not in _EXACT or row.get(name) is None:
        return
    value = str(row[name]).lower() if column.type is FieldType.BOOLEAN else str(row[name])
    items = listed(prober, target, call.address, call.headers, {**(call.query or {}), name: value})
    wrong = [item.get(name) for item in items if name in item and str(item[name]).lower() != value.lower()]
    there = any(_same(shape.primary_key, item, row) for item in items)
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
    there = any(_same(shape.primary_key, item, row) for item in since)
    beyond = any(_same(shape.primary_key, item, row) for item in until)
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
        there = any(_same(shape.primary_key, item, row) for item in found)
        what = f"q={words}, which is in {name}"
        prober.findings.record(LISTS, call.target.id, what, expected="that row", seen="it is missing", held=there)
    none = listed(prober, call.target, call.address, call.headers, {**(call.query or {}), "q": "zzqqxxnever"})
    prober.findings.record(LISTS, call.target.id, "q", expected="no row", seen=f"{len(none)} rows", held=not none)


# -- what is in the database afterwards -------------------------------------------------------------------------------


def _row_of(prober: Prober, target: Target, shown: Any) -> Row | None:
    shape = target.shape
    if shape is None or not isinstance(shown, dict) or not set(shape.primary_key) <= {*shown, shape.tenant_column}:
        return None
    key = {name: shown.get(name, prober.rows.tenants[0]) for name in shape.primary_key}
    return prober.rows.now(shape, key)


def _as_sent(prober: Prober, target: Target, body: Mapping[str, Any], shown: Any) -> None:
    shape = target.shape
    assert shape is not None  # noqa: S101 - what is written has an entity
    exact = {n: v for n, v in body.items() if n in shape.by_name and shape.by_name[n].type in _EXACT}
    wrong = [n for n, v in exact.items() if isinstance(shown, dict) and n in shown and shown[n] != v]
    prober.findings.record(
        CONTRACT, target.id, "what was sent", expected="is what is shown", seen=wrong, held=not wrong
    )


def _only_sent(prober: Prober, call: Call, row: Row | None) -> None:
    """A change changes what it says, and nothing else but who and when."""
    target, shape = call.target, call.target.shape
    assert shape is not None  # noqa: S101 - the caller saw it
    if row is None or call.row is None or target.method == "PUT":
        return
    own = {shape.moment("updated"), *(c.name for c in shape.columns if is_author(c.name))}
    other = [n for n, v in row.items() if n not in call.body and n not in own and call.row.get(n) != v]
    prober.findings.record(CONTRACT, target.id, "a change", expected="changes what it says", seen=other, held=not other)


def _authors(prober: Prober, call: Call, row: Row) -> None:
    """Who made a row is whoever called, whatever the body says."""
    shape = call.target.shape
    if shape is None or call.target.access != "roles":
        return
    for column in shape.columns:
        if column.name == shape.owner_column or (is_author(column.name) and column.type is not FieldType.STRING):
            wanted = prober.people.user(call.role)
            held = column.name not in row or not column.generated or str(row[column.name]) == wanted
            prober.findings.record(
                CONTRACT,
                call.target.id,
                f"{column.name} of a new row",
                expected="the caller",
                seen=row[column.name],
                held=held,
            )


def _noted(prober: Prober, target: Target) -> None:
    found = prober.rows.execute("SELECT 1 AS one FROM service.audit_log WHERE operation = %s LIMIT 1", (target.id,))
    prober.findings.record(
        NOTED, target.id, "a change", expected="a line in the audit log", seen="none", held=bool(found)
    )


def _location(prober: Prober, call: Call, answer: Answer) -> None:
    """What `Location` says can be read, where there is an operation for it."""
    place, target = answer.headers.get("location", ""), call.target
    reader = next((t for t in prober.targets if t.kind is OperationKind.READ and t.written and t.access == "roles"
                   and t.shape is target.shape and t.path.rpartition("/")[0] == target.path), None)  # fmt: skip
    if (
        reader is None
        or target.access != "roles"
        or target.method != "POST"
        or len(reader.route.parameters) != 1 + len(target.route.parameters)
    ):
        return
    able = [r for r in prober.roles(reader) if r not in reader.own]
    role = call.role if call.role in able else next(iter(able), None)
    if role is None:
        return
    found = prober.send(reader, place, prober.people.headers(reader, role, 0))
    prober.expect(CONTRACT, target, "its Location", found, 200)


# -- what goes on, and what others call -------------------------------------------------------------------------------


def _accepted(prober: Prober, target: Target) -> None:
    call = prober.call(target)
    answer = prober.grant(call)
    if prober.expect(CONTRACT, target, "work in the background", answer, 202):
        place = answer.headers.get("location", "")
        client = prober.client()
        state = client.send("GET", place, call.headers)
        client.close()
        said = state.json()
        held = state.status == 200 and isinstance(said, dict) and said.get("id") == (answer.json() or {}).get("id")
        prober.findings.record(
            CONTRACT, target.id, "the state of the work", expected="200 and its id", seen=state, held=held
        )
        stranger = prober.people.headers(target, call.role, 0, 1)
        if stranger != call.headers:
            client = prober.client()
            other = client.send("GET", place, stranger)
            client.close()
            prober.expect(ROLES, target, "the state of another's work", other, 403, 404)


def _signed(prober: Prober, target: Target) -> None:
    body = json.dumps(prober.body(target, 0, None) or {}).encode()
    now = int(time.time())
    address = target.address(None)
    for what, headers in (
        ("a call without a signature", {}),
        ("a call with another's secret", {"X-Signature": _signature("another", body, now)}),
        ("a call signed an hour ago", {"X-Signature": _signature(SECRET, body, now - 3600)}),
        ("a call signed for the next hour", {"X-Signature": _signature(SECRET, body, now + 3600)}),
        ("a signature of another body", {"X-Signature": _signature(SECRET, b'{"other": 1}', now)}),
        (
            "a signature of another moment",
            {"X-Signature": _signature(SECRET, body, now).replace(str(now), str(now - 1), 1)},
        ),
        ("an empty signature", {"X-Signature": f"t={now},v1="}),
        ("a signature that is none", {"X-Signature": "t=99999999999999999999,v1=zz"}),
    ):
        answer = prober.send(target, address, headers, raw=body)
        prober.expect(SIGNED, target, what, answer, 401)
    taken = prober.rows.execute("SELECT count(*) AS n FROM service.inbox WHERE operation = %s", (target.id,))[0]["n"]
    prober.findings.record(
        SIGNED, target.id, "calls that were refused", expected="none is kept", seen=taken, held=taken == 0
    )
    answer = prober.send(target, address, {"X-Signature": _signature(SECRET, body, now)}, raw=body)
    held = answer.status in (200, 201, 202, 204, 422, 501)
    prober.findings.record(SIGNED, target.id, "a call that is signed", expected="taken", seen=answer, held=held)


def _signature(secret: str, body: bytes, moment: int) -> str:
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"
