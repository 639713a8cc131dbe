"""People who sign in with a name and a password get a token that holds; nobody else does, and no password is kept."""

from __future__ import annotations

import importlib
import json

import pytest
from psycopg import sql

from app import accounts
from app.core.sign_in import PLACE, WAYS
from app.core.tables import Table
from tests.trials import ENTITIES, ROLES, TRIALS
from tests.world import CannotMake, World


@pytest.fixture
def somebody(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """A name and its password, as an operator makes them."""
    name, password = f"ada-{len(world.issued)}-{id(monkeypatch)}", "correct horse battery staple"
    monkeypatch.setenv("MIGRATION_URL", world.url)
    monkeypatch.setattr(accounts, "_password", lambda: password)
    role = next(iter(ROLES), "")
    given = ["add", "basic", name, "--user", world.users[role, 0], "--tenant", world.tenants[0]]
    assert accounts.main([*given, *(["--role", role] if role else [])]) == 0
    return name, password


@pytest.mark.skipif(not WAYS, reason="the design has no passwords and no sessions")
def test_a_name_and_its_password_give_a_token(world: World, somebody: tuple[str, str]) -> None:
    name, password = somebody
    for wrong in ({"name": name, "password": "x"}, {"name": "nobody", "password": password}):
        answer = world.http.post(PLACE, json=wrong)
        assert (answer.status_code, answer.json()["detail"]) == (401, "No valid credentials were sent.")
    answer = world.http.post(PLACE, json={"name": name, "password": password})
    if WAYS[0].scheme == "session":
        assert answer.status_code == 204
        cookies = answer.headers.get_list("set-cookie")
        assert any("HttpOnly" in one and "Secure" in one for one in cookies if one.startswith("session="))
        headers = {"Cookie": "; ".join(one.partition(";")[0] for one in cookies)}
    else:
        assert answer.status_code == 200, answer.text
        headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    reading = [t for t in TRIALS if t.method == "GET" and t.access == "roles" and not t.parameters]
    for trial in reading:
        if not trial.ways or WAYS[0].name in trial.ways:
            status = world.http.get(trial.path, headers=headers).status_code
            assert status not in (401, 500), trial.operation


@pytest.mark.skipif(not WAYS, reason="the design has no passwords and no sessions")
def test_a_revoked_name_signs_in_no_more(world: World, somebody: tuple[str, str]) -> None:
    name, password = somebody
    assert accounts.main(["revoke", name]) == 0
    assert world.http.post(PLACE, json={"name": name, "password": password}).status_code == 401
    assert accounts.main(["revoke", name]) == 1


def _with_passwords() -> list[str]:
    found = []
    for name, entity in ENTITIES.items():
        table: Table = importlib.import_module(f"app.models.{entity.module}").TABLE
        if set(table.passwords) & set(entity.sent):
            found.append(name)
    return found


@pytest.mark.parametrize("name", _with_passwords())
def test_of_a_password_only_a_digest_is_kept(world: World, name: str) -> None:
    entity = ENTITIES[name]
    table: Table = importlib.import_module(f"app.models.{entity.module}").TABLE
    trial = next((t for t in TRIALS if t.entity == name and t.kind == "create" and t.generic), None)
    if trial is None or trial.own_body:
        pytest.skip("nobody makes one")
    try:
        body = world.body(name, 0)
    except CannotMake as reason:
        pytest.skip(str(reason))
    role = next((r for r in trial.roles or ROLES if world.can_sign_in(trial, r)), "")
    answer = world.http.request(trial.method, world.path(trial, body), headers=world.headers(trial, role), json=body)
    assert answer.status_code == 201, answer.text
    for column in table.passwords:
        assert str(body[column]) not in json.dumps(answer.json())
        kept = sql.SQL("SELECT {} FROM {} WHERE {} = %s").format(
            sql.Identifier(column), sql.Identifier(entity.table), sql.Identifier(entity.key[0])
        )
        with world.connect() as connection:
            row = connection.execute(kept, (answer.json()[entity.key[0]],)).fetchone()
        assert row is not None and str(row[column]).startswith("scrypt$")
