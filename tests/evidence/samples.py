"""A small but whole design, and the rendered files of it, for the checks to judge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.design import Brief, Reply, Source
from bot.domain.evidence import Artefact
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.subject import Subject
from bot.roles.backend_developer.renderers.render import render

ENTITIES = ("Tenant", "User", "Workflow", "Task")


def field(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    """A field of an entity."""
    return {"name": name, "type": kind, **more}


def crud(name: str, plural: str, *, parameters: Sequence[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """The five operations of an entity."""
    one, path = name.lower(), f"/{plural}"
    entity = {"entity": name, "roles": ["admin", "editor"]}
    return [
        {
            "id": f"list_{plural}",
            "method": "GET",
            "path": path,
            "summary": f"List {plural}",
            "kind": "list",
            "paginated": True,
            "parameters": list(parameters),
            **entity,
        },
        {
            "id": f"create_{one}",
            "method": "POST",
            "path": path,
            "summary": f"Create a {one}",
            "kind": "create",
            "idempotent": True,
            **entity,
        },
        {
            "id": f"read_{one}",
            "method": "GET",
            "path": f"{path}/{{{one}_id}}",
            "summary": f"Read a {one}",
            "kind": "read",
            **entity,
        },
        {
            "id": f"update_{one}",
            "method": "PATCH",
            "path": f"{path}/{{{one}_id}}",
            "summary": f"Change a {one}",
            "kind": "update",
            **entity,
        },
        {
            "id": f"delete_{one}",
            "method": "DELETE",
            "path": f"{path}/{{{one}_id}}",
            "summary": f"Delete a {one}",
            "kind": "delete",
            **entity,
        },
    ]


def design() -> dict[str, Any]:
    """A blueprint as plain data, to be changed by a test before it is validated."""
    status = field("status", "enum", values=["draft", "active", "archived"])
    nested = {
        "id": "list_workflow_tasks",
        "method": "GET",
        "path": "/workflows/{workflow_id}/tasks",
        "summary": "List a workflow's tasks",
        "kind": "list",
        "entity": "Task",
        "paginated": True,
        "roles": ["admin", "editor"],
    }
    execute = {
        "id": "execute_workflow",
        "method": "PUT",
        "path": "/workflows/{workflow_id}/execute",
        "summary": "Execute a workflow",
        "kind": "action",
        "entity": "Workflow",
        "asynchronous": True,
        "roles": ["admin"],
    }
    health = {
        "id": "read_health",
        "method": "GET",
        "path": "/health",
        "summary": "Tell whether the service is well",
        "kind": "query",
        "public": True,
        "response": [field("status", "enum", values=["ok", "failing"])],
    }
    return {
        "title": "Workflow automation",
        "summary": "Lets teams automate work.",
        "stack": {"language": "Python", "framework": "FastAPI", "database": "PostgreSQL", "cache": "Redis"},
        "entities": [
            {"name": "Tenant", "plural": "tenants", "fields": [field("name", unique=True)]},
            {
                "name": "User",
                "plural": "users",
                "tenant_scoped": True,
                "fields": [
                    field("email", "email", unique=True, sensitive=True),
                    field("password_hash", sensitive=True),
                    field("display_name"),
                ],
            },
            {
                "name": "Workflow",
                "plural": "workflows",
                "tenant_scoped": True,
                "fields": [field("title"), status, field("price", "money")],
            },
            {
                "name": "Task",
                "plural": "tasks",
                "tenant_scoped": True,
                "fields": [field("title"), field("position", "integer"), status],
            },
        ],
        "relations": [
            {"source": "Workflow", "target": "User", "name": "owner"},
            {"source": "Task", "target": "Workflow", "name": "workflow", "on_delete": "cascade"},
            {"source": "Workflow", "target": "User", "name": "page_feeds", "cardinality": "many_to_many"},
        ],
        "operations": [
            *crud("Tenant", "tenants"),
            *crud("User", "users"),
            *crud("Task", "tasks"),
            nested,
            execute,
            health,
            *crud(
                "Workflow",
                "workflows",
                parameters=[field("status", "enum", values=["draft", "active", "archived"], required=False)],
            ),
        ],
        "auth": {
            "scheme": "oidc",
            "description": "OIDC with PKCE against the company's provider.",
            "multi_factor": True,
            "authorization": "RBAC by role, and rows by tenant.",
            "headers": ["Strict-Transport-Security"],
            "data_protection": "TLS 1.3 in transit, AES-256 at rest.",
        },
        "roles": [{"name": "admin", "description": "May do all."}, {"name": "editor", "description": "May edit."}],
        "integrations": [
            {
                "service": "Stripe",
                "purpose": "Payments",
                "method": "webhooks",
                "on_failure": "Retried for a day, then parked.",
            }
        ],
        "budgets": [{"metric": "latency_p95", "value": 200, "unit": "ms", "source": "performance"}],
        "services": {
            "style": "A modular monolith.",
            "communication": "REST, and events through an outbox.",
            "data_consistency": "Transactions.",
            "service_discovery": "DNS, health checks.",
            "caching": "Redis for sessions, 60 s.",
            "scalability": "Stateless replicas.",
            "monitoring": "OpenTelemetry traces and RED metrics.",
            "migration_strategy": "Expand and contract.",
            "database_optimization": "Keyset pages over indexes.",
            "boundaries": ["Identity", "Workflow"],
        },
    }


def brief(
    *, replies: Sequence[tuple[str, str]] | None = None, entities: Sequence[str] = ("Users", "Workflows", "Tasks")
) -> Brief:
    """What the people asked for."""
    given = (
        replies
        if replies is not None
        else [
            ("api_design", "POST /api/workflows - create, GET /api/workflows/{id}, PUT /api/workflows/{id}/execute"),
            ("security_controls", "OIDC with MFA, multi-tenant. Roles: admin, editor."),
            ("performance_requirements", "p95 under 200 ms."),
            ("integration_needs", "Stripe for payments."),
        ]
    )
    source = Source(
        path="phase3/data-architect.json", sha256="0" * 64, body={"data_models": {"core_entities": list(entities)}}
    )
    return Brief(
        evaluation_id="e1",
        role="backend-developer",
        title="Workflow automation",
        description="",
        iteration=1,
        goal="Design it.",
        sources=(source,),
        replies=tuple(Reply(key=key, question=key, text=text, by="U1") for key, text in given),
    )


def subject(
    plan: dict[str, Any] | None = None, *, asked: Brief | None = None, replaced: Sequence[Artefact] = ()
) -> Subject:
    """Everything the checks judge; `replaced` stand in for rendered files of the same name."""
    blueprint = Blueprint.model_validate(plan if plan is not None else design())
    names = {artefact.name for artefact in replaced}
    rendered = tuple(artefact for artefact in render(blueprint) if artefact.name not in names)
    return Subject(artefacts=(*rendered, *replaced), blueprint=blueprint, brief=asked or brief())
