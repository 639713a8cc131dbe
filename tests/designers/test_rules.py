"""The rules designer: what was understood is in the blueprint, cites who said it, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.evidence import Outcome
from bot.evidence.lazy import Lazy
from bot.roles.backend_developer.blueprint import AuthScheme, Blueprint, OperationKind
from bot.roles.backend_developer.blueprint.rights import own_roles
from bot.roles.backend_developer.coverage import Account, assumed, coverage, share
from bot.roles.backend_developer.designers.offline import OfflineDesigner, reading_process
from bot.roles.backend_developer.designers.rules.compose import compose
from bot.roles.backend_developer.designers.rules.feedback import addressed_of, open_points
from bot.roles.backend_developer.understanding import Understood, read_here, sources_of
from bot.roles.backend_developer.worker_calls import HEAVY
from bot.services.designer import TaskStatus
from bot.workers.pool import WorkerPool
from tests.designers.samples import MemorySession, brief, check, note
from tests.support.examples import examples

KENNEL = {
    "opening_1": "Django on Postgres 16.",
    "api_design": "GET /dogs, POST /dogs, GET /dogs/{chip}, POST /dogs/{chip}/walks, GET /walks",
    "database_schema": "Dog: name, chip (string, unique), born_on date, size (small|medium|large)\n"
    "Walk: started_at timestamp, distance_m int, status: planned, running, done\nA dog has many walks.",
    "integration_needs": "Twilio for text messages. No Stripe yet.",
    "performance_requirements": "p95 below 180 ms, 99.5 % availability, 120 requests per minute per client",
    "security_controls": "Roles: keeper, vet. Vets must not read walks. Sign-in by OIDC.",
}


def known(answers: dict[str, str], **more: object) -> tuple[Blueprint, Understood]:
    given = brief(answers, {}, **more)  # type: ignore[arg-type]
    found = read_here(sources_of(given))
    return compose(found.understanding, found.facts, given), found


@pytest.fixture(scope="module")
def kennel() -> tuple[Blueprint, Understood]:
    return known(KENNEL, title="Kennel")


def test_entities_hold_what_was_said_and_no_more(kennel: tuple[Blueprint, Understood]) -> None:
    """Fields have the names, types and members that people gave; nobody gets a description or a status unasked."""
    blueprint, _ = kennel
    dog = next(e for e in blueprint.entities if e.name == "Dog")
    assert {f.name: f.type.value for f in dog.fields} == {
        "name": "string", "chip": "string", "born_on": "date", "size": "enum",
    }  # fmt: skip
    assert next(f for f in dog.fields if f.name == "size").values == ("small", "medium", "large")
    assert next(f for f in dog.fields if f.name == "chip").unique
    assert {e.name for e in blueprint.entities} == {"Dog", "Walk"}


def test_a_listed_api_is_the_api(kennel: tuple[Blueprint, Understood]) -> None:
    """A team that lists its operations gets these, as it wrote them; only the call that tells of health is assumed."""
    blueprint, _ = kennel
    assert [f"{op.method.value} {op.path}" for op in blueprint.operations if op.assumed] == ["GET /health"]
    assert {f"{op.method.value} {op.path}" for op in blueprint.operations if not op.assumed} == {
        "GET /dogs", "POST /dogs", "GET /dogs/{chip}", "POST /dogs/{chip}/walks", "GET /walks",
    }  # fmt: skip


def test_a_denial_holds_at_the_operation(kennel: tuple[Blueprint, Understood]) -> None:
    """Who must not read a thing is not among those who may call what reads it."""
    blueprint, _ = kennel
    walks = next(op for op in blueprint.operations if op.path == "/walks")
    assert walks.kind is OperationKind.LIST and walks.roles == ("keeper",)


def test_what_people_may_do_to_a_thing_is_an_operation() -> None:
    """Where nobody listed the API, "keepers can approve and reject a walk" are two calls of keepers, and cite that."""
    said = {
        "api_design": "Keepers can approve and reject walks. Vets can create dogs, and weigh one.",
        "database_schema": "Walk: started_at. Dog: name.",
    }
    blueprint, _ = known(said)
    deeds = {op.path: op for op in blueprint.operations if op.kind is OperationKind.ACTION}
    assert set(deeds) == {"/walks/{id}/approve", "/walks/{id}/reject", "/dogs/{id}/weigh"}
    assert all(op.cites and op.method.value == "POST" for op in deeds.values())
    assert {op.roles for op in deeds.values()} == {("keeper",), ("vet",)}


@pytest.mark.parametrize("said", ["Post, PostUpdate", "PostUpdate, Post"])
def test_a_thing_that_is_called_like_anothers_schema_has_another(said: str) -> None:
    """A document has a schema PostUpdate for the changes of a Post; a thing of that name is told apart from it."""
    blueprint, _ = known({"database_schema": f"Entities: {said}"})
    assert len({entity.name for entity in blueprint.entities}) == 2


def test_nobody_changes_what_has_nothing_to_change() -> None:
    """A thing of which no field was said gets no call that would change nothing."""
    blueprint, _ = known({"database_schema": "We keep kites."})
    assert "update" not in {op.kind.value for op in blueprint.operations}


def test_what_stays_from_a_state_on_stays_in_all_that_follow() -> None:
    """Rows that may not change once in a state stay so in those after it; before it they have their operations."""
    said = {
        "database_schema": "Bill: number, amount decimal, status (draft|finalised|void)\n"
        "Bill: draft -> finalised -> void. Bills are immutable once finalised.",
    }
    blueprint, _ = known(said)
    (rule,) = blueprint.rules
    assert (rule.kind.value, rule.condition) == ("immutable", "status in ('finalised', 'void')")
    assert {op.kind.value for op in blueprint.operations if op.entity == "Bill"} >= {"update", "create"}


def test_what_stays_from_something_that_is_no_state_is_kept_in_words() -> None:
    """A moment that no field tells cannot be held by the database: the rule keeps its words, and rows may change."""
    blueprint, _ = known({"database_schema": "Bill: number, amount decimal. Bills are immutable after the audit."})
    assert [(rule.kind.value, rule.text) for rule in blueprint.rules] == [
        ("other", "Bills are immutable after the audit.")
    ]


def test_what_was_refused_is_declined_and_not_built(kennel: tuple[Blueprint, Understood]) -> None:
    """A service that was put off is no integration, and the blueprint says that it was put off."""
    blueprint, _ = kennel
    assert [one.service for one in blueprint.integrations] == ["Twilio"]
    assert [(d.what, d.standing) for d in blueprint.declined] == [("Stripe", "postponed")]


def test_numbers_and_sign_in_are_as_said(kennel: tuple[Blueprint, Understood]) -> None:
    """Budgets, rate limit and scheme are the team's."""
    blueprint, _ = kennel
    budgets = {b.metric: b.value for b in blueprint.budgets}
    assert (budgets["latency_p95"], budgets["availability"]) == (180, 99.5)
    assert (blueprint.auth.scheme, blueprint.auth.rate_limit_per_minute) == (AuthScheme.OIDC, 120)


def test_every_statement_is_accounted_for(kennel: tuple[Blueprint, Understood]) -> None:
    """Each statement is realised or declined by parts that cite it; what nobody chose is named as assumed."""
    blueprint, found = kennel
    covered = coverage(found.understanding, blueprint)
    assert len(covered) == len(found.understanding.statements)
    lost = [c.statement.text for c in covered if c.account in (Account.NOT_REALISED, Account.NOT_UNDERSTOOD)]
    assert lost == []
    done, said = share(covered)
    assert done == said > 10
    assert all(not part.startswith("stack: database") for part in assumed(blueprint))


def test_an_entity_without_operations_gets_the_usual_ones_marked() -> None:
    """Where no API was said at all the usual operations are there, each marked as assumed."""
    blueprint, _ = known({"database_schema": "Entities: kites, strings"})
    assert len(blueprint.operations) == 9 and all(op.assumed for op in blueprint.operations)
    assert all(not e.fields for e in blueprint.entities)


def test_states_and_their_operations() -> None:
    """Changes of state are a machine over an enum, and each change can be made."""
    said = "A permit goes from requested to approved or refused; approved ones can be revoked."
    blueprint, _ = known({"database_schema": "Entities: permits", "api_design": said})
    (machine,) = blueprint.state_machines
    values = next(f for f in blueprint.entities[0].fields if f.name == machine.field).values
    assert set(values) == {"requested", "approved", "refused", "revoked"}
    assert {t.operation != "" for t in machine.transitions} == {True}


@pytest.mark.parametrize("answer", ["no idea", "-", "not my area", "以后再说", "не знаю"])
def test_nothing_said_makes_nothing_up(answer: str) -> None:
    """Who says nothing gets no tables and no operations, and a result that says that nothing was said."""
    blueprint, found = known({"database_schema": answer, "api_design": answer, "opening_1": answer}, title="x")
    assert blueprint.entities == () and blueprint.operations == ()
    assert set(blueprint.stack.assumed_parts) == {"language", "framework", "database"}
    assert all(c.account is not Account.REALISED for c in coverage(found.understanding, blueprint))


def test_three_points_have_three_outcomes() -> None:
    """A rejection is read in points: one done, one left out as asked, one not understood and kept open."""
    heard = note("Add an entity Leash with a colour. No Twilio. Blorp the frumious bandersnatch sideways.", "f9")
    blueprint, found = known(KENNEL, feedback=(heard,))
    covered = coverage(found.understanding, blueprint)
    (answer,) = addressed_of([heard], covered)
    assert "done" in answer.change and "left out as asked" in answer.change
    (left,) = open_points([heard], covered)
    assert "bandersnatch" in left and "not understood" in left


async def test_a_run_shows_its_steps_and_says_that_no_model_was_used(workers: WorkerPool) -> None:
    """Every step is shown and ends; exactly three strengths and three improvements; no model."""
    session = MemorySession(brief(KENNEL, {}))
    design = await _designer(workers).design(session)
    done = [task for task, status, _ in session.shown if status is TaskStatus.COMPLETE]
    assert done == ["inputs", "model", "check_1", "write"]
    assert len(design.narrative.strengths) == len(design.narrative.improvements) == 3
    assert design.model is None and "no language model was used" in design.narrative.recommendation


async def test_a_run_called_again_comes_to_the_same_design(workers: WorkerPool) -> None:
    """The designer keeps nothing that changes a design: a resumed run ends where the first would have."""
    designer = _designer(workers)
    first, second = [await designer.design(MemorySession(brief(KENNEL, {}))) for _ in range(2)]
    assert first == second


async def test_failed_checks_are_named_and_not_hidden(workers: WorkerPool) -> None:
    """What a check found stands among the improvements and keeps the recommendation from saying ready."""
    failed = check("api.valid", Outcome.FAILED, "The document is broken.")
    design = await _designer(workers).design(MemorySession(brief(KENNEL, {}), findings=[[failed]]))
    assert any("broken" in line for line in design.narrative.improvements)
    assert not design.narrative.recommendation.startswith("Ready")


@pytest.fixture
def workers() -> Iterator[WorkerPool]:
    """Worker processes for one test."""
    pool = WorkerPool(HEAVY)
    yield pool
    pool.close()


def _designer(workers: WorkerPool) -> OfflineDesigner:
    return OfflineDesigner(Lazy(reading_process), workers)


WORDS = st.sampled_from(
    [
        "order", "Users", "has many", "1:N", "belongs to", ":", ",", ";", "\n", "GET /api/orders/{id}", "- ", "|",
        "POST /x/{a}/x/{a}", "id", "status (a|b)", "roles: admin, viewer", "'; DROP TABLE users; --", "must not read",
        "<!channel>", "p95 200 ms", "Stripe for payments via webhooks", "xmin", "Problem", "entity", "unique", "only",
        "(", "OrderCreate", "multi-tenant", "DELETE /me", "CREATE TABLE a (id int)", "goes from a to b", "ä", "->",
    ]
)  # fmt: skip
TEXT = st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=25).map(" ".join))


@pytest.mark.sampled
@settings(max_examples=examples(40), deadline=None)
@given(answers=st.dictionaries(st.sampled_from(sorted(KENNEL)), TEXT, max_size=5), title=st.text(max_size=60))
def test_any_answers_give_a_valid_blueprint(answers: dict[str, str], title: str) -> None:
    """Whatever people type, the blueprint holds together, and every statement is accounted for."""
    blueprint, found = known(answers, title=title)
    assert Blueprint.model_validate(blueprint.model_dump()) == blueprint
    assert len(coverage(found.understanding, blueprint)) == len(found.understanding.statements)


def test_a_truth_value_defaults_as_people_say_it() -> None:
    """“default no” and DEFAULT '0' of a truth value are false."""
    blueprint, _ = known({"database_schema": "Kite: flown (boolean, default no), torn (boolean, default yes)"})
    assert {f.name: f.default for f in blueprint.entities[0].fields} == {"flown": "false", "torn": "true"}


def test_who_sees_only_own_rows_changes_no_others() -> None:
    """A right to read one's own rows is one to change one's own, and no others."""
    said = "Roles: flyer, club.\nFlyers see only their own kites."
    api = "GET /kites\nPOST /kites\nPATCH /kites/{id}\nPOST /kites/{id}/mend"
    blueprint, _ = known({"database_schema": "Kite: colour", "api_design": api, "security_controls": said})
    limited = {op.path for op in blueprint.operations if "flyer" in own_roles(blueprint, op)}
    assert limited >= {"/kites", "/kites/{id}", "/kites/{id}/mend"}


def test_a_rows_own_id_points_at_no_other_table() -> None:
    """`Ref: alarms.id > readings.id` is a slip: the relation gets a column of its own, of the target's type."""
    tables = "Table alarms {\n  id uuid [pk]\n}\nTable readings {\n  id bigint [pk]\n}"
    dbml = f"```dbml\n{tables}\nRef: alarms.id > readings.id\n```"
    blueprint, _ = known({"database_schema": dbml})
    assert [r.columns for r in blueprint.relations] == [()]


def test_frameworks_named_side_by_side_are_all_kept() -> None:
    """“Fastify, Prisma” are two frameworks, and the stack names both."""
    blueprint, _ = known({"database_schema": "Entities: kites", "opening_1": "TypeScript, Fastify, Prisma"})
    assert blueprint.stack.framework == "Fastify, Prisma"


@pytest.mark.parametrize("more", ["We have settled on NATS.", "NATS it is."])
def test_of_alternatives_the_one_that_was_chosen_is_the_stack(more: str) -> None:
    """“Kafka or NATS” asks for one of the two; who names one elsewhere has chosen it."""
    open_still, _ = known({"opening_1": "Kafka or NATS"})
    assert open_still.stack.messaging == "Kafka"
    chosen, _ = known({"opening_1": "Kafka or NATS", "opening_3": more})
    assert chosen.stack.messaging == "NATS"


def test_what_is_to_be_watched_is_in_the_monitoring() -> None:
    """Alarms that a team names are said where the design says how it is watched."""
    plan, _ = known({"performance_requirements": "Alerts on failed tows per depot and hour"})
    assert "Alerts on failed tows per depot and hour" in plan.services.monitoring


def test_a_headline_is_done_by_an_operation_of_its_thing_and_grants_nobody_anything() -> None:
    """“Request and archive tows” is cited by what does it; what nothing does yet gets an operation of its own."""
    said = {"database_schema": "A tow has a ticket number and a place.", "opening_2": "Request and archive tows"}
    plan, told = known(said)
    headline = next(one.id for one in told.understanding.statements if one.text == said["opening_2"])
    assert {f"{op.method.value} {op.path}" for op in plan.operations if headline in op.cites} == {
        "POST /tows",
        "POST /tows/{id}/archive",
    }
    assert not plan.permissions
