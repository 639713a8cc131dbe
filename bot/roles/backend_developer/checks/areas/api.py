"""Is the API's document valid, whole and safe to build against?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from bot.evidence.checks import CheckResult, failed, held, judge, named, nothing_there
from bot.roles.backend_developer.checks.areas import called_for
from bot.roles.backend_developer.checks.areas.forms import failures_as_success, misleading_refusals
from bot.roles.backend_developer.checks.areas.inputs import ill_bounded
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import Document, Endpoint, Node, mapping
from bot.roles.backend_developer.checks.names import is_secret, opens_doors

_ONE_SIGN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]")
_IN_GROUP = re.compile(r"\([^()]*\)")
_ENDLESS = re.compile(r"[*+]|\{\d*,\}")

MAX_PAGE: Final = 1000
_CURSORS: Final = frozenset({"cursor", "page_token", "after", "offset", "page", "starting_after"})
_OPAQUE: Final = frozenset({"cursor", "page_token", "after", "starting_after"})
"""Cursors that callers cannot work out by counting."""

_ONWARDS: Final = re.compile(r"next|cursor|^links?$|page_?token|page_?info|continu|has_?more")
_MAKES_ONE: Final = re.compile(
    r"/(sessions?|log-?ins?|sign-?(up|in|on)|tokens?|api-?keys?|keys|secrets?|credentials?|register|refresh|verify"
    r"|rotate[\w-]*|regenerate[\w-]*|access-?tokens?|service-?accounts?|oauth2?|auth\w*|mfa|totp|setup)$",
    re.IGNORECASE,
)
"""Where a credential is made, which is the one time that it may be shown."""

_OWN_FAULT: Final = 500
"""A refusal that is known beforehand is no unexpected condition of the server (RFC 9110, section 15.6.1)."""

_SIZES: Final = frozenset({"limit", "page_size", "per_page", "size"})


def valid(bench: CheckContext) -> CheckResult:
    """Valid by the OpenAPI 3.1 schema and its semantics (references, unique operation ids, path parameters)."""
    # Its import takes a second: the first assessment pays it, not every start of the bot.
    from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: PLC0415

    root = bench.document.root
    version = str(root.get("openapi", "none"))
    if not version.startswith("3.1."):
        return failed(f"It declares OpenAPI {version}, not 3.1.", [version])
    dangling = bench.document.dangling()
    if dangling:  # the validator itself breaks on these
        return failed(f"References to nothing: {named(dangling)}.", dangling)
    problems = [
        f"{'/'.join(str(part) for part in error.absolute_path) or 'document'}: {error.message}"[:300]
        for error in _errors(OpenAPIV31SpecValidator, root)
    ]
    if problems:
        return failed(f"It is not valid: {named(problems[:3])}.", problems)
    return held(
        f"Valid OpenAPI {version}, {len(bench.document.endpoints)} operations.",
        f"{bench.artefact('openapi.yaml').name}: OK",
    )


def lists_paginate(bench: CheckContext) -> CheckResult:
    """Every collection takes a cursor (or page), gives the next one, and bounds its limit (OWASP API4:2023)."""
    lists = bench.document.lists()
    if not lists:
        return nothing_there("The API lists no collections.", called_for.lists(bench))
    offenders = [f"{e.label} ({why})" for e in lists if (why := _unpaginated(e) or _unended(bench.document, e))]
    return judge(
        offenders, good=f"All {len(lists)} lists take a cursor and a bounded limit.", bad="Lists without bounded pages"
    )


def operations_named(bench: CheckContext) -> CheckResult:
    """Every operation has an operationId of its own and a summary (OpenAPI 3.1, Operation Object)."""
    endpoints = bench.document.endpoints
    ids = [e.id for e in endpoints]
    offenders = [f"{e.label} (no operationId)" for e in endpoints if not e.id]
    offenders += [f"{e.label} ({e.id} is used twice)" for e in endpoints if e.id and ids.count(e.id) > 1]
    offenders += [f"{e.label} (no summary)" for e in endpoints if not e.node.get("summary")]
    return judge(offenders, good=f"All {len(endpoints)} operations have an id and a summary.", bad="Not properly named")


def problem_details(bench: CheckContext) -> CheckResult:
    """Every declared error is a problem document (RFC 9457), and every operation declares at least one."""
    endpoints = bench.document.endpoints
    offenders = [f"{e.label} ({why})" for e in endpoints if (why := _vague_errors(e))]
    offenders += failures_as_success(bench)
    return judge(offenders, good="Every error is application/problem+json.", bad="Errors that are no problem documents")


def conflicts_declared(bench: CheckContext) -> CheckResult:
    """Every write says how it refuses: 400 or 422 for a body, 409 or 412 for a state, never as a fault of its own."""
    writes = [e for e in bench.document.endpoints if e.writes]
    if not writes:
        return nothing_there("The API has no writes.", called_for.writes(bench))
    offenders = [f"{e.label} (no {' and no '.join(gaps)})" for e in writes if (gaps := _undeclared(bench.document, e))]
    offenders += [
        f"{op.method} {op.path} (tells {problem.code} as {problem.status})"
        for op in bench.blueprint.operations
        for problem in op.problems
        if problem.status == _OWN_FAULT
    ]
    offenders += misleading_refusals(bench)
    return judge(
        offenders, good=f"All {len(writes)} writes declare how they refuse.", bad="Writes with undeclared refusals"
    )


def versioned(bench: CheckContext) -> CheckResult:
    """The base path carries a major version, so that a breaking change has somewhere to go."""
    base = bench.document.base_path
    if any(part[:1] == "v" and part[1:].replace(".", "", 1).isdigit() for part in base.split("/")):
        return held(f"The base path is {base}.", base)
    return failed(f"The base path “{base or '/'}” has no version.", [base or "/"])


def inputs_bounded(bench: CheckContext) -> CheckResult:
    """Every string and array that callers send has a bound (OWASP API4:2023), takes people's words, and is no code."""
    document = bench.document
    offenders = [f"{e.label} {place}" for e in document.endpoints for place in _unbounded(document, e)]
    offenders += list(ill_bounded(bench))
    return judge(
        sorted(set(offenders)), good="Every string and array in requests is bounded.", bad="Inputs badly bounded"
    )


def secrets_kept(bench: CheckContext) -> CheckResult:
    """No password, token or the like is ever read back (OWASP API3:2023); one may be shown once, when it is made."""
    document = bench.document
    offenders = {
        f"{e.label} {place}"
        for e in document.endpoints
        if not (e.method == "POST" and _MAKES_ONE.search(e.path))
        for place, node in document.walk(document.result(e))
        if is_secret(place.split(".")[-1]) and not node.get("writeOnly") and node.get("type") != "boolean"
    }
    for name, item in mapping(document.root.get("webhooks")).items():
        body = document.body_of(mapping(mapping(item).get("post")))
        offenders |= {f"webhook {name} {place}" for place, _ in document.walk(body) if is_secret(place.split(".")[-1])}
    offenders |= {
        f"{event.kind} {event.name} {field.name}"
        for event in bench.blueprint.events
        for field in event.payload
        if event.kind != "webhook_in" and field.type != "boolean" and opens_doors(field.name)
    }  # messages are kept by the outbox and by whoever takes them: what opens a door is sent to its owner alone
    return judge(sorted(offenders), good="No response holds a secret.", bad="Responses that hold secrets")


def _errors(validator: Any, root: Node) -> Iterator[Any]:
    yield from validator(root).iter_errors()


def _unpaginated(endpoint: Endpoint) -> str:
    query = {str(p.get("name")): mapping(p.get("schema")) for p in endpoint.parameters if p.get("in") == "query"}
    if not _CURSORS & set(query):
        return "no cursor"
    sizes = [schema for name, schema in query.items() if name in _SIZES]
    if not sizes:
        return "no limit"
    maximum = sizes[0].get("maximum")
    return (
        ""
        if isinstance(maximum, int | float) and maximum <= MAX_PAGE
        else f"its limit has no maximum of at most {MAX_PAGE}"
    )


def _unended(document: Document, endpoint: Endpoint) -> str:
    """Say that callers are told no cursor for the page after this one, where one is what they are asked for."""
    if not _OPAQUE & {str(p.get("name")) for p in endpoint.parameters}:
        return ""
    told = {name.casefold() for name in document.properties(document.result(endpoint))}
    for status, response in endpoint.responses.items():
        told |= {str(name).casefold() for name in mapping(response.get("headers")) if status[:1] == "2"}
    return "" if any(_ONWARDS.search(name) for name in told) else "gives no next cursor"


def _vague_errors(endpoint: Endpoint) -> str:
    errors = {
        status: response for status, response in endpoint.responses.items() if status[:1] in "45" or status == "default"
    }
    if not errors:
        return "declares none"
    vague = [
        status
        for status, response in errors.items()
        if "application/problem+json" not in mapping(response.get("content"))
    ]
    return ", ".join(vague)


def _undeclared(document: Document, endpoint: Endpoint) -> list[str]:
    gaps = []
    if document.body(endpoint) and not {"400", "422"} & set(endpoint.responses):
        gaps.append("400/422")
    if not {"409", "412"} & set(endpoint.responses):
        gaps.append("409/412")
    return gaps


def _unbounded(document: Document, endpoint: Endpoint) -> Iterator[str]:
    for parameter in endpoint.parameters:
        if parameter.get("in") in ("query", "path") and _open(document.resolve(parameter.get("schema"))):
            yield f"?{parameter.get('name')}"
    for place, node in document.walk(document.body(endpoint)):
        if _open(node):
            yield place or "body"


def _open(schema: Node) -> bool:
    kinds = schema.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "array" in kinds and "maxItems" not in schema:
        return True
    closed = {"maxLength", "enum", "const"} & set(schema) or schema.get("format") in ("uuid", "date", "date-time")
    return "string" in kinds and not closed and not _is_length_bounded(str(schema.get("pattern", "")))


def _is_length_bounded(pattern: str) -> bool:
    """Whether only texts up to some length match: of a pattern that only keeps a sign out, texts of any length do."""
    bare = _ONE_SIGN.sub("x", pattern)
    whole = bare.startswith("^") and bare.endswith("$") and "|" not in _IN_GROUP.sub("", bare)
    return whole and not _ENDLESS.search(bare)
