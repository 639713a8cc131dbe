"""One design before all checks: on a PostgreSQL that a process shares, its migrations run once however often judged."""

from __future__ import annotations

import atexit
import functools
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

import yaml

from bot.domain.design import Brief
from bot.domain.evidence import Artefact, Check, Outcome, Scorecard
from bot.evidence.checks import CheckResult, Unmeasurable, held
from bot.evidence.runner import judged
from bot.evidence.score import overall_of_proven, scorecard
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.areas import database
from bot.roles.backend_developer.checks.catalogue import Catalogue
from bot.roles.backend_developer.checks.context import DOCUMENT, CheckContext
from bot.roles.backend_developer.checks.document import Document
from bot.roles.backend_developer.checks.migration_run import MigrationRun, Scale
from bot.roles.backend_developer.checks.migrations import Migration
from bot.roles.backend_developer.checks.reads import ListQuery, list_queries
from bot.roles.backend_developer.checks.registry import CHECKS
from bot.roles.backend_developer.checks.subject import Subject
from bot.roles.backend_developer.renderers.openapi import values
from bot.roles.backend_developer.renderers.render import migrations
from bot.roles.backend_developer.report import SCORES
from tests.judge.emptied import EmptiedDatabases
from tests.judge.plans import Plan
from tests.support import quick_yaml

SMALL: Final = Scale(many=1_500, parents=100, total=9_000, runs=3)
"""Rows of a trial here: a plan by an index is the same as on twenty thousand, and hundreds of designs are judged."""

VERSIONS: Final = dict.fromkeys({spec.tool for spec in CHECKS}, "")
_WHOLE: Final = tuple(
    replace(spec, run=lambda bench: _lint(bench)) if spec.key == "database.linted" else spec for spec in CHECKS
)
_QUICK: Final = tuple(
    replace(spec, run=lambda _: held("From the renderer.")) if spec.key == "api.valid" else spec for spec in _WHOLE
)
_AREAS: Final = [(score, score) for score in SCORES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of one design: its scores, the failed checks with their words, and what is not proven."""

    overall: int | None
    parts: dict[str, int | None]
    failed: dict[str, str]
    open: tuple[str, ...] = ()
    refused: str = ""

    @property
    def worst(self) -> int:
        """The lowest of its scores; nothing proven is 0."""
        return min((value or 0 for value in self.parts.values()), default=0)


class Bench(CheckContext):
    """A context that takes again what was found of the same bytes before: hundreds of designs differ in one place.

    Nothing is judged by what another design gave: each is known by all that its outcome depends on.
    """

    def _parse(self, content: bytes) -> Document:
        return _documents.get(content) or _document(content)

    def _render_again(self, blueprint: Blueprint, previous: Blueprint | None) -> Mapping[str, bytes]:
        return made(blueprint, previous)

    def _expect(self) -> Catalogue | None:
        return _kept(_catalogues, _digest(self.expected_migrations), super()._expect)

    def _run_migrations(self) -> MigrationRun:
        known = _kept(_trials, _digest(self.migrations, str(self._scale)), lambda: {})
        if not known:
            run = super()._run_migrations()
            known[self._queries(run.catalogue)] = run
            return run
        queries = self._queries(next(iter(known.values())).catalogue)
        if queries not in known:
            known[queries] = super()._run_migrations()
        return known[queries]

    def _queries(self, catalogue: Catalogue | None) -> tuple[ListQuery, ...]:
        """The lists that a trial measures: with the migrations all that its outcome depends on."""
        try:
            return list_queries(self.document, catalogue) if catalogue is not None else ()
        except Unmeasurable:
            return ()


_MOST: Final = 60
_trials: dict[str, dict[tuple[ListQuery, ...], MigrationRun]] = {}
_catalogues: dict[str, Catalogue | None] = {}
_documents: dict[bytes, Document] = {}
_made: dict[str, Mapping[str, bytes]] = {}
_linted: dict[str, CheckResult] = {}
K = TypeVar("K", str, bytes)
T = TypeVar("T")


def forget() -> None:
    """Let everything be found anew."""
    for known in (_trials, _catalogues, _documents, _made, _linted):
        known.clear()
    _document.cache_clear()


def _kept(known: dict[K, T], key: K, make: Callable[[], T]) -> T:
    if key not in known and len(known) >= _MOST:
        known.pop(next(iter(known)))
    found = known.pop(key) if key in known else make()
    known[key] = found  # the last ones asked for stay the longest
    return found


def _digest(migrations: Sequence[Migration], *more: str) -> str:
    parts = [part for one in migrations for part in (one.name, one.up, str(one.down))]
    return hashlib.sha256("\0".join([*parts, *more]).encode()).hexdigest()


@functools.lru_cache(maxsize=8)
def _document(content: bytes) -> Document:
    return Document(content)


def made(blueprint: Blueprint, previous: Blueprint | None) -> Mapping[str, bytes]:
    """What the renderers make of a design; the same object for the same design."""
    key = f"{blueprint.digest} {previous.digest if previous is not None else ''}"
    return _kept(_made, key, lambda: _render(blueprint, previous))


def _render(blueprint: Blueprint, previous: Blueprint | None) -> Mapping[str, bytes]:
    """Render a design, and keep its document as it was before it was written down: reading it back gives the same.

    It is written as JSON, which is YAML as well and takes a tenth of the time; each part on a line of its own, without
    indentation, which json's quick encoder does not know.
    """
    root = values(blueprint)
    found = {
        DOCUMENT: json.dumps(root, ensure_ascii=False, separators=(",\n", ": ")).encode(),
        **migrations(blueprint, previous),
    }
    _kept(_documents, found[DOCUMENT], lambda: Document.of(root))
    return found


def _lint(bench: CheckContext) -> CheckResult:
    return _kept(_linted, _digest(bench.migrations), lambda: database.linted(bench))


@functools.cache
def server() -> EmptiedDatabases:
    """This process's PostgreSQL, which lends a database again once it is empty; it ends with the process."""
    made = EmptiedDatabases()
    atexit.register(made.close)
    return made


def judge(subject: Subject, scale: Scale = SMALL, *, valid: bool = True) -> Verdict:
    """Run every check on a subject and derive its scores; see `assess`."""
    checks, card = assess(subject, scale, valid=valid)
    return Verdict(
        overall=card.overall,
        parts={part.key: part.value for part in card.parts},
        failed={c.key: c.detail for c in checks if c.outcome is Outcome.FAILED},
        open=tuple(c.key for c in checks if c.outcome is Outcome.NOT_MEASURED and "broke" in c.detail),
    )


def assess(subject: Subject, scale: Scale = SMALL, *, valid: bool = True) -> tuple[tuple[Check, ...], Scorecard]:
    """Run every check on a subject; the checks and the scores that follow from them.

    Without `valid` the document is taken for valid OpenAPI, as it takes half of all the time to find out: only where
    it comes from the renderer, whose documents are validated for random designs elsewhere.
    """
    context = Bench(subject, server(), scale=scale)
    checks = tuple(judged(spec, context, VERSIONS) for spec in (_WHOLE if valid else _QUICK))
    return checks, scorecard(checks, _AREAS)


def subject_of(plan: Plan, brief: Brief, previous: Blueprint | None = None) -> Subject:
    """Validate and render a plan.

    Raises:
        ValueError: The blueprint's own consistency refuses it.
    """
    blueprint = Blueprint.model_validate(plan)
    return Subject(artefacts=rendered(blueprint, previous), blueprint=blueprint, brief=brief)


def rendered(blueprint: Blueprint, previous: Blueprint | None) -> tuple[Artefact, ...]:
    """What `render` gives, without the pictures, which no check looks into."""
    found = made(blueprint, previous)
    return tuple(Artefact(name=name, media_type="text/plain", content=content) for name, content in found.items())


def with_document(subject: Subject, root: Any) -> Subject:
    """The same with another document."""
    return with_file(subject, "openapi.yaml", yaml.dump(root, Dumper=quick_yaml.DUMPER, sort_keys=False).encode())


def with_file(subject: Subject, name: str, content: bytes) -> Subject:
    """The same with another content of a file."""
    changed: Sequence[Artefact] = [
        Artefact(name=a.name, media_type=a.media_type, content=content) if a.name == name else a
        for a in subject.artefacts
    ]
    return Subject(artefacts=tuple(changed), blueprint=subject.blueprint, brief=subject.brief)


def text_of(subject: Subject, name: str) -> str:
    """A file's text."""
    return next(a.content for a in subject.artefacts if a.name == name).decode()


def score_of(subject: Subject) -> int:
    """The overall score as people are shown it, over the areas of which something was said."""
    return whole_of(assess(subject, valid=False)[0])


def whole_of(checks: Sequence[Check]) -> int:
    """The overall score of the areas that have one: those of which nothing was said do not make it unproven here."""
    return overall_of_proven(checks, _AREAS)
