"""Who calls: people of two tenants in every role, and those whose credentials do not hold."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.roles.backend_developer.blueprint import AuthScheme, SignIn
from bot.roles.backend_developer.checks.live.rows import Rows
from bot.roles.backend_developer.checks.live.targets import Target

ISSUER: Final = "https://issuer.probes.example"
AUDIENCE: Final = "probes"
CERTIFICATE_HEADER: Final = "X-Client-Subject"
_CREDENTIAL: Final = (
    "INSERT INTO service.credentials (scheme, identity, secret, name, user_id, tenant_id, roles)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
_LONG_LIVED: Final = "a token that lives too long"
_ONE_FACTOR: Final = "a token without a second factor"
WEAK: Final = frozenset({_LONG_LIVED, _ONE_FACTOR})
"""Credentials that hold, but not for every way to sign in."""
_OTHERS: Final = {AuthScheme.API_KEY: "api_key", AuthScheme.BASIC: "basic", AuthScheme.MTLS: "mtls"}


class People:
    """Makes the headers of callers. `token` keys are ours; the service is told the public one."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._foreign = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._users: dict[tuple[str, int, int], str] = {}
        self._made: dict[tuple[Any, ...], dict[str, str]] = {}

    @property
    def public_key(self) -> bytes:
        """The key that tokens are checked with, as PEM."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self._key.public_key().public_bytes(serialization.Encoding.PEM, form)

    def user(self, role: str, tenant: int = 0, number: int = 0) -> str:
        """Return the id of a person; of each role there are several (`number`) in each tenant."""
        place = (role, tenant, number)
        if place not in self._users:
            self._users[place] = self._rows.user(tenant)
        return self._users[place]

    def way(self, target: Target, role: str) -> SignIn | None:
        """Return the way by which the role signs in to the operation, None if none is for it."""
        return next((w for w in target.ways if not w.roles or not role or role in w.roles), None)

    def headers(self, target: Target, role: str, tenant: int = 0, number: int = 0) -> dict[str, str]:
        """Return the headers of somebody who is signed in; {} where the operation asks for no credentials."""
        if target.access in ("public", "signed"):
            return {}
        way = self.way(target, role) or target.ways[0]
        place = (way.name, role, tenant, number)
        if place not in self._made:
            self._made[place] = self._signed_in(way, role, tenant, number)
        return self._made[place]

    def unfit(self, target: Target, role: str) -> dict[str, dict[str, str]]:
        """Return the headers of those whom nobody may let in, by what is wrong with them."""
        way = self._laxest(target, role)
        found: dict[str, dict[str, str]] = {"no credentials": {}, "an unknown way": {"Authorization": "Digest a"}}
        kind = _OTHERS.get(way.scheme)
        if kind is not None:
            wrong = base64.b64encode(b"nobody:wrong").decode()
            said = {"api_key": {"X-API-Key": secrets.token_urlsafe(32)}, "mtls": {CERTIFICATE_HEADER: "CN=nobody"},
                    "basic": {"Authorization": f"Basic {wrong}"}}  # fmt: skip
            return found | {"unknown credentials": said[kind]}
        for what, token in self._wrong_tokens(way, role).items():
            found[what] = _carried(way, token)
        return found

    def _laxest(self, target: Target, role: str) -> SignIn:
        """Return the way of the role; of tokens, which name no way, with the bounds of the laxest that takes them."""
        own = self.way(target, role) or target.ways[0]
        carried = [w for w in target.ways if w.scheme not in _OTHERS and w.scheme is not AuthScheme.NONE]
        if target.roles:  # where any caller is let in, one without a role is, too
            carried = [w for w in carried if not w.roles or not role or role in w.roles]
        if own not in carried:
            return own
        factor, minutes = all(w.multi_factor for w in carried), max(w.token_minutes for w in carried)
        return own.model_copy(update={"multi_factor": factor, "token_minutes": minutes})

    def _wrong_tokens(self, way: SignIn, role: str) -> dict[str, str]:
        now, lived = int(time.time()), min(way.token_minutes, 10) * 60
        claims = self._claims(way, role, 0, 0)
        made = {
            "a forged token": jwt.encode(claims, self._foreign, "RS256"),
            "an expired token": self._token(claims | {"iat": now - 3600 - lived, "exp": now - 3600}),
            "a token of another audience": self._token(claims | {"aud": "somebody else"}),
            "a token of another issuer": self._token(claims | {"iss": "https://foreign.example"}),
            "a token without an end": self._token({k: v for k, v in claims.items() if k != "exp"}),
            "an unsigned token": jwt.encode(claims, None, "none"),  # type: ignore[arg-type]
            "a token signed with the public key": _confused(claims, self.public_key),
            _LONG_LIVED: self._token(claims | {"exp": now + (way.token_minutes + 30) * 60}),
        }
        if way.multi_factor:
            made[_ONE_FACTOR] = self._token(claims | {"amr": ["pwd"]})
        return made

    def _claims(self, way: SignIn, role: str, tenant: int, number: int) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": ISSUER, "aud": AUDIENCE, "sub": self.user(role, tenant, number), "iat": now,
            "exp": now + min(way.token_minutes, 60) * 60, "roles": [role] if role else [], "amr": ["mfa"],
            "tenant_id": self._rows.tenants[tenant],
        }  # fmt: skip

    def _token(self, claims: Mapping[str, Any]) -> str:
        return jwt.encode(dict(claims), self._key, "RS256")

    def _signed_in(self, way: SignIn, role: str, tenant: int, number: int) -> dict[str, str]:
        kind = _OTHERS.get(way.scheme)
        if way.scheme is AuthScheme.NONE:
            return {}
        if kind is None:
            return _carried(way, self._token(self._claims(way, role, tenant, number)))
        given = secrets.token_urlsafe(32)
        identity = {"api_key": hashlib.sha256(given.encode()).hexdigest(), "mtls": f"CN={given}"}.get(kind, given)
        kept = _hashed(given) if kind == "basic" else None
        self._rows.execute(
            _CREDENTIAL,
            (kind, identity, kept, given, self.user(role, tenant, number), self._rows.tenants[tenant] or None,
             [role] if role else []),
        )  # fmt: skip
        pair = base64.b64encode(f"{given}:{given}".encode()).decode()
        said = {"api_key": {"X-API-Key": given}, "mtls": {CERTIFICATE_HEADER: f"CN={given}"},
                "basic": {"Authorization": f"Basic {pair}"}}  # fmt: skip
        return said[kind]


def _carried(way: SignIn, token: str) -> dict[str, str]:
    if way.scheme is AuthScheme.SESSION:
        return {"Cookie": f"session={token}; csrf=probe", "X-CSRF-Token": "probe"}
    return {"Authorization": f"Bearer {token}"}


def _confused(claims: Mapping[str, Any], public: bytes) -> str:
    """Return a token whose HMAC key is the public key: what a library takes that believes the token's own algorithm."""
    import hmac  # noqa: PLC0415 - here alone
    import json  # noqa: PLC0415 - as above

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    head = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(dict(claims))}"
    digest = hmac.new(public, head.encode(), hashlib.sha256).digest()
    return f"{head}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _hashed(password: str) -> str:
    salt = secrets.token_bytes(16)
    digest = hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
    return f"scrypt${salt.hex()}${digest.hex()}"
