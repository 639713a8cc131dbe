"""Is what calls exchange in the form that the thing has, and is a refusal told as one?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Entity, EntityField, Operation
from bot.roles.backend_developer.checks.areas.doors import is_entrance
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import spoken
from bot.roles.backend_developer.checks.names import is_secret

_FAMILIES: Final = {
    **dict.fromkeys(["integer", "bigint", "decimal", "money", "float"], "number"),
    **dict.fromkeys(["string", "text", "email", "url", "enum", "uuid", "file"], "text"),
}
"""Types whose values are told alike: all others are each of their own kind."""

_LOOSE: Final = frozenset({"array", "object", "json"})
_TRUTHS: Final = frozenset(
    ["success", "succeeded", "successful", "ok", "is_success", "is_ok", "failed", "has_error", "is_error"]
)
_FAILURES: Final = frozenset(["error", "errors", "error_code", "error_message", "error_text", "error_details", "err",
                              "exception", "failure", "failure_reason", "fault", "fehler", "result_code", "return_code",
                              "status_code", "http_status", "http_code", "response_code", "errno"])  # fmt: skip
_OF_PROTOCOL: Final = frozenset({401, 405, 406, 407, 408, 411, 414, 416, 417, 421, 426, 431, 511})
"""Statuses that tell of the call and not of the thing: clients sign in again, or give up, at them."""

_SAYS: Final = {
    404: frozenset(["state", "conflict", "taken", "already", "duplicate", "closed", "full", "overlap", "sold"]),
    403: frozenset(["conflict", "taken", "duplicate", "already", "overlap", "sold", "missing", "found"]),
    409: frozenset(["forbidden", "unauthorized", "unauthenticated"]),
    410: frozenset(["conflict", "taken", "duplicate", "already"]),
    429: frozenset(["conflict", "taken", "duplicate", "state", "found"]),
}  # fmt: skip
"""Words of a refusal's code that contradict its status."""

_HALF: Final = 2
_BOTH: Final = 2


def other_forms(bench: CheckContext) -> Iterator[str]:
    """Yield where a field of a thing is asked for, sent or told in another form, or of other values, than it has."""
    things = {entity.name: entity for entity in bench.blueprint.entities}
    for op in bench.blueprint.operations:
        entity, shown = things.get(op.entity or ""), things.get(op.response_entity or op.entity or "")
        label = f"{op.method} {op.path}"
        yield from (f"{label} ?{why}" for why in _unlike(op.parameters, entity, whole=False))
        yield from (f"{label} {why}" for why in _unlike(op.request, entity, whole=False))
        yield from (f"{label} {why}" for why in _unlike(op.response, shown, whole=op.kind not in ("action", "query")))
    for event in bench.blueprint.events:
        yield from (f"{event.name} {why}" for why in _unlike(event.payload, things.get(event.entity), whole=False))


def _unlike(told: Sequence[EntityField], entity: Entity | None, *, whole: bool) -> Iterator[str]:
    fields = {field.name: field for field in entity.fields} if entity is not None else {}
    for field in told:
        kept = fields.get(field.name)
        if kept is None or {field.type.value, kept.type.value} & _LOOSE:
            continue
        one, other = (_FAMILIES.get(f.type.value, f.type.value) for f in (field, kept))
        strange = set(field.values) - set(kept.values)
        if one != other and not (one == "text" and field.type != "enum" and not whole):
            yield f"{field.name} (told as {field.type.value}, kept as {kept.type.value})"
        elif field.type == kept.type == "enum" and strange:
            yield f"{field.name} (knows {', '.join(sorted(strange))}, which no row is)"
        elif whole and field.type == kept.type == "enum" and set(kept.values) - set(field.values):
            yield f"{field.name} (does not know {', '.join(sorted(set(kept.values) - set(field.values)))})"


def whole_patches(bench: CheckContext) -> Iterator[str]:
    """Yield partial changes that must send several fields: who mends one overwrites the others (RFC 5789)."""
    for endpoint in bench.document.endpoints:
        operation = bench.operation(endpoint)
        needed = bench.document.resolve(bench.document.body(endpoint)).get("required")
        changes = endpoint.method == "PATCH" and operation is not None and operation.kind == "update"
        if changes and isinstance(needed, list) and len(needed) >= _BOTH:
            yield f"{endpoint.label} (must send {', '.join(sorted(map(str, needed)))})"


def partial_puts(bench: CheckContext) -> Iterator[str]:
    """Yield whole replacements that may leave out what each row needs: that would be emptied (RFC 9110, 9.3.4)."""
    things = {entity.name: entity for entity in bench.blueprint.entities}
    for endpoint in bench.document.endpoints:
        operation = bench.operation(endpoint)
        entity = things.get(operation.entity or "") if operation is not None else None
        if operation is None or entity is None or endpoint.method != "PUT" or not endpoint.path.endswith("}"):
            continue
        body = bench.document.body(endpoint)
        sent, needed = set(bench.document.properties(body)), bench.document.resolve(body).get("required")
        asked = {str(name) for name in needed} if isinstance(needed, list | tuple) else set()
        left = sorted(
            f.name for f in entity.fields
            if f.required and f.default is None and not (f.read_only or f.immutable) and f.name in sent - asked
        )  # fmt: skip
        if operation.kind == "update" and left:
            yield f"{endpoint.label} (replaces it without {', '.join(left[:_SHOWN])})"


_SHOWN: Final = 4


def failures_as_success(bench: CheckContext) -> Iterator[str]:
    """Yield answers to a success that tell whether it was one: a failure has a status of its own (RFC 9110)."""
    things = {entity.name: {f.name for f in entity.fields} for entity in bench.blueprint.entities}
    for op in bench.blueprint.operations:
        own = things.get(op.entity or "", set()) | things.get(op.response_entity, set())
        told = {field.name.casefold() for field in op.response} - own
        said = {spoken(f.name) for fact in bench.asked(op.id) for f in fact.result}
        found = {name for name in told & (_TRUTHS | _FAILURES) if spoken(name) not in said}
        truths = {f.name.casefold() for f in op.response if f.type == "boolean"} & _TRUTHS & found
        if (truths or (found & _FAILURES and not op.request_list)) and not _of_work(op):
            yield f"{op.method} {op.path} (tells {', '.join(sorted(found))} in its answer)"


def _of_work(op: Operation) -> bool:
    """Whether it tells how background work went, a read of which succeeds though the work failed."""
    return op.method == "GET" and any(f.type == "enum" or f.name.endswith("_at") for f in op.response)


def misleading_refusals(bench: CheckContext) -> Iterator[str]:
    """Yield refusals of the domain whose status says something else: 401 signs people out."""
    by_id = {endpoint.id: endpoint for endpoint in bench.document.endpoints}
    for op in bench.blueprint.operations:
        endpoint = by_id.get(op.id)
        for problem in op.problems:
            entrance = op.public or (endpoint is not None and is_entrance(endpoint))
            code = set(words(problem.code))
            wrong = problem.status in _OF_PROTOCOL - ({401} if entrance else frozenset())
            if wrong or code & _SAYS.get(problem.status, frozenset()):
                yield f"{op.method} {op.path} ({problem.status} {problem.code})"


def thin_reads(bench: CheckContext) -> Iterator[str]:
    """Yield reads of one thing that leave out most of it, which nobody asked for and no other operation tells."""
    for entity in bench.blueprint.entities:
        whole = {f.name for f in entity.fields if not f.write_only and not is_secret(f.name)}
        about = [op for op in bench.blueprint.operations if entity.name in (op.entity, op.response_entity)]
        told = {name for op in about if op.method == "GET" for name in _tells(bench, op)}
        for op in about:
            shown = {f.name for f in op.response} & whole
            asked = any(fact.result for fact in bench.asked(op.id))
            if op.kind == "read" and op.response and not asked and _HALF * len(shown) < len(whole) and whole - told:
                yield f"{op.method} {op.path} (tells no {', '.join(sorted(whole - told)[:4])})"


def _tells(bench: CheckContext, op: Operation) -> set[str]:
    endpoint = next((e for e in bench.document.endpoints if e.id == op.id), None)
    return set() if endpoint is None else set(bench.document.shown(endpoint))
