"""Nobody gets in without credentials, in a wrong role, or by a token that does not hold."""

from __future__ import annotations

import pytest

from app import design
from tests.data import Trial
from tests.trials import ROLES, TRIALS
from tests.world import World

GUARDED = [trial for trial in TRIALS if trial.access in ("roles", "closed")]
BEARER = [t for t in GUARDED if any(w.scheme == "bearer" for w in design.SIGN_INS if not t.ways or w.name in t.ways)]
OPEN = any(way.scheme == "none" for way in design.SIGN_INS)


def _send(world: World, trial: Trial, headers: dict[str, str]) -> int:
    body: dict[str, str] | None = None if trial.method in ("GET", "HEAD", "OPTIONS", "DELETE") else {}
    path = world.path(trial, None)
    return world.http.request(trial.method, path, headers=headers, json=body).status_code


@pytest.mark.skipif(OPEN, reason="the design lets everybody in")
@pytest.mark.parametrize("trial", GUARDED, ids=lambda t: t.operation)
def test_no_credentials_no_entry(world: World, trial: Trial) -> None:
    assert _send(world, trial, {}) == 401
    assert _send(world, trial, {"Authorization": "Bearer a.b.c", "X-API-Key": "x", "Cookie": "session=a.b.c"}) in (
        401,
        403,
    )


@pytest.mark.skipif(OPEN, reason="the design lets everybody in")
@pytest.mark.parametrize("trial", GUARDED, ids=lambda t: t.operation)
def test_only_the_roles_that_may(world: World, trial: Trial) -> None:
    for role in ROLES:
        if not world.can_sign_in(trial, role):
            continue
        status = _send(world, trial, world.headers(trial, role))
        barred = trial.access == "closed" or (trial.roles and role not in trial.roles)
        assert status == 403 if barred else status not in (401, 403, 500), (role, status)


@pytest.mark.skipif(not BEARER or OPEN, reason="the design has no tokens")
def test_tokens_that_do_not_hold(world: World) -> None:
    trial = BEARER[0]
    role = next((r for r in trial.roles or ROLES if world.can_sign_in(trial, r)), "")
    wrong: tuple[dict[str, object], ...] = (
        {"exp": 1, "iat": 0},
        {"aud": "another"},
        {"iss": "https://another.example"},
        {"exp": 2**33},
    )
    for claims in wrong:
        assert _send(world, trial, {"Authorization": f"Bearer {world.token(role, 0, claims)}"}) == 401, claims


@pytest.mark.parametrize("trial", [t for t in TRIALS if t.access == "signed"], ids=lambda t: t.operation)
def test_unsigned_calls_are_refused(world: World, trial: Trial) -> None:
    assert _send(world, trial, {}) == 401
    assert _send(world, trial, {"X-Signature": "t=1,v1=00"}) == 401
