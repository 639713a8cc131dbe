"""The parts that every document has: problems, parameters, headers, error responses, security schemes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from bot.roles.backend_developer.blueprint import Auth, AuthScheme, Blueprint

Node = dict[str, Any]
"""A piece of an OpenAPI document; its keys are those of the OpenAPI 3.1 specification."""

PROBLEM = "application/problem+json"
MAX_PAGE = 100
MAX_CURSOR = 512

SECURITY_NAMES = {
    AuthScheme.OIDC: "openIdConnect",
    AuthScheme.OAUTH2: "oauth2",
    AuthScheme.JWT: "bearerJwt",
    AuthScheme.API_KEY: "apiKey",
    AuthScheme.MTLS: "mutualTls",
}

_ERRORS = {
    400: ("BadRequest", "The request could not be read.", "invalid-request"),
    401: ("Unauthorized", "No valid credentials were sent.", "unauthorized"),
    403: ("Forbidden", "The caller may not do this.", "forbidden"),
    404: ("NotFound", "There is no such resource, or the caller may not know of it.", "not-found"),
    409: ("Conflict", "The request contradicts the resource's present state.", "conflict"),
    412: ("PreconditionFailed", "The resource changed since the caller read it.", "precondition-failed"),
    422: ("UnprocessableContent", "The body was read, but its values are not acceptable.", "validation-failed"),
    429: ("TooManyRequests", "The caller's rate limit is used up.", "rate-limited"),
    500: ("InternalServerError", "The service failed; nothing was changed.", "internal-error"),
}


def ref(kind: str, name: str) -> Node:
    """Return a reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def error_reference(status: int) -> Node:
    """Return a reference to the shared response for an error status."""
    return ref("responses", _ERRORS[status][0])


def problem_schema() -> Node:
    """Return the schema of an error body, RFC 9457 "Problem Details for HTTP APIs"."""
    pointed = {
        "type": "object",
        "description": "One value that was not acceptable.",
        "required": ["pointer", "detail"],
        "properties": {
            "pointer": _text(300, "JSON Pointer (RFC 6901) of the value in the body."),
            "detail": _text(600, "What is wrong with it."),
        },
    }
    return {
        "type": "object",
        "title": "Problem",
        "description": "What went wrong, as RFC 9457 asks.",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {**_text(300, "URI that names the kind of problem."), "format": "uri-reference"},
            "title": _text(120, "The kind of problem in words."),
            "status": {
                "type": "integer",
                "format": "int32",
                "minimum": 400,
                "maximum": 599,
                "description": "The HTTP status.",
            },
            "detail": _text(1000, "What happened in this case."),
            "instance": {**_text(300, "URI of this very occurrence."), "format": "uri-reference"},
            "errors": {"type": "array", "maxItems": 100, "items": pointed, "description": "Each value refused."},
        },
        "examples": [_problem_example(422)],
    }


def accepted_schema() -> Node:
    """Return the schema of the answer to an asynchronous request."""
    return {
        "type": "object",
        "title": "Accepted",
        "description": "Work that goes on in the background; its state is at the `Location` of the response.",
        "required": ["id", "status"],
        "properties": {
            "id": {"type": "string", "format": "uuid", "maxLength": 36, "description": "Identifier of the work."},
            "status": {
                "type": "string",
                "enum": ["queued", "running", "succeeded", "failed", "cancelled"],
                "description": "How far it is.",
            },
        },
        "examples": [{"id": "5f8a2c1e-7a43-4c0e-9b1d-3a5c7e9f1b2d", "status": "queued"}],
    }


def parameters() -> Node:
    """Return the shared parameters."""
    return {
        "Cursor": _parameter("cursor", "query", "Where the page starts: `next_cursor` of the page before.", MAX_CURSOR),
        "Limit": {
            "name": "limit",
            "in": "query",
            "description": f"How many items a page holds, at most {MAX_PAGE}.",
            "schema": {"type": "integer", "format": "int32", "minimum": 1, "maximum": MAX_PAGE, "default": 25},
            "example": 25,
        },
        "IdempotencyKey": {
            **_parameter(
                "Idempotency-Key",
                "header",
                "Chosen by the caller; a repeated request with the same key within 24 hours gets the first response.",
                255,
            ),
            "required": True,
            "example": "0b8f7c9e-54c0-4d3e-8a0c-6f1d2e3b4a5c",
        },
        "IfMatch": _parameter(
            "If-Match", "header", "The `ETag` that was read; refuses to overwrite newer changes.", 100
        ),
    }


def headers(limit: int) -> Node:
    """Return the shared response headers; `limit` is in requests per minute and caller."""
    return {
        "RateLimit-Limit": _count(f"Requests per minute that a caller has: {limit}.", limit),
        "RateLimit-Remaining": _count("Requests left in this minute.", limit - 1),
        "RateLimit-Reset": _count("Seconds until the limit is full again.", 42),
        "Retry-After": _count("Seconds to wait before the next try.", 42),
        "ETag": {"description": "Version of the resource, for `If-Match`.", "schema": _text(100, "Opaque version.")},
        "Location": {
            "description": "URL of the resource made, or of the state of the work begun.",
            "schema": {**_text(2048, "URL."), "format": "uri-reference"},
        },
    }


def rate_headers() -> Node:
    """Return references to the rate limit headers, which every response carries."""
    return {name: ref("headers", name) for name in ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")}


def error_responses() -> Node:
    """Return one shared response per error status, each a problem (RFC 9457)."""
    found: Node = {}
    for status, (name, description, _slug) in _ERRORS.items():
        head = rate_headers()
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            head["Retry-After"] = ref("headers", "Retry-After")
        body = {"schema": ref("schemas", "Problem"), "example": _problem_example(status)}
        found[name] = {"description": description, "headers": head, "content": {PROBLEM: body}}
    return found


SIGNATURE = "webhookSignature"


def signature_scheme() -> Node:
    """Return the scheme of what other services call."""
    words = "HMAC-SHA256 over the timestamp and the raw body; older than 5 minutes is refused."
    return {SIGNATURE: {"type": "apiKey", "in": "header", "name": "X-Signature", "description": words}}


def security_schemes(auth: Auth) -> Node:
    """Return the document's security scheme under its name."""
    detail = auth.description + (" Multi-factor authentication is required." if auth.multi_factor else "")
    lifetime = f" Access tokens live {auth.token_minutes} minutes."
    base = "https://identity.example.com"
    shapes: dict[AuthScheme, Node] = {
        AuthScheme.OIDC: {
            "type": "openIdConnect",
            "description": detail + lifetime,
            "openIdConnectUrl": f"{base}/.well-known/openid-configuration",
        },
        AuthScheme.OAUTH2: {
            "type": "oauth2",
            "description": detail + lifetime,
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": f"{base}/oauth2/authorize",
                    "tokenUrl": f"{base}/oauth2/token",
                    "refreshUrl": f"{base}/oauth2/token",
                    "scopes": {"api.read": "Read resources.", "api.write": "Change resources."},
                }
            },
        },
        AuthScheme.JWT: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": detail + lifetime + " Validated as RFC 8725 asks: issuer, audience, expiry, algorithm.",
        },
        AuthScheme.API_KEY: {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": detail},
        AuthScheme.MTLS: {"type": "mutualTLS", "description": detail},
    }
    return {SECURITY_NAMES[auth.scheme]: shapes[auth.scheme]}


def requirement(plan: Blueprint, *, writes: bool, roles: tuple[str, ...]) -> list[Node]:
    """Return an operation's security requirement.

    OAuth 2 has scopes; for the schemes that have none, OpenAPI 3.1 ("Security Requirement Object") lets the list
    name the roles.
    """
    scheme = plan.auth.scheme
    if scheme is AuthScheme.OAUTH2:
        return [{SECURITY_NAMES[scheme]: ["api.write" if writes else "api.read"]}]
    names = [] if scheme is AuthScheme.OIDC else list(roles)
    return [{SECURITY_NAMES[scheme]: names}]


def _problem_example(status: int) -> Node:
    _name, description, slug = _ERRORS[status]
    titles = {422: "Validation failed", 429: "Too many requests", 500: "Internal error"}
    title = titles.get(status, slug.replace("-", " ").capitalize())
    return {"type": f"/problems/{slug}", "title": title, "status": status, "detail": description}


def _text(length: int, description: str) -> Node:
    return {"type": "string", "maxLength": length, "description": description}


def _parameter(name: str, place: str, description: str, length: int) -> Node:
    return {"name": name, "in": place, "description": description, "schema": {"type": "string", "maxLength": length}}


def _count(description: str, example: int) -> Node:
    schema = {"type": "integer", "format": "int32", "minimum": 0, "maximum": 2_147_483_647}
    return {"description": description, "schema": schema, "example": example}
