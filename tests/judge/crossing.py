"""Every design under every other's brief: what was made for other people must not score."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain.evidence import Check, Measure, Outcome
from bot.evidence.runner import judged
from bot.reading.merge import Understanding
from bot.reading.names import name_key
from bot.roles.backend_developer.checks.fit import StatementFit, fit_of
from bot.roles.backend_developer.checks.fit.rendered import Rendered
from bot.roles.backend_developer.checks.registry import CHECKS
from bot.roles.backend_developer.checks.subject import Subject
from bot.roles.backend_developer.report import SCORES
from tests.judge.bench import SMALL, VERSIONS, Bench, assess, server, whole_of

_BOUNDING: Final = tuple(spec for spec in CHECKS if spec.measures is Measure.FIT or spec.weight == 0)
"""What people said: these alone bound a score from above, and take a hundredth of all the time."""

_SOUND: Final = tuple(
    Check(key=f"{area}.all", title="All else", score=area, outcome=Outcome.HELD, detail="", tool="", tool_version="",
          command="")
    for area in SCORES
)  # fmt: skip
"""Checks of soundness that hold, one for each area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A design with the brief that it was made for, what that says, and what was rendered of the design."""

    name: str
    subject: Subject
    said: Understanding
    made: Rendered

    @property
    def things(self) -> frozenset[str]:
        """Keys of its entities."""
        return frozenset(name_key(entity.name) for entity in self.subject.blueprint.entities)


def material(name: str, subject: Subject) -> Material | None:
    """What crossing needs of a design; None if its migrations do not apply."""
    context = Bench(subject, server(), scale=SMALL)
    catalogue, plan = context.trial.catalogue, subject.blueprint
    if catalogue is None:
        return None
    made = Rendered(context.document, catalogue, plan.integrations, plan.stack)
    return Material(name=name, subject=subject, said=context.said, made=made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A design under another's brief, and the most that it can score."""

    design: int
    brief: int
    ceiling: int


class _Crossed(Bench):
    """A design under another's brief, with what was found of each of them alone."""

    def __init__(self, design: Material, asked: Material) -> None:
        plan, files = design.subject.blueprint, design.subject.artefacts
        super().__init__(Subject(artefacts=files, blueprint=plan, brief=asked.subject.brief), server(), scale=SMALL)
        self._design, self._asked = design, asked

    def _read_brief(self) -> Understanding:
        return self._asked.said

    def _compare(self) -> tuple[StatementFit, ...]:
        return fit_of(self._asked.said, self._design.made)


def kin(one: Material, other: Material) -> bool:
    """Whether two designs are about the same things, so that the one's brief is hardly another's to the other."""
    both = one.things | other.things
    return 2 * len(one.things & other.things) >= len(both)


_loaded: list[Material] = []


def keep(materials: Sequence[Material], place: Path) -> None:
    """Write the designs where each worker finds them."""
    place.write_bytes(pickle.dumps(list(materials), protocol=pickle.HIGHEST_PROTOCOL))


def load(place: Path) -> None:
    """Read them, once in each worker."""
    _loaded[:] = pickle.loads(place.read_bytes())


def under(brief: int) -> list[Pair]:
    """The ceilings of all designs but its own kin under one brief."""
    asked = _loaded[brief]
    return [
        Pair(design=number, brief=brief, ceiling=ceiling(design, asked))
        for number, design in enumerate(_loaded)
        if number != brief and not kin(design, asked)
    ]


def ceiling(design: Material, asked: Material) -> int:
    """The most that a design can score under a brief: as if every check of soundness held."""
    context = _Crossed(design, asked)
    return whole_of((*(judged(spec, context, VERSIONS) for spec in _BOUNDING), *_SOUND))


def crossed(pair: Pair) -> tuple[str, int]:
    """What a design really scores under another's brief."""
    design, asked = _loaded[pair.design], _loaded[pair.brief]
    plan, files = design.subject.blueprint, design.subject.artefacts
    subject = Subject(artefacts=files, blueprint=plan, brief=asked.subject.brief)
    return f"{design.name} under {asked.name}", whole_of(assess(subject, valid=False)[0])
