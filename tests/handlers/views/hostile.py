"""Dossiers filled with whatever people may write, for properties over all views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from hypothesis import strategies as st

from bot.domain.evaluation import Dossier, Question
from tests.support.dossiers import STAGES

_BITS = [
    "<!channel>",
    "<@U0AVALIND1>",
    "<#C1>",
    "&lt;",
    "&",
    "<",
    ">",
    "```",
    "*",
    "_",
    "\n",
    "> ",
    "|",
    "@here",
    "😀",
    "\u202e",
]
_BITS += ["\ud800", "\x00", "<https://x.example|y>", "<!date^1^x|y>", "a" * 80, "<!subteam^S1>", " ", "{iteration}"]
TEXTS = st.lists(st.one_of(st.sampled_from(_BITS), st.text(max_size=30)), max_size=12).map("".join)

_FREE = {
    "title", "description", "failure", "goal", "text", "name", "why", "hint", "reason", "waits_for", "detail", "fix",
    "comment", "concerns", "message", "purpose", "lost", "source", "problem", "recommendation", "summary", "statement",
    "change", "designer", "model", "tool", "command", "strengths", "improvements", "next_steps", "next_focus", "facts",
    "endpoints", "per_gate", "changes", "unproven", "decisions", "warnings", "sources", "raw", "findings", "path",
}  # fmt: skip
_REPEATED = {
    "inputs", "refused", "missing", "objectives", "contradictions", "checks", "tasks", "feedback", "votes", "changes",
    "unproven", "decisions", "next_steps", "next_focus", "endpoints", "facts", "escalated_to",
}  # fmt: skip


@dataclass(frozen=True)
class Filling:
    """A stage whose free texts are all `text`, its lists `times` as long (0: empty), its questions `many` times.

    Small, so that a failing example can be read.
    """

    stage: str
    text: str
    repeat: int
    times: int
    many: int

    def dossier(self) -> Dossier:
        filled: Dossier = _filled(STAGES[self.stage](), self.text * self.repeat, self.times)
        return replace(filled, questions=_many(filled.questions, self.many))


FILLINGS = st.builds(
    Filling,
    stage=st.sampled_from(sorted(STAGES)),
    text=TEXTS,
    repeat=st.sampled_from([1, 7, 120]),
    times=st.sampled_from([0, 1, 3, 60]),
    many=st.sampled_from([1, 7]),
)


def _filled(value: Any, text: str, times: int) -> Any:
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes = {f.name: _field(f.name, getattr(value, f.name), text, times) for f in fields(value)}
    return replace(value, **changes)


def _field(name: str, value: Any, text: str, times: int) -> Any:
    if isinstance(value, tuple):
        items = tuple(_field(name, item, text, 1) for item in value)
        return items * times if name in _REPEATED else items
    if isinstance(value, Mapping) and name == "per_gate":
        return {key: tuple(text for _ in lines) * times for key, lines in value.items()}
    return text if isinstance(value, str) and name in _FREE else _filled(value, text, times)


def _many(questions: tuple[Question, ...], times: int) -> tuple[Question, ...]:
    return tuple(
        replace(question, key=f"{question.key}.{n}", position=question.position + n * 100)
        for n in range(times)
        for question in questions
    )
