"""Documents of earlier phases: read safely, told where they belong, and searched for what they ask of the role."""

from bot.reading.inputs.decode import check_size, decode
from bot.reading.inputs.idea import idea_of, typed_idea
from bot.reading.inputs.kinds import READ, kind_of
from bot.reading.inputs.objectives import contradictions, objectives
from bot.reading.inputs.places import classify, missing, take
from bot.reading.inputs.workspace import scan

__all__ = [
    "READ",
    "check_size",
    "classify",
    "contradictions",
    "decode",
    "idea_of",
    "kind_of",
    "missing",
    "objectives",
    "scan",
    "take",
    "typed_idea",
]
