"""Who calls, and what they may do: one dependency per operation, see `allow`."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from fastapi import Request
from starlette.concurrency import run_in_threadpool

from app import design
from app.core import credentials, rate_limits
from app.core.database import Caller
from app.core.problems import Problem
from app.core.settings import settings

_ALGORITHMS = ["RS256", "ES256"]
_LEEWAY_SECONDS = 30
_SIGNATURE_SECONDS = 300
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_CHECKED_SECONDS = 60
_MOST_TOKENS = 10_000
_checked: dict[tuple[str, bool], tuple[float, dict[str, Any]]] = {}
Guard = Callable[[Request], Awaitable[Caller]]


def allow(*roles: str, own: tuple[str, ...] = (), ways: tuple[str, ...] = ()) -> Guard:
    """Return a dependency that lets callers with one of the roles in; with none named, any signed-in caller.

    `own` are roles that reach only rows of their own: a wider role of the caller is preferred. `ways` names the ways
    to sign in that are taken (see `app/design.py`); none: all.
    """
    taken = tuple(way for way in design.SIGN_INS if not ways or way.name in ways)

    async def guard(request: Request) -> Caller:
        try:
            caller = await _signed_in(request, taken)
        except Problem:
            await _count(request, _address(request))
            raise
        await _count(request, f"{caller.tenant_id}:{caller.name}")
        fitting = [role for role in roles if role in caller.roles] if roles else sorted(caller.roles)
        if roles and not fitting:
            raise Problem(403, f"This needs one of the roles {', '.join(roles)}.")
        role = min(fitting, key=lambda one: one in own, default="signed_in")
        return replace(caller, role=role, request_id=request.scope.get("request_id", ""))

    return guard


def nobody() -> Guard:
    """Return a dependency that lets nobody in: denials leave no role that may."""

    async def guard(request: Request) -> Caller:
        await _signed_in(request, design.SIGN_INS)
        raise Problem(403, "No role may do this.")

    return guard


async def anyone(request: Request) -> Caller:
    """Let everybody in, limited by address."""
    await _count(request, _address(request))
    return Caller(name="anyone", role="anyone", request_id=request.scope.get("request_id", ""))


def signed(operation: str) -> Guard:
    """Return a dependency for calls of other services: `X-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256>`.

    The signature is over the seconds, a point and the raw body. The secret tells which tenant the call is for.
    """

    async def guard(request: Request) -> Caller:
        await _count(request, _address(request))
        parts = dict(part.strip().partition("=")[::2] for part in request.headers.get("x-signature", "").split(","))
        moment, given = parts.get("t", ""), parts.get("v1", "")
        fresh = re.fullmatch(r"[0-9]{1,11}", moment) and abs(time.time() - int(moment)) <= _SIGNATURE_SECONDS
        if fresh:
            message = moment.encode() + b"." + await request.body()
            for tenant, secret in settings().webhook_secrets.get(operation, {}).items():
                made = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
                if hmac.compare_digest(made.encode(), given.encode()):
                    own = "" if tenant == "*" else tenant
                    request_id = request.scope.get("request_id", "")
                    return Caller(name=f"webhook:{operation}", role="service", tenant_id=own, request_id=request_id)
        raise Problem(401, "The signature does not hold.", headers={"WWW-Authenticate": "Signature"})

    return guard


async def _signed_in(request: Request, ways: tuple[design.SignIn, ...]) -> Caller:
    """Return whom the request's credentials are about, with the roles that the ways to sign in are for."""
    known: Caller | None = None
    roles: set[str] = set()
    refusal = Problem(401, "No valid credentials were sent.", headers=_CHALLENGE)
    for way in ways:
        if way.scheme == "none":
            return known or Caller(name="anyone", role="anyone")
        try:
            caller = await _by(way, request)
        except Problem as error:
            refusal = error
            continue
        if caller is None:
            continue
        if known is not None and (known.name, known.tenant_id) != (caller.name, caller.tenant_id):
            raise Problem(401, "The credentials are of two callers.", headers=_CHALLENGE)
        known = caller
        roles |= caller.roles & set(way.roles) if way.roles else caller.roles
    if known is None:
        raise refusal
    return replace(known, roles=frozenset(roles))


async def _by(way: design.SignIn, request: Request) -> Caller | None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if way.scheme == "api_key":
        key = request.headers.get("x-api-key")
        return None if key is None else await credentials.by_api_key(key)
    if way.scheme == "basic":
        return await credentials.by_password(given) if scheme.lower() == "basic" else None
    if way.scheme == "mtls":
        header = settings().client_certificate_header
        subject = request.headers.get(header) if header else None
        return None if subject is None else await credentials.by_certificate(subject)
    if way.scheme == "session":
        cookie = request.cookies.get("session")
        if cookie is None:
            return None
        _same_site(request)
        return await _by_token(cookie, way)
    if scheme.lower() != "bearer" or not given:
        return None
    return await _by_token(given, way)


def _same_site(request: Request) -> None:
    """Refuse a change by cookie without the token that only our own pages can read (double submit)."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    sent, kept = request.headers.get("x-csrf-token", ""), request.cookies.get("csrf", "")
    if not kept or not hmac.compare_digest(sent.encode(), kept.encode()):
        raise Problem(403, "The header X-CSRF-Token does not hold the token of the cookie.")


@cache
def _keys(ours: bool) -> Any:
    """Return the keys that tokens are signed with; `ours`: of those that this service gives itself."""
    config = settings()
    if ours and config.token_private_key_file:
        private = load_pem_private_key(Path(config.token_private_key_file).read_bytes(), None)
        return private.public_key()
    if config.token_public_key_file:
        return Path(config.token_public_key_file).read_text("utf-8")
    return jwt.PyJWKClient(config.token_jwks_url or f"{config.token_issuer}/.well-known/jwks.json", timeout=5)


async def _by_token(token: str, way: design.SignIn) -> Caller:
    """Return whom a token is about; it is checked as RFC 8725 asks."""
    try:
        claims = await _claims(token, ours=way.scheme in ("password", "session"))
        if claims["exp"] - claims["iat"] > way.token_minutes * 60 + _LEEWAY_SECONDS:
            raise jwt.InvalidTokenError("it lives too long")
        if way.multi_factor and "mfa" not in claims.get("amr", ()):
            raise jwt.InvalidTokenError("a second factor is needed")
        return _caller(claims)
    except (jwt.PyJWTError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise Problem(
            401, "The token is not valid.", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}
        ) from (error)


async def _claims(token: str, *, ours: bool) -> dict[str, Any]:
    """Return what a token says, whose signature is checked once a minute: that takes longer than most requests."""
    now = time.time()
    kept = _checked.get((token, ours))
    if kept is not None and kept[0] > now:
        if kept[1]["exp"] + _LEEWAY_SECONDS <= now:
            raise jwt.ExpiredSignatureError("it has expired")
        return kept[1]
    config, keys = settings(), _keys(ours)
    key = await run_in_threadpool(_key_of, keys, token) if isinstance(keys, jwt.PyJWKClient) else keys
    claims: dict[str, Any] = jwt.decode(
        token,
        key,
        _ALGORITHMS,
        audience=config.token_audience,
        issuer=config.token_issuer,
        leeway=_LEEWAY_SECONDS,
        options={"require": ["exp", "iat", "sub", "aud", "iss"]},
    )
    if len(_checked) >= _MOST_TOKENS:
        _checked.clear()
    _checked[token, ours] = (now + _CHECKED_SECONDS, claims)
    return claims


def _key_of(keys: jwt.PyJWKClient, token: str) -> Any:
    return keys.get_signing_key_from_jwt(token).key


def _caller(claims: dict[str, Any]) -> Caller:
    config = settings()
    roles = claims.get(config.claim_roles, [])
    tenant = str(claims[config.claim_tenant]) if design.TENANT_TYPE else ""
    return Caller(
        name=str(claims["sub"])[:200],
        role="",
        user_id=_typed(str(claims[config.claim_user]), design.USER_TYPE),
        tenant_id=_typed(tenant, design.TENANT_TYPE),
        roles=frozenset(roles.split() if isinstance(roles, str) else map(str, roles)),
    )


def _typed(value: str, kind: str) -> str:
    """Return an identifier that the database can read as its type; ValueError if it cannot."""
    if kind == "uuid":
        return str(UUID(value))
    if kind in ("integer", "bigint"):
        number = int(value)
        if not -(2**63) <= number < 2**63:
            raise ValueError("out of range")
        return str(number)
    return value[:200].replace("\x00", "")


def _address(request: Request) -> str:
    return f"address:{request.client.host if request.client else ''}"


async def _count(request: Request, who: str) -> None:
    request.scope["rate"] = await rate_limits.take(who)
