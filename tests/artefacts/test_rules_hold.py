"""Rules of the blueprint are held by PostgreSQL itself: tried with rows that keep them and rows that break them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from bot.evidence.postgres import READER_ROLE, PostgresServer
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.migrations import create
from tests.artefacts.rich import clinic
from tests.service.samples import plain

CLINICS = "00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000b"
PEOPLE = "00000000-0000-0000-0000-0000000000a1", "00000000-0000-0000-0000-0000000000b1"
_BOOK = """INSERT INTO appointments (tenant_id, patient_id, "dentistId", currency, starts_at, ends_at, "order", number)
    VALUES (%s, %s, %s, 'EUR', %s, %s, %s, %s) RETURNING id"""


@contextmanager
def clinic_database(server: PostgresServer) -> Iterator[psycopg.Connection]:
    """Two clinics with a person each."""
    with server.trial_database(seconds=30) as database, psycopg.connect(database.conninfo, autocommit=True) as session:
        session.execute(create(clinic()).encode())
        for tenant, person in zip(CLINICS, PEOPLE, strict=True):
            session.execute("INSERT INTO clinics (id, name) VALUES (%s, 'x')", (tenant,))
            session.execute(
                'INSERT INTO "user" (id, clinic_id, email, password) VALUES (%s, %s, %s, %s)',
                (person, tenant, f"{person}@x.org", "a long password"),
            )
        yield session


def book(session: psycopg.Connection, number: int, *, hour: int = 8, hours: int = 1, patient: int = 0) -> str:
    """Book at the first clinic."""
    begin, end = f"2026-01-01 {hour}:00+00", f"2026-01-01 {hour + hours}:00+00"
    row = session.execute(_BOOK, (CLINICS[0], PEOPLE[patient], PEOPLE[0], begin, end, number, number)).fetchone()
    assert row is not None
    return str(row[0])


def test_rows_keep_to_their_tenant(postgres: PostgresServer) -> None:
    """A row of one clinic cannot point at a person of the other."""
    with clinic_database(postgres) as session:
        assert book(session, 1)
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            book(session, 2, hour=12, patient=1)


def test_rules_between_fields_and_rows(postgres: PostgresServer) -> None:
    """An end before its start, a second use of a time, a bound and a pattern are refused."""
    with clinic_database(postgres) as session:
        book(session, 1)
        with pytest.raises(psycopg.errors.CheckViolation):
            book(session, 2, hour=12, hours=-1)
        with pytest.raises(psycopg.errors.ExclusionViolation):
            book(session, 2)
        with pytest.raises(psycopg.errors.CheckViolation):
            book(session, 201, hour=12)
        with pytest.raises(psycopg.errors.CheckViolation):
            session.execute("INSERT INTO currencies (code) VALUES ('eur')")


def test_states_change_as_said(postgres: PostgresServer) -> None:
    """Only the named changes, by the named role; what is set once stays."""
    with clinic_database(postgres) as session:
        one = book(session, 1)
        with pytest.raises(psycopg.errors.CheckViolation):
            session.execute("UPDATE appointments SET status = '2nd' WHERE id = %s", (one,))
        session.execute("SET app.role = 'patient'")
        with pytest.raises(psycopg.errors.CheckViolation):
            session.execute("UPDATE appointments SET status = 'in-progress' WHERE id = %s", (one,))
        session.execute("SET app.role = 'dentist'")
        session.execute("UPDATE appointments SET status = 'in-progress' WHERE id = %s", (one,))
        with pytest.raises(psycopg.errors.CheckViolation):
            session.execute("UPDATE appointments SET number = 9 WHERE id = %s", (one,))


def test_fields_are_for_their_roles(postgres: PostgresServer) -> None:
    """The price is not the dentist's to change."""
    with clinic_database(postgres) as session:
        one = book(session, 1)
        session.execute("SET app.role = 'dentist'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("UPDATE appointments SET price = 1, price_currency = 'EUR' WHERE id = %s", (one,))


def test_appended_rows_stay_until_their_time(postgres: PostgresServer) -> None:
    """A posting is neither changed nor deleted, but purged once its days are over."""
    with clinic_database(postgres) as session:
        session.execute("INSERT INTO ledgers (name) VALUES ('l')")
        session.execute("INSERT INTO accounts (ledger, address) VALUES ('l', 'a')")
        session.execute(
            "INSERT INTO postings (source_ledger, source_address, target_ledger, target_address, amount, created_at)"
            " VALUES ('l', 'a', 'l', 'a', 1, now()), ('l', 'a', 'l', 'a', 1, now() - interval '11 years')"
        )
        for change in ("UPDATE postings SET amount = 2", "DELETE FROM postings"):
            with pytest.raises(psycopg.errors.CheckViolation):
                session.execute(change)
        assert session.execute("SELECT purge_postings()").fetchone() == (1,)


def test_people_see_their_own_rows(postgres: PostgresServer) -> None:
    """A patient sees what is theirs, a dentist all of the clinic, and nobody what is another clinic's."""
    with clinic_database(postgres) as session:
        book(session, 1)
        session.execute(
            'INSERT INTO "user" (id, clinic_id, email, password) VALUES (gen_random_uuid(), %s, %s, %s)',
            (CLINICS[0], "other@x.org", "a long password"),
        )
        session.execute(f"GRANT USAGE ON SCHEMA public TO {READER_ROLE}".encode())
        session.execute(f"GRANT SELECT ON appointments TO {READER_ROLE}".encode())
        session.execute(f"SET ROLE {READER_ROLE}".encode())

        def seen(role: str, person: str, tenant: str) -> int:
            for name, value in (("app.role", role), ("app.user_id", person), ("app.tenant_id", tenant)):
                session.execute("SELECT set_config(%s, %s, false)", (name, value))
            row = session.execute("SELECT count(*) FROM appointments").fetchone()
            return int(row[0]) if row else -1

        assert seen("patient", PEOPLE[0], CLINICS[0]) == 1
        assert seen("patient", PEOPLE[1], CLINICS[0]) == 0
        assert seen("dentist", PEOPLE[1], CLINICS[0]) == 1
        assert seen("dentist", PEOPLE[1], CLINICS[1]) == 0
        assert seen("", "", CLINICS[0]) == 0


def test_history_is_kept_and_codes_are_there(postgres: PostgresServer) -> None:
    """Every change of an audited table is in its history, and a code table has its rows."""
    with clinic_database(postgres) as session:
        one = book(session, 1)
        session.execute("DELETE FROM appointments WHERE id = %s", (one,))
        changes = session.execute("SELECT change FROM row_history ORDER BY id").fetchall()
        assert [row[0] for row in changes] == ["INSERT", "DELETE"]
        with pytest.raises(psycopg.errors.CheckViolation):
            session.execute("DELETE FROM row_history")
        assert session.execute("SELECT count(*) FROM currencies").fetchone() == (2,)


def test_a_count_is_held(postgres: PostgresServer) -> None:
    """No more rows than are allowed, and a deleted one makes room."""
    rules = [
        {"entity": "Appointment", "kind": "count", "fields": ["patient_id"], "value": 1, "text": "a patient"},
        {"entity": "Appointment", "kind": "soft_delete"},
    ]
    with server_with(postgres, create(clinic(rules=rules))) as session:
        one = book(session, 1)
        with pytest.raises(psycopg.errors.CheckViolation):
            book(session, 2, hour=12)
        session.execute("UPDATE appointments SET deleted_at = now() WHERE id = %s", (one,))
        assert book(session, 1, hour=12)


@contextmanager
def server_with(server: PostgresServer, text: str) -> Iterator[psycopg.Connection]:
    """A database made by this migration, with the first clinic and its person."""
    with server.trial_database(seconds=30) as database, psycopg.connect(database.conninfo, autocommit=True) as session:
        session.execute(text.encode())
        session.execute("INSERT INTO clinics (id, name) VALUES (%s, 'x')", (CLINICS[0],))
        session.execute(
            'INSERT INTO "user" (id, clinic_id, email, password) VALUES (%s, %s, %s, %s)',
            (PEOPLE[0], CLINICS[0], "a@x.org", "a long password"),
        )
        yield session


def test_rows_stay_as_they_are_from_a_state_on(postgres: PostgresServer) -> None:
    """Before the state a row changes; from then on its fields stay, it is not deleted, and its state goes on."""
    plan = plain().model_dump(mode="json")
    plan["entities"] = [
        {"name": "Bill", "plural": "bills", "fields": [
            {"name": "amount", "type": "integer"},
            {"name": "status", "type": "enum", "values": ["draft", "final", "void"]},
        ]},
    ]  # fmt: skip
    plan["relations"], plan["operations"] = [], []
    plan["state_machines"] = [{"entity": "Bill", "field": "status", "initial": "draft", "transitions": [
        {"sources": ["draft"], "target": "final"}, {"sources": ["final"], "target": "void"},
    ]}]  # fmt: skip
    plan["rules"] = [{"entity": "Bill", "kind": "immutable", "condition": "status in ('final', 'void')"}]
    with (
        postgres.trial_database(seconds=30) as database,
        psycopg.connect(database.conninfo, autocommit=True) as session,
    ):
        session.execute(create(Blueprint.model_validate(plan)).encode())
        session.execute("INSERT INTO bills (amount, status) VALUES (1, 'draft')")
        session.execute("UPDATE bills SET amount = 2")
        session.execute("UPDATE bills SET status = 'final'")
        for change in ("UPDATE bills SET amount = 3", "DELETE FROM bills"):
            with pytest.raises(psycopg.errors.CheckViolation, match="does not change any more"):
                session.execute(change.encode())
        session.execute("UPDATE bills SET status = 'void'")
        with pytest.raises(psycopg.errors.CheckViolation, match="does not change any more"):
            session.execute("UPDATE bills SET amount = 3")
        assert session.execute("SELECT amount, status FROM bills").fetchall() == [(2, "void")]
