"""Migrations on trial: applied to a real PostgreSQL, with rows between them, read back, queried, taken back."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

import psycopg
from psycopg import sql

from bot.evidence.postgres import Database, PostgresClient
from bot.roles.backend_developer.checks.catalogue import Catalogue, Connection, ask, read_catalogue
from bot.roles.backend_developer.checks.document import Document
from bot.roles.backend_developer.checks.isolation import Sight, try_isolation
from bot.roles.backend_developer.checks.migrations import Migration
from bot.roles.backend_developer.checks.reads import RUNS, ListQuery, Read, list_queries, measure
from bot.roles.backend_developer.checks.seeding import seed

SECONDS: Final = 20.0
"""A trial's whole time; then its connections are ended by the server's owner."""

FEW: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How many rows a trial works on: `parents` in tables that no list is read from, `total` over all that are.

    In a large design each listed table gets its share of `total`, and only the slowest gets `many`. Each list is timed
    `runs` times.
    """

    many: int = 20_000
    parents: int = 200
    total: int = 60_000
    runs: int = RUNS


FULL: Final = Scale()
"""What a design is judged on; a plan is the same on a tenth, and the time is not measured well there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One migration file's outcome. `problem` is empty if it went through; `rows` is how many there were before."""

    name: str
    problem: str
    seconds: float
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationRun:
    """What came of it. `catalogue` is None if a migration failed; `leftovers` is None if not all was taken back."""

    version: str = ""
    steps: tuple[Step, ...] = ()
    catalogue: Catalogue | None = None
    reads: tuple[Read, ...] = ()
    reads_problem: str = ""
    sights: tuple[Sight, ...] = ()
    reversals: tuple[Step, ...] = ()
    leftovers: tuple[str, ...] | None = None
    seeded: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def failure(self) -> Step | None:
        """The migration that failed, if one did."""
        return next((step for step in self.steps if step.problem), None)

    def log(self) -> str:
        """Tell what happened, a line per step."""
        lines = [f"PostgreSQL {self.version}"]
        lines += [f"{step.name} on {step.rows} rows: {step.problem or 'applied'}" for step in self.steps]
        lines += [f"{step.name}: {step.problem or 'taken back'}" for step in self.reversals]
        return "\n".join(lines)


def run_migrations(
    server: PostgresClient, migrations: Sequence[Migration], document: Document | None, scale: Scale = FULL
) -> MigrationRun:
    """Run all of it in a database of its own, as a role without rights beyond it.

    Raises:
        psycopg.Error: the server itself went away.
        PostgresUnavailable: likewise.
    """
    with server.trial_database(seconds=SECONDS) as database:
        version = server.version
        steps = _apply(database, migrations)
        if any(step.problem for step in steps):
            return MigrationRun(version=version, steps=steps)
        with _session(database) as connection:
            catalogue = read_catalogue(connection)
        queries = list_queries(document, catalogue) if document is not None else ()
        filled = _fill_and_read(database, catalogue, queries, scale)
        reversals, leftovers = _take_back(database, migrations)
        return replace(
            filled, version=version, steps=steps, catalogue=catalogue, reversals=reversals, leftovers=leftovers
        )


def catalogue_after(server: PostgresClient, migrations: Sequence[Migration]) -> Catalogue | None:
    """Return the catalogue that the migrations leave in an empty database, or None if one is refused.

    Raises:
        psycopg.Error: the server itself went away.
        PostgresUnavailable: likewise.
    """
    with server.trial_database(seconds=SECONDS) as database:
        for migration in migrations:
            if _run(database, migration.name, migration.up).problem:
                return None
        with _session(database) as connection:
            return read_catalogue(connection)


def _apply(database: Database, migrations: Sequence[Migration]) -> tuple[Step, ...]:
    """Apply each file to a database with rows, as production does: `ADD COLUMN ... NOT NULL` passes on none."""
    steps: list[Step] = []
    for migration in migrations:
        rows = 0
        if steps:
            with _session(database) as connection:
                catalogue = read_catalogue(connection)
                filled = seed(connection, catalogue, dict.fromkeys(catalogue.tables, FEW))
                rows = sum(count for count in filled.values() if isinstance(count, int))
        steps.append(_run(database, migration.name, migration.up, rows))
        if steps[-1].problem:
            break
    return tuple(steps)


def _run(database: Database, name: str, text: str, rows: int = 0) -> Step:
    began = time.monotonic()
    try:
        # A session of its own: what a file sets (timeouts, search_path) must not reach the next. One query is one
        # transaction, as `psql --single-transaction` would have it.
        with psycopg.connect(database.conninfo, autocommit=True, connect_timeout=5) as connection:
            connection.execute(text.encode())
        problem = ""
    except psycopg.Error as refused:
        words = str(refused).partition("\n")[0] or type(refused).__name__
        problem = f"{refused.sqlstate or 'no SQLSTATE'}: {words}"
    return Step(name=name, problem=problem, seconds=time.monotonic() - began, rows=rows)


def _fill_and_read(
    database: Database, catalogue: Catalogue, queries: Sequence[ListQuery], scale: Scale
) -> MigrationRun:
    """Fill the tables, measure the list queries, try the isolation; the database's own problems become words."""
    listed = {query.table for query in queries}
    many = min(scale.many, scale.total // max(1, len(listed)))
    wanted = {table: many if table in listed else scale.parents for table in catalogue.tables}
    try:
        with _session(database) as connection:
            seeded = seed(connection, catalogue, wanted)
            _analyse(connection, catalogue)
            usable = [query for query in queries if isinstance(seeded[query.table], int)]
            reads = [measure(connection, query, runs=scale.runs) for query in usable]
            if many < scale.many and reads:
                reads = _again_on_many(connection, catalogue, wanted, reads, scale)
            refused = [f"{table} ({why})" for table, why in seeded.items() if table in listed and isinstance(why, str)]
            return MigrationRun(
                seeded=seeded,
                reads=tuple(reads),
                reads_problem=", ".join(refused),
                sights=try_isolation(connection, catalogue),
            )
    except psycopg.Error as problem:
        return MigrationRun(reads_problem=str(problem).splitlines()[0])


def _analyse(connection: Connection, catalogue: Catalogue) -> None:
    """Gather what plans are made by, of the design's tables alone: PostgreSQL's own are many and take longer."""
    names = [sql.Identifier(table.schema, table.name) for table in catalogue.tables.values()]
    if names:
        connection.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(names)))


def _again_on_many(
    connection: Connection, catalogue: Catalogue, wanted: Mapping[str, int], reads: Sequence[Read], scale: Scale
) -> list[Read]:
    """Fill the table of the slowest query up to `many` rows and measure its queries again.

    Filling every table of a large design would take longer than all the rest; the slowest is the one that matters.
    """
    worst = max(reads, key=lambda read: read.p95_ms).query.table
    seed(connection, catalogue, {**wanted, worst: scale.many}, only=worst)
    _analyse(connection, catalogue)
    return [measure(connection, read.query, runs=scale.runs) if read.query.table == worst else read for read in reads]


def _take_back(database: Database, migrations: Sequence[Migration]) -> tuple[tuple[Step, ...], tuple[str, ...] | None]:
    """Run the down files, last first; return what they leave behind, or None if one is missing or failed."""
    steps: list[Step] = []
    for migration in reversed(migrations):
        if migration.down is None:
            steps.append(Step(name=migration.name, problem="has no .down.sql", seconds=0))
            return tuple(steps), None
        steps.append(_run(database, migration.name.removesuffix(".sql") + ".down.sql", migration.down))
        if steps[-1].problem:
            return tuple(steps), None
    with _session(database) as connection:
        return tuple(steps), ask(connection, "objects")


@contextmanager
def _session(database: Database) -> Iterator[Connection]:
    """Open a session in which nothing of the database under test stands in for PostgreSQL's own catalogue."""
    # Options of the connection win over `ALTER DATABASE ... SET search_path`, which the owner may have run.
    with psycopg.connect(
        database.conninfo, autocommit=True, connect_timeout=5, options="-c search_path=pg_catalog"
    ) as connection:
        yield connection
