"""Rows are made, read, changed and deleted as the contract says, and no tenant reaches another's."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app import design
from tests.data import Trial
from tests.trials import ENTITIES, ROLES, TENANT_ENTITY, TRIALS
from tests.world import CannotMake, World


def _of(kind: str) -> list[Trial]:
    return [t for t in TRIALS if t.kind == kind and t.generic and t.access in ("roles", "public")]


def _role(world: World, trial: Trial) -> str:
    wide = [r for r in trial.roles or ROLES if r not in trial.own and world.can_sign_in(trial, r)]
    return wide[0] if wide else next((r for r in trial.roles or ROLES if world.can_sign_in(trial, r)), "")


def _row(world: World, trial: Trial, tenant: int = 0) -> dict[str, Any]:
    entity = ENTITIES[trial.entity]
    try:
        if entity.name == TENANT_ENTITY:
            with world.connect() as connection:
                query = f'SELECT * FROM "{entity.table}" WHERE "{entity.key[0]}"::text = %s'
                found = connection.execute(query.encode(), (world.tenants[tenant],)).fetchone()
                assert found is not None
                return found
        owner = {entity.owner: world.users[_role(world, trial), tenant]} if entity.owner else {}
        return world.row(trial.entity, tenant, owner)
    except CannotMake as reason:
        pytest.skip(str(reason))


def _body(world: World, trial: Trial) -> dict[str, Any]:
    try:
        return world.body(trial.entity, 0)
    except CannotMake as reason:
        pytest.skip(str(reason))


def _call(world: World, trial: Trial, path: str, tenant: int = 0, **more: Any) -> httpx.Response:
    headers = world.headers(trial, _role(world, trial), tenant) | more.pop("headers", {})
    return world.http.request(trial.method, path, headers=headers, **more)


@pytest.mark.parametrize("trial", _of("read"), ids=lambda t: t.operation)
def test_a_row_is_read_with_its_version(world: World, trial: Trial) -> None:
    row = _row(world, trial)
    path = world.path(trial, row)
    answer = _call(world, trial, path)
    if trial.access == "public" and ENTITIES[trial.entity].tenant:
        assert answer.status_code == 404, "a caller without a tenant sees no tenant's rows"
        return
    assert answer.status_code == 200, answer.text
    again = _call(world, trial, path, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert _call(world, trial, world.path(trial, None)).status_code == 404


@pytest.mark.parametrize("trial", [t for t in _of("read") if ENTITIES[t.entity].tenant], ids=lambda t: t.operation)
def test_another_tenants_row_is_not_there(world: World, trial: Trial) -> None:
    path = world.path(trial, _row(world, trial, 1))
    assert _call(world, trial, path, 0).status_code == 404
    if trial.access == "roles":
        assert _call(world, trial, path, 1).status_code == 200


@pytest.mark.parametrize("trial", _of("list"), ids=lambda t: t.operation)
def test_a_list_has_every_row_once(world: World, trial: Trial) -> None:
    rows = [_row(world, trial) for _ in range(3)] if not trial.parameters else [_row(world, trial)]
    seen: list[str] = []
    path, cursor = world.path(trial, rows[0]), None
    for _ in range(200):
        answer = _call(world, trial, path, params={"limit": 2, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert set(page) == {"items", "next_cursor"}
        seen += [repr(item) for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert cursor is None or len(seen) == 400
    if trial.access == "roles" and _role(world, trial) not in trial.own:
        assert seen, "nothing is listed"
    if ENTITIES[trial.entity].key == ("id",):
        assert len(seen) == len(set(seen))
    assert _call(world, trial, path, params={"limit": "1000"}).status_code == 400
    assert _call(world, trial, path, params={"cursor": "none of ours"}).status_code == 400


@pytest.mark.parametrize("trial", [t for t in _of("create") if not t.own_body], ids=lambda t: t.operation)
def test_a_row_is_made_once_per_key(world: World, trial: Trial) -> None:
    body = _body(world, trial)
    parents = {column: body[column] for _name, column, _kind in trial.parameters if column in body}
    if len(parents) < len(trial.parameters) or (trial.access == "public" and ENTITIES[trial.entity].tenant):
        pytest.skip("what it belongs to comes from the path only")
    path = world.path(trial, parents)
    headers = world.headers(trial, _role(world, trial))
    answer = world.http.request(trial.method, path, headers=headers, json=body)
    assert answer.status_code in (200, 201), answer.text
    if trial.keyed:
        again = world.http.request(trial.method, path, headers=headers, json=body)
        assert (again.status_code, again.content) == (answer.status_code, answer.content)
        bare = {name: value for name, value in headers.items() if name != "Idempotency-Key"}
        assert world.http.request(trial.method, path, headers=bare, json=body).status_code == 400


@pytest.mark.parametrize(
    "trial", [t for t in _of("create") if not t.own_body and ENTITIES[t.entity].writable], ids=lambda t: t.operation
)
def test_what_the_contract_does_not_know_is_refused(world: World, trial: Trial) -> None:
    path = world.path(trial, None)
    answer = _call(world, trial, path, json={**_body(world, trial), "nobody_declared_this": 1})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == "/nobody_declared_this"
    assert _call(world, trial, path, content=b"{", headers={"Content-Type": "application/json"}).status_code == 400
    assert _call(world, trial, path, content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415


@pytest.mark.parametrize("trial", [t for t in _of("update") if not t.own_body], ids=lambda t: t.operation)
def test_newer_changes_are_not_overwritten(world: World, trial: Trial) -> None:
    row = _row(world, trial)
    changes = ENTITIES[trial.entity].changes
    if trial.method == "PUT":
        changes = {**_body(world, trial), **changes}
    if not changes:
        pytest.skip("nothing in it may be changed")
    # What the path names stays as it is: otherwise the second change would look for the row elsewhere.
    named = {column for _name, column, _kind in trial.parameters}
    changes = {name: str(row[name]) if name in named else value for name, value in changes.items()}
    path = world.path(trial, row)
    stale = _call(world, trial, path, json=changes, headers={"If-Match": '"of another time"'})
    assert stale.status_code == 412, stale.text
    answer = _call(world, trial, path, json=changes, headers={"If-Match": "*"})
    if answer.status_code in (403, 409, 422) and "errors" not in answer.json():
        pytest.skip(f"a rule refuses what the test made up: {answer.json()['detail']}")
    assert answer.status_code == 200, answer.text
    again = _call(world, trial, path, json=changes, headers={"If-Match": answer.headers["etag"]})
    assert again.status_code == 200, again.text
    assert _call(world, trial, path, json=changes, headers={"If-Match": answer.headers["etag"]}).status_code == 412
    assert _call(world, trial, path, json={"nobody_declared_this": 1}).status_code == 422


@pytest.mark.parametrize("trial", _of("delete"), ids=lambda t: t.operation)
def test_what_is_deleted_is_gone(world: World, trial: Trial) -> None:
    if ENTITIES[trial.entity].name == TENANT_ENTITY or trial.access == "public":
        pytest.skip("the tests need their tenants")
    path = world.path(trial, _row(world, trial))
    stale = _call(world, trial, path, headers={"If-Match": '"of another time"'})
    assert stale.status_code == 412, stale.text
    answer = _call(world, trial, path, headers={"If-Match": stale.headers["etag"]})
    if answer.status_code == 409:
        pytest.skip(answer.json()["detail"])
    assert answer.status_code in (200, 204), answer.text
    assert _call(world, trial, path).status_code == 404


def test_the_way_back_is_there(database_url: str) -> None:
    import secrets

    import psycopg
    from psycopg.conninfo import make_conninfo

    from app.migrate import down, up

    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        url = make_conninfo(database_url, dbname=name)
        first = up(url)
        assert first, design.TITLE
        assert up(url) == []
        assert [down(url) for _ in first] == first[::-1]
        assert up(url) == first
    finally:
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


SCOPED = [t for t in TRIALS if t.generic and t.access == "roles" and t.entity and ENTITIES[t.entity].tenant]


@pytest.mark.parametrize(
    "trial", [t for t in SCOPED if t.kind in ("update", "delete", "action")], ids=lambda t: t.operation
)
def test_another_tenants_row_is_not_changed(world: World, trial: Trial) -> None:
    path = world.path(trial, _row(world, trial, 1))
    body = None
    if trial.kind == "update" and not trial.own_body:
        body = _body(world, trial) if trial.method == "PUT" else ENTITIES[trial.entity].changes
    answer = _call(world, trial, path, 0, json=body)
    assert answer.status_code in (404, 422), answer.text


def _pointing(trial: Trial) -> bool:
    """Whether callers say what a new row points at, and that belongs to a tenant."""
    entity = ENTITIES[trial.entity]
    said = [key for key in entity.keys if key.entity and set(key.columns) & set(entity.writable)]
    return any(key.required and ENTITIES[key.entity].tenant for key in said)


@pytest.mark.parametrize(
    "trial", [t for t in SCOPED if t.kind == "create" and not t.own_body and _pointing(t)], ids=lambda t: t.operation
)
def test_nothing_points_at_another_tenants_rows(world: World, trial: Trial) -> None:
    try:
        body = world.body(trial.entity, 1)
    except CannotMake as reason:
        pytest.skip(str(reason))
    answer = _call(world, trial, world.path(trial, body), 0, json=body)
    assert answer.status_code in (403, 404, 409, 422), answer.text
