"""People who sign in with a name and a password get a token that holds; nobody else does, and no password is kept."""

from __future__ import annotations

import importlib
import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from psycopg import sql

from app import accounts
from app.core import second_factor
from app.core.sign_in import PLACE, WAYS
from app.core.tables import Table
from tests.trials import ENTITIES, ROLES, TRIALS
from tests.world import CannotMake, World

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(("moment", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_codes_are_those_of_the_standard(moment: int, code: str) -> None:
    """The last six digits of RFC 6238's own examples (appendix B); none is taken twice, nor a minute later."""
    assert second_factor.code(SECRET, moment // 30) == code
    assert second_factor.step_of(SECRET, code, 0, moment) == moment // 30
    assert second_factor.step_of(SECRET, code, moment // 30, moment) is None
    assert second_factor.step_of(SECRET, code, 0, moment + 60) is None


@pytest.fixture
def somebody(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """A name, its password and a code of its second factor, as an operator makes them."""
    name, password = f"ada-{len(world.issued)}-{id(monkeypatch)}", "correct horse battery staple"
    monkeypatch.setenv("MIGRATION_URL", world.url)
    monkeypatch.setattr(accounts, "_password", lambda: password)
    role = next((r for r in ROLES if WAYS and (not WAYS[0].roles or r in WAYS[0].roles)), "")
    given = ["add", "basic", name, "--user", world.users[role, 0], "--tenant", world.tenants[0], "--second-factor"]
    assert accounts.main([*given, *(["--role", role] if role else [])]) == 0
    (secret,) = parse_qs(urlsplit(capsys.readouterr().out.strip()).query)["secret"]
    return {"name": name, "password": password, "code": second_factor.code(secret, int(time.time()) // 30)}


@pytest.mark.skipif(not WAYS, reason="the design has no passwords and no sessions")
def test_a_name_and_its_password_give_a_token(world: World, somebody: dict[str, str]) -> None:
    for wrong in ({"password": "x"}, {"name": "nobody"}):
        answer = world.http.post(PLACE, json=somebody | wrong)
        assert (answer.status_code, answer.json()["detail"]) == (401, "No valid credentials were sent.")
    for code in (None, "000000" if somebody["code"] != "000000" else "000001"):
        assert world.http.post(PLACE, json=somebody | {"code": code}).status_code == 401
    answer = world.http.post(PLACE, json=somebody)
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

    assert world.http.post(PLACE, json=somebody).status_code == 401, "a code is good for once"


@pytest.mark.skipif(not WAYS, reason="the design has no passwords and no sessions")
def test_a_revoked_name_signs_in_no_more(world: World, somebody: dict[str, str]) -> None:
    assert accounts.main(["revoke", somebody["name"]]) == 0
    assert world.http.post(PLACE, json=somebody).status_code == 401
    assert accounts.main(["revoke", somebody["name"]]) == 1


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
