"""The head of the thread: the root message with the state, and each iteration's opening."""

from __future__ import annotations

from bot.domain.design import Feedback
from bot.domain.evaluation import Dossier, Iteration
from bot.domain.lifecycle import State
from bot.domain.role import Role
from bot.domain.surface import Message
from handlers.ids import ActionId, Ref
from handlers.views.blocks import Block, actions, button, context, fields, header, message, quote, section
from handlers.views.outcome import outcome
from handlers.views.questions import answers_summary, what_now
from handlers.views.scores import proven_words
from handlers.views.state import Terms, editable, is_open, state_words, waits_for
from handlers.views.text import bullets, clip, clip_line, people, person, plural, when

FEEDBACK_LINES = 12


def root(dossier: Dossier, role: Role, terms: Terms) -> Message:
    """Return the one message that always tells where the evaluation stands.

    Which question is next it leaves to the newest card: each answer would cost an update of it else.
    """
    asks = dossier.evaluation.state is State.COLLECTING and dossier.next_question is not None
    waits = "An answer to the newest question in this thread. Anybody in the thread can answer." if asks else ""
    return message("root", [*standing(dossier, role, terms, waits), *_root_actions(dossier)])


def standing(dossier: Dossier, role: Role, terms: Terms, waits: str = "") -> list[Block]:
    """Return where the evaluation stands, for whoever cannot act there; `waits` in place of what it waits for."""
    evaluation = dossier.evaluation
    blocks = [header(f"{role.icons.title} {evaluation.title}")]
    if evaluation.description.strip():
        blocks.append(quote(evaluation.description, 1500))
    return [
        *blocks,
        fields(
            [
                ("State", state_words(evaluation.state)),
                ("Iteration", f"{evaluation.iteration} · {clip_line(role.title, 100)}"),
                ("Newest score", newest_score(dossier)),
                ("Owner", person(evaluation.owner)),
            ]
        ),
        section(f"*Waits for*\n{waits or waits_for(dossier, role, terms.policy)}"),
        context(
            _approvers(dossier, role), f"Started {when(evaluation.created_at)} · id `{clip_line(evaluation.id, 60)}`"
        ),
    ]


def _root_actions(dossier: Dossier) -> list[Block]:
    if not is_open(dossier):
        return []
    ref = Ref(dossier.evaluation.id)
    several = len(dossier.open_questions) > 1 and editable(dossier)
    answer_all = button("Answer all questions", ActionId.ANSWER_ALL, ref) if several else None
    return [
        actions(
            answer_all,
            button("Add a document", ActionId.ADD_DOCUMENT, ref) if editable(dossier) else None,
            button("Cancel evaluation", ActionId.CANCEL, ref, style="danger"),
        )
    ]


def newest_score(dossier: Dossier) -> str:
    """Return the newest score and the iteration it belongs to."""
    done = [iteration for iteration in dossier.iterations if iteration.result]
    if not done or done[-1].result is None:
        return "None yet: nothing was measured"
    return f"{proven_words(done[-1].result.scorecard)} · iteration {done[-1].number}"


def _approvers(dossier: Dossier, role: Role) -> str:
    by_people: dict[str, list[str]] = {}
    for gate in role.gates:
        by_people.setdefault(people(dossier.evaluation.deciders(gate.key)), []).append(clip_line(gate.name, 80))
    return "Decided by — " + "; ".join(f"{', '.join(names)}: {who}" for who, names in by_people.items())


def opening(dossier: Dossier, role: Role, iteration: Iteration) -> Message:
    """How an iteration begins: the role's own words once, from the second one on the outcome before and its work."""
    key, title = f"i{iteration.number}.opening", header(f"{role.headline} · Iteration {iteration.number}")
    before = next((one for one in reversed(dossier.iterations) if one.number < iteration.number), None)
    if before is not None:
        works_from = _works_from(dossier, role, iteration)
        # Where no answer has changed they are not listed again; the buttons for them stand here instead.
        unlisted = iteration.number == dossier.evaluation.iteration and answers_summary(dossier, iteration) is None
        row = what_now(dossier) if unlisted else []
        return message(key, [title, *outcome(dossier, role, before), *works_from, *row])
    lens = f"{role.icons.lens} {clip(role.lens, 600)}\n{bullets([clip_line(line, 200) for line in role.bullets])}"
    process = " → ".join(clip_line(step.name, 60) for step in role.process)
    return message(key, [title, section(lens), *_leads(role), context(f"How it goes: {process}")])


def _leads(role: Role) -> list[Block]:
    asked = bullets([clip_line(question.text, 300) for question in role.opening])
    said = "I ask one question after the other here. Use its buttons, or just reply in this thread."
    return [section(f"{role.icons.questions} {clip(role.questions_lead, 300)}\n{asked}"), context(said)]


def _works_from(dossier: Dossier, role: Role, iteration: Iteration) -> list[Block]:
    found = dossier.context
    documents = f"{plural(len(found.inputs), 'document')} read, {len(found.missing)} missing; the list stands above."
    blocks = [section(f"*What iteration {iteration.number} works from*\n{documents}")]
    if iteration.goal.strip():
        blocks.append(quote(iteration.goal))
    lines = [
        f"*{clip_line(origin_name(role, item), 80)}*, {person(item.by)}: {clip_line(item.text, 200)}"
        for item in iteration.feedback
    ]
    said = (
        bullets(lines, FEEDBACK_LINES, "pieces of feedback") or "No feedback was left; it goes on from the last result."
    )
    return [*blocks, section(f"*Feedback to answer*\n{said}")]


def origin_name(role: Role, feedback: Feedback) -> str:
    """Where a piece of feedback came from: a gate's name, the closing gate's concerns, or a note in the thread."""
    names = {gate.key: gate.name for gate in role.gates}
    names |= {"concerns": "Concerns", "note": "Note in the thread", "guest": "Note of a guest"}
    names["correction"] = "Correction"
    return names.get(feedback.origin, feedback.origin)
