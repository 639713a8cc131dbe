"""What operations do: what is made, changed and deleted, versions, repeated requests."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final

from bot.roles.backend_developer.blueprint import OperationKind
from bot.roles.backend_developer.checks.live.access import same_row
from bot.roles.backend_developer.checks.live.calls import SIGNED, probe_accepted, probe_signed
from bot.roles.backend_developer.checks.live.client import Answer
from bot.roles.backend_developer.checks.live.effects import (
    check_as_sent,
    check_authors,
    check_location,
    check_noted,
    check_only_sent,
    row_of,
)
from bot.roles.backend_developer.checks.live.lists import LISTS, probe_list
from bot.roles.backend_developer.checks.live.prober import CONTRACT, Call, Prober, each
from bot.roles.backend_developer.checks.live.targets import Target

REPEATS: Final = "service.repeats_safe"
VERSIONS: Final = "service.updates_safe"


def probe_behaviour(prober: Prober) -> None:
    """Try what every operation does when it is granted."""
    mine = [t for t in prober.targets if t.access in ("roles", "public") and t.written]
    each(prober, "creates", [t for t in mine if t.kind is OperationKind.CREATE], lambda t: _create(prober, t), CONTRACT)
    each(prober, "reads", [t for t in mine if t.kind is OperationKind.READ], lambda t: _read(prober, t), VERSIONS)
    each(prober, "updates", [t for t in mine if t.kind is OperationKind.UPDATE], lambda t: _update(prober, t), VERSIONS)
    changing = [t for t in mine if t.route.versioned and t.kind is not OperationKind.UPDATE]
    each(prober, "versions", changing, lambda t: _stale(prober, t), VERSIONS)
    each(prober, "lists", [t for t in mine if t.many], lambda t: probe_list(prober, t), LISTS)
    each(prober, "deletes", [t for t in mine if t.kind is OperationKind.DELETE], lambda t: _delete(prober, t), CONTRACT)
    waiting = [t for t in prober.targets if t.route.operation.asynchronous and t.access in ("roles", "public")]
    each(prober, "background work", waiting, lambda t: probe_accepted(prober, t), CONTRACT)
    each(
        prober,
        "signed calls",
        [t for t in prober.targets if t.access == "signed"],
        lambda t: probe_signed(prober, t),
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
    row = row_of(prober, target, shown)
    count = prober.rows.count(shape)
    what = "a new row"
    held = row is not None and count == before + 1
    prober.findings.record(CONTRACT, target.id, what, expected="one more row", seen=f"{count - before} more", held=held)
    if row is None:
        return
    if isinstance(call.body, dict):
        check_as_sent(prober, target, call.body, shown)
    check_authors(prober, call, row)
    check_noted(prober, target)
    check_location(prober, call, answer)
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
        held = isinstance(shown, dict) and same_row(shape.primary_key, shown, call.row)
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
        check_as_sent(prober, target, call.body, shown)
        check_only_sent(prober, call, row)
    check_noted(prober, target)
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


def _stale(prober: Prober, target: Target) -> None:
    """What is taken away or moved on in a version that is gone stays as it is."""
    shape = target.shape
    if not _seen(prober, target) or shape is None or shape.tenant:
        return
    call = prober.call(target)
    assert call.row is not None  # noqa: S101 - the path names one
    before = prober.rows.now(shape, call.row)
    stale = prober.send(target, call.address, {**call.headers, "If-Match": '"of-another-time"'}, call.body)
    what = "a change of a version that is gone"
    prober.expect(VERSIONS, target, what, stale, 412)
    held = prober.rows.now(shape, call.row) == before
    prober.findings.record(VERSIONS, target.id, what, expected="the row as it was", seen="it was changed", held=held)


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
    check_noted(prober, target)
    prober.expect(CONTRACT, target, "a row that is gone, taken away again", prober.grant(call), 404)
    for reader in prober.targets:
        if reader.written and reader.kind is OperationKind.READ and reader.shape is shape and reader.access == "roles":
            who = prober.people.headers(reader, next(iter(prober.roles(reader)), ""), 0)
            answer = prober.send(reader, reader.address(call.row), who)
            prober.expect(CONTRACT, reader, f"a row that {target.id} took away", answer, 404, 403)
