"""The scores over an evaluation's iterations, as Slack's own chart."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.evaluation import Iteration
from bot.domain.evidence import Scorecard
from bot.domain.role import Role
from handlers.views.blocks import Block, context
from handlers.views.charts import chart
from handlers.views.text import clip_line

OVERALL = "Overall"


def over_iterations(role: Role, iterations: Sequence[Iteration]) -> list[Block]:
    """Return how the scores went up to the last of `iterations`; nothing where there are not two results.

    A line has no gaps: what was unproven in one of them is named below instead of drawn as a number.
    """
    cards = [(one.number, one.result.scorecard) for one in iterations if one.result]
    if len(cards) < 2:
        return []
    names = [(OVERALL, ""), *((score.name, score.key) for score in role.scores)]
    lines = [(name, [_value(card, key) for _, card in cards]) for name, key in names]
    drawn = [
        (name, proven) for name, values in lines if len(proven := [v for v in values if v is not None]) == len(values)
    ]
    gaps = [clip_line(name, 60) for name, values in lines if None in values]
    blocks = [chart("Scores over iterations", [f"Iteration {n}" for n, _ in cards], drawn, "of 100")] if drawn else []
    return [*blocks, context(f"Unproven in an iteration, so not drawn: {', '.join(gaps)}.")] if gaps else blocks


def _value(card: Scorecard, key: str) -> int | None:
    part = card.part(key)
    return card.overall if not key else part.value if part else None
