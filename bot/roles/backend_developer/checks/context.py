"""What a check gets and what it gives back."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from bot.domain.design import Brief
from bot.domain.errors import EipasError
from bot.domain.evidence import Artefact, Outcome
from bot.evidence.sharing import SharedServer
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.claims import Claims, read_claims
from bot.roles.backend_developer.checks.document import Document, DocumentUnreadable
from bot.roles.backend_developer.checks.migration_run import MigrationRun, run_migrations
from bot.roles.backend_developer.checks.migrations import Migration, migrations_of

DOCUMENT: Final = "openapi.yaml"
_NAMED: Final = 8
"""So many offenders are named in a sentence; all of them are in the findings."""

T = TypeVar("T")


class Unmeasurable(EipasError):
    """A check could not be tried, so that it neither held nor failed; `reason` is a whole sentence."""

    message_template = "{reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is judged: the rendered files, the blueprint they come from, and what the people had asked for."""

    artefacts: tuple[Artefact, ...]
    blueprint: Blueprint
    brief: Brief


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What a check found. `applies` is False where the question does not arise; then the check weighs nothing."""

    outcome: Outcome
    detail: str
    findings: tuple[str, ...] = ()
    raw: str = ""
    applies: bool = True


class Once(Generic[T]):
    """A value computed at most once, by whichever thread asks first; a failure is remembered likewise."""

    def __init__(self, compute: Callable[[], T]) -> None:
        self._compute = compute
        self._lock = threading.Lock()
        self._outcome: tuple[T] | Exception | None = None

    def get(self) -> T:
        """Return the value, or raise what computing it raised."""
        with self._lock:
            if self._outcome is None:
                try:
                    self._outcome = (self._compute(),)
                except Exception as problem:  # raised again, to everyone who asks
                    self._outcome = problem
            if isinstance(self._outcome, Exception):
                raise self._outcome
            return self._outcome[0]


class CheckContext:
    """A subject under test, with what several checks share: the read document, the claims, the trial on PostgreSQL."""

    def __init__(self, subject: Subject, server: SharedServer) -> None:
        self.subject = subject
        self.blueprint = subject.blueprint
        self._server = server
        self._document = Once(self._read_document)
        self._claims = Once(lambda: read_claims(subject.brief))
        self._trial = Once(self._run_migrations)

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

    def _run_migrations(self) -> MigrationRun:
        migrations = self.migrations
        try:
            document: Document | None = self.document
        except Unmeasurable:
            document = None
        with self._server.use() as server:
            return run_migrations(server, migrations, document)


def held(detail: str, raw: Any = None) -> CheckResult:
    """Say that the fact is as it should be."""
    return CheckResult(outcome=Outcome.HELD, detail=detail, raw=as_raw(raw))


def failed(detail: str, findings: Sequence[str], raw: Any = None) -> CheckResult:
    """Say that the fact is not as it should be; `findings` names each offender."""
    return CheckResult(
        outcome=Outcome.FAILED,
        detail=detail,
        findings=tuple(findings),
        raw=as_raw(raw if raw is not None else list(findings)),
    )


def not_measured(reason: str) -> CheckResult:
    """Say that it could not be found out. Never counted as held."""
    return CheckResult(outcome=Outcome.NOT_MEASURED, detail=reason)


def not_applicable(reason: str) -> CheckResult:
    """Say that the question does not arise: shown, weighing nothing, since passing on nothing proves nothing."""
    return CheckResult(outcome=Outcome.NOT_MEASURED, detail=reason, applies=False)


def judge(offenders: Sequence[str], *, good: str, bad: str, raw: Any = None) -> CheckResult:
    """Failed if there are offenders, naming them after `bad`; otherwise held with the words `good`."""
    if offenders:
        return failed(f"{bad}: {named(offenders)}.", offenders, raw)
    return held(good, raw)


def named(names: Sequence[str]) -> str:
    """Join names to words, the first eight of them."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def as_raw(value: Any) -> str:
    """Text stays; anything else becomes JSON, stable in order."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, default=str)
