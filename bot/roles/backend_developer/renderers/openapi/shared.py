"""The parts that every document has: problems, parameters, headers, error responses, security schemes."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from bot.roles.backend_developer.blueprint import DomainProblem

Node = dict[str, Any]
"""A piece of an OpenAPI document; its keys are those of the OpenAPI 3.1 specification."""

NOT_MODIFIED = "NotModified"
PROBLEM = "application/problem+json"
NO_NUL = r"^[^\u0000]*$"
"""Pattern of texts that callers send: PostgreSQL keeps every character but NUL (its manual, "Character Types")."""

ANY_VALUE = "AnyValue"
_MAX_BODY = 2_000_000
"""Bytes of a body that a rendered service takes; what is said of a free value follows from it."""

MAX_PAGE = 100
MAX_CURSOR = 512

_ERRORS = {
    400: ("BadRequest", "The request could not be read.", "invalid-request"),
    401: ("Unauthorized", "No valid credentials were sent.", "unauthorized"),
    403: ("Forbidden", "The caller may not do this.", "forbidden"),
    402: ("PaymentRequired", "Something must be paid first.", "payment-required"),
    404: ("NotFound", "There is no such resource, or the caller may not know of it.", "not-found"),
    405: ("MethodNotAllowed", "The resource does not take this method; see `Allow`.", "method-not-allowed"),
    409: ("Conflict", "The request contradicts the resource's present state.", "conflict"),
    412: ("PreconditionFailed", "The resource changed since the caller read it.", "precondition-failed"),
    413: ("ContentTooLarge", "The body is larger than is taken.", "content-too-large"),
    415: ("UnsupportedMediaType", "The body is of a type that is not taken.", "unsupported-media-type"),
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


def domain_response(status: int, problems: Sequence[DomainProblem]) -> Node:
    """Return the response of an operation's own problems of one status, each as an example under its code."""
    _name, words, _slug = _ERRORS.get(status, ("", "", ""))
    examples = {
        problem.code: {
            "value": {
                "type": f"/problems/{problem.code}",
                "title": problem.code.replace("_", " ").replace("-", " ").capitalize(),
                "status": status,
                "code": problem.code,
                "detail": problem.description or words or problem.code,
            }
        }
        for problem in problems
    }
    said = " ".join(f"`{p.code}`{f': {p.description}' if p.description else ''}" for p in problems)
    head = rate_headers()
    body = {"schema": ref("schemas", "Problem"), "examples": examples}
    return {"description": f"{words} {said}".strip(), "headers": head, "content": {PROBLEM: body}}


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
            "code": _text(60, "The domain's own name of the problem, for programs."),
            "instance": {**_text(300, "URI of this very occurrence."), "format": "uri-reference"},
            "errors": {"type": "array", "maxItems": 100, "items": pointed, "description": "Each value refused."},
        },
        "examples": [_problem_example(422)],
    }


def any_value_schema() -> Node:
    """Return the schema of whatever a free object holds: any JSON, without the character NUL in its texts."""
    own = ref("schemas", ANY_VALUE)
    return {
        "type": ["string", "number", "boolean", "null", "array", "object"],
        "title": ANY_VALUE,
        "description": "Any JSON value, as large as a body may be; its texts hold no NUL.",
        "maxLength": _MAX_BODY,
        "pattern": NO_NUL,
        "maxItems": _MAX_BODY // 2,
        "items": own,
        "maxProperties": _MAX_BODY // 4,
        "propertyNames": {"pattern": NO_NUL},
        "additionalProperties": own,
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
        # Of no entity: otherwise whoever reads the document by its shapes takes it for one.
        "x-entity": "",
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
                shortest=1,
            ),
            "required": True,
            "example": "0b8f7c9e-54c0-4d3e-8a0c-6f1d2e3b4a5c",
        },
        "IfMatch": _parameter(
            "If-Match", "header", "The `ETag` that was read; refuses to overwrite newer changes.", 100
        ),
        "IfNoneMatch": _parameter(
            "If-None-Match", "header", "The `ETag` that was read; 304 if nothing changed since.", 100
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
        "Allow": {"description": "Methods that the resource takes.", "schema": _text(100, "Methods.")},
        "Deprecation": {
            "description": "Since when it is deprecated (RFC 9745).",
            "schema": {**_text(40, "Moment, in Unix seconds."), "pattern": r"^@-?\d{1,15}$"},
        },
        "Sunset": {
            "description": "When it will be gone (RFC 8594).",
            "schema": {**_text(40, "HTTP date."), "pattern": " GMT$"},
        },
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
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            head["Allow"] = ref("headers", "Allow")
        body = {"schema": ref("schemas", "Problem"), "example": _problem_example(status)}
        found[name] = {"description": description, "headers": head, "content": {PROBLEM: body}}
    found[NOT_MODIFIED] = {
        "description": "Nothing changed since the caller read it.",
        "headers": {**rate_headers(), "ETag": ref("headers", "ETag")},
    }
    return found


def _problem_example(status: int) -> Node:
    _name, description, slug = _ERRORS[status]
    titles = {422: "Validation failed", 429: "Too many requests", 500: "Internal error"}
    title = titles.get(status, slug.replace("-", " ").capitalize())
    return {"type": f"/problems/{slug}", "title": title, "status": status, "detail": description}


def _text(length: int, description: str) -> Node:
    return {"type": "string", "maxLength": length, "description": description}


def _parameter(name: str, place: str, description: str, length: int, *, shortest: int = 0) -> Node:
    schema: Node = {"type": "string", "minLength": shortest} if shortest else {"type": "string"}
    return {"name": name, "in": place, "description": description, "schema": {**schema, "maxLength": length}}


def _count(description: str, example: int) -> Node:
    schema = {"type": "integer", "format": "int32", "minimum": 0, "maximum": 2_147_483_647}
    return {"description": description, "schema": schema, "example": example}
