"""Checks over the API's document: each finds the fault it is for, and names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.evidence import Outcome
from bot.evidence.checks import Unmeasurable
from bot.evidence.sharing import SharedServer
from tests.evidence.bench_helpers import SPECS, bench_of, file
from tests.evidence.samples import brief, design

Doc = dict[str, Any]
ONE = "/workflows/{workflow_id}"


def _drop_parameters(doc: Doc) -> None:
    doc["paths"]["/workflows"]["get"]["parameters"] = []


def _unlimited(doc: Doc) -> None:
    del doc["components"]["parameters"]["Limit"]["schema"]["maximum"]


def _leak(doc: Doc) -> None:
    doc["components"]["schemas"]["User"]["properties"]["password_hash"] = {"type": "string", "maxLength": 9}


def _listed_email(doc: Doc) -> None:
    doc["components"]["schemas"]["UserPage"]["properties"]["items"]["items"] = {"$ref": "#/components/schemas/User"}


def _unbounded_title(doc: Doc) -> None:
    del doc["components"]["schemas"]["WorkflowCreate"]["properties"]["title"]["maxLength"]


def _open_ended_page(doc: Doc) -> None:
    del doc["components"]["schemas"]["WorkflowPage"]["properties"]["items"]["maxItems"]


def _plain_errors(doc: Doc) -> None:
    doc["components"]["responses"]["NotFound"]["content"] = {"application/json": {}}


def _twice(doc: Doc) -> None:
    doc["paths"]["/users"]["get"]["operationId"] = doc["paths"]["/tasks"]["get"]["operationId"]


def _operation(method: str, path: str, **changes: Any) -> Callable[[Doc], None]:
    def spoil(doc: Doc) -> None:
        doc["paths"][path][method].update(changes)

    return spoil


def _without(method: str, path: str, status: str) -> Callable[[Doc], None]:
    return lambda doc: doc["paths"][path][method]["responses"].pop(status)


def _no_headers(method: str, path: str, status: str) -> Callable[[Doc], None]:
    return lambda doc: doc["paths"][path][method]["responses"][status].pop("headers")


SPOILT: list[tuple[str, Callable[[Doc], object], str]] = [
    ("api.valid", lambda doc: doc.pop("info"), "info"),
    ("api.valid", lambda doc: doc.update(openapi="3.0.3"), "3.0.3"),
    ("api.valid", _operation("get", "/health", responses={"200": {"$ref": "#/components/responses/Gone"}}), "Gone"),
    ("api.valid", _operation("get", "/health", responses={"2O1": {"description": "x"}}), "2O1"),
    ("api.answers_covered", lambda doc: doc["paths"].pop(f"{ONE}/execute"), "/execute is missing"),
    ("api.entities_covered", lambda doc: doc["components"]["schemas"].pop("Task"), "Task has no schema"),
    ("api.lists_paginate", _drop_parameters, "GET /workflows (no cursor)"),
    ("api.lists_paginate", _unlimited, "no maximum"),
    ("api.operations_named", _twice, "used twice"),
    ("api.operations_named", _operation("get", "/users", summary=""), "GET /users (no summary)"),
    ("api.problem_details", _plain_errors, "404"),
    ("api.problem_details", _operation("get", "/health", responses={"200": {"description": "x"}}), "declares none"),
    ("api.conflicts_declared", _without("post", "/tasks", "409"), "POST /tasks (no 409/412)"),
    ("api.versioned", lambda doc: doc.update(servers=[{"url": "/api"}]), "/api"),
    ("api.versioned", lambda doc: doc.pop("servers"), "“/”"),
    ("api.inputs_bounded", _unbounded_title, "POST /workflows title"),
    ("api.secrets_kept", _leak, "password_hash"),
    ("api.design_rendered", lambda doc: doc["paths"].pop("/health"), "GET /health (not in the document)"),
    ("security.operations_secured", _operation("get", "/users", security=[]), "GET /users"),
    ("security.operations_secured", lambda doc: doc["paths"]["/users"]["get"].pop("security"), "GET /users"),
    ("security.no_anonymous_writes", _operation("delete", ONE, security=[{}]), f"DELETE {ONE}"),
    ("security.schemes_defined", lambda doc: doc["components"].pop("securitySchemes"), "No security scheme"),
    ("security.schemes_defined", _operation("get", "/users", security=[{"other": []}]), "other"),
    ("security.schemes_asked", lambda doc: doc["components"].pop("securitySchemes"), "oidc"),
    ("security.rate_limited", _without("get", "/users", "429"), "GET /users"),
    ("security.personal_closed", _operation("get", "/users/{user_id}", security=[]), "GET /users/{user_id} email"),
    ("security.personal_unlisted", _listed_email, "GET /users email"),
    ("performance.results_bounded", _open_ended_page, "GET /workflows"),
    ("performance.long_work_accepted", _without("put", f"{ONE}/execute", "202"), "execute"),
    ("performance.reads_conditional", _no_headers("get", ONE, "200"), ONE),
    ("service.accepted_work_traceable", _no_headers("put", f"{ONE}/execute", "202"), "no Location"),
    ("service.accepted_work_traceable", _without("put", f"{ONE}/execute", "202"), "execute_workflow (no 202)"),
    ("service.health_readable", lambda doc: doc["paths"].pop("/health"), "no health endpoint"),
    ("service.health_readable", _operation("get", "/health", security=[{"openIdConnect": []}]), "GET /health"),
    ("service.creates_repeatable", _operation("post", "/users", parameters=[]), "POST /users"),
]


@pytest.mark.parametrize(("key", "spoil", "word"), SPOILT)
def test_fault_in_the_document_is_found(
    key: str, spoil: Callable[[Doc], object], word: str, server: SharedServer
) -> None:
    """A check fails on the fault that it is for, and its words name the offender."""
    verdict = SPECS[key].run(bench_of(spoil=spoil, server=server))
    assert verdict.outcome is Outcome.FAILED
    assert word in verdict.detail
    assert verdict.findings
    assert verdict.raw


PLANS: list[tuple[str, Callable[[Doc], object], str]] = [
    ("security.roles_used", lambda p: p["roles"].append({"name": "viewer", "description": "May look."}), "viewer"),
    ("security.personal_marked", lambda p: p["entities"][1]["fields"][0].update(sensitive=False), "User.email"),
    ("security.tokens_short", lambda p: p["auth"].update(token_minutes=600), "600"),
    ("security.encryption_denied", lambda p: p["auth"].update(data_protection="No TLS, all is plain."), "No TLS"),
    ("performance.budgets_carried", lambda p: p.update(budgets=[]), "200 ms"),
    ("performance.budgets_carried", lambda p: p["budgets"][0].update(value=2, unit="s"), "200 ms"),
    ("performance.caching_denied", lambda p: p["services"].update(caching="All is cached for ever."), "for ever"),
    ("service.integrations_asked", lambda p: p.update(integrations=[]), "Stripe"),
    ("service.failures_denied", lambda p: p["integrations"][0].update(on_failure="It will fail."), "Stripe"),
    ("service.entities_reachable", lambda p: p.update(operations=p["operations"][5:]), "Tenant"),
    ("service.monitoring_denied", lambda p: p["services"].update(monitoring="No logs, no alerts."), "No logs"),
]


@pytest.mark.parametrize(("key", "spoil", "word"), PLANS)
def test_fault_in_the_design_is_found(
    key: str, spoil: Callable[[Doc], object], word: str, server: SharedServer
) -> None:
    """A check fails on the design's fault that it is for, and its words name the offender."""
    plan = design()
    spoil(plan)
    verdict = SPECS[key].run(bench_of(plan=plan, server=server))
    assert verdict.outcome is Outcome.FAILED
    assert word in verdict.detail


@pytest.mark.parametrize(
    ("key", "replies", "word"),
    [
        ("api.answers_covered", [("api_design", "GET /api/reports/{id}")], "GET /api/reports/{id}"),
        ("security.schemes_asked", [("security_controls", "API keys for machines")], "api_key"),
        ("security.roles_asked", [("security_controls", "Roles: admin, auditor")], "auditor"),
        ("service.stack_followed", [("opening_1", "Kotlin and MongoDB.")], "the language is not Kotlin"),
    ],
)
def test_what_people_asked_for_is_missed(
    key: str, replies: list[tuple[str, str]], word: str, server: SharedServer
) -> None:
    """What an answer names and the design lacks fails the check, in the answer's own words."""
    verdict = SPECS[key].run(bench_of(asked=brief(replies=replies), server=server))
    assert verdict.outcome is Outcome.FAILED
    assert word in verdict.detail


@pytest.mark.parametrize(
    "key",
    [
        "api.answers_covered",
        "api.entities_covered",
        "security.schemes_asked",
        "security.roles_asked",
        "performance.budgets_carried",
        "service.integrations_asked",
        "service.stack_followed",
    ],
)
def test_unasked_weighs_nothing(key: str, server: SharedServer) -> None:
    """Where nobody asked, the check is not held: it does not apply."""
    verdict = SPECS[key].run(bench_of(asked=brief(replies=[], entities=[]), server=server))
    assert verdict.outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("-- AKIA" + "ABCDEFGHIJKLMNOP", "AWS access key"),
        ("-- xoxb-" + "1234567890-abcdef", "Slack token"),
        ("-- postgres://app:hunter22@db/app", "password in a URL"),
        ("-----BEGIN RSA " + "PRIVATE KEY-----", "private key"),
        ("api_key: 'q8Zp3LxV0tR7mWc2Ks9dYb4N'", "random value"),
    ],
)
def test_credential_is_found_and_not_repeated(line: str, kind: str) -> None:
    """A credential in any file fails the check, which tells the place and the kind but never the credential."""
    verdict = SPECS["security.no_secrets"].run(bench_of(files=(file("notes.md", f"hello\n{line}\n"),)))
    assert verdict.outcome is Outcome.FAILED
    assert f"notes.md:2 ({kind}" in verdict.detail
    assert line not in verdict.detail + verdict.raw


@pytest.mark.parametrize("content", ["", "- 1", "{", "\x00"])
def test_unreadable_document_is_not_measured(content: str) -> None:
    """A document that is no YAML mapping is no basis for a verdict."""
    with pytest.raises(Unmeasurable):
        SPECS["api.lists_paginate"].run(bench_of(files=(file("openapi.yaml", content),)))


WORDS = (
    "security.encryption_denied",
    "security.authorization_denied",
    "performance.caching_denied",
    "service.failures_denied",
    "service.monitoring_denied",
    "service.consistency_denied",
)


@pytest.mark.parametrize("key", WORDS)
def test_sentences_are_claimed_and_move_nothing(key: str) -> None:
    """What a design tells of itself is shown as claimed: no check holds by it."""
    verdict = SPECS[key].run(bench_of())
    assert (verdict.outcome, SPECS[key].weight) == (Outcome.NOT_MEASURED, 0)
    assert "Claimed, not tested" in verdict.detail


@pytest.mark.parametrize(
    ("key", "part", "words"),
    [
        ("security.encryption_denied", "data_protection", "TLS 1.3; passwords are never kept in plain text."),
        ("security.encryption_denied", "data_protection", "Plain HTTP is redirected to https, never without TLS."),
        ("performance.caching_denied", "caching", "Nothing personal is cached; no personal data is cached publicly."),
        ("service.monitoring_denied", "monitoring", "Traces and metrics; nobody is woken for warnings."),
    ],
)
def test_a_refused_fault_is_no_fault(key: str, part: str, words: str) -> None:
    """A sentence that says what is not done is not taken for one that says that it is."""
    plan = design()
    plan["auth" if part == "data_protection" else "services"][part] = words
    assert SPECS[key].run(bench_of(plan=plan)).outcome is Outcome.NOT_MEASURED
