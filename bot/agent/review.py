"""The final answer: words around numbers that code computed, checked against what was really given and changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.agent.errors import Unusable
from bot.agent.frame import json_of
from bot.agent.profile import P, Profile
from bot.domain.design import Addressed, Narrative

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1200)]


class Answered(BaseModel):
    """How one piece of feedback was answered. `parts` name what in the proposal changed for it."""

    model_config = ConfigDict(extra="forbid")

    feedback_id: str = Field(description="id of the feedback, or of the note without the word note")
    change: str = Field(max_length=400, description="what changed for it in the proposal; empty if nothing did")
    parts: tuple[str, ...] = Field(
        max_length=20,
        description="names of what changed, as the instructions say that parts are named; empty if nothing did",
    )


class Review(BaseModel):
    """The final answer. Exactly three strengths and three improvements (definition, "Decision Output Format")."""

    model_config = ConfigDict(extra="forbid")

    strengths: tuple[Line, ...] = Field(min_length=3, max_length=3, description="exactly 3")
    improvements: tuple[Line, ...] = Field(min_length=3, max_length=3, description="exactly 3")
    recommendation: Paragraph
    next_steps: tuple[Line, ...] = Field(min_length=1, max_length=8)
    next_focus: tuple[Line, ...] = Field(min_length=1, max_length=6)
    addressed: tuple[Answered, ...] = Field(max_length=200, description="one entry per feedback and note")


class ReviewInvalid(Unusable):
    """The final answer cannot be used; `problems` say why, one by one, to the model and to people alike."""


def narrate(text: str, *, feedback: Iterable[str], profile: Profile[P], proposal: P, previous: P | None) -> Narrative:
    """Return the narrative in the JSON `text`; `feedback` are the ids to be answered. Raises ReviewInvalid."""
    try:
        review = Review.model_validate_json(json_of(text))
    except ValidationError as error:
        raise ReviewInvalid(said(error)) from error
    problems = [*_unanswered(review, set(feedback)), *_unfounded(review, profile, proposal, previous)]
    if problems:
        raise ReviewInvalid(problems)
    first, second, third = review.strengths
    better, faster, safer = review.improvements
    return Narrative(
        strengths=(first, second, third),
        improvements=(better, faster, safer),
        recommendation=review.recommendation,
        next_steps=review.next_steps,
        next_focus=review.next_focus,
        addressed=tuple(Addressed(feedback_id=a.feedback_id, change=_words(a)) for a in review.addressed),
    )


def said(error: ValidationError, limit: int = 20) -> list[str]:
    """Return pydantic's findings as sentences that name the place, without the input, which may be long."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    lines = [f"{'.'.join(str(part) for part in item['loc']) or 'the whole'}: {item['msg']}" for item in found[:limit]]
    return [*lines, f"and {len(found) - limit} more"] if len(found) > limit else lines


def _words(answered: Answered) -> str:
    change = answered.change.strip()
    return f"{change} ({', '.join(answered.parts)})" if change else ""


def _unanswered(review: Review, expected: set[str]) -> list[str]:
    given = [answered.feedback_id for answered in review.addressed]
    problems = [f"addressed: {one} is no feedback that was given" for one in given if one not in expected]
    problems += [f"addressed: the feedback {one} has no entry" for one in sorted(expected - set(given))]
    problems += [f"addressed: {one} has more than one entry" for one in sorted(expected) if given.count(one) > 1]
    return problems


def _unfounded(review: Review, profile: Profile[P], proposal: P, previous: P | None) -> list[str]:
    """Find claimed changes that name no part of the proposal, or none that differs from the previous one."""
    now = profile.parts(proposal)
    before = profile.parts(previous) if previous else {}
    problems: list[str] = []
    for answered in review.addressed:
        if not answered.change.strip():
            continue
        names = [part.strip().lower() for part in answered.parts]
        unknown = [
            part for part, name in zip(answered.parts, names, strict=True) if name not in now and name not in before
        ]
        if unknown or not names:
            named = ", ".join(unknown) or "nothing"
            problems.append(
                f"addressed {answered.feedback_id}: the {profile.noun} has no {named}, which its parts name"
            )
        elif all(now.get(name) == before.get(name) for name in names):
            problems.append(f"addressed {answered.feedback_id}: its parts are the same as in the previous iteration")
    return problems
