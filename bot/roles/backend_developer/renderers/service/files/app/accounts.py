"""Makes and revokes what callers sign in with: `python -m app.accounts --help`.

`MIGRATION_URL` (or `DATABASE_URL`) is a role that owns the schema: the service itself may only read credentials.
"""

from __future__ import annotations

import argparse
import getpass
import hashlib
import os
import secrets
import sys

import psycopg

from app import design
from app.core import second_factor
from app.core.credentials import hashed

_ADD = """
INSERT INTO service.credentials (scheme, identity, secret, name, user_id, tenant_id, roles, factor)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
_REVOKE = "UPDATE service.credentials SET revoked_at = now() WHERE name = %s AND revoked_at IS NULL"


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; a new key is printed once and kept only as a digest, a second factor once."""
    given = _options().parse_args(arguments)
    with psycopg.connect(os.environ.get("MIGRATION_URL") or os.environ["DATABASE_URL"]) as connection:
        if given.command == "revoke":
            count = connection.execute(_REVOKE, (given.name,)).rowcount
            print(f"{count} revoked")
            return 0 if count else 1
        identity, secret = _kept(given)
        factor = second_factor.made() if given.second_factor else None
        row = (given.scheme, identity, secret, given.name, given.user or None, given.tenant or None, given.role, factor)
        connection.execute(_ADD, row)
        if factor:
            print(second_factor.address(factor, given.name, design.TITLE))
    return 0


def _kept(given: argparse.Namespace) -> tuple[str, str | None]:
    """Return what finds the credential and what is kept of its secret."""
    if given.scheme == "api_key":
        key = secrets.token_urlsafe(32)
        print(key)
        return hashlib.sha256(key.encode()).hexdigest(), None
    if given.scheme == "mtls":
        return str(given.subject or given.name), None
    return str(given.name), hashed(_password())


def _password() -> str:
    return getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _options() -> argparse.ArgumentParser:
    ask = argparse.ArgumentParser(prog="python -m app.accounts", description=__doc__)
    commands = ask.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="a password is read from the terminal or from standard input")
    add.add_argument("scheme", choices=("api_key", "basic", "mtls"), help="basic: also signing in with a password")
    add.add_argument("name")
    add.add_argument("--user", default="", help="id of the user's row, where rows have owners")
    add.add_argument("--tenant", default="", help="id of the tenant's row")
    add.add_argument("--role", action="append", default=[])
    add.add_argument("--second-factor", action="store_true", help="print the address that an authenticator app takes")
    add.add_argument("--subject", default="", help="of the client certificate")
    commands.add_parser("revoke").add_argument("name")
    return ask


if __name__ == "__main__":
    sys.exit(main())
