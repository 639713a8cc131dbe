"""How the last iteration with a result came out, as the next one's designer is told. Pure."""

from __future__ import annotations

from bot.domain.design import Brief, PastIteration, PastVerdict
from bot.domain.evaluation import Dossier, Iteration
from bot.domain.evidence import Outcome
from bot.domain.role import Role


def past_of(role: Role, dossier: Dossier, iteration: Iteration, brief: Brief) -> PastIteration | None:
    """Return how `iteration` came out; `brief` is what it was designed from. None where it has no result."""
    result = iteration.result
    if result is None:
        return None
    failed = [check for check in result.checks if check.outcome is Outcome.FAILED]
    return PastIteration(
        number=iteration.number,
        overall=result.scorecard.overall,
        scores=tuple((part.key, part.value) for part in result.scorecard.parts),
        findings=tuple((check.key, check.detail, check.fix) for check in failed),
        verdicts=tuple(_verdicts(role, dossier, iteration.number)),
        open_points=tuple(point.text for point in result.highlights.points if point.open),
        sources=tuple((source.path, source.sha256) for source in brief.sources),
    )


def _verdicts(role: Role, dossier: Dossier, number: int) -> list[PastVerdict]:
    found = []
    for spec in (*role.review_gates, role.closing):
        gate = dossier.gate(number, spec.key)
        for vote in gate.votes if gate is not None else ():
            label = spec.option(vote.option).text(number + 1)
            found.append(PastVerdict(gate=spec.name, verdict=label, comment=vote.comment, concerns=vote.concerns))
    return found
