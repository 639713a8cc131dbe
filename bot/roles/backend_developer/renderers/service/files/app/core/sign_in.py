"""Signing in with a name and a password of this service: a short-lived token, as a bearer's or as a session's cookie.

Only where the design has such a way (`password` or `session` in `app/design.py`); names, passwords and
second factors are rows of `service.credentials`, see `python -m app.accounts`.
"""

from __future__ import annotations

import secrets
import time
from functools import cache
from pathlib import Path
from typing import Annotated

import jwt
from fastapi import APIRouter, Depends, Request, Response
from pydantic import StringConstraints

from app import design
from app.core import credentials
from app.core.auth import anyone
from app.core.database import Caller
from app.core.problems import Problem
from app.core.requests import json_body, reply
from app.core.settings import settings
from app.core.types import Body, Result

PLACE = "/sign-in"
WAYS = tuple(way for way in design.SIGN_INS if way.scheme in ("password", "session"))
router = APIRouter(include_in_schema=False)


class SignInBody(Body):
    """Who signs in."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=320)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")] | None = None
    """Of the second factor, from who has one."""


class Token(Result):
    """What a caller then sends as `Authorization: Bearer`."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the name of a scheme (RFC 6750)
    expires_in: int


async def sign_in(
    _caller: Annotated[Caller, Depends(anyone)], body: Annotated[SignInBody, Depends(json_body(SignInBody))]
) -> Response:
    """Give a token for a name and a password; a wrong one and an unknown name get the same answer in the same time."""
    caller, proved = await credentials.by_name(body.name, body.password, body.code)
    way = next((way for way in WAYS if not way.roles or caller.roles & set(way.roles)), WAYS[0])
    if way.multi_factor and not proved:
        raise Problem(
            403, "This needs a second factor, which the account has not: see `python -m app.accounts --help`."
        )
    seconds = way.token_minutes * 60
    token = issued(caller, seconds, multi_factor=proved)
    if way.scheme != "session":
        return reply(Token(access_token=token, token_type="Bearer", expires_in=seconds))  # noqa: S106 - see Token
    response = Response(status_code=204)
    kept = {"max_age": seconds, "secure": True, "samesite": "lax"}
    response.set_cookie("session", token, httponly=True, **kept)  # type: ignore[arg-type]
    response.set_cookie("csrf", secrets.token_urlsafe(32), **kept)  # type: ignore[arg-type]
    return response


async def sign_out(_request: Request) -> Response:
    """Take the session's cookies back; a token that was copied before holds until it expires."""
    response = Response(status_code=204)
    response.delete_cookie("session")
    response.delete_cookie("csrf")
    return response


def issued(caller: Caller, seconds: int, *, multi_factor: bool) -> str:
    """Return a token about the caller, signed with `TOKEN_PRIVATE_KEY_FILE`."""
    config, now = settings(), int(time.time())
    claims = {
        "iss": config.token_issuer,
        "aud": config.token_audience,
        "sub": caller.user_id or caller.name,
        "iat": now,
        "exp": now + seconds,
        "jti": secrets.token_hex(16),
        config.claim_user: caller.user_id or caller.name,
        config.claim_tenant: caller.tenant_id,
        config.claim_roles: sorted(caller.roles),
        "amr": ["pwd", "mfa"] if multi_factor else ["pwd"],
    }
    return jwt.encode(claims, _key(), "RS256")


@cache
def _key() -> str:
    place = settings().token_private_key_file
    if not place:
        raise Problem(503, "Nobody can sign in: the setting TOKEN_PRIVATE_KEY_FILE is empty.")
    return Path(place).read_text("utf-8")


if WAYS:
    router.add_api_route(PLACE, sign_in, methods=["POST"], operation_id="sign_in")
    router.add_api_route("/sign-out", sign_out, methods=["POST"], operation_id="sign_out")
