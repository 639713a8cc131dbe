"""The Home tab: what waits for a person, what they own, what was decided lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from bot.domain.evaluation import Evaluation
from bot.domain.gate import Gate, GateState
from bot.domain.role import Role
from handlers.ids import ActionId, CallbackId
from handlers.views.blocks import VIEW_BLOCKS, Block, actions, bounded, button, context, divider, header, section
from handlers.views.gates import gate_buttons, option_label
from handlers.views.state import GATE_STATES, state_words
from handlers.views.text import channel, clip, clip_line, people, when
from handlers.views.thread_link import to_thread

WAITING, MINE, DECIDED = 15, 20, 10
_HOW_TO = (
    "Start an evaluation with the button above. A thread opens in the channel you choose: it asks, your team answers, "
    "and approvers decide by buttons. What waits for you then stands here."
)


def home(
    user: str,
    waiting: Sequence[tuple[Gate, Evaluation]],
    mine: Sequence[Evaluation],
    decided: Sequence[tuple[Gate, Evaluation]],
    roles: Mapping[str, Role],
    links: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return the Home tab's view for `user`; its gates can be decided right here."""
    blocks = [header("Evaluations"), actions(button("Start an evaluation", ActionId.START, style="primary"))]
    if not (waiting or mine or decided):
        blocks.append(section(_HOW_TO))
    blocks += [
        divider(),
        header(f"Waiting for me ({len(waiting)})"),
        *_waiting(user, waiting, roles, links),
        divider(),
        header(f"My evaluations ({len(mine)})"),
        *_mine(mine, roles, links),
        divider(),
        header("Latest decisions"),
        *_decided(decided, roles),
    ]
    return {"type": "home", "callback_id": str(CallbackId.HOME), "blocks": list(bounded(blocks, VIEW_BLOCKS))}


def _waiting(
    user: str, waiting: Sequence[tuple[Gate, Evaluation]], roles: Mapping[str, Role], links: Mapping[str, str]
) -> list[Block]:
    if not waiting:
        return [section("Nothing waits for you.")]
    shown = [block for gate, of in waiting[:WAITING] for block in _gate(user, gate, of, roles, links.get(of.id))]
    return shown + _rest(len(waiting) - WAITING, "more, see their threads")


def _gate(user: str, gate: Gate, evaluation: Evaluation, roles: Mapping[str, Role], link: str | None) -> list[Block]:
    role = roles[evaluation.role]
    spec = role.gate(gate.key)
    due = f"decide by {when(gate.due_at)}" if gate.due_at else f"open since {when(gate.opened_at)}"
    others = [other for other in gate.deciders if other != user]
    beside = f" · also asked: {people(others)}" if others else ""
    return [
        section(
            f"*{clip_line(spec.name, 100)}* · {_title(evaluation)}\n{clip(spec.text(gate.iteration), 600)}",
            accessory=to_thread(evaluation.id, link),
        ),
        context(
            f"Iteration {gate.iteration} · {due} · {gate.needed} needed{beside} · in {channel(evaluation.channel)}"
        ),
        gate_buttons(role, evaluation, gate, spec),
    ]


def _title(evaluation: Evaluation) -> str:
    return clip_line(evaluation.title, 150)


def _mine(mine: Sequence[Evaluation], roles: Mapping[str, Role], links: Mapping[str, str]) -> list[Block]:
    if not mine:
        return [section("You own no open evaluation and decide in none.")]
    shown = [
        section(
            f"*{_title(evaluation)}* · {state_words(evaluation.state)}\n{clip_line(roles[evaluation.role].title, 80)}, "
            f"iteration {evaluation.iteration} in {channel(evaluation.channel)} · {when(evaluation.updated_at)}",
            accessory=to_thread(evaluation.id, links.get(evaluation.id)),
        )
        for evaluation in mine[:MINE]
    ]
    return shown + _rest(len(mine) - MINE, "more")


def _decided(decided: Sequence[tuple[Gate, Evaluation]], roles: Mapping[str, Role]) -> list[Block]:
    if not decided:
        return [section("Nothing was decided yet.")]
    return [section(_outcome(gate, evaluation, roles[evaluation.role])) for gate, evaluation in decided[:DECIDED]]


def _outcome(gate: Gate, evaluation: Evaluation, role: Role) -> str:
    spec = role.gate(gate.key)
    icon, words = GATE_STATES[gate.state]
    if spec.stage == "closing" and gate.state is GateState.APPROVED and gate.outcome:
        words = f"“{clip_line(option_label(spec, gate.outcome, gate.iteration), 75)}”"
    voters = people(vote.voter for vote in gate.votes if vote.option == gate.outcome) if gate.outcome else ""
    who = f" by {voters}" if voters else ""
    at = f" {when(gate.decided_at)}" if gate.decided_at else ""
    return f"{icon} *{clip_line(spec.name, 100)}* {words}{who}{at}\n{_title(evaluation)}, iteration {gate.iteration}"


def _rest(count: int, words: str) -> list[Block]:
    return [context(f"_…and {count:,} {words}_")] if count > 0 else []
