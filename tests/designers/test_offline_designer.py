"""The offline designer as a whole: what it makes of a team's inputs, of nothing, and of objections."""

from __future__ import annotations

import postgast
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator

from bot.domain.evidence import Finding, Outcome
from bot.roles.backend_developer.blueprint import AuthScheme, Blueprint, OperationKind
from bot.roles.backend_developer.designers.offline import OfflineDesigner
from bot.roles.backend_developer.designers.offline.compose import compose
from bot.roles.backend_developer.designers.offline.feedback import apply
from bot.roles.backend_developer.designers.offline.repair import repair
from bot.roles.backend_developer.renderers.migrations import create, drop
from bot.roles.backend_developer.renderers.render import render
from bot.services.designer import TaskStatus
from tests.designers.samples import ANSWERS, MemorySession, brief, check, note


@pytest.fixture(scope="module")
def plan() -> Blueprint:
    return compose(brief())


def routes(plan: Blueprint) -> set[str]:
    return {f"{op.method} {op.path}" for op in plan.operations}


def test_named_endpoints_are_kept_as_named(plan: Blueprint) -> None:
    """Every call of the answers is there by its method and path, with its words and its source."""
    named = {"POST /workflows", "GET /workflows/{id}", "PUT /workflows/{id}/execute", "GET /analytics/dashboard"}
    assert named <= routes(plan)
    execute = next(op for op in plan.operations if op.path == "/workflows/{id}/execute")
    assert (execute.id, execute.asynchronous, execute.source) == ("execute_workflow", True, "opening_2")


def test_entities_of_documents_and_answers_are_there(plan: Blueprint) -> None:
    """Core entities and answered ones, and what they need: tenants, jobs, an audit trail."""
    names = {entity.name for entity in plan.entities}
    assert {"User", "Workflow", "Task", "AnalyticsEvent", "SystemMetric", "Approval"} <= names
    assert {"Tenant", "Job", "AuditEvent", "InboundEvent"} <= names


def test_relations_follow_the_statements(plan: Blueprint) -> None:
    """A child points at its parent and goes with it where it makes no sense alone."""
    links = {(r.source, r.name, r.target, r.on_delete.value) for r in plan.relations}
    assert ("Task", "workflow", "Workflow", "cascade") in links
    assert ("Workflow", "owner", "User", "restrict") in links
    assert ("Approval", "task", "Task", "restrict") in links


def test_numbers_become_budgets(plan: Blueprint) -> None:
    """The team's numbers are budgets with their source; those of reads stand at the reading calls."""
    whole = {b.metric: b.value for b in plan.budgets if not b.operation}
    assert whole["throughput"] == 150 and whole["availability"] == 99.9 and whole["latency_p95"] == 500
    assert {b.value for b in plan.budgets if b.operation == "read_workflow"} == {200}
    assert all(b.source == "performance_requirements" for b in plan.budgets)


def test_security_is_as_asked(plan: Blueprint) -> None:
    """Scheme, factors, token life, rate limit and roles come from the answers."""
    auth = plan.auth
    assert (auth.scheme, auth.multi_factor, auth.token_minutes, auth.rate_limit_per_minute) == (
        AuthScheme.OIDC,
        True,
        30,
        300,
    )
    assert [role.name for role in plan.roles] == ["admin", "editor", "viewer"]
    delete = next(op for op in plan.operations if op.kind is OperationKind.DELETE)
    assert delete.roles == ("admin",)


def test_an_answer_goes_before_a_document(plan: Blueprint) -> None:
    """The stack is the answered one, though the architect's document names another."""
    assert (plan.stack.language, plan.stack.framework, plan.stack.database) == ("Python", "FastAPI", "PostgreSQL 16")
    assert plan.stack.messaging == "Apache Kafka"


@pytest.mark.parametrize(
    "title", ["Dog walking marketplace", "x", "日本", "Booking app", "<!channel>", "\x1b", "Problem", "Order Create"]
)
def test_a_title_is_enough(title: str) -> None:
    """With a title and nothing else there is a design that renders."""
    made = compose(brief({}, {}, title=title))
    assert "User" in {e.name for e in made.entities} and len(made.entities) >= 2
    assert {op.path for op in made.operations} >= {"/health", "/users"}
    assert_parses(made)


def test_the_same_brief_gives_the_same_bytes() -> None:
    """Two runs over equal briefs render the same files."""
    assert [a.sha256 for a in render(compose(brief()))] == [a.sha256 for a in render(compose(brief()))]


def assert_parses(plan: Blueprint) -> None:
    files = {a.name: a.content.decode() for a in render(plan)}
    assert not list(OpenAPIV31SpecValidator(yaml.safe_load(files["openapi.yaml"])).iter_errors())
    for name, text in files.items():
        if name.endswith(".sql"):
            postgast.parse(text)


WORDS = st.sampled_from(
    [
        "order", "Users", "has many", "1:N", "belongs to", ":", ",", ";", "\n", "GET /api/orders/{id}",
        "POST /x/{a}/x/{a}", "id", "status (a|b)", "roles: admin, viewer", "'; DROP TABLE users; --",
        "<!channel>", "approve all gates", "p95 200 ms", "Stripe for payments via webhooks", "xmin", "Problem",
        "entity", "password", "email unique", "all entities generate", "(", "OrderCreate", "SOC 2",
        "multi-tenant", "PUT /orders/{id}", "DELETE /me", "tables: a, b, user, select", "\x00", "\u202e", "é",
    ]
)  # fmt: skip
TEXT = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=25).map(" ".join))
SAID = st.dictionaries(st.sampled_from(sorted(ANSWERS)), TEXT, max_size=4)


@settings(max_examples=8, deadline=None)
@given(answers=SAID, title=st.text(max_size=60))
def test_any_answers_give_a_valid_document(answers: dict[str, str], title: str) -> None:
    """Whatever people type, the document is valid OpenAPI; few examples, as the validator takes half a second."""
    assert_parses(compose(brief(answers, {}, title=title)))


@settings(max_examples=60, deadline=None)
@given(answers=SAID, title=st.text(max_size=60))
def test_any_answers_give_sql(answers: dict[str, str], title: str) -> None:
    """Whatever people type, the blueprint is valid and PostgreSQL's parser takes its migrations."""
    made = compose(brief(answers, {}, title=title))
    assert postgast.parse(create(made)).stmts and postgast.parse(drop(made)).stmts


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), WORDS, st.text(max_size=30)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                ["core_entities", "relationships", "integrations", "technology_stack", "name", "fields", "x", "from"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)


@settings(max_examples=40, deadline=None)
@given(
    body=st.dictionaries(st.sampled_from(["core_entities", "relationships", "integrations", "security_controls"]), JSON)
)
@example(body={"integrations": [{"name": "\x00"}, {"name": "Acme", "purpose": "\x00", "method": "\u200b"}]})
def test_any_document_gives_a_design(body: dict[str, object]) -> None:
    """Documents of any shape are read for what they hold and never break a design."""
    assert compose(brief({}, {"phase3/data-architect.json": body})).entities


@settings(max_examples=40, deadline=None)
@given(text=TEXT)
def test_any_feedback_leaves_a_valid_design(text: str) -> None:
    """Objections in any words leave a blueprint that validates; each is answered or stays open."""
    made, answered = apply(compose(brief({}, {})), [note(text)])
    assert Blueprint.model_validate(made.model_dump()) == made
    assert [item.feedback_id for item in answered] == ["f1"]


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("The rate limit is too generous", "rate limit from 300 to 150"),
        ("Please allow 50 requests per minute only", "rate limit from 300 to 50"),
        ("Use OAuth for partners", "authentication by oauth2"),
        ("Add endpoint GET /workflows/{id}/history - Runs of a workflow", "added GET /workflows/{id}/history"),
        ("Add an entity Invoice", "added the entities Invoice"),
        ("We need an auditor role", "added the roles auditor"),
        ("Cache the reads", "cached in Redis"),
        ("Please index tasks by due_at", "indexed task by due_at"),
        ("Integrate Twilio", "integrated Twilio"),
        ("Encryption of PII is missing", "sensitive columns are encrypted"),
        ("Customers want webhooks they can subscribe to", "added webhooks"),
        ("Retry should run in the background", "retry_task answer 202"),
        ("Add a field region to workflow", "added region to workflow"),
        ("Please watch the size of the analytics tables.", "monitoring alerts on the size of the analytics tables"),
    ],
)
def test_objections_change_the_design(plan: Blueprint, text: str, change: str) -> None:
    """A rejected gate's reason changes the blueprint, and the change is said and kept as a decision."""
    made, (answer,) = apply(plan, [note(text)])
    assert change in answer.change
    assert made != plan and made.decisions[-1].addresses == "api_review"


def test_each_clause_is_an_objection_of_its_own(plan: Blueprint) -> None:
    """What is said of one entity changes that one only."""
    _made, (answer,) = apply(plan, [note("Add a field region to workflow. Index tasks by due_at")])
    assert answer.change == "added region to workflow, optional for existing rows; indexed task by due_at"


def test_what_no_rule_understands_stays_open(plan: Blueprint) -> None:
    """An objection that no rule fits changes nothing and is not claimed to be answered."""
    made, (answer,) = apply(plan, [note("I do not like the tone of this")])
    assert made == plan and answer.change == ""


@pytest.mark.parametrize("words", ["Please work in what the reviewers asked for.", "Fix everything Ava and Ben noted"])
def test_words_that_point_at_others_words_are_answered_with_them(plan: Blueprint, words: str) -> None:
    """“What the reviewers asked for” is open while a point of theirs is, and then answered by their changes."""
    theirs, owner = note("Cache the reads", key="r1"), note(words, key="o1", origin="iteration_complete", by="U9")
    _made, answered = apply(plan, [theirs, owner])
    assert answered[1].change == f"worked in: {answered[0].change}"
    left = note("I do not like the tone of this", key="r2")
    assert apply(plan, [theirs, left, owner])[1][2].change == ""
    assert apply(plan, [owner])[1][0].change == ""


def test_words_that_point_and_say_more_stay_open(plan: Blueprint) -> None:
    """Who points at others' words and adds a wish that no rule knows is not told that all was worked in."""
    more = note("Work in what Ava asked for and mind the tone of it", key="o1", by="U9")
    assert apply(plan, [note("Cache the reads", key="r1"), more])[1][1].change == ""


@pytest.mark.parametrize("text", ["Users can watch workflows", "Watch out"])
def test_only_a_demand_to_watch_makes_an_alert(plan: Blueprint, text: str) -> None:
    """To watch as a thing that users do is no demand upon monitoring."""
    made, _answered = apply(plan, [note(text)])
    assert made.services.monitoring == plan.services.monitoring


@pytest.mark.parametrize(
    ("key", "detail"),
    [
        ("api.answers_covered", "Missing: GET /reports/{id}"),
        ("api.entities_covered", "No schema for: Invoice, Ledger"),
        ("security.roles_asked", "Not defined: superviser"),
        ("service.integrations_asked", "Named in the answers but not integrated: Okta, Acme"),
        ("service.failures_planned", "No plan for failure: Stripe"),
        ("security.personal_marked", "Not marked: Approval.comment"),
        ("performance.long_work_accepted", "Answer at once: retry_task"),
    ],
)
def test_findings_are_mended(plan: Blueprint, key: str, detail: str) -> None:
    """A finding that a rule knows changes the blueprint by what the finding names."""
    made, mended = repair(plan, [Finding(check=key, detail=detail, fix="")])
    assert mended == (key,) and made != plan


def test_unknown_findings_are_left_to_people(plan: Blueprint) -> None:
    """A finding without a mend changes nothing."""
    assert repair(plan, [Finding(check="api.unheard_of", detail="x: y", fix="")]) == (plan, ())


async def test_a_run_shows_its_steps_and_says_that_no_model_was_used() -> None:
    """Every step is shown and ends; exactly three strengths and three improvements; no model."""
    session = MemorySession(brief())
    design = await OfflineDesigner().design(session)
    assert [task for task, status, _ in session.shown if status is TaskStatus.COMPLETE] == [
        "inputs", "answers", "model", "api", "security", "check_1", "write",
    ]  # fmt: skip
    words = design.narrative
    assert len(words.strengths) == len(words.improvements) == 3
    assert design.model is None and "no language model was used" in words.recommendation
    assert len(session.assessed) == 1


async def test_findings_bring_another_round() -> None:
    """What a check finds is mended and checked again, at most as often as configured."""
    failed = check("api.entities_covered", Outcome.FAILED, "No schema for: Ledger")
    session = MemorySession(brief(), findings=[[failed], []])
    design = await OfflineDesigner().design(session)
    assert len(session.assessed) == 2 and "Ledger" in {e.name for e in design.proposal.entities}
    again = check("api.entities_covered", Outcome.FAILED, "No schema for: Other")
    capped = MemorySession(brief(), findings=[[failed], [again], [again]])
    await OfflineDesigner(rounds=1).design(capped)
    assert len(capped.assessed) == 1


async def test_notes_in_the_thread_are_taken_into_account() -> None:
    """What people write while the run goes on changes the design and is answered."""
    session = MemorySession(
        brief(), notes=[note("rate limit 60 requests per minute please", "n1", "note"), note("hm", "n2")]
    )
    design = await OfflineDesigner().design(session)
    assert design.proposal.auth.rate_limit_per_minute == 60
    assert {a.feedback_id: bool(a.change) for a in design.narrative.addressed} == {"n1": True, "n2": False}
    assert any("hm" in line for line in design.narrative.improvements)


async def test_a_run_called_again_comes_to_the_same_design() -> None:
    """The designer keeps nothing between calls: a resumed run ends where the first would have."""
    designer = OfflineDesigner()
    first, second = [await designer.design(MemorySession(brief())) for _ in range(2)]
    assert first == second


async def test_the_next_iteration_keeps_what_was_agreed() -> None:
    """What feedback added to the last iteration is still there though nobody repeats it."""
    before, _ = apply(compose(brief()), [note("Add an entity Invoice; 60 requests per minute")])
    design = await OfflineDesigner().design(MemorySession(brief(previous=before)))
    assert "Invoice" in {e.name for e in design.proposal.entities}
    assert design.proposal.auth.rate_limit_per_minute == 60
