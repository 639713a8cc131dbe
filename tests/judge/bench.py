"""One design before all checks: on a PostgreSQL that a process shares, its migrations run once however often judged."""

from __future__ import annotations

import atexit
import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import yaml

from bot.domain.design import Brief
from bot.domain.evidence import Artefact, Check, Outcome, Scorecard
from bot.evidence import SharedServer, scorecard
from bot.evidence.checks import held
from bot.evidence.runner import judged
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.context import CheckContext, Subject
from bot.roles.backend_developer.checks.migration_run import MigrationRun, Scale
from bot.roles.backend_developer.checks.registry import CHECKS
from bot.roles.backend_developer.renderers.evolution import evolve, revert
from bot.roles.backend_developer.renderers.migrations import create, drop
from bot.roles.backend_developer.renderers.openapi import openapi_yaml
from bot.roles.backend_developer.report import SCORES
from tests.judge.plans import Plan

SMALL: Final = Scale(many=1_500, parents=100, total=9_000)
"""Rows of a trial here: a plan by an index is the same as on twenty thousand, and hundreds of designs are judged."""

_VERSIONS: Final = dict.fromkeys({spec.tool for spec in CHECKS}, "")
_QUICK: Final = tuple(
    replace(spec, run=lambda _: held("From the renderer.")) if spec.key == "api.valid" else spec for spec in CHECKS
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


class _Bench(CheckContext):
    """A context whose trial is taken again for the same migrations and lists."""

    def _run_migrations(self) -> MigrationRun:
        known = hashlib.sha256()
        for migration in self.migrations:
            known.update(f"{migration.name}\0{migration.up}\0{migration.down}\0".encode())
        try:
            for endpoint in self.document.lists():
                known.update(f"{endpoint.label} {[p.get('name') for p in endpoint.parameters]}\0".encode())
        except Exception:
            known.update(b"none")
        key = known.hexdigest()
        if key not in _trials:
            if len(_trials) > _KEPT:
                _trials.clear()
            _trials[key] = super()._run_migrations()
        return _trials[key]


_KEPT: Final = 60
_trials: dict[str, MigrationRun] = {}


@functools.cache
def server() -> SharedServer:
    """This process's PostgreSQL; it ends with the process."""
    made = SharedServer()
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
    context = _Bench(subject, server(), scale=scale)
    checks = tuple(judged(spec, context, _VERSIONS) for spec in (CHECKS if valid else _QUICK))
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
    change = evolve(previous, blueprint) if previous else ""
    first = previous if previous and change else blueprint
    files = {
        "openapi.yaml": openapi_yaml(blueprint),
        "migrations/0001_initial.sql": create(first).encode(),
        "migrations/0001_initial.down.sql": drop(first).encode(),
    }
    if previous and change:
        files["migrations/0002_changes.sql"] = change.encode()
        files["migrations/0002_changes.down.sql"] = revert(previous, blueprint).encode()
    return tuple(Artefact(name=name, media_type="text/plain", content=text) for name, text in files.items())


def with_document(subject: Subject, root: Any) -> Subject:
    """The same with another document."""
    return with_file(subject, "openapi.yaml", yaml.dump(root, Dumper=_DUMPER, sort_keys=False).encode())


_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


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


def score_of(subject: Subject) -> float:
    """The mean of the areas that have a score: an area of which nothing was said ranks nobody."""
    _, card = assess(subject, valid=False)
    values = [part.value for part in card.parts if part.value is not None]
    return sum(values) / len(values) if values else 0.0
