"""What callers send: attacks in every field, and everything that the contract does not take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from bot.roles.backend_developer.blueprint import FieldType, OperationKind
from bot.roles.backend_developer.checks.live.access import _items
from bot.roles.backend_developer.checks.live.prober import ATTACKS, Call, Prober, each
from bot.roles.backend_developer.checks.live.rows import CannotMake
from bot.roles.backend_developer.checks.live.targets import Target
from bot.roles.backend_developer.renderers.openapi.schemas import changeable, writable
from bot.roles.backend_developer.renderers.openapi.values import value_column
from bot.roles.backend_developer.renderers.shapes import Column
from bot.roles.backend_developer.renderers.values import LENGTHS

INPUTS: Final = "api.inputs_refused"
ATTACK_TEXTS: Final = (
    "' OR '1'='1",
    "'; DROP TABLE users; --",
    "x'; SELECT pg_sleep(4); --",
    "') OR pg_sleep(4) IS NULL --",
    '" OR "1"="1',
    "%' OR 1=1 --",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "../../../../etc/passwd",
    "<script>alert(1)</script>",
    "__import__('os').system('id')",
    "\\'; --\u202e\u2028🎉",
    "%s %(a)s {0} {a.b}",
)
_TEXTS: Final = frozenset({FieldType.STRING, FieldType.TEXT})
_NUMBERS: Final = frozenset({FieldType.INTEGER, FieldType.BIGINT, FieldType.FLOAT})
_WRONG: Final[dict[FieldType, tuple[Any, ...]]] = {
    FieldType.UUID: ("no uuid", 7),
    FieldType.STRING: (7, {"a": 1}, ["a"]),
    FieldType.TEXT: (7, {"a": 1}),
    FieldType.INTEGER: ("7", 1.5, True, 2**70),
    FieldType.BIGINT: ("7", 1.5, 2**70),
    FieldType.DECIMAL: ("abc", 12.5, "1" * 30, "1e5"),
    FieldType.MONEY: ("abc", 12.5, "1" * 30),
    FieldType.FLOAT: ("1.5", True),
    FieldType.BOOLEAN: ("true", 1),
    FieldType.DATE: ("2026-13-45", "yesterday", 20260115),
    FieldType.TIME: ("25:99", 7),
    FieldType.TIMESTAMP: ("2026-01-15", "not a moment", 1768469400, "2026-01-15T09:30:00"),
    FieldType.DURATION: ("soon", {"a": 1}),
    FieldType.JSON: ("text", [1]),
    FieldType.EMAIL: ("nobody", 7),
    FieldType.URL: ("no url", 7),
    FieldType.ENUM: ("no such member", 7),
    FieldType.POINT: ("1,2", {"longitude": 999, "latitude": 0}),
    FieldType.ARRAY: ("text", {"a": 1}),
    FieldType.OBJECT: ("text", [1]),
}


def probe_inputs(prober: Prober) -> None:
    """Try every operation with what it must not take."""
    open_to_us = [t for t in prober.targets if t.access in ("roles", "public")]
    tables = _tables(prober)
    each(prober, "attacks", open_to_us, lambda t: _attacks(prober, t), ATTACKS)
    gone = tables - _tables(prober)
    held = not gone
    prober.findings.record(
        ATTACKS, "the database", "after all attacks", expected="every table", seen=f"gone: {gone}", held=held
    )
    each(prober, "inputs", open_to_us, lambda t: _inputs(prober, t), INPUTS)
    _beside_the_contract(prober)


# -- attacks ----------------------------------------------------------------------------------------------------------


def _attacks(prober: Prober, target: Target) -> None:
    call = prober.call(target)
    _in_path(prober, call)
    _in_query(prober, call)
    if isinstance(call.body, dict):
        _in_body(prober, target)
    for name in ("If-Match", "If-None-Match", "X-Request-ID", "Idempotency-Key"):
        headers = {**call.headers, name: "'; SELECT pg_sleep(4); --"}
        _survived(prober, target, f"an attack in the header {name}", call, headers=headers)


def _survived(
    prober: Prober, target: Target, what: str, call: Call, *, headers: dict[str, str] | None = None,
    address: str = "", query: dict[str, str] | None = None, body: Any = None,
) -> Any:  # fmt: skip
    answer = prober.send(target, address or call.address, headers or call.headers, call.body if body is None else body,
                         query=query or call.query)  # fmt: skip
    held = 0 < answer.status < 500 or answer.status in (501, 503)
    prober.findings.record(ATTACKS, target.id, what, expected="an answer below 500", seen=answer, held=held)
    return answer


def _in_path(prober: Prober, call: Call) -> None:
    target = call.target
    for parameter in target.route.parameters:
        for text in ATTACK_TEXTS:
            path = target.path.replace(f"{{{parameter.said}}}", quote(text, safe=""), 1)
            for other in target.route.parameters:
                path = path.replace(f"{{{other.said}}}", _said_of(call, other.column), 1)
            what = f"an attack in the path's {parameter.said}"
            answer = _survived(prober, target, what, call, address=path)
            if target.written:
                prober.expect(ATTACKS, target, what, answer, 400, 403, 404, 409, 422)


def _in_query(prober: Prober, call: Call) -> None:
    target, op = call.target, call.target.route.operation
    names = [
        *op.filters,
        *(["q"] if op.search else []),
        *(["sort"] if op.sort else []),
        *(f.name for f in op.parameters),
    ]
    names += [f"{name}_{end}" for name in op.ranges for end in ("from", "to")]
    names += ["cursor", "limit"] if target.many else []
    columns = target.shape.by_name if target.shape else {}
    for name in dict.fromkeys(names):
        for text in ATTACK_TEXTS:
            what = f"an attack in the query's {name}"
            answer = _survived(prober, target, what, call, query={**(call.query or {}), name: text})
            texts = name in op.filters and name in columns and columns[name].type in _TEXTS
            if texts and target.many and target.written and answer.status == 200:
                found = _items(answer)
                prober.findings.record(
                    ATTACKS, target.id, what, expected="no rows", seen=f"{len(found)} rows", held=not found
                )


def _in_body(prober: Prober, target: Target) -> None:
    sent = _sent(target)
    texts = [c for c in sent if c.type in _TEXTS and not c.pattern and not c.currency and not c.values]
    others = [c for c in sent if c not in texts and c.type not in (FieldType.BOOLEAN,)]
    for text in ATTACK_TEXTS:
        fitting = [c for c in texts if c.min_length <= len(text) <= (c.max_length or LENGTHS[c.type])]
        call = prober.call(target)
        body = {**call.body, **{c.name: f"{text} {n}" if c.unique else text for n, c in enumerate(fitting)}}
        what = f"an attack in {', '.join(c.name for c in fitting[:4]) or 'the body'}"
        answer = _survived(prober, target, what, call, body=body)
        _kept_as_sent(prober, target, what, fitting, body, answer)
    call = prober.call(target)
    for column in others:
        for text in ATTACK_TEXTS[:4]:
            what = f"an attack in {column.name}"
            answer = _survived(prober, target, what, call, body={**call.body, column.name: text})
            if (
                target.written
                and column.type not in (FieldType.FILE, FieldType.URL, FieldType.EMAIL)
                and not column.pattern
            ):
                prober.expect(ATTACKS, target, what, answer, 400, 403, 404, 409, 422)


def _kept_as_sent(
    prober: Prober, target: Target, what: str, columns: list[Column], body: dict[str, Any], answer: Any
) -> None:
    shown = answer.json()
    if not target.written or answer.status not in (200, 201) or not isinstance(shown, dict):
        return
    wrong = [c.name for c in columns if c.name in shown and not c.secret and shown[c.name] != body[c.name]]
    prober.findings.record(ATTACKS, target.id, what, expected="the text as it was sent", seen=wrong, held=not wrong)


# -- what the contract does not take ----------------------------------------------------------------------------------


def _inputs(prober: Prober, target: Target) -> None:
    call = prober.call(target)
    if call.body is not None:
        _broken_bodies(prober, call)
    if isinstance(call.body, dict):
        _wrong_fields(prober, call)
    if target.many and target.written:
        for limit in ("0", "-1", "101", "100000", "abc", ""):
            answer = prober.send(target, call.address, call.headers, query={**(call.query or {}), "limit": limit})
            prober.expect(INPUTS, target, f"limit={limit}", answer, 400, 422)
        for cursor in ("none of ours", "e30=", "WzFd", "x" * 600):
            answer = prober.send(target, call.address, call.headers, query={**(call.query or {}), "cursor": cursor})
            prober.expect(INPUTS, target, "a cursor that no page had", answer, 400, 422)
    columns = target.shape.by_name if target.shape else {}
    for name in target.route.operation.filters if target.written else ():
        if name in columns and columns[name].type in (FieldType.UUID, FieldType.ENUM, FieldType.DATE, *_NUMBERS):
            answer = prober.send(
                target, call.address, call.headers, query={**(call.query or {}), name: "no such thing"}
            )
            prober.expect(INPUTS, target, f"{name} that is no {columns[name].type.value}", answer, 400, 422)
    for parameter in target.route.parameters if target.written else ():
        if parameter.kind.type in (FieldType.UUID, *_NUMBERS):
            path = target.path.replace(f"{{{parameter.said}}}", "no-such-thing", 1)
            for other in target.route.parameters:
                path = path.replace(f"{{{other.said}}}", _said_of(call, other.column), 1)
            answer = prober.send(target, path, call.headers, call.body, query=call.query)
            prober.expect(
                INPUTS, target, f"{parameter.said} that is no {parameter.kind.type.value}", answer, 400, 404, 422
            )


def _broken_bodies(prober: Prober, call: Call) -> None:
    target = call.target
    large = json.dumps({"a": "x" * 2_100_000}).encode()
    for what, raw, statuses in (
        ("a body that is no JSON", b'{"a": ', (400,)),
        ("no body at all", b"", (400, 422)),
        ("text that is no UTF-8", b'{"a": "\xff\xfe"}', (400, 422)),
        ("a number that JSON does not have", b'{"a": NaN}', (400, 422)),
        ("a body nested ten thousand deep", b"[" * 10_000 + b"]" * 10_000, (400, 413, 422)),
        ("a body of 2.1 MB", large, (413,)),
        ("null", b"null", (400, 422)),
        ("a text in place of an object", b'"a"', (400, 422)),
    ):
        prober.expect(INPUTS, target, what, prober.send(target, call.address, call.headers, raw=raw), *statuses)
    headers = {**call.headers, "Content-Type": "text/plain"}
    answer = prober.send(target, call.address, headers, call.body)
    prober.expect(INPUTS, target, "a body of another media type", answer, 415)


def _wrong_fields(prober: Prober, call: Call) -> None:
    target, body = call.target, call.body
    for name in ("nobody_declared_this", "__proto__", "is_admin"):
        answer = prober.send(target, call.address, call.headers, {**body, name: True})
        prober.expect(INPUTS, target, f"the unknown field {name}", answer, 400, 422)
    mine = {c.name for c in _sent(target)}
    for column in target.shape.columns if target.shape and not target.route.operation.request_entity else ():
        if column.name not in mine:
            moment = column.type is FieldType.TIMESTAMP
            value: Any = "2020-01-01T00:00:00Z" if moment else "3f1c9d7e-2b4a-4c6d-8e0f-1a2b3c4d5e6f"
            value = 1 if column.type in _NUMBERS else value
            answer = prober.send(target, call.address, call.headers, {**body, column.name: value})
            prober.expect(INPUTS, target, f"the field {column.name}, which callers do not write", answer, 400, 422)
    for column in _sent(target):
        for what, value in _unfit(column):
            answer = prober.send(target, call.address, call.headers, {**body, column.name: value})
            prober.expect(INPUTS, target, f"{column.name}: {what}", answer, 400, 422)
        needed = column.required and not column.optional_input and column.name in body
        if needed and (target.kind is OperationKind.CREATE or target.route.operation.request):
            less = {name: value for name, value in body.items() if name != column.name}
            answer = prober.send(target, call.address, call.headers, less)
            prober.expect(INPUTS, target, f"{column.name} left out, which is required", answer, 400, 422)


def _unfit(column: Column) -> Iterator[tuple[str, Any]]:
    """Yield values that a column does not take, and what is wrong with them."""
    if column.required:
        yield "null", None
    if column.currency:
        yield "no currency", "euros"
        return
    for value in _WRONG.get(column.type, ()):
        if not (column.type is FieldType.OBJECT and column.entity):
            yield f"{json.dumps(value)[:40]}, which is no {column.type.value}", value
    if column.type in LENGTHS:
        yield "the character NUL", "a\x00b"
        yield "half a surrogate pair", "a\ud800b"
        longest = column.max_length or LENGTHS[column.type]
        yield f"{longest + 1} characters", "x" * (longest + 1)
        if column.min_length:
            yield f"{column.min_length - 1} characters", "x" * (column.min_length - 1)
    if column.type in _NUMBERS:
        if column.minimum is not None:
            yield f"less than {column.minimum:g}", column.minimum - 1
        if column.maximum is not None:
            yield f"more than {column.maximum:g}", column.maximum + 1
    if column.type in (FieldType.DECIMAL, FieldType.MONEY):
        if column.minimum is not None:
            yield f"less than {column.minimum:g}", f"{int(column.minimum) - 1}"
        if column.maximum is not None:
            yield f"more than {column.maximum:g}", f"{int(column.maximum) + 1}"


def _said_of(call: Call, column: str) -> str:
    return quote(str((call.row or {}).get(column, "1")), safe="")


def _sent(target: Target) -> tuple[Column, ...]:
    """Return the columns that callers may send to an operation."""
    op, shape = target.route.operation, target.shape
    if op.request:
        return tuple({f.name: value_column(f) for f in op.request}.values())
    if shape is None or op.request_entity:
        return ()
    return changeable(shape) if target.kind is OperationKind.UPDATE and target.method != "PUT" else writable(shape)


def _beside_the_contract(prober: Prober) -> None:
    """A path that is not there is 404, a method that it does not take is 405 with those that it takes."""
    target = next((t for t in prober.targets if t.access == "roles"), None)
    if target is None:
        return
    try:
        call = prober.call(target)
    except CannotMake:
        return
    client = prober.client()
    answer = client.send("GET", f"{prober.blueprint.base_path}/there/is/nothing/of/this/kind", call.headers)
    prober.expect(INPUTS, target, "a path that is not there", answer, 404)
    taken = {t.method for t in prober.targets if t.path == target.path}
    method = next((m for m in ("DELETE", "PUT", "PATCH", "POST") if m not in taken), None)
    if method is not None:
        answer = client.send(method, call.address, call.headers)
        prober.expect(INPUTS, target, f"the method {method}, which it does not take", answer, 405)
        said = answer.headers.get("allow", "")
        held = target.method in said
        prober.findings.record(
            INPUTS, target.id, "the header Allow of a 405", expected=target.method, seen=said, held=held
        )
    client.close()


def _tables(prober: Prober) -> set[str]:
    found = prober.rows.execute(
        "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname !~ '^pg_'"
    )
    return {row["name"] for row in found}
