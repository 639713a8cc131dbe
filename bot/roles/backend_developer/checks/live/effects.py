"""What stands in the database once an operation has answered: what was sent, who did it, a line in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.roles.backend_developer.blueprint import FieldType, OperationKind
from bot.roles.backend_developer.checks.live.client import Answer
from bot.roles.backend_developer.checks.live.prober import CONTRACT, Call, Prober
from bot.roles.backend_developer.checks.live.rows import Row
from bot.roles.backend_developer.checks.live.targets import Target
from bot.roles.backend_developer.renderers.shapes import is_author

NOTED: Final = "service.changes_noted"
EXACT: Final = frozenset({FieldType.STRING, FieldType.TEXT, FieldType.INTEGER, FieldType.BOOLEAN, FieldType.ENUM,
                           FieldType.EMAIL, FieldType.UUID, FieldType.DATE, FieldType.BIGINT})  # fmt: skip


def row_of(prober: Prober, target: Target, shown: Any) -> Row | None:
    """Return the stored row of a representation; None where that does not show the key."""
    shape = target.shape
    if shape is None or not isinstance(shown, dict) or not set(shape.primary_key) <= {*shown, shape.tenant_column}:
        return None
    key = {name: shown.get(name, prober.rows.tenants[0]) for name in shape.primary_key}
    return prober.rows.now(shape, key)


def check_as_sent(prober: Prober, target: Target, body: Mapping[str, Any], shown: Any) -> None:
    """What was sent is what is shown, where the type has only one way to write a value."""
    shape = target.shape
    assert shape is not None  # noqa: S101 - what is written has an entity
    exact = {n: v for n, v in body.items() if n in shape.by_name and shape.by_name[n].type in EXACT}
    wrong = [n for n, v in exact.items() if isinstance(shown, dict) and n in shown and shown[n] != v]
    prober.findings.record(
        CONTRACT, target.id, "what was sent", expected="is what is shown", seen=wrong, held=not wrong
    )


def check_only_sent(prober: Prober, call: Call, row: Row | None) -> None:
    """A change changes what it says, and nothing else but who and when."""
    target, shape = call.target, call.target.shape
    assert shape is not None  # noqa: S101 - the caller saw it
    if row is None or call.row is None or target.method == "PUT":
        return
    own = {shape.moment("updated"), *(c.name for c in shape.columns if is_author(c.name))}
    other = [n for n, v in row.items() if n not in call.body and n not in own and call.row.get(n) != v]
    prober.findings.record(CONTRACT, target.id, "a change", expected="changes what it says", seen=other, held=not other)


def check_authors(prober: Prober, call: Call, row: Row) -> None:
    """Who made a row is whoever called, whatever the body says."""
    shape = call.target.shape
    if shape is None or call.target.access != "roles":
        return
    for column in shape.columns:
        if column.name == shape.owner_column or (is_author(column.name) and column.type is not FieldType.STRING):
            wanted = prober.people.user(call.role)
            held = column.name not in row or not column.generated or str(row[column.name]) == wanted
            prober.findings.record(
                CONTRACT,
                call.target.id,
                f"{column.name} of a new row",
                expected="the caller",
                seen=row[column.name],
                held=held,
            )


def check_noted(prober: Prober, target: Target) -> None:
    """The audit log has a line of the operation."""
    found = prober.rows.execute("SELECT 1 AS one FROM service.audit_log WHERE operation = %s LIMIT 1", (target.id,))
    prober.findings.record(
        NOTED, target.id, "a change", expected="a line in the audit log", seen="none", held=bool(found)
    )


def check_location(prober: Prober, call: Call, answer: Answer) -> None:
    """What `Location` says can be read, where there is an operation for it."""
    place, target = answer.headers.get("location", ""), call.target
    reader = next((t for t in prober.targets if t.kind is OperationKind.READ and t.written and t.access == "roles"
                   and t.shape is target.shape and t.path.rpartition("/")[0] == target.path), None)  # fmt: skip
    if (
        reader is None
        or target.access != "roles"
        or target.method != "POST"
        or len(reader.route.parameters) != 1 + len(target.route.parameters)
    ):
        return
    able = [r for r in prober.roles(reader) if r not in reader.own]
    role = call.role if call.role in able else next(iter(able), None)
    if role is None:
        return
    found = prober.send(reader, place, prober.people.headers(reader, role, 0))
    prober.expect(CONTRACT, target, "its Location", found, 200)
