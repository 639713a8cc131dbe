"""A small design in which everything that is probed occurs: tenants, owners, states, rules, rights, signed calls."""

from __future__ import annotations

from typing import Any

from bot.roles.backend_developer.blueprint import Blueprint
from tests.service.samples import crud, plain


def depot() -> Blueprint:
    """Return a depot's parcels: of several companies, moved by couriers, who reach their own only."""
    return plain(
        title="Depot",
        tenant="Company",
        entities=[
            {"name": "Company", "plural": "companies", "fields": [{"name": "name", "type": "string"}]},
            {"name": "Person", "plural": "people", "tenant_scoped": True, "fields": [
                {"name": "email", "type": "email", "sensitive": True, "unique": True},
                {"name": "password_hash", "type": "string", "write_only": True, "min_length": 12},
                {"name": "active", "type": "boolean", "default": "true"}]},
            {"name": "Parcel", "plural": "parcels", "tenant_scoped": True, "owner": "courier", "fields": [
                {"name": "label", "type": "string", "unique": True, "min_length": 3, "max_length": 60},
                {"name": "note", "type": "text", "required": False},
                {"name": "weight", "type": "integer", "minimum": 1, "maximum": 40},
                {"name": "status", "type": "enum", "values": ["new", "on_its_way", "delivered", "lost"]},
                {"name": "collected_at", "type": "timestamp"},
                {"name": "due_at", "type": "timestamp"},
                {"name": "fee", "type": "decimal", "minimum": 0, "required": False},
                {"name": "internal_remark", "type": "string", "required": False},
                {"name": "barcode", "type": "string", "immutable": True, "required": False},
                {"name": "created_by", "type": "uuid", "required": False}],
                "indexes": [{"fields": ["status"]}, {"fields": ["due_at"]}]},
            {"name": "Bay", "plural": "bays", "tenant_scoped": True, "fields": [
                {"name": "door", "type": "integer", "minimum": 1, "maximum": 99},
                {"name": "from_at", "type": "timestamp"}, {"name": "until_at", "type": "timestamp"}]},
            {"name": "Country", "plural": "countries", "key": ["code"], "codes": ["DE", "FR"], "fields": [
                {"name": "code", "type": "string", "min_length": 2, "max_length": 2, "pattern": "^[A-Z]{2}$"}]},
        ],
        relations=[
            {"source": "Parcel", "target": "Person", "name": "courier"},
            {"source": "Parcel", "target": "Country", "name": "country", "columns": ["country"]},
            {"source": "Bay", "target": "Parcel", "name": "parcel", "required": False, "on_delete": "set_null"},
        ],
        rules=[
            {"entity": "Parcel", "kind": "compare", "expression": "collected_at < due_at"},
            {"entity": "Bay", "kind": "no_overlap", "fields": ["door", "from_at", "until_at"]},
            {"entity": "Bay", "kind": "compare", "expression": "from_at < until_at"},
        ],
        state_machines=[{"entity": "Parcel", "field": "status", "initial": "new", "transitions": [
            {"sources": ["new"], "target": "on_its_way", "operation": "collect_parcel", "roles": ["admin", "courier"]},
            {"sources": ["on_its_way"], "target": "delivered", "operation": "deliver_parcel"},
            {"sources": ["new", "on_its_way"], "target": "lost", "operation": "lose_parcel", "roles": ["admin"]}]}],
        operations=[
            *_limited(crud("Parcel", "/parcels"), filters=["status", "courier_id", "label"], ranges=["due_at"],
                      sort=["weight", "due_at"], search=["label", "note"]),
            *_limited(crud("Bay", "/bays"), roles=["admin", "clerk"], filters=["door", "parcel_id"]),
            *_limited(crud("Person", "/people"), roles=["admin"], filters=["active"]),
            {"id": "collect_parcel", "method": "POST", "path": "/parcels/{id}/collect", "summary": "Collect",
             "kind": "action", "entity": "Parcel", "deprecated": True, "sunset": "2027-01-01"},
            {"id": "deliver_parcel", "method": "POST", "path": "/parcels/{id}/deliver", "summary": "Deliver",
             "kind": "action", "entity": "Parcel", "roles": ["admin", "clerk"]},
            {"id": "lose_parcel", "method": "POST", "path": "/parcels/{id}/lose", "summary": "Lose", "kind": "action",
             "entity": "Parcel", "roles": ["admin", "clerk"]},
            {"id": "export_parcels", "method": "POST", "path": "/parcels/export", "summary": "Export", "kind": "action",
             "asynchronous": True, "roles": ["admin"], "request": [{"name": "format", "type": "string"}]},
            {"id": "read_health", "method": "GET", "path": "/health", "summary": "Health", "kind": "query",
             "public": True, "response": [{"name": "status", "type": "string"}]},
            {"id": "receive_scan", "method": "POST", "path": "/hooks/scans", "summary": "Scans", "kind": "action",
             "signed": True, "request": [{"name": "barcode", "type": "string"}]},
        ],
        auth={"scheme": "oidc", "multi_factor": True, "token_minutes": 15, "description": "OIDC.",
              "authorization": "Roles.", "data_protection": "TLS."},
        roles=[{"name": name, "description": f"Role {name}."} for name in ("admin", "clerk", "courier")],
        permissions=[
            {"role": "courier", "verbs": ["read", "update"], "entity": "Parcel", "own": True},
            {"role": "admin", "verbs": ["any"], "entity": "Parcel"},
            {"role": "clerk", "verbs": ["read", "create", "update"], "entity": "Parcel"},
            {"role": "courier", "verbs": ["read"], "entity": "Parcel", "field": "internal_remark", "allowed": False},
            {"role": "clerk", "verbs": ["update"], "entity": "Parcel", "field": "fee", "allowed": False},
        ],
        budgets=[{"metric": "latency_p95", "value": 2000, "unit": "ms"}],
    )  # fmt: skip


def _limited(operations: list[dict[str, Any]], *, roles: list[str] | None = None, **lists: Any) -> list[dict[str, Any]]:
    made = []
    for operation in operations:
        more = {"roles": roles} if roles else {}
        named = operation["id"].replace("-", "_").split(".")[0].lower()
        made.append({**operation, "id": named, **more, **(lists if operation["kind"] == "list" else {})})
    return made
