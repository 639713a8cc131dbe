"""Who gets in: nobody without credentials, in a wrong role, from another tenant, to another's row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.roles.backend_developer.blueprint import Method, OperationKind
from bot.roles.backend_developer.checks.live.client import Answer
from bot.roles.backend_developer.checks.live.people import WEAK
from bot.roles.backend_developer.checks.live.prober import Prober, each
from bot.roles.backend_developer.checks.live.rows import CannotMake, Row, stored
from bot.roles.backend_developer.checks.live.targets import READING, WRITING, Target, field_rights
from bot.roles.backend_developer.renderers.openapi.schemas import changeable, writable

SIGN_IN: Final = "security.sign_in_asked"
ROLES: Final = "security.roles_kept"
TENANTS: Final = "security.tenants_apart"
OWN: Final = "security.own_rows_kept"
_PAGES: Final = 20


def probe_access(prober: Prober) -> None:
    """Try who may call what, operation by operation."""
    guarded = [t for t in prober.targets if t.access in ("roles", "closed")]
    each(prober, "sign-in", guarded, lambda t: _sign_in(prober, t), SIGN_IN)
    each(prober, "roles", guarded, lambda t: _roles(prober, t), ROLES)
    scoped = [t for t in guarded if t.scoped and t.access == "roles" and len(set(prober.rows.tenants)) > 1]
    each(prober, "tenants", scoped, lambda t: _tenants(prober, t), TENANTS)
    each(prober, "own rows", [t for t in guarded if t.own], lambda t: _own_rows(prober, t), OWN)


def _sign_in(prober: Prober, target: Target) -> None:
    role = next(iter(prober.roles(target)), next(iter(target.roles), ""))
    address, body = target.address(None), None
    if target.access == "roles":
        try:
            call = prober.call(target)
            address, body, role = call.address, call.body, call.role
        except CannotMake:
            pass  # who is not let in is not let in with any body
    for what, headers in prober.people.unfit(target, role).items():
        answer = prober.send(target, address, headers, body)
        # What is too little for the role's own way may do for another one, and then gives another's roles.
        statuses = (401, 403) if len(target.ways) > 1 and what in WEAK else (401,)
        expected = " or ".join(map(str, statuses))
        held = answer.status in statuses
        prober.findings.record(SIGN_IN, target.id, what, expected=expected, seen=answer, held=held)


def _roles(prober: Prober, target: Target) -> None:
    names = [role.name for role in prober.blueprint.roles]
    allowed = set(names if not target.roles and target.access != "closed" else target.roles)
    if target.access == "closed":
        allowed = set()
    strangers = [name for name in names if name not in allowed] + (
        [""] if target.roles or target.access == "closed" else []
    )
    for role in strangers:
        row = _maybe_row(prober, target, role)
        answer = prober.send(
            target, target.address(row), prober.people.headers(target, role), _maybe_body(prober, target, row)
        )
        statuses = (403,) if prober.people.way(target, role) is not None else (401, 403)
        prober.expect(ROLES, target, f"called by {_named(role)}, whom it is not for", answer, *statuses)
    for role in _almost(target.roles):
        answer = prober.send(
            target, target.address(None), prober.people.headers(target, role), _maybe_body(prober, target, None)
        )
        prober.expect(ROLES, target, f"called by {_named(role)}, which nobody has named", answer, 401, 403)
    for role in prober.roles(target) if target.access == "roles" else ():
        call = prober.call(target, role=role)
        answer = prober.grant(call)
        held = answer.status not in (0, 401, 403)
        prober.findings.record(
            ROLES, target.id, f"called by {_named(role)}, who may", expected="not 401 or 403", seen=answer, held=held
        )
    _step_roles(prober, target)
    if target.access == "roles" and target.written and target.shape is not None:
        _field_roles(prober, target)


def _almost(roles: tuple[str, ...]) -> tuple[str, ...]:
    """Return names that are nearly one of the roles, and none of them."""
    if not roles:
        return ()
    near = (f"{roles[0]}x", roles[0][:-1], roles[0].swapcase())
    return tuple(name for name in near if name and name not in roles)


def _field_roles(prober: Prober, target: Target) -> None:
    """Of single fields roles may be left out that may read or write the rest."""
    shape = target.shape
    assert shape is not None  # noqa: S101 - the caller saw it
    writers = field_rights(prober.blueprint, shape.entity, WRITING)
    readers = field_rights(prober.blueprint, shape.entity, READING)
    for role in prober.roles(target):
        if target.kind is OperationKind.UPDATE and target.route.body:
            for name in (n for n, roles in writers.items() if role not in roles):
                row = prober.row(target, role, 0)
                body = prober.body(target, 0, row)
                if isinstance(body, dict) and name in body:
                    what = f"{name} written by {_named(role)}, who may not"
                    answer = prober.send(
                        target, target.address(row), prober.people.headers(target, role), {name: body[name]}
                    )
                    prober.expect(ROLES, target, what, answer, 403, 422)
                    _unchanged(prober, ROLES, target, row, what)
        if target.kind in (OperationKind.READ, OperationKind.LIST):
            hidden = [n for n, roles in readers.items() if role not in roles]
            call = prober.call(target, role=role) if hidden else None
            row = prober.row(target, role, 0) if call is None or call.row is None else call.row
            if call is not None and row is None:
                own = {shape.owner_column: prober.people.user(role)} if shape.owner_column else {}
                row = prober.rows.make(shape.entity, 0, own)
            for name in hidden:
                column = shape.by_name.get(name)
                if row is not None and column is not None and row[name] is None:
                    prober.rows.put(shape, row, name, stored(column, prober.rows.value(shape, column, 1)))
            read = prober.grant(call) if call is not None else None
            page = read.json() if read is not None else None
            items = _items(read) if read is not None and target.many else [page] if isinstance(page, dict) else []
            for name in hidden:
                held = not any(item.get(name) is not None for item in items)
                what = f"{name} read by {_named(role)}, who may not"
                prober.findings.record(ROLES, target.id, what, expected="it is left out", seen=items[:1], held=held)


def _step_roles(prober: Prober, target: Target) -> None:
    """Of a state change some roles may be left out that may call its operation."""
    steps = [step for _machine, step in target.route.moves]
    if target.access != "roles" or not target.written or not steps or not all(step.roles for step in steps):
        return
    left = [r for r in target.roles or [r.name for r in prober.blueprint.roles]
            if not any(r in step.roles for step in steps) and prober.people.way(target, r) is not None]  # fmt: skip
    for role in left:
        if role in target.own:
            continue
        row = prober.row(target, role, 0)
        answer = prober.send(
            target, target.address(row), prober.people.headers(target, role), prober.body(target, 0, row)
        )
        prober.expect(ROLES, target, f"the state changed by {_named(role)}, who may not", answer, 403)
        _unchanged(prober, ROLES, target, row, f"the state changed by {_named(role)}, who may not")


def _tenants(prober: Prober, target: Target) -> None:
    shape = target.shape
    role = next((r for r in prober.roles(target) if r not in target.own), next(iter(prober.roles(target)), None))
    if shape is None or role is None:
        return
    mine = prober.people.headers(target, role, 0)
    if target.route.addressed:
        theirs = prober.row(target, role, 1)
        answer = prober.send(
            target, target.address(theirs), mine, prober.body(target, 0, theirs), query=prober.query(target)
        )
        prober.expect(TENANTS, target, "another tenant's row by its path", answer, 403, 404)
        _unchanged(prober, TENANTS, target, theirs, "another tenant's row by its path")
    if target.many and target.written:
        _foreign_lists(prober, target, mine, role)
    if target.kind in (OperationKind.CREATE, OperationKind.UPDATE) and target.written and target.route.body:
        _foreign_bodies(prober, target, mine, role)


def _foreign_lists(prober: Prober, target: Target, mine: dict[str, str], role: str) -> None:
    shape = target.shape
    assert shape is not None  # noqa: S101 - the caller saw it
    own = {shape.owner_column: prober.people.user(role, 1)} if shape.owner_column else {}
    theirs = prober.rows.tenant_rows[1] if shape.tenant else prober.rows.make(shape.entity, 1, own)
    row = None if not target.route.parameters else prober.row(target, role, 0)
    seen = listed(prober, target, target.address(row), mine, prober.query(target))
    foreign = [item for item in seen if same_row(shape.primary_key, item, theirs)]
    prober.findings.record(
        TENANTS, target.id, "a list", expected="no row of another tenant", seen=foreign[:1], held=not foreign
    )
    for name in target.route.operation.filters:
        if name in theirs and theirs[name] is not None and shape.by_name[name].references:
            query = {**(prober.query(target) or {}), name: str(theirs[name])}
            answer = prober.send(target, target.address(row), mine, query=query)
            items = _items(answer)
            held = not any(same_row(shape.primary_key, item, theirs) for item in items)
            prober.findings.record(
                TENANTS, target.id, f"a list by another tenant's {name}", expected="no row of another tenant",
                seen=answer, held=held,
            )  # fmt: skip


def _foreign_bodies(prober: Prober, target: Target, mine: dict[str, str], role: str) -> None:
    shape = target.shape
    assert shape is not None  # noqa: S101 - the caller saw it
    sent = writable(shape) if target.kind is OperationKind.CREATE else changeable(shape)
    if target.route.operation.request:
        named = {f.name for f in target.route.operation.request}
        sent = tuple(c for c in sent if c.name in named)
    names = {column.name for column in sent}
    for key in shape.foreign_keys:
        own = [name for name in key.columns if name in names and name != shape.tenant_column]
        other = prober.rows.shapes.get(key.entity)
        if not own or other is None or not (other.tenant_column or other.tenant):
            continue
        theirs = prober.rows.parent(key.entity, 1)
        pairs = dict(zip(key.columns, key.target_columns, strict=True))
        foreign = {name: _plain(theirs[pairs[name]]) for name in own}
        _refused_body(prober, target, mine, role, foreign, f"a reference to another tenant's {key.entity}")
    if shape.tenant_column:
        said: dict[str, Any] = {shape.tenant_column: prober.rows.tenants[1]}
        _refused_body(prober, target, mine, role, said, "another tenant in the body")


def _refused_body(
    prober: Prober, target: Target, mine: dict[str, str], role: str, said: Mapping[str, Any], what: str
) -> None:
    shape = target.shape
    assert shape is not None  # noqa: S101 - the caller saw it
    row = prober.row(target, role, 0)
    body = prober.body(target, 0, row)
    if not isinstance(body, dict):
        return
    before = prober.rows.count(shape)
    answer = prober.send(target, target.address(row), mine, {**body, **said})
    prober.expect(TENANTS, target, what, answer, 400, 403, 404, 409, 422)
    if target.kind is OperationKind.CREATE:
        after = prober.rows.count(shape)
        prober.findings.record(
            TENANTS, target.id, what, expected="no new row", seen=f"{after - before} more", held=after == before
        )
    else:
        _unchanged(prober, TENANTS, target, row, what)


def _own_rows(prober: Prober, target: Target) -> None:
    shape = target.shape
    if shape is None or not shape.owner_column:
        return
    for role in target.own:
        if role not in prober.roles(target):
            continue
        mine = prober.people.headers(target, role, 0, 0)
        if target.route.addressed:
            theirs = prober.row(target, role, 0, 1)
            answer = prober.send(target, target.address(theirs), mine, prober.body(target, 0, theirs))
            prober.expect(OWN, target, f"another's row, by {_named(role)}", answer, 403, 404)
            _unchanged(prober, OWN, target, theirs, f"another's row, by {_named(role)}")
        elif target.many and target.written:
            other = prober.rows.make(shape.entity, 0, {shape.owner_column: prober.people.user(role, 0, 1)})
            own = prober.rows.make(shape.entity, 0, {shape.owner_column: prober.people.user(role, 0, 0)})
            row = prober.row(target, role, 0) if target.route.parameters else None
            seen = listed(prober, target, target.address(row), mine, prober.query(target))
            held = not any(same_row(shape.primary_key, item, other) for item in seen)
            prober.findings.record(
                OWN, target.id, f"a list, by {_named(role)}", expected="no row of another", seen=other, held=held
            )
            if not target.route.parameters:
                there = any(same_row(shape.primary_key, item, own) for item in seen)
                prober.findings.record(
                    OWN,
                    target.id,
                    f"a list, by {_named(role)}",
                    expected="the row that is theirs",
                    seen="it is missing",
                    held=there,
                )


def listed(
    prober: Prober, target: Target, address: str, headers: Mapping[str, str], query: Mapping[str, str] | None = None,
    *, limit: int = 100,
) -> list[Row]:  # fmt: skip
    """Return the items of all pages (of the first twenty)."""
    found: list[Row] = []
    cursor: str | None = None
    for _ in range(_PAGES):
        said = {**(query or {}), "limit": str(limit), **({"cursor": cursor} if cursor else {})}
        answer = prober.send(target, address, headers, query=said)
        page = answer.json()
        found += _items(answer)
        cursor = page.get("next_cursor") if isinstance(page, dict) else None
        if not cursor:
            break
    return found


def _items(answer: Answer) -> list[Row]:
    page = answer.json()
    items = page.get("items") if isinstance(page, dict) else page
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def same_row(key: tuple[str, ...], item: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether a representation shows a row's key, as far as it shows one."""
    return all(str(item.get(name)) == str(row[name]) for name in key if name in item) and any(n in item for n in key)


def _unchanged(prober: Prober, check: str, target: Target, row: Row | None, what: str) -> None:
    if row is None or target.shape is None or target.route.operation.method is Method.GET:
        return
    now = prober.rows.now(target.shape, row)
    prober.findings.record(
        check, target.id, what, expected="the row as it was", seen="it was changed or is gone", held=now == row
    )


def _maybe_row(prober: Prober, target: Target, role: str) -> Row | None:
    try:
        return prober.row(target, role, 0)
    except CannotMake:
        return None


def _maybe_body(prober: Prober, target: Target, row: Row | None) -> Any:
    try:
        return prober.body(target, 0, row)
    except CannotMake:
        return {}


def _named(role: str) -> str:
    return f"the role {role}" if role else "somebody without a role"


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | str) else str(value)
