"""Whether a higher score goes with more of what people said: over the corpus, designs of all and of parts of it."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain.design import Brief
from bot.domain.facts import AnyFact
from bot.roles.backend_developer.checks.subject import Subject
from bot.roles.backend_developer.designers.rules.compose import compose
from bot.roles.backend_developer.understanding import Understood, read_here, replaced, sources_of
from tests.corpus.cases import Case, whole_cases
from tests.corpus.delivered import Delivered
from tests.corpus.here import brief_of, delivered_of
from tests.corpus.judge import judge as recall_of
from tests.judge.bench import rendered, score_of
from tests.judge.crossing import Material, material

SHARES: Final = (100, 60, 25)
"""Percent of the statements that the good, the middling and the poor design of a case are made from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A design of a case: its overall score over the areas that are proven, and the share of the truth that it has."""

    case: str
    share: int
    score: int
    recall: float


def places(folder: str = "") -> list[tuple[str, str]]:
    """The cases of the corpus, or of another folder, each as that folder and its name."""
    return [(folder, case.name) for case in _cases(folder)]


def ranked(place: tuple[str, str]) -> tuple[list[Ranked], Material | None]:
    """Design a case from all and from parts of its statements, by the rules, and judge each design by all of them.

    A share of which nothing can be designed is left out. The design of all of it is returned as well.
    """
    folder, name = place
    case = next(c for c in _cases(folder) if c.name == name)
    brief = brief_of(case)
    known = read_here(sources_of(brief), replaced(brief), readings=brief.readings)
    found, whole = [], None
    for share in SHARES:
        subject = _designed(known, brief, share)
        if subject is not None:
            verdict = recall_of(case.truth, _delivered(subject))
            right, named = sum(s.right for s in verdict.values()), sum(s.named for s in verdict.values())
            recall = right / named if named else 0.0
            found.append(Ranked(case=name, share=share, score=score_of(subject), recall=recall))
            whole = whole or material(f"case: {name}", subject)
    return found, whole


def designed(place: tuple[str, str], share: int) -> Subject | None:
    """The design of a case from so many percent of its statements, under all of them."""
    folder, name = place
    brief = brief_of(next(c for c in _cases(folder) if c.name == name))
    return _designed(read_here(sources_of(brief), replaced(brief), readings=brief.readings), brief, share)


@functools.cache
def _cases(folder: str) -> list[Case]:
    return whole_cases(Path(folder)) if folder else whole_cases()


def _designed(known: Understood, brief: Brief, share: int) -> Subject | None:
    kept = {s.id for s in known.understanding.statements if _drawn(s.id) < share}
    facts: Sequence[AnyFact] = [f for f in known.understanding.facts if f.statement in kept]
    part = dataclasses.replace(known.understanding, facts=tuple(facts))
    try:
        blueprint = compose(part, tuple(f for f in known.facts if f.statement in kept), brief)
    except ValueError:
        return None
    return Subject(artefacts=rendered(blueprint, None), blueprint=blueprint, brief=brief)


def spearman(pairs: Sequence[tuple[float, float]]) -> float:
    """The rank correlation of two columns; equal values share their mean rank."""
    first, second = _ranks([a for a, _ in pairs]), _ranks([b for _, b in pairs])
    mean = (len(pairs) + 1) / 2
    over = sum((a - mean) * (b - mean) for a, b in zip(first, second, strict=True))
    under = (sum((a - mean) ** 2 for a in first) * sum((b - mean) ** 2 for b in second)) ** 0.5
    return over / under if under else 0.0


def auroc(right: Sequence[float], wrong: Sequence[float]) -> float:
    """The chance that a right design scores above a wrong one; a tie is half."""
    wins = sum((r > w) + (r == w) / 2 for r in right for w in wrong)
    return wins / (len(right) * len(wrong)) if right and wrong else 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    first: dict[float, int] = {}
    for place, value in enumerate(ordered, 1):
        first.setdefault(value, place)
    return [first[v] + (ordered.count(v) - 1) / 2 for v in values]


def _drawn(statement: str) -> int:
    """A number below 100 that depends on the statement alone."""
    return int(hashlib.sha256(statement.encode()).hexdigest(), 16) % 100


def _delivered(subject: Subject) -> Delivered:
    files = {a.name: a.content.decode() for a in subject.artefacts}
    return delivered_of(subject.blueprint, files["openapi.yaml"], files["migrations/0001_initial.sql"])
