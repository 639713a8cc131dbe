"""The thread as a pure function: an evaluation's state to all that should stand in its thread, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.evaluation import Dossier, Iteration
from bot.domain.gate import Gate, Policy
from bot.domain.lifecycle import State
from bot.domain.role import Role
from bot.domain.surface import Desired, Message
from handlers.views.closing import endings
from handlers.views.context import context_review
from handlers.views.costs import budget_warning
from handlers.views.gates import gate_card
from handlers.views.questions import answers_summary, question_card
from handlers.views.recap import being_read_since, recap_card, recap_file
from handlers.views.refused_files import refused_files
from handlers.views.reminders import reminders
from handlers.views.review import file_posts, final_files, review
from handlers.views.root import opening, root
from handlers.views.run import run_card
from handlers.views.state import Terms


def thread(
    dossier: Dossier, role: Role, *, model: str | None = None, policy: Policy | None = None
) -> tuple[Desired, ...]:
    """Return everything that should stand in the thread, the oldest first, under keys that never change.

    `model` is the one that a run started now would use, None if none, and `policy` is who may vote: cards say both.
    What is posted under a key that is not returned any more is meant to stay as it is: what older versions posted. The
    documents stand once, below the first iteration's opening; an iteration's outcome opens the next, or ends it all.
    """
    terms = Terms(model=model, policy=policy or Policy())
    parts = (part for iteration in dossier.iterations for part in _iteration(dossier, role, iteration, terms))
    return (root(dossier, role, terms), *parts, *refused_files(dossier), *endings(dossier, role))


def _iteration(dossier: Dossier, role: Role, iteration: Iteration, terms: Terms) -> Iterator[Desired]:
    yield opening(dossier, role, iteration)
    if iteration is dossier.iterations[0]:
        yield context_review(dossier, role, iteration)
    yield from _questions(dossier, iteration, None)
    if summary := answers_summary(dossier, iteration):
        yield summary
    go = _gates(dossier, role, iteration, "go")
    since = being_read_since(dossier, iteration, go)
    if recap := recap_card(dossier, iteration):
        yield replace(recap, incomplete_since=since)
    if whole := recap_file(dossier, iteration):
        yield whole
    yield from (replace(card, incomplete_since=since) for card in _cards(dossier, role, go, terms))
    for run in sorted((r for r in dossier.runs if r.iteration == iteration.number), key=lambda r: r.attempt):
        yield run_card(dossier, run)
        if warning := budget_warning(dossier, run):
            yield warning
        yield from _questions(dossier, iteration, run.id)
    if iteration.result:
        final = final_files(role, iteration)
        current = iteration.number == dossier.evaluation.iteration
        waivable = current and dossier.evaluation.state in (State.IN_REVIEW, State.DECIDING)
        so_far = [one for one in dossier.iterations if one.number <= iteration.number]
        yield review(
            dossier.evaluation.id,
            role,
            iteration,
            iteration.result,
            waivable=waivable,
            past=not current,
            so_far=so_far,
        )
        yield from file_posts(iteration, [file for file in iteration.files if file not in final])
        yield from _cards(dossier, role, _gates(dossier, role, iteration, "review"), terms)
        yield from _cards(dossier, role, _gates(dossier, role, iteration, "closing"), terms)
        yield from file_posts(iteration, final)


def _questions(dossier: Dossier, iteration: Iteration, run_id: str | None) -> Iterator[Message]:
    for question in sorted(dossier.questions, key=lambda q: q.position):
        if question.asked_at and question.run_id == run_id and (run_id or question.iteration == iteration.number):
            yield question_card(dossier, question)


def _gates(dossier: Dossier, role: Role, iteration: Iteration, stage: str) -> list[Gate]:
    order = [spec.key for spec in role.gates if spec.stage == stage]
    known = [gate for gate in dossier.gates if gate.iteration == iteration.number and gate.key in order]
    return sorted(known, key=lambda gate: (gate.opened_at, order.index(gate.key), gate.id))


def _cards(dossier: Dossier, role: Role, gates: list[Gate], terms: Terms) -> Iterator[Message]:
    for gate in gates:
        yield gate_card(dossier, role, gate, terms)
        yield from reminders(dossier, role, gate, terms)
