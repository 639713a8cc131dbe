"""Security schemes and requirements: which ways to sign in an operation takes, and for whom."""

from __future__ import annotations

from bot.roles.backend_developer.blueprint import AuthScheme, Blueprint, Operation, SignIn
from bot.roles.backend_developer.blueprint.rights import roles_of, sign_ins_of, ways_of
from bot.roles.backend_developer.blueprint.spelling import document_name
from bot.roles.backend_developer.renderers.openapi.shared import Node

SIGNATURE = "webhookSignature"
_HOST = "https://identity.example.com"
_NAMES = {
    AuthScheme.OIDC: "openIdConnect",
    AuthScheme.OAUTH2: "oauth2",
    AuthScheme.JWT: "bearerJwt",
    AuthScheme.API_KEY: "apiKey",
    AuthScheme.MTLS: "mutualTls",
    AuthScheme.SAML: "samlSession",
    AuthScheme.SESSION: "sessionCookie",
    AuthScheme.PASSWORD: "passwordSession",
    AuthScheme.MAGIC_LINK: "magicLinkSession",
    AuthScheme.BASIC: "basic",
}
_SIGNED = "HMAC-SHA256 over the timestamp and the raw body; older than 5 minutes is refused."
_SESSION_WORDS = {
    AuthScheme.SAML: "Session token (a JWT) after sign-in by SAML 2.0.",
    AuthScheme.SESSION: "Session in a cookie: HttpOnly, Secure, SameSite=Lax; writes carry a CSRF token.",
    AuthScheme.PASSWORD: "Session token (a JWT) after sign-in by password, which is kept as an Argon2id hash.",
    AuthScheme.MAGIC_LINK: "Session token (a JWT) after sign-in by a link that works once and for 15 minutes.",
}


def security_schemes(blueprint: Blueprint) -> Node:
    """Return the document's security schemes under their names; that of signatures if something is signed."""
    found: Node = {}
    for name, way in _ways(blueprint).items():
        if way.scheme is not AuthScheme.NONE:
            found[name] = _scheme(way) | _extensions(way)
    hooks = any(event.kind == "webhook_out" and event.signed for event in blueprint.events)
    if hooks or any(op.signed for op in blueprint.operations):
        found[SIGNATURE] = {"type": "apiKey", "in": "header", "name": "X-Signature", "description": _SIGNED}
    return found


def requirements(blueprint: Blueprint, operation: Operation, *, writes: bool) -> list[Node]:
    """Return an operation's security requirement: alternatives, one for each way to sign in that it takes.

    OAuth 2 has scopes; for the schemes that have none, OpenAPI 3.1 ("Security Requirement Object") lets the list
    name the roles.
    """
    if operation.signed:
        return [{SIGNATURE: []}]
    if operation.public:
        return []
    roles = roles_of(blueprint, operation)
    taken = {way.name for way in sign_ins_of(blueprint, operation)}
    found: list[Node] = []
    for name, way in _ways(blueprint).items():
        if (blueprint.sign_ins and way.name not in taken) or way.scheme is AuthScheme.NONE:
            continue
        if way.scheme is AuthScheme.OAUTH2:
            scopes = list(way.scopes)[:1] if way.scopes else ["api.write" if writes else "api.read"]
        elif way.scheme is AuthScheme.OIDC:
            scopes = []
        else:
            scopes = [role for role in roles if not way.roles or role in way.roles]
        found.append({name: scopes})
    return found


def _ways(blueprint: Blueprint) -> dict[str, SignIn]:
    """Return the ways to sign in by their schemes' names; without any, the one of `auth`."""
    if blueprint.sign_ins:
        found: dict[str, SignIn] = {}
        for way in ways_of(blueprint):
            name, count = document_name(way.name.replace(" ", "_")), 2
            while name in found or name == SIGNATURE:
                name, count = f"{document_name(way.name.replace(' ', '_'))}{count}", count + 1
            found[name] = way
        return found
    auth = blueprint.auth
    way = SignIn(
        name="auth",
        scheme=auth.scheme,
        description=auth.description,
        multi_factor=auth.multi_factor,
        token_minutes=auth.token_minutes,
    )
    return {_NAMES.get(auth.scheme, "none"): way}


def _extensions(way: SignIn) -> Node:
    """Return what a security scheme has no words for: the way itself, for whom it is, and what it asks for."""
    return {
        "x-scheme": way.scheme.value,
        **({"x-audience": way.audience} if way.audience else {}),
        **({"x-roles": [role for role in way.roles if role]} if way.roles else {}),
        **({"x-provider": way.provider} if way.provider else {}),
        **({"x-multi-factor": True} if way.multi_factor else {}),
        "x-token-minutes": way.token_minutes,
    }


def _scheme(way: SignIn) -> Node:
    audience = f" For {way.audience or ', '.join(way.roles)}." if way.audience or way.roles else ""
    provider = f" By {way.provider}." if way.provider else ""
    factor = " Multi-factor authentication is required." if way.multi_factor else ""
    detail = f"{way.description}{audience}{provider}{factor}".strip()
    lifetime = f"{detail} Access tokens live {way.token_minutes} minutes.".strip()
    scopes = {scope: f"{scope}." for scope in way.scopes}
    shapes: dict[AuthScheme, Node] = {
        AuthScheme.OIDC: {
            "type": "openIdConnect",
            "description": lifetime,
            "openIdConnectUrl": f"{_HOST}/.well-known/openid-configuration",
        },
        AuthScheme.OAUTH2: {
            "type": "oauth2",
            "description": lifetime,
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": f"{_HOST}/oauth2/authorize",
                    "tokenUrl": f"{_HOST}/oauth2/token",
                    "refreshUrl": f"{_HOST}/oauth2/token",
                    "scopes": scopes or {"api.read": "Read resources.", "api.write": "Change resources."},
                }
            },
        },
        AuthScheme.JWT: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": f"{lifetime} Validated as RFC 8725 asks: issuer, audience, expiry, algorithm.",
        },
        AuthScheme.API_KEY: {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": detail},
        AuthScheme.MTLS: {"type": "mutualTLS", "description": detail},
        AuthScheme.BASIC: {"type": "http", "scheme": "basic", "description": detail},
        AuthScheme.SESSION: {
            "type": "apiKey",
            "in": "cookie",
            "name": "session",
            "description": f"{detail} {_SESSION_WORDS[AuthScheme.SESSION]}".strip(),
        },
    }
    if way.scheme in shapes:
        return shapes[way.scheme]
    words = f"{lifetime} {_SESSION_WORDS[way.scheme]}".strip()
    return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": words}
