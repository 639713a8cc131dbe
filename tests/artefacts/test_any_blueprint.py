"""Whatever a blueprint says: its document is valid, its migrations run on PostgreSQL, there and back."""

from __future__ import annotations

import postgast
import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator

from bot.evidence.postgres import PostgresServer
from bot.roles.backend_developer.blueprint import Blueprint, OnDelete
from bot.roles.backend_developer.renderers.diagram import mermaid, svg
from bot.roles.backend_developer.renderers.evolution import evolve, revert
from bot.roles.backend_developer.renderers.migrations import create, drop
from bot.roles.backend_developer.renderers.openapi import openapi_yaml
from tests.artefacts.rich import clinic
from tests.artefacts.strategies import HOSTILE, MEMBERS, blueprints, texts
from tests.support import quick_yaml
from tests.support.examples import examples

SHARED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=examples(5),
    # Shrinking asks PostgreSQL a thousand times; what failed is printed whole, and a clinic is small enough to read.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
# Designs of the same few entities: each step changes what the one before it made.
CHAINS = st.lists(blueprints(("Order", "Größe")), min_size=2, max_size=4)
_OTHER = {OnDelete.RESTRICT: OnDelete.CASCADE, OnDelete.CASCADE: OnDelete.RESTRICT}
_LEFT = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'
    UNION ALL SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"""


def run(server: PostgresServer, *files: str) -> list[str]:
    """Run the files one after another in a database of their own; return what is left there."""
    with server.trial_database(seconds=60) as database, psycopg.connect(database.conninfo, autocommit=True) as session:
        for text in files:
            session.execute(text.encode())
        return [str(row[0]) for row in session.execute(_LEFT).fetchall()]


@pytest.mark.sampled
@SHARED
@given(blueprint=blueprints())
def test_documents_are_valid(blueprint: Blueprint) -> None:
    """openapi-spec-validator finds nothing in any document, and the diagrams can be drawn."""
    root = quick_yaml.load(openapi_yaml(blueprint))
    assert [error.message for error in OpenAPIV31SpecValidator(root).iter_errors()] == []
    assert root["info"]["title"] == blueprint.title
    assert mermaid(blueprint) and svg(blueprint)


@pytest.mark.sampled
@SHARED
@given(blueprint=blueprints())
def test_migrations_run_there_and_back(postgres: PostgresServer, blueprint: Blueprint) -> None:
    """PostgreSQL takes every migration and its way back, which leaves nothing."""
    assert run(postgres, create(blueprint), drop(blueprint)) == []


@pytest.mark.sampled
@SHARED
@given(old=blueprints(), new=blueprints())
def test_any_schema_leads_to_any_other(postgres: PostgresServer, old: Blueprint, new: Blueprint) -> None:
    """From each schema to each other and back, and all of it away again."""
    change = evolve(old, new)
    there = [change, revert(old, new)] if change else []
    assert run(postgres, create(old), *there, drop(old)) == []


@pytest.mark.sampled
@SHARED
@given(designs=st.one_of(st.lists(blueprints(), min_size=2, max_size=3), CHAINS))
def test_any_chain_of_designs_runs_there_and_back(postgres: PostgresServer, designs: list[Blueprint]) -> None:
    """What a later design names again is there already: every chain that returns to its beginning runs, both ways."""
    chain = [*designs, *designs]
    up, down = [create(chain[0])], [drop(chain[0])]
    for number in range(1, len(chain)):
        earlier = chain[: number - 1]
        change = evolve(chain[number - 1], chain[number], earlier=earlier)
        if change:
            up.append(change)
            down.append(revert(chain[number - 1], chain[number], earlier=earlier))
    assert run(postgres, *up, *reversed(down)) == []


def test_a_full_blueprint_runs(postgres: PostgresServer) -> None:
    """The clinic, which says everything that one can say, is made and taken away."""
    assert run(postgres, create(clinic()), drop(clinic())) == []


@given(words=st.one_of(st.sampled_from(HOSTILE), texts))
def test_hostile_words_stay_words(words: str) -> None:
    """Whatever stands in a text, PostgreSQL's parser sees the same statements, and YAML gives the text back."""
    said = words.strip() or "x"  # a blueprint keeps no blanks around a text, U+2028 among them
    fields = [{"name": "kind", "type": "enum", "values": [*MEMBERS], "label": said[:120], "unit": said[:40]}]
    entity = {"name": "Order", "plural": "order", "description": said, "label": said[:120], "fields": fields}

    def made(text: str) -> Blueprint:
        return clinic(
            summary=text,
            entities=[{**entity, "description": text}],
            relations=[],
            tenant="",
            rules=[{"entity": "Order", "kind": "other", "text": text}, {"entity": "Order", "kind": "count",
                    "value": 3, "text": text}, {"entity": "Order", "kind": "compare", "expression": text[:400]}],
            state_machines=[],
            permissions=[],
            events=[{"kind": "webhook_out", "name": "x", "description": text}],
            operations=[{"id": "read", "method": "GET", "path": "/order/{id}", "summary": text, "kind": "read",
                         "entity": "Order", "description": text,
                         "problems": [{"status": 409, "code": "taken", "description": text}]}],
        )  # fmt: skip

    kinds = [statement.stmt.WhichOneof("node") for statement in postgast.parse(create(made(said))).stmts]
    assert kinds == [statement.stmt.WhichOneof("node") for statement in postgast.parse(create(made("plain"))).stmts]
    root = quick_yaml.load(openapi_yaml(made(said)))
    assert root["paths"]["/order/{id}"]["get"]["summary"] == said
    assert root["components"]["schemas"]["Order"]["description"] == said


def _parcels(key: str, kind: str, *, sent: bool) -> Blueprint:
    """Return a depot known by `key`, whose code is of this kind, and a parcel that may be sent to it."""
    depot = {
        "name": "Depot",
        "plural": "depots",
        "description": "A depot.",
        "fields": [{"name": "code", "type": kind}],
        "key": [key] if key else [],
    }
    parcel = {"name": "Parcel", "plural": "parcels", "description": "A parcel.", "fields": []}
    sending = {"source": "Parcel", "target": "Depot", "name": "depot", "required": False}
    return clinic(
        entities=[depot, parcel], relations=[sending] if sent else [], tenant="", rules=[], state_machines=[],
        permissions=[], events=[], operations=[],
    )  # fmt: skip


def test_a_key_goes_that_a_column_out_of_the_design_still_points_at(postgres: PostgresServer) -> None:
    """A stand-in key whose column changes its type goes with the foreign keys that rest on it, and comes back."""
    chain = [
        _parcels("", "string", sent=True),
        _parcels("code", "string", sent=True),
        _parcels("code", "integer", sent=False),
        _parcels("code", "string", sent=True),
    ]
    steps = [(chain[n - 1], chain[n], chain[: n - 1]) for n in range(1, len(chain))]
    up = [evolve(old, new, earlier=earlier) for old, new, earlier in steps]
    down = [revert(old, new, earlier=earlier) for old, new, earlier in steps]
    assert run(postgres, create(chain[0]), *up, *reversed(down), drop(chain[0])) == []
    # What has its former type again is another column: the foreign key points at it, not at the values set aside.
    with (
        postgres.trial_database(seconds=60) as database,
        psycopg.connect(database.conninfo, autocommit=True) as session,
    ):
        for text in (create(chain[0]), *up):
            session.execute(text.encode())
        session.execute("INSERT INTO depots (id, code) VALUES (gen_random_uuid(), 'north')")
        session.execute("INSERT INTO parcels (id, depot_code) VALUES (gen_random_uuid(), 'north')")


def test_an_index_takes_the_name_of_another(postgres: PostgresServer) -> None:
    """The index over `depot, id` and that of the reference `depot_id` have one name: the older one gives way."""

    def listed(*fields: dict[str, str], sort: list[str]) -> Blueprint:
        operations = [{"id": "all", "method": "GET", "path": "/parcels", "summary": "All.", "kind": "list",
                       "entity": "Parcel", "paginated": True, "sort": sort}]  # fmt: skip
        parcel = {"name": "Parcel", "plural": "parcels", "description": "A parcel.", "fields": list(fields)}
        return clinic(
            entities=[parcel], relations=[], tenant="", rules=[], state_machines=[], permissions=[], events=[],
            operations=operations,
        )  # fmt: skip

    old, new = _parcels("", "string", sent=True), listed({"name": "depot", "type": "string"}, sort=["depot"])
    assert "CREATE INDEX ix_parcels_depot_id ON parcels (depot_id)" in create(old)
    assert "CREATE INDEX ix_parcels_depot_id ON parcels (depot, id)" in evolve(old, new)
    chain = [old, new, old, new]
    steps = [(chain[n - 1], chain[n], chain[: n - 1]) for n in range(1, len(chain))]
    up = [evolve(old, new, earlier=earlier) for old, new, earlier in steps]
    down = [revert(old, new, earlier=earlier) for old, new, earlier in steps]
    assert run(postgres, create(chain[0]), *up, *reversed(down), drop(chain[0])) == []


def _coupons(*rules: dict[str, object]) -> Blueprint:
    fields = [{"name": "code", "type": "string", "unique": True}]
    entity = {"name": "Coupon", "plural": "coupons", "description": "A coupon.", "fields": fields}
    return clinic(
        entities=[entity], relations=[], tenant="", rules=list(rules), state_machines=[], permissions=[], events=[],
        operations=[{"id": "read", "method": "GET", "path": "/coupons", "summary": "All.", "kind": "list",
                     "entity": "Coupon"}],
    )  # fmt: skip


def test_rows_may_begin_or_cease_to_be_kept_after_deletion(postgres: PostgresServer) -> None:
    """A key among rows that are not deleted and a key among all stand beside each other while a schema changes."""
    kept, gone = _coupons({"entity": "Coupon", "kind": "soft_delete", "text": "Deleted coupons are kept."}), _coupons()
    for old, new in ((kept, gone), (gone, kept)):
        assert run(postgres, create(old), evolve(old, new), revert(old, new), drop(old)) == []


def test_a_step_that_was_rendered_changes_no_other_rendering() -> None:
    """A design's first migration is the same before and after steps from it and to it: its foreign keys are in it."""
    old = clinic()
    links = tuple(
        link.model_copy(update={"on_delete": _OTHER.get(link.on_delete, link.on_delete)}) for link in old.relations
    )
    new = clinic(relations=links)
    first = create(old), create(new)
    assert evolve(old, new) and revert(old, new) and evolve(new, old) and revert(new, old)
    assert (create(old), create(new)) == first
    assert all("FOREIGN KEY" in text for text in first)
