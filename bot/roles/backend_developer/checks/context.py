"""What the backend's checks are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.domain.design import Brief
from bot.domain.errors import EipasError
from bot.domain.evidence import Artefact
from bot.evidence.checks import Once, Unmeasurable
from bot.evidence.sharing import SharedServer
from bot.reading.merge import Understanding
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.claims import Claims, read_claims
from bot.roles.backend_developer.checks.document import Document, DocumentUnreadable
from bot.roles.backend_developer.checks.fit import StatementFit, fit_of
from bot.roles.backend_developer.checks.fit.rendered import Rendered
from bot.roles.backend_developer.checks.live.outcome import Findings
from bot.roles.backend_developer.checks.migration_run import MigrationRun, run_migrations
from bot.roles.backend_developer.checks.migrations import Migration, migrations_of
from bot.roles.backend_developer.understanding import read_here, sources_of

DOCUMENT: Final = "openapi.yaml"


class NotCalledFor(EipasError):
    """A check does not arise; `reason` is a whole sentence."""

    message_template = "{reason}"


Live: TypeAlias = Findings | Unmeasurable | NotCalledFor
NOT_RUN: Final = Unmeasurable(reason="Only static evidence was asked for; the service was not run.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is judged: the rendered files, the blueprint they come from, and what the people had asked for."""

    artefacts: tuple[Artefact, ...]
    blueprint: Blueprint
    brief: Brief


class CheckContext:
    """A subject under test, with what several checks share: the read document, the claims, the trial on PostgreSQL."""

    def __init__(self, subject: Subject, server: SharedServer, live: Live = NOT_RUN) -> None:
        self.subject, self._live = subject, live
        self.blueprint = subject.blueprint
        self._server = server
        self._document = Once(self._read_document)
        self._claims = Once(lambda: read_claims(subject.brief))
        self._trial = Once(self._run_migrations)
        self._fit = Once(self._compare)

    @property
    def document(self) -> Document:
        """The API's document.

        Raises:
            Unmeasurable: there is none, or it cannot be read.
        """
        return self._document.get()

    @property
    def claims(self) -> Claims:
        """What the people asked for."""
        return self._claims.get()

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
            Unmeasurable: it was not run; the reason says why.
            NotCalledFor: there is none to run.
        """
        if isinstance(self._live, Findings):
            return self._live
        raise self._live

    @property
    def said(self) -> Understanding:
        """What the brief's texts say, read here and not taken from the designer."""
        brief = self.subject.brief
        return read_here(sources_of(brief), readings=brief.readings).understanding

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
            return Document(self.artefact(DOCUMENT).content)
        except DocumentUnreadable as problem:
            raise Unmeasurable(reason=f"{DOCUMENT} cannot be read: {problem}.") from problem

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
            return run_migrations(server, migrations, document)
