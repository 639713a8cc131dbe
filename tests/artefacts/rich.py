"""A blueprint that says everything that one can say: what a clinic's team told in several ways."""

from __future__ import annotations

from bot.roles.backend_developer.blueprint import Blueprint
from tests.artefacts.blueprints import AUTH, SERVICES


def clinic(**changes: object) -> Blueprint:
    """Return a clinic with tenants, owners, states, rules, natural and composite keys, events and reserved words."""
    return Blueprint.model_validate({**_CLINIC, **changes})


_ROLES = ("admin", "dentist", "patient", "Ärztin")
_CLINIC: dict[str, object] = {
    "title": "Clinic",
    "summary": "Appointments of dental clinics.",
    "base_path": "/v1.1",
    "tenant": "Clinic",
    "stack": {"language": "Python", "framework": "FastAPI", "database": "PostgreSQL", "assumed_parts": ["framework"]},
    "entities": [
        {"name": "Clinic", "plural": "clinics", "fields": [{"name": "name", "type": "string", "cites": ["s1"]}]},
        {"name": "User", "plural": "user", "tenant_scoped": True, "fields": [
            {"name": "email", "type": "email", "sensitive": True},
            {"name": "password", "type": "string", "write_only": True, "min_length": 12},
            {"name": "createdAt", "type": "timestamp"},
        ], "indexes": [{"fields": ["email"], "unique": True, "case_insensitive": True}]},
        {"name": "Currency", "plural": "currencies", "key": ["code"], "codes": ["EUR", "USD"], "fields": [
            {"name": "code", "type": "string", "min_length": 3, "max_length": 3, "pattern": "^[A-Z]{3}$"},
            {"name": "label", "type": "string", "required": False}]},
        {"name": "Appointment", "plural": "appointments", "tenant_scoped": True, "owner": "patient", "fields": [
            {"name": "starts_at", "type": "timestamp", "unit": "UTC"},
            {"name": "ends_at", "type": "timestamp"},
            {"name": "status", "type": "enum", "values": ["BOOKED", "in-progress", "2nd", "größer", "it's; --"]},
            {"name": "order", "type": "integer", "minimum": 1, "maximum": 200, "default": "1"},
            {"name": "Größe", "type": "decimal", "required": False, "minimum": 0.5},
            {"name": "remindAt", "type": "time", "required": False},
            {"name": "length", "type": "duration", "default": "PT30M"},
            {"name": "place", "type": "point", "required": False},
            {"name": "tags", "type": "array", "items": "string", "default": "[]", "max_length": 20},
            {"name": "labels", "type": "array", "items": "enum", "values": ["a", "B"], "required": False},
            {"name": "address", "type": "object", "required": False, "fields": [
                {"name": "street", "type": "string"},
                {"name": "geo", "type": "object", "required": False,
                 "fields": [{"name": "lat", "type": "float", "minimum": -90, "maximum": 90}]}]},
            {"name": "xray", "type": "file", "required": False},
            {"name": "price", "type": "money", "required": False},
            {"name": "ratio", "type": "float", "required": False, "nullable": False, "default": "0.5"},
            {"name": "number", "type": "bigint", "immutable": True},
            {"name": "created_by", "type": "string", "required": False},
        ], "indexes": [
            {"fields": ["starts_at"], "descending": ["starts_at"]},
            {"fields": ["number"], "unique": True, "condition": "status <> 'BOOKED'"},
            {"fields": ["place"], "method": "gist"}, {"fields": ["tags"], "method": "gin"},
            {"expression": "lower(status)"}, {"expression": "we do not know"},
            {"fields": ["tenant_id", "status"]},
        ]},
        {"name": "Treatment", "plural": "Treatment", "identity": "bigint", "tenant_scoped": True, "fields": [
            {"name": "title", "type": "string", "unique": True}]},
        {"name": "Ledger", "plural": "ledgers", "key": ["name"], "fields": [{"name": "name", "type": "string"}]},
        {"name": "Account", "plural": "accounts", "key": ["ledger", "address"],
         "fields": [{"name": "address", "type": "string"}]},
        {"name": "Posting", "plural": "postings", "fields": [{"name": "amount", "type": "bigint"}]},
        {"name": "Return", "plural": "class", "fields": [], "assumed": True},
        {"name": "名前", "plural": "表", "fields": [{"name": "值", "type": "string", "label": "the value"}]},
    ],
    "relations": [
        {"source": "User", "target": "Clinic", "name": "clinic"},
        {"source": "Appointment", "target": "User", "name": "patient"},
        {"source": "Appointment", "target": "User", "name": "dentist", "required": False, "on_delete": "set_null",
         "columns": ["dentistId"]},
        {"source": "Appointment", "target": "Currency", "name": "currency", "columns": ["currency"]},
        {"source": "Appointment", "target": "Treatment", "name": "treatments", "cardinality": "many_to_many",
         "fields": [{"name": "quantity", "type": "integer", "default": "1", "minimum": 1}]},
        {"source": "Account", "target": "Ledger", "name": "ledger", "columns": ["ledger"], "on_delete": "cascade"},
        {"source": "Posting", "target": "Account", "name": "source"},
        {"source": "Posting", "target": "Account", "name": "target"},
        {"source": "Return", "target": "Return", "name": "of", "required": False, "cardinality": "one_to_one"},
    ],
    "rules": [
        {"entity": "Appointment", "kind": "compare", "expression": "starts_at < ends_at", "cites": ["s2"]},
        {"entity": "Appointment", "kind": "compare", "expression": "order > 0 or status in ('BOOKED', '2nd')"},
        {"entity": "Appointment", "kind": "no_overlap", "fields": ["dentistId", "starts_at", "ends_at"],
         "condition": "status <> '2nd'"},
        {"entity": "Appointment", "kind": "soft_delete"},
        {"entity": "Appointment", "kind": "audit"},
        {"entity": "Appointment", "kind": "count", "fields": ["patient_id"], "value": 200, "text": "a patient"},
        {"entity": "Appointment", "kind": "unique", "fields": ["number"]},
        {"entity": "Appointment", "kind": "unique", "fields": ["order"], "condition": "status = 'BOOKED'"},
        {"entity": "Appointment", "kind": "immutable", "fields": ["price"]},
        {"entity": "Posting", "kind": "immutable"},
        {"entity": "Posting", "kind": "retention", "value": 3650},
        {"entity": "Posting", "kind": "sum", "text": "all postings of a transaction sum to zero; $$ 'x' \\ --\n x"},
        {"entity": "Account", "kind": "compare", "expression": "the balance never falls below zero"},
    ],
    "state_machines": [
        {"entity": "Appointment", "field": "status", "initial": "BOOKED", "transitions": [
            {"sources": ["BOOKED"], "target": "in-progress", "operation": "start", "roles": ["dentist"],
             "guard": "not before its time"},
            {"sources": ["BOOKED", "in-progress"], "target": "it's; --", "operation": "cancel"}]},
    ],
    "operations": [
        {"id": "signUp", "method": "POST", "path": "/Clinic/$register", "summary": "Sign up", "kind": "create",
         "entity": "Clinic", "public": True},
        {"id": "list_appointments", "method": "GET", "path": "/appointments", "summary": "List", "kind": "list",
         "entity": "Appointment", "paginated": True, "filters": ["status", "dentistId"], "ranges": ["starts_at"],
         "search": ["status"], "sort": ["starts_at", "order"]},
        {"id": "create_appointment", "method": "POST", "path": "/appointments", "summary": "Book", "kind": "create",
         "entity": "Appointment", "idempotent": True,
         "problems": [{"status": 409, "code": "slot_taken", "description": "Somebody was faster."},
                      {"status": 402, "code": "unpaid"}]},
        {"id": "read_appointment", "method": "GET", "path": "/appointments/{id}", "summary": "Read", "kind": "read",
         "entity": "Appointment"},
        {"id": "update_appointment", "method": "PATCH", "path": "/appointments/{id}", "summary": "Change",
         "kind": "update", "entity": "Appointment"},
        {"id": "delete_appointment", "method": "DELETE", "path": "/appointments/{id}", "summary": "Delete",
         "kind": "delete", "entity": "Appointment"},
        {"id": "start", "method": "POST", "path": "/appointments/{id}:start", "summary": "Start", "kind": "action",
         "entity": "Appointment", "sign_ins": ["partners"]},
        {"id": "cancel", "method": "POST", "path": "/appointments/{id}/cancel", "summary": "Cancel", "kind": "action",
         "entity": "Appointment", "roles": ["admin", "patient"], "deprecated": True, "sunset": "2027-01-01"},
        {"id": "everything", "method": "GET", "path": "/Patient/{id}/$everything", "summary": "All", "kind": "query",
         "response": [{"name": "entry", "type": "array", "items": "object", "entity": "Appointment"}]},
        {"id": "account", "method": "GET", "path": "/{ledger}/accounts/{address}", "summary": "An account",
         "kind": "read", "entity": "Account"},
        {"id": "post", "method": "POST", "path": "/{ledger}/postings", "summary": "Post", "kind": "create",
         "entity": "Posting", "request_entity": "Posting", "request_list": True},
        {"id": "upload", "method": "POST", "path": "/appointments/{id}/xray", "summary": "Upload", "kind": "action",
         "request": [{"name": "file", "type": "file"}, {"name": "note", "type": "string", "required": False}]},
        {"id": "hook", "method": "POST", "path": "/hooks/lab", "summary": "Results", "kind": "action", "signed": True},
        {"id": "head", "method": "HEAD", "path": "/appointments", "summary": "Count", "kind": "query"},
    ],
    "events": [
        {"kind": "webhook_out", "name": "appointment.booked", "entity": "Appointment", "retries": 5},
        {"kind": "event", "name": "appointment.cancelled",
         "payload": [{"name": "reason", "type": "string"}]},
        {"kind": "webhook_in", "name": "lab.result", "operation": "hook"},
        {"kind": "schedule", "name": "reminders", "schedule": "0 8 * * *", "entity": "Appointment"},
    ],
    "auth": AUTH,
    "sign_ins": [
        {"name": "staff", "scheme": "oidc", "audience": "staff", "roles": ["admin", "dentist"], "multi_factor": True},
        {"name": "partners", "scheme": "api_key", "audience": "partners"},
        {"name": "patients", "scheme": "magic_link", "roles": ["patient"]},
    ],
    "roles": [{"name": name, "description": f"Role {name}."} for name in _ROLES],
    "permissions": [
        {"role": "patient", "verbs": ["read", "update"], "entity": "Appointment", "own": True},
        {"role": "dentist", "verbs": ["any"], "entity": "Appointment"},
        {"role": "admin", "verbs": ["read"], "entity": "Appointment"},
        {"role": "Ärztin", "verbs": ["delete"], "entity": "Appointment", "allowed": False},
        {"role": "dentist", "verbs": ["update"], "entity": "Appointment", "field": "price", "allowed": False},
        {"role": "admin", "verbs": ["read"], "entity": "Appointment", "field": "price"},
    ],
    "services": SERVICES,
    "conventions": [{"kind": "naming", "value": "as said"}],
    "declined": [{"what": "No Stripe yet", "standing": "postponed", "cites": ["s9"]}],
}  # fmt: skip
