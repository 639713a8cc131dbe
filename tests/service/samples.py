"""Blueprints for the renderer: the sample that ships, one of small things, and one whose names are all traps."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
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


def told(folder: Path) -> Blueprint:
    """Return the design of a case as it lies on disk: `answers.json`, and documents in `ws`.

    Whatever stack its people chose, the service is rendered for the one that there is a renderer for.
    """
    said = json.loads((folder / "answers.json").read_text())
    answers = {f"opening_{number}": words for number, words in enumerate(said.pop("opening"), 1)}
    documents = {
        p.relative_to(folder / "ws").as_posix(): json.loads(p.read_text()) for p in (folder / "ws").rglob("*.json")
    }
    made = designed({**answers, **said}, folder.name, dict(sorted(documents.items())))
    stack = made.stack.model_copy(update={"language": "Python", "framework": "FastAPI", "database": "PostgreSQL"})
    return made.model_copy(update={"stack": stack})


def cases() -> dict[str, Callable[[], Blueprint]]:
    """Return a few cases of the corpus, and all of the folder that `EIPAS_CASES` names, by their names."""
    corpus = Path(__file__).resolve().parents[1] / "corpus" / "cases"
    folders = [corpus / name for name in ("blood-bank", "buergeramt-termine", "team-chat")]
    more = os.environ.get("EIPAS_CASES")
    folders += sorted(p.parent for p in Path(more).glob("*/answers.json")) if more else []
    return {folder.name: partial(told, folder) for folder in folders}


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


def workshop() -> Blueprint:
    """Return a design with all that a service can be asked for: tenants, owners, states, passwords, jobs, webhooks."""
    moves = [
        {"sources": ["open"], "target": "running", "operation": "start_order", "roles": ["mechanic", "boss"]},
        {"sources": ["running"], "target": "done", "operation": "finish_order", "roles": ["mechanic"]},
    ]
    part = {"name": "part", "type": "object", "required": False, "fields": [
        {"name": "number", "type": "string"},
        {"name": "count", "type": "integer", "minimum": 1, "maximum": 99}]}  # fmt: skip
    orders = [
        {"name": "title", "type": "string"}, {"name": "state", "type": "enum", "values": ["open", "running", "done"]},
        {"name": "starts_at", "type": "timestamp"}, {"name": "ends_at", "type": "timestamp"},
        {"name": "price", "type": "decimal", "minimum": 0, "required": False}, part,
        {"name": "holder", "type": "object", "entity": "Customer", "required": False},
        {"name": "tags", "type": "array", "required": False},
    ]  # fmt: skip
    people = [
        {"name": "email", "type": "email", "unique": True, "sensitive": True},
        {"name": "password", "type": "string", "sensitive": True, "write_only": True, "min_length": 12,
         "max_length": 72},
    ]  # fmt: skip
    operations = [
        *crud("Order", "/orders"), *crud("Customer", "/customers"), *crud("Person", "/people"), *crud("Shop", "/shops"),
        {"id": "start_order", "method": "POST", "path": "/orders/{id}/start", "kind": "action", "entity": "Order",
         "summary": "Start it"},
        {"id": "finish_order", "method": "POST", "path": "/orders/{id}/finish", "kind": "action", "entity": "Order",
         "summary": "Finish it"},
        {"id": "export_orders", "method": "POST", "path": "/orders/export", "kind": "action", "entity": "Order",
         "summary": "Export them", "asynchronous": True},
        {"id": "receive_parts", "method": "POST", "path": "/hooks/parts", "kind": "action", "summary": "Parts came",
         "signed": True, "request": [{"name": "number", "type": "string"}]},
    ]  # fmt: skip
    return plain(
        title="Workshop",
        tenant="Shop",
        entities=[
            {"name": "Shop", "plural": "shops", "fields": [{"name": "name", "type": "string"}]},
            {"name": "Customer", "plural": "customers", "tenant_scoped": True,
             "fields": [{"name": "name", "type": "string"}, {"name": "phone", "type": "string", "sensitive": True}]},
            {"name": "Person", "plural": "people", "tenant_scoped": True, "fields": people},
            {"name": "Order", "plural": "orders", "tenant_scoped": True, "fields": orders},
        ],
        relations=[{"source": "Order", "target": "Customer", "name": "customer"}],
        rules=[{"entity": "Order", "kind": "compare", "expression": "starts_at < ends_at"},
               {"entity": "Order", "kind": "audit"}],
        state_machines=[{"entity": "Order", "field": "state", "initial": "open", "transitions": moves}],
        operations=operations,
        roles=[{"name": name, "description": "One of them."} for name in ("boss", "mechanic")],
        permissions=[{"role": "mechanic", "verbs": ["delete"], "allowed": False, "entity": "Order"},
                     {"role": "mechanic", "verbs": ["read"], "allowed": False, "entity": "Order", "field": "price"}],
        sign_ins=[{"name": "passwords", "scheme": "password"}, {"name": "keys", "scheme": "api_key"}],
        events=[{"kind": "webhook_out", "name": "order.created", "entity": "Order", "description": "An order came."},
                {"kind": "schedule", "name": "tidy_up", "schedule": "nightly", "description": "Tidy up."}],
    )  # fmt: skip


def register() -> Blueprint:
    """Return a design whose every value may come once only, and whose people sign in with two factors."""
    firm = [{"name": "name", "type": "string"}, {"name": "mail", "type": "email", "max_length": 255, "unique": True}]
    people = [
        {"name": "email", "type": "email", "max_length": 255, "unique": True},
        {"name": "number", "type": "integer", "minimum": 100, "unique": True},
        {"name": "born", "type": "date", "unique": True},
    ]  # fmt: skip
    notes = [
        {"name": "text", "type": "string"}, {"name": "rank", "type": "decimal", "minimum": 0.5, "unique": True},
        {"name": "written_at", "type": "timestamp", "unique": True},
    ]  # fmt: skip
    return plain(
        title="Register",
        tenant="Firm",
        entities=[
            {"name": "Firm", "plural": "firms", "fields": firm},
            {"name": "Person", "plural": "people", "tenant_scoped": True, "fields": people},
            {"name": "Note", "plural": "notes", "tenant_scoped": True, "owner": "author", "fields": notes},
        ],
        relations=[{"source": "Note", "target": "Person", "name": "author"}],
        operations=[*crud("Firm", "/firms"), *crud("Person", "/people"), *crud("Note", "/notes")],
        sign_ins=[{"name": "passwords", "scheme": "password", "multi_factor": True}],
    )
