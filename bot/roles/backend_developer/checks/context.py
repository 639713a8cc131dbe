"""What the backend's checks are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.evidence import Artefact
from bot.domain.facts import EntityFact, FieldFact, OperationFact, Stance
from bot.evidence.checks import Once, Unmeasurable
from bot.evidence.sharing import ServerLender
from bot.reading.merge import Understanding
from bot.reading.names import name_key
from bot.roles.backend_developer.blueprint import Blueprint, Operation
from bot.roles.backend_developer.checks.catalogue import Catalogue
from bot.roles.backend_developer.checks.document import Document, DocumentUnreadable, Endpoint
from bot.roles.backend_developer.checks.fit import StatementFit, fit_of
from bot.roles.backend_developer.checks.fit.rendered import Rendered, path_key
from bot.roles.backend_developer.checks.live.outcome import NOT_RUN, Findings, Live
from bot.roles.backend_developer.checks.migration_run import FULL, MigrationRun, Scale, catalogue_after, run_migrations
from bot.roles.backend_developer.checks.migrations import Migration, migrations_of
from bot.roles.backend_developer.checks.subject import Subject
from bot.roles.backend_developer.renderers.render import files
from bot.roles.backend_developer.typed import previous_of
from bot.roles.backend_developer.understanding import read_here, replaced, sources_of, understood

DOCUMENT: Final = "openapi.yaml"


class CheckContext:
    """A subject under test, with what several checks share: the read document, what was said, the trial."""

    def __init__(self, subject: Subject, server: ServerLender, live: Live = NOT_RUN, *, scale: Scale = FULL) -> None:
        self.subject, self._live, self._scale = subject, live, scale
        self.blueprint = subject.blueprint
        self._server = server
        self._document = Once(self._read_document)
        self._said = Once(self._read_brief)
        self._expected = Once(self._render)
        self._expected_document = Once(lambda: self._parse(self.expected[DOCUMENT]))
        self._expected_catalogue = Once(self._expect)
        self._last_document = Once(self._read_last)
        self._trial = Once(self._run_migrations)
        self._fit = Once(self._compare)
        self._by_path = Once(self._paths)
        self._operations = Once(lambda: {op.id: op for op in reversed(self.blueprint.operations)})
        self._asked = Once(self._by_operation)

    @property
    def document(self) -> Document:
        """The API's document.

        Raises:
            Unmeasurable: there is none, or it cannot be read.
        """
        return self._document.get()

    @property
    def trial(self) -> MigrationRun:
        """The outcome of running the migrations on a real PostgreSQL.

        Raises:
            Unmeasurable: there are no migrations.
            PostgresUnavailable: there is no PostgreSQL.
        """
        return self._trial.get()

    @property
    def live(self) -> Findings:
        """What was found of the running service.

        Raises:
            Unmeasurable: it was not run, or there is none to run; the reason says why.
        """
        if isinstance(self._live, Findings):
            return self._live
        raise self._live

    @property
    def said(self) -> Understanding:
        """What the brief's texts say, read here and not taken from the designer."""
        return self._said.get()

    @property
    def refused(self) -> frozenset[str]:
        """Keys of the things, fields and paths that people refused: what is gone with them is no loss."""
        denied = [f for f in self.said.facts if f.stance is Stance.DENIED]
        named = {f.name for f in denied if isinstance(f, EntityFact | FieldFact)}
        named |= {f.path.rpartition("/")[2] for f in denied if isinstance(f, OperationFact)}
        return frozenset(name_key(name) for name in named if name_key(name))

    @property
    def previous(self) -> Blueprint | None:
        """The design of the last iteration, if there was one."""
        return previous_of(self.subject.brief)

    @property
    def last_document(self) -> Document | None:
        """The document of the last iteration, if there was one."""
        return self._last_document.get()

    @property
    def last_tables(self) -> tuple[str, ...] | None:
        """Tables of the last iteration, if there was one."""
        return tuple(e.plural for e in self.previous.entities) if self.previous is not None else None

    @property
    def expected(self) -> Mapping[str, bytes]:
        """Content by name of the document and migrations that the design renders to."""
        return self._expected.get()

    @property
    def expected_document(self) -> Document:
        """The document that the design renders to."""
        return self._expected_document.get()

    @property
    def expected_migrations(self) -> tuple[Migration, ...]:
        """The migrations that the design renders to."""
        made = (Artefact(name=name, media_type="", content=content) for name, content in self.expected.items())
        return migrations_of(made)

    @property
    def expected_catalogue(self) -> Catalogue | None:
        """The database that the design's own migrations make; None if PostgreSQL refuses them."""
        return self._expected_catalogue.get()

    def operation(self, endpoint: Endpoint) -> Operation | None:
        """Return the design's operation that an endpoint of the document is."""
        return self._operations.get().get(endpoint.id)

    def named(self, fact: OperationFact) -> list[Endpoint]:
        """Return the endpoints that people named by a method and path."""
        at = self._by_path.get().get(path_key(fact.path), ())
        return [endpoint for endpoint in at if fact.method in (None, endpoint.method)]

    def asked(self, operation: str) -> Sequence[OperationFact]:
        """Return what people said of an operation by its path; `operation` is its id in design and document."""
        return self._asked.get().get(operation, ())

    def _by_operation(self) -> Mapping[str, Sequence[OperationFact]]:
        found: dict[str, list[OperationFact]] = {}
        for fact in self.said.facts:
            if isinstance(fact, OperationFact) and fact.path and fact.stance is Stance.STATED:
                for endpoint in self.named(fact):
                    found.setdefault(endpoint.id, []).append(fact)
        return found

    def _paths(self) -> Mapping[str, Sequence[Endpoint]]:
        found: dict[str, list[Endpoint]] = {}
        base = self.document.base_path
        for endpoint in self.document.endpoints:
            for key in {path_key(endpoint.path), path_key(base + endpoint.path)}:
                found.setdefault(key, []).append(endpoint)
        return found

    @property
    def fit(self) -> tuple[StatementFit, ...]:
        """What became of each statement of the brief in what was rendered.

        Raises:
            PostgresUnavailable: there is no PostgreSQL, so nothing can be said.
        """
        return self._fit.get()

    @property
    def migrations(self) -> tuple[Migration, ...]:
        """The migrations in order.

        Raises:
            Unmeasurable: there are none.
        """
        found = migrations_of(self.subject.artefacts)
        if not found:
            raise Unmeasurable(reason="There are no migrations to look at.")
        return found

    def artefact(self, name: str) -> Artefact:
        """Return the artefact with that name.

        Raises:
            Unmeasurable: there is none.
        """
        for artefact in self.subject.artefacts:
            if artefact.name == name:
                return artefact
        raise Unmeasurable(reason=f"There is no {name} to look at.")

    def _read_document(self) -> Document:
        try:
            return self._parse(self.artefact(DOCUMENT).content)
        except DocumentUnreadable as problem:
            raise Unmeasurable(reason=f"{DOCUMENT} cannot be read: {problem}.") from problem

    def _parse(self, content: bytes) -> Document:
        return Document(content)

    def _read_brief(self) -> Understanding:
        brief, reading = self.subject.brief, self.subject.reading
        if reading is not None:
            return understood(reading, replaced(brief), brief.readings).understanding
        return read_here(sources_of(brief), replaced(brief), readings=brief.readings).understanding

    def _render(self) -> Mapping[str, bytes]:
        return self._render_again(self.blueprint, self.previous)

    def _render_again(self, blueprint: Blueprint, previous: Blueprint | None) -> Mapping[str, bytes]:
        return files(blueprint, previous)

    def _expect(self) -> Catalogue | None:
        with self._server.use() as server:
            return catalogue_after(server, self.expected_migrations)

    def _read_last(self) -> Document | None:
        return self._parse(self._render_again(self.previous, None)[DOCUMENT]) if self.previous is not None else None

    def _compare(self) -> tuple[StatementFit, ...]:
        said = self.said
        try:
            document, catalogue = self.document, self.trial.catalogue
        except Unmeasurable:
            return fit_of(said, None)
        if catalogue is None:
            return fit_of(said, None)
        return fit_of(said, Rendered(document, catalogue, self.blueprint.integrations, self.blueprint.stack))

    def _run_migrations(self) -> MigrationRun:
        migrations = self.migrations
        try:
            document: Document | None = self.document
        except Unmeasurable:
            document = None
        with self._server.use() as server:
            return run_migrations(server, migrations, document, self._scale)


def catalogue_of(bench: CheckContext) -> Catalogue:
    """Return the database as the migrations leave it.

    Raises:
        Unmeasurable: a migration failed, or made no table.
        PostgresUnavailable: there is no PostgreSQL.
    """
    trial = bench.trial
    if trial.catalogue is None:
        name = trial.failure.name if trial.failure is not None else "a migration"
        raise Unmeasurable(reason=f"{name} failed, so there is no database to look at.")
    if not trial.catalogue.tables:
        raise Unmeasurable(reason="The migrations made no table.")
    return trial.catalogue
