"""Blueprints for the renderer: the sample that ships, one of small things, and one whose names are all traps."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.designers.rules.compose import compose
from bot.roles.backend_developer.understanding import read_here, sources_of
from tests.designers.samples import brief
from tests.support.samples import SAMPLE

TRAPS = (
    "Return", "Job", "Class", "Order", "User", "List", "None", "True", "Exception", "TABLE", "Any", "Literal",
    "UUID", "BaseModel", "Import", "async", "type", "Request", "Response", "Caller", "str", "dict", "print", "Actions",
    "Models", "T", "api", "Größe", "Übung", "注文", "_Hidden", "self",
)  # fmt: skip
FIELDS = (
    "class", "def", "None", "copy", "json", "schema", "model_config", "model_fields", "dict", "str", "list", "t",
    "tables", "typing", "validate", "_private", "größe", "名前", "import", "lambda", "construct", "bool",
)  # fmt: skip


def designed(answers: dict[str, str], title: str, documents: dict[str, dict[str, Any]] | None = None) -> Blueprint:
    """Return the rules' design of what people said."""
    given = brief(answers, documents or {}, title=title)
    found = read_here(sources_of(given))
    return compose(found.understanding, found.facts, given)


def shipped() -> Blueprint:
    """Return the design of the sample workspace."""
    documents = {p.relative_to(SAMPLE).as_posix(): json.loads(p.read_text()) for p in sorted(SAMPLE.rglob("*.json"))}
    return designed({"opening_1": "Python with FastAPI on PostgreSQL."}, "Parcel returns", documents)


def kennel() -> Blueprint:
    """Return a small design with states, roles, a refusal and a rule between fields."""
    answers = {
        "opening_1": "Python, FastAPI on Postgres 16.",
        "api_design": "GET /dogs, POST /dogs, GET /dogs/{id}, PATCH /dogs/{id}, DELETE /dogs/{id}, GET /walks, "
        "POST /walks, GET /walks/{id}, POST /walks/{id}/start, POST /walks/{id}/finish",
        "database_schema": "Dog: name, chip (string, unique), born_on date, size (small|medium|large)\n"
        "Walk: starts_at timestamp, ends_at timestamp, distance_m int, status: planned, running, done\n"
        "A dog has many walks. A walk must end after it starts.",
        "security_controls": "Roles: keeper, vet. Vets must not read walks. Sign-in by OIDC.",
    }
    return designed(answers, "Kennel")


def plain(**parts: Any) -> Blueprint:
    """Return a blueprint of these parts; what every one needs is added."""
    words = "As it should be."
    services = dict.fromkeys(
        ("style", "communication", "data_consistency", "service_discovery", "caching", "scalability", "monitoring",
         "migration_strategy", "database_optimization"), words,
    )  # fmt: skip
    auth = {"scheme": "jwt", "description": words, "authorization": words, "data_protection": words}
    base: dict[str, Any] = {
        "title": "Plain", "summary": words, "services": services, "auth": auth,
        "stack": {"language": "Python", "framework": "FastAPI", "database": "PostgreSQL"},
        "roles": [{"name": "admin", "description": words}, {"name": "guest", "description": words}],
    }  # fmt: skip
    return Blueprint.model_validate({**base, **parts})


def named(names: Iterable[str] = TRAPS, fields: Iterable[str] = FIELDS) -> Blueprint:
    """Return a blueprint whose entities and fields have these names, each with all five operations."""
    entities, operations = [], []
    for number, name in enumerate(dict.fromkeys(names)):
        own = [{"name": field, "type": "string", "required": False} for field in dict.fromkeys(fields)]
        entities.append({"name": name, "plural": f"{name}s"[:50], "fields": own, "tenant_scoped": bool(number % 2)})
        operations += crud(name, f"/x{number}", verb=name)
    return plain(entities=entities, operations=operations)


def crud(entity: str, path: str, *, verb: str = "") -> list[dict[str, Any]]:
    """Return the five operations on an entity; their ids are as ugly as identifiers may be."""
    stem = "".join(c if c.isascii() and c.isalnum() else "_" for c in verb or entity) or "x"
    one = f"{path}/{{id}}"
    kinds = (("list", "GET", path), ("create", "POST", path), ("read", "GET", one), ("update", "PATCH", one),
             ("delete", "DELETE", one))  # fmt: skip
    return [
        {"id": f"{kind}-{stem}.{path[1:]}", "method": method, "path": where, "kind": kind, "entity": entity,
         "summary": f"{kind} it", "paginated": kind == "list", "idempotent": kind == "create"}
        for kind, method, where in kinds
    ]  # fmt: skip
