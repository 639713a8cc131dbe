"""Checks on a real PostgreSQL: each finds the fault it is for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.domain.evidence import Outcome
from bot.evidence.checks import Unmeasurable
from bot.evidence.sharing import SharedServer
from bot.roles.backend_developer.checks.context import CheckContext
from tests.evidence.bench_helpers import SPECS, rendered_document, sql_bench
from tests.evidence.samples import subject
from tests.support import quick_yaml

FAULTY = """
CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL, password text NOT NULL, joined timestamp NOT NULL);
CREATE TABLE workflows (
  id uuid PRIMARY KEY, price double precision, owner_id bigint NOT NULL REFERENCES users (id), created_at timestamptz);
CREATE INDEX one ON workflows (created_at);
CREATE INDEX two ON workflows (created_at);
CREATE TABLE notes (body text);
"""

DOCUMENT = """
openapi: 3.1.0
info: {title: t, version: '1'}
components:
  schemas:
    Workflow: {type: object, properties: {id: {type: string}, colour: {type: string}}}
"""


@pytest.fixture(scope="module")
def faulty(server: SharedServer) -> Iterator[CheckContext]:
    """One trial of migrations that hold every fault of the catalogue."""
    yield sql_bench(server, FAULTY, down="DROP TABLE notes;", document=DOCUMENT)


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("database.reversible", "left behind: r users"),
        ("database.linted", "prefer-bigint-over-int"),
        ("database.primary_keys", "notes"),
        ("database.foreign_keys_indexed", "workflows.workflows_owner_id_fkey"),
        ("database.foreign_key_types", "workflows.workflows_owner_id_fkey"),
        ("database.relations_enforced", "Task.workflow"),
        ("database.indexes_distinct", "one = two"),
        ("database.times_have_zones", "users.joined"),
        ("database.money_exact", "workflows.price"),
        ("database.keys_wide", "users.id"),
        ("database.passwords_hashed", "users.password"),
        ("database.entities_stored", "Task"),
        ("database.document_matches", "Workflow.colour"),
        ("security.tenants_scoped", "workflows (no required column of its tenant)"),
    ],
)
def test_fault_in_the_database_is_found(faulty: CheckContext, key: str, word: str) -> None:
    """A check fails on what PostgreSQL's catalogue shows, and names the table, column or constraint."""
    verdict = SPECS[key].run(faulty)
    assert verdict.outcome is Outcome.FAILED
    assert word in verdict.detail


def test_open_object_is_found(server: SharedServer) -> None:
    """An operation on one object that names no roles, on rows that no policy guards, is named."""
    document = rendered_document()
    document["paths"]["/tenants/{tenant_id}"]["get"]["x-roles"] = []
    verdict = SPECS["security.objects_guarded"].run(sql_bench(server, FAULTY, document=quick_yaml.dump(document)))
    assert verdict.findings == ("GET /tenants/{tenant_id}",)


def test_failing_migration_is_proven_harm(server: SharedServer) -> None:
    """SQL that parses but fails is found by running it, and what lies behind it is not measured."""
    bench = sql_bench(server, "CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint REFERENCES missing (id));")
    verdict = SPECS["database.migrations_apply"].run(bench)
    assert verdict.outcome is Outcome.FAILED
    assert "42P01" in verdict.detail
    assert SPECS["database.parses"].run(bench).outcome is Outcome.HELD
    assert SPECS["database.migrations_apply"].cap == 50
    with pytest.raises(Unmeasurable):
        SPECS["database.primary_keys"].run(bench)


def test_no_sql_at_all_is_found(server: SharedServer) -> None:
    """PostgreSQL's parser says what is no SQL."""
    verdict = SPECS["database.parses"].run(sql_bench(server, "CREATE TABEL a (id int);"))
    assert verdict.outcome is Outcome.FAILED
    assert "0001_initial.sql" in verdict.detail


@pytest.mark.parametrize(
    ("later", "outcome"),
    [
        ("ALTER TABLE a ADD COLUMN size bigint NOT NULL;", Outcome.FAILED),
        ("ALTER TABLE a ADD COLUMN size bigint NOT NULL DEFAULT 0;", Outcome.HELD),
        ("ALTER TABLE a ADD COLUMN size bigint;", Outcome.HELD),
    ],
)
def test_later_migration_meets_rows(server: SharedServer, later: str, outcome: Outcome) -> None:
    """A required column without a default passes on an empty table and fails here, since rows are seeded between."""
    bench = sql_bench(server, "CREATE TABLE a (id bigint PRIMARY KEY, name text NOT NULL);", later=later)
    assert SPECS["database.migrations_meet_rows"].run(bench).outcome is outcome


def test_missing_down_file_is_found(server: SharedServer) -> None:
    """A migration that nothing takes back is named."""
    bench = sql_bench(server, "CREATE TABLE a (id bigint PRIMARY KEY);")
    files = tuple(a for a in bench.subject.artefacts if not a.name.endswith(".down.sql"))
    stripped = CheckContext(
        type(bench.subject)(artefacts=files, blueprint=bench.blueprint, brief=bench.subject.brief), server
    )
    verdict = SPECS["database.reversible"].run(stripped)
    assert verdict.outcome is Outcome.FAILED
    assert "no .down.sql" in verdict.detail


def test_shadowed_catalogue_deceives_nobody(server: SharedServer) -> None:
    """Functions and tables named like PostgreSQL's own, put first in the search path, change no fact."""
    sly = """
    CREATE TABLE notes (body text);
    CREATE TABLE public.pg_constraint AS SELECT c.oid AS conrelid, 'p'::"char" AS contype FROM pg_catalog.pg_class c;
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$;
    """
    verdict = SPECS["database.primary_keys"].run(sql_bench(server, sly))
    assert verdict.outcome is Outcome.FAILED
    assert "notes" in verdict.detail


def test_sequential_scan_is_measured(server: SharedServer) -> None:
    """Without an index for its order, PostgreSQL's own plan for the list gives the check its fault."""
    up = """CREATE TABLE workflows (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now());"""
    rendered = next(a.content.decode() for a in subject().artefacts if a.name == "openapi.yaml")
    bench = sql_bench(server, up, document=rendered)
    verdict = SPECS["performance.lists_use_indexes"].run(bench)
    assert verdict.outcome is Outcome.FAILED
    assert "GET /workflows (reads all of workflows)" in verdict.detail
    indexed = sql_bench(server, up + "CREATE INDEX ON workflows (created_at, id);", document=rendered)
    assert SPECS["performance.lists_use_indexes"].run(indexed).outcome is Outcome.HELD
    assert "times a calibrating query" in SPECS["performance.worst_list_in_budget"].run(indexed).detail


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [("tenant_id = current_setting('app.tenant_id')::uuid", Outcome.HELD), ("true", Outcome.FAILED)],
)
def test_leaky_policy_is_an_exploit(server: SharedServer, condition: str, outcome: Outcome) -> None:
    """A policy that lets a tenant read another's rows is found by reading them, and caps the score at 30."""
    up = f"""CREATE TABLE workflows (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
    ALTER TABLE workflows ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON workflows USING ({condition});"""
    verdict = SPECS["security.tenants_isolated"].run(sql_bench(server, up))
    assert verdict.outcome is outcome
    assert SPECS["security.tenants_isolated"].cap == 30
