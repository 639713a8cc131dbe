"""A role's definition as the model is told it: whose eyes it looks with, who decides what, and from which score on."""

from __future__ import annotations

from bot.domain.role import Role


def definition_of(role: Role, measured: str) -> str:
    """Return the definition in words; `measured` says which kinds of things are measured. The same for every run."""
    lines = [f"# The role: {role.title}", role.summary, f"Lens: {role.lens}"]
    lines += [f"- {bullet}" for bullet in role.bullets]
    lines += ["", "## Process", *(f"- {step.name}: {step.sentence}" for step in role.process)]
    lines += ["", "## What people are asked", *(f"- {q.key} ({q.name}): {q.text}" for q in role.questions)]
    lines += ["", "## Who decides on your result", *_gates(role)]
    lines += ["", "## What is handed over", *(f"- {output.name}: {output.sentence}" for output in role.outputs)]
    lines += ["", "## What is measured", measured]
    lines += [
        f"Scores: {', '.join(score.name for score in role.scores)}. An iteration passes at {role.threshold_score} of "
        "100; below that a person has to justify in writing why it goes on. You are told the scores; you set none.",
    ]
    return "\n".join(lines)


def _gates(role: Role) -> list[str]:
    decided = (*role.review_gates, role.closing)
    return [f"- {gate.key} ({gate.name}): {gate.question} It looks at {', '.join(gate.evidence)}." for gate in decided]
