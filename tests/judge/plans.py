"""Short ways to write designs by hand in the blueprint's own language, as plain data that faults may spoil."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

Plan: TypeAlias = dict[str, Any]

_KINDS: Final = {"list": "GET", "create": "POST", "read": "GET", "update": "PATCH", "delete": "DELETE"}
_WORDS: Final = {"list": "List", "create": "Add", "read": "Read", "update": "Change", "delete": "Remove"}
SERVICES: Final = {
    "style": "A modular monolith.",
    "communication": "REST for callers, an outbox for what is told to others.",
    "data_consistency": "One transaction for each request.",
    "service_discovery": "Names of the platform, with a health endpoint.",
    "caching": "Single reads carry an ETag; nothing personal is cached.",
    "scalability": "Stateless processes behind a balancer.",
    "monitoring": "Traces, metrics and logs by request id; alerts on each budget.",
    "migration_strategy": "Expand, migrate, contract.",
    "database_optimization": "Keyset pages over indexes.",
    "boundaries": [],
}


def field(line: str) -> Plan:
    """A field from a line such as ``email email? unique sensitive`` or ``state enum=open|paid default=open``.

    The second word is the type, with ``?`` for one that may be empty; the others are flags, or ``name=value`` (a
    number where it looks like one).
    """
    name, kind, *flags = line.split()
    required = not kind.endswith("?")
    kind, _, members = kind.rstrip("?").partition("=")
    made: Plan = {"name": name, "type": kind, "required": required}
    if members:
        made["values"] = members.split("|")
    for flag in flags:
        key, _, value = flag.partition("=")
        made[key] = (int(value) if value.isdigit() and key != "default" else value) if value else True
    return made


def fields(lines: str) -> list[Plan]:
    """Fields from lines, or from parts between semicolons."""
    return [field(line) for part in lines.split("\n") for line in part.split(";") if line.strip()]


def entity(name: str, plural: str, lines: str, **more: Any) -> Plan:
    """An entity with its fields; `more` are its other parts."""
    return {"name": name, "plural": plural, "fields": fields(lines), **more}


def relation(words: str, **more: Any) -> Plan:
    """A relation from words such as ``Invoice.appointment -> Appointment cascade``; ``?`` where it may be empty."""
    left, _, right = words.partition(" -> ")
    source, _, name = left.partition(".")
    target, *flags = right.split()
    made: Plan = {"source": source, "target": target.rstrip("?"), "name": name, "required": not target.endswith("?")}
    for flag in flags:
        key = "cardinality" if flag in ("one_to_one", "many_to_many", "many_to_one") else "on_delete"
        made[key] = flag
    return made | more


def calls(
    name: str, path: str, roles: Sequence[str], kinds: str = "list create read update delete", **more: Any
) -> list[Plan]:
    """The operations of these kinds on an entity below `path`; `more` are parts that each of them has."""
    return [_call(name, path, roles, kind, more) for kind in kinds.split()]


def _call(name: str, path: str, roles: Sequence[str], kind: str, more: Plan) -> Plan:
    many, one = path.strip("/").replace("/", "_").replace("{", "").replace("}", "").replace("-", "_"), name.lower()
    single = kind in ("read", "update", "delete")
    made: Plan = {
        "id": f"{kind}_{many}", "method": _KINDS[kind], "path": f"{path}/{{id}}" if single else path,
        "summary": f"{_WORDS[kind]} {one}", "kind": kind, "entity": name, "roles": list(roles),
    }  # fmt: skip
    if kind == "list":
        made["paginated"] = True
    if kind == "create":
        made["idempotent"] = True
    return made | more


def call(line: str, kind: str, name: str | None, roles: Sequence[str], **more: Any) -> Plan:
    """One operation from ``POST /orders/{id}/cancel``."""
    method, _, path = line.partition(" ")
    words = "_".join(part for part in path.replace("-", "_").split("/") if part and not part.startswith("{"))
    made: Plan = {
        "id": f"{method.lower()}_{words}", "method": method, "path": path, "summary": f"{method.title()} {words}",
        "kind": kind, "entity": name, "roles": list(roles),
    }  # fmt: skip
    return made | more


HEALTH: Final[Plan] = {
    "id": "read_health", "method": "GET", "path": "/health", "summary": "Whether the service is well",
    "kind": "query", "public": True, "response": [field("status enum=ok|failing")],
}  # fmt: skip


def auth(scheme: str, **more: Any) -> Plan:
    """How callers sign in, with what every design here says of it."""
    return {
        "scheme": scheme,
        "description": f"Sign-in by {scheme}.",
        "authorization": "By role at each operation.",
        "headers": ["Strict-Transport-Security: max-age=63072000"],
        "data_protection": "TLS 1.3 in transit; disks encrypted at rest.",
    } | more


def roles(*names: str) -> list[Plan]:
    """Roles by name."""
    return [{"name": name, "description": f"Works as {name}."} for name in names]


def budgets(*words: str) -> list[Plan]:
    """Budgets from words such as ``latency_p95 200 ms``."""
    made = []
    for line in words:
        metric, value, unit = line.split()
        made.append({"metric": metric, "value": float(value), "unit": unit, "source": "performance_requirements"})
    return made


def services(*names: str) -> list[Plan]:
    """Integrations with the services of these names."""
    return [
        {
            "service": name, "purpose": f"What {name} does for us.", "method": "HTTPS API",
            "on_failure": "Calls are retried with growing pauses and then parked for a person.",
        }
        for name in names
    ]  # fmt: skip
