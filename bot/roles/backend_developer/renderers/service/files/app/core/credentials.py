"""Keys, passwords and certificates that callers sign in with: rows of `service.credentials`, secrets only as digests."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from starlette.concurrency import run_in_threadpool

from app.core import second_factor
from app.core.database import Caller, Row, database
from app.core.problems import Problem

_FIND = "SELECT * FROM service.credentials WHERE scheme = %s AND identity = %s AND revoked_at IS NULL"
_USE = "UPDATE service.credentials SET factor_used = %s WHERE id = %s AND factor_used < %s RETURNING id"
_UNKNOWN = "scrypt$00$00"


async def by_api_key(key: str) -> Caller:
    """Return whom an API key belongs to; it has 256 bits of its own, so a plain digest finds it."""
    return await _found("api_key", hashlib.sha256(key.encode()).hexdigest())


async def by_certificate(subject: str) -> Caller:
    """Return whom a client certificate belongs to, by its subject as the proxy names it."""
    return await _found("mtls", subject.replace("\x00", ""))


async def by_password(given: str) -> Caller:
    """Return whom a user name and password (RFC 7617) belong to."""
    try:
        name, _, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (ValueError, binascii.Error) as error:
        raise _refusal() from error
    return _caller(await _by_name(name, password))


async def by_name(name: str, password: str, code: str | None) -> tuple[Caller, bool]:
    """Return whom a name and a password belong to, and whether the code proved a second factor.

    Raises:
        Problem: one of them does not hold; who has a second factor needs it.
    """
    row = await _by_name(name, password)
    if row["factor"] is None:
        return _caller(row), False
    step = second_factor.step_of(row["factor"], code or "", row["factor_used"])
    if step is None:
        raise Problem(401, "A fresh code of the second factor is needed.", headers={"WWW-Authenticate": "Bearer"})
    async with database.as_service() as connection:
        used = await (await connection.execute(_USE, (step, row["id"], step))).fetchone()
    if used is None:  # somebody else was quicker with the same code
        raise _refusal()
    return _caller(row), True


async def _by_name(name: str, password: str) -> Row:
    async with database.as_service() as connection:
        row = await (await connection.execute(_FIND, ("basic", name.replace("\x00", "")))).fetchone()
    # The same work is done for names that are not there, so that time does not tell which are.
    kept = row["secret"] if row is not None else _UNKNOWN
    if not await run_in_threadpool(_holds, password, kept) or row is None:
        raise _refusal()
    return row


def hashed(password: str) -> str:
    """Return a password as it is kept: scrypt (RFC 7914) with its salt."""
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_scrypt(password, salt).hex()}"


def _holds(password: str, kept: str) -> bool:
    _kind, salt, digest = kept.split("$")
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)), bytes.fromhex(digest))


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)


async def _found(scheme: str, identity: str) -> Caller:
    async with database.as_service() as connection:
        row = await (await connection.execute(_FIND, (scheme, identity))).fetchone()
    if row is None:
        raise _refusal()
    return _caller(row)


def _caller(row: dict[str, object]) -> Caller:
    roles = row["roles"]
    return Caller(
        name=str(row["name"]),
        role="",
        user_id=str(row["user_id"] or ""),
        tenant_id=str(row["tenant_id"] or ""),
        roles=frozenset(map(str, roles)) if isinstance(roles, list) else frozenset(),
    )


def _refusal() -> Problem:
    return Problem(401, "No valid credentials were sent.", headers={"WWW-Authenticate": "Bearer"})
