"""Rows change their state as the design says, and in no other way."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import sql

from tests.data import Trial
from tests.trials import ENTITIES, ROLES, TRIALS
from tests.world import CannotMake, World

MOVING = [t for t in TRIALS if t.moves and t.generic and t.access == "roles" and not t.own_body]


def _in_state(world: World, trial: Trial, field: str, state: str) -> dict[str, Any]:
    entity = ENTITIES[trial.entity]
    try:
        row = world.row(trial.entity, 0)
    except CannotMake as reason:
        pytest.skip(str(reason))
    keys = sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in entity.key)
    statement = sql.SQL("UPDATE {} SET {} = %s WHERE {}").format(
        sql.Identifier(entity.table), sql.Identifier(field), keys
    )
    with world.connect() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement, [state, *(row[name] for name in entity.key)])
    return row


@pytest.mark.parametrize("trial", MOVING, ids=lambda t: t.operation)
def test_a_move_begins_where_the_design_says(world: World, trial: Trial) -> None:
    field, sources, target, roles = trial.moves[0]
    wide = [r for r in roles or trial.roles or ROLES if (not trial.roles or r in trial.roles) and r not in trial.own]
    role = next((r for r in wide if world.can_sign_in(trial, r)), "")
    if ROLES and not role:
        pytest.skip("only roles that reach rows of their own may")
    for state in sources:
        row = _in_state(world, trial, field, state)
        old = world.headers(trial, role) | {"If-Match": '"of another time"'}
        assert world.http.request(trial.method, world.path(trial, row), headers=old).status_code == 412
        answer = world.http.request(trial.method, world.path(trial, row), headers=world.headers(trial, role))
        assert answer.status_code == 200, answer.text
        assert answer.json()[field] == target
        again = world.headers(trial, role) | {"If-Match": answer.headers["etag"]}
        assert world.http.request(trial.method, world.path(trial, row), headers=again).status_code != 412
    begun = {source for _field, starts, _target, _roles in trial.moves for source in starts}
    if sources and target not in begun:
        row = _in_state(world, trial, field, target)
        answer = world.http.request(trial.method, world.path(trial, row), headers=world.headers(trial, role))
        assert answer.status_code == 409, answer.text
