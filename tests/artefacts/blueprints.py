"""Blueprints that the tests draw from: one small and complete, one with every kind of thing."""

from __future__ import annotations

from bot.roles.backend_developer.blueprint import Blueprint

SERVICES = {
    "style": "Modular monolith.",
    "communication": "REST, and a queue for long work.",
    "data_consistency": "One transaction per request.",
    "service_discovery": "DNS of the platform.",
    "caching": "Redis for reads of catalogue data.",
    "scalability": "Stateless processes behind a load balancer.",
    "monitoring": "OpenTelemetry traces and metrics.",
    "migration_strategy": "Expand, migrate, contract.",
    "database_optimization": "An index for each list.",
    "boundaries": ["orders"],
}
AUTH = {
    "scheme": "oidc",
    "description": "OpenID Connect.",
    "multi_factor": True,
    "authorization": "Roles per operation.",
    "headers": ["Strict-Transport-Security"],
    "data_protection": "TLS 1.3, AES-256 at rest.",
}


def shop(**changes: object) -> Blueprint:
    """Return a shop of users, orders, lines and tags: tenants, money, enums, both kinds of links, a cycle."""
    return Blueprint.model_validate({**_SHOP, **changes})


def tiny() -> Blueprint:
    """Return the smallest blueprint that is allowed."""
    return shop(
        entities=[{"name": "Note", "plural": "notes", "fields": [{"name": "body", "type": "text"}]}],
        relations=[],
        operations=[
            {
                "id": "read_note",
                "method": "GET",
                "path": "/notes/{id}",
                "summary": "Read",
                "kind": "read",
                "entity": "Note",
            }
        ],
        budgets=[],
        integrations=[],
    )


def _crud(entity: str, plural: str) -> list[dict[str, object]]:
    one = entity.lower()
    base: dict[str, object] = {"entity": entity, "roles": ["admin", "member"]}
    item = f"/{plural}/{{id}}"
    return [
        {**base, "id": f"list_{plural}", "method": "GET", "path": f"/{plural}", "summary": f"List {plural}",
         "kind": "list", "paginated": True},
        {**base, "id": f"create_{one}", "method": "POST", "path": f"/{plural}", "summary": f"Create {one}",
         "kind": "create", "idempotent": True},
        {**base, "id": f"read_{one}", "method": "GET", "path": item, "summary": f"Read {one}", "kind": "read"},
        {**base, "id": f"update_{one}", "method": "PATCH", "path": item, "summary": f"Update {one}", "kind": "update"},
        {**base, "id": f"delete_{one}", "method": "DELETE", "path": item, "summary": f"Delete {one}", "kind": "delete"},
    ]  # fmt: skip


_SHOP: dict[str, object] = {
    "title": "Shop",
    "summary": "A shop. It sells things.",
    "stack": {"language": "Python 3.12", "framework": "FastAPI", "database": "PostgreSQL 17"},
    "entities": [
        {"name": "Tenant", "plural": "tenants", "fields": [{"name": "name", "type": "string", "unique": True}]},
        {
            "name": "User",
            "plural": "users",
            "tenant_scoped": True,
            "description": "Who it's for; \"quoted\"",
            "fields": [
                {"name": "email", "type": "email", "unique": True, "sensitive": True},
                {"name": "password_hash", "type": "string", "sensitive": True, "read_only": True},
                {"name": "photo", "type": "binary", "required": False},
            ],
        },
        {
            "name": "Order",
            "plural": "orders",
            "tenant_scoped": True,
            "fields": [
                {"name": "status", "type": "enum", "values": ["draft", "paid"]},
                {"name": "total", "type": "money"},
                {"name": "group", "type": "integer", "required": False},
                {"name": "meta", "type": "json"},
                {"name": "due_on", "type": "date", "required": False},
                {"name": "paid_at", "type": "timestamp", "required": False},
            ],
            "indexes": [{"fields": ["tenant_id", "status", "created_at"]}, {"fields": ["meta"]}],
        },
        {
            "name": "Line",
            "plural": "lines",
            "fields": [{"name": "quantity", "type": "decimal"}, {"name": "gift", "type": "boolean"}],
        },
        {"name": "Tag", "plural": "tags",
         "fields": [{"name": "label", "type": "string"}, {"name": "link", "type": "url"}]},
    ],
    "relations": [
        {"source": "Order", "target": "User", "name": "customer"},
        {"source": "Line", "target": "Order", "name": "order", "on_delete": "cascade"},
        {"source": "Order", "target": "Line", "name": "main_line", "required": False, "on_delete": "set_null"},
        {"source": "Order", "target": "Tag", "name": "tags", "cardinality": "many_to_many"},
        {"source": "Tag", "target": "Tag", "name": "parents", "cardinality": "many_to_many"},
        {"source": "User", "target": "Tag", "name": "badge", "cardinality": "one_to_one", "required": False},
    ],
    "operations": [
        *_crud("User", "users"),
        *_crud("Order", "orders"),
        {"id": "list_order_lines", "method": "GET", "path": "/orders/{id}/lines", "summary": "List lines",
         "kind": "list", "entity": "Line", "paginated": True, "roles": ["member"]},
        {"id": "read_line", "method": "GET", "path": "/orders/{id}/lines/{id}", "summary": "Read a line",
         "kind": "read", "entity": "Line"},
        {"id": "export_order", "method": "POST", "path": "/orders/{order_id}/export", "summary": "Export",
         "kind": "action", "entity": "Order", "asynchronous": True, "idempotent": True,
         "request": [{"name": "format", "type": "enum", "values": ["csv", "json"]}]},
        {"id": "get_health", "method": "GET", "path": "/health", "summary": "Health", "kind": "query", "public": True,
         "response": [{"name": "status", "type": "enum", "values": ["ok"]}]},
    ],
    "auth": AUTH,
    "roles": [{"name": "admin", "description": "Runs it."}, {"name": "member", "description": "Uses it."}],
    "integrations": [
        {"service": "Stripe", "purpose": "Payments", "method": "REST", "on_failure": "Retry, then tell the customer."}
    ],
    "budgets": [
        {"metric": "latency_p95", "value": 200, "unit": "ms"},
        {"metric": "latency_p95", "value": 150, "unit": "ms", "operation": "list_orders"},
    ],
    "services": SERVICES,
}  # fmt: skip
