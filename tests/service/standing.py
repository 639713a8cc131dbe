"""Runs in a rendered service's folder: a database with rows of two tenants, the service on a port, who may call.

`python standing.py SERVER_URL PORT FILE` writes the base address and the headers of both identities to FILE.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path.cwd()))

import httpx
import psycopg
from app import design  # type: ignore[import-not-found]
from app.migrate import up  # type: ignore[import-not-found]
from cryptography.hazmat.primitives.asymmetric import rsa
from psycopg.conninfo import make_conninfo

from tests.trials import ENTITIES, ROLES, TENANT_ENTITY, TRIALS  # type: ignore[import-not-found]
from tests.world import CERTIFICATE_HEADER, SECRET, CannotMake, World  # type: ignore[import-not-found]


def main(server: str, port: str, file: str) -> None:
    name = f"stand_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = make_conninfo(server, dbname=name)
    up(url)
    world = World(url, httpx.Client(), rsa.generate_private_key(public_exponent=65537, key_size=2048))
    world.settle()
    for entity in ENTITIES:
        try:
            for number in range(10 if entity != TENANT_ENTITY else 0):
                world.row(entity, number % 2)
        except CannotMake as reason:
            print(entity, reason)
    folder = Path(file).parent
    (folder / "public.pem").write_bytes(world.public_key())
    (folder / "private.pem").write_bytes(world.private_key())
    signed = {trial.operation: {world.tenants[0] or "*": SECRET} for trial in TRIALS if trial.access == "signed"}
    os.environ |= {
        "DATABASE_URL": url,
        "TOKEN_PUBLIC_KEY_FILE": str(folder / "public.pem"),
        "TOKEN_PRIVATE_KEY_FILE": str(folder / "private.pem"),
        "CLIENT_CERTIFICATE_HEADER": CERTIFICATE_HEADER,
        "RATE_LIMIT_PER_MINUTE": "100000000",
        "WEBHOOK_SECRETS": json.dumps(signed),
        "LOG_LEVEL": "ERROR",
        "WORKER": "false",
    }
    said = {"base": f"http://127.0.0.1:{port}{design.BASE_PATH}", "callers": [headers(world, n) for n in range(2)]}
    Path(file).write_text(json.dumps(said))
    command = ["-m", "uvicorn", "--factory", "app.main:create_app", "--port", port, "--no-access-log"]
    os.execv(sys.executable, [sys.executable, *command])


def headers(world: Any, tenant: int) -> dict[str, str]:
    """Return the headers of a tenant's person with every role, for the first way to sign in."""
    for way in design.SIGN_INS:
        if way.scheme in ("api_key", "basic", "mtls"):
            return dict(world._credential(way.scheme, next(iter(ROLES), ""), tenant))
        if way.scheme != "none":
            now = int(time.time())
            token = world.token("", tenant, {"iat": now, "exp": now + way.token_minutes * 60, "roles": list(ROLES)})
            if way.scheme == "session":
                return {"Cookie": f"session={token}; csrf=c", "X-CSRF-Token": "c"}
            return {"Authorization": f"Bearer {token}"}
    return {}


if __name__ == "__main__":
    main(*sys.argv[1:])
