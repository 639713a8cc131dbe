"""One look at the finished design by a call that has not made it: as each gate's approver would read it.

It gets the statements, the proposal and the evidence, and none of the conversation. What it says is held to what there
is: a remark names a gate of the role, and a part and statements that exist; all else is dropped. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.agent.calls import Caller, Paid, failed_stop
from bot.agent.config import ClaudeConfig
from bot.agent.definition import definition_of
from bot.agent.documents import canonical, document, readable, said_documents
from bot.agent.edits import look_up
from bot.agent.errors import GrammarTooLarge
from bot.agent.frame import frame, json_of, plain
from bot.agent.profile import Profile
from bot.agent.proposals import plain_of
from bot.agent.statements import Said
from bot.agent.streaming import Answer
from bot.domain.proposal import Proposal
from bot.domain.role import Role
from bot.services.designer import Ledger

MOST: Final = 12
_ROOM = 16_000
PROPOSAL: Final = "eipas:proposal"
Ask = Callable[[Mapping[str, Any]], Awaitable[Paid]]
"""Makes a call and returns its answer with its ledger row, which is still to be closed."""


class Remark(BaseModel):
    """What an approver of a gate would object to."""

    model_config = ConfigDict(extra="forbid")

    gate: str = Field(max_length=60, description="key of the gate")
    at: str = Field(max_length=400, description="address of the part, or empty")
    problem: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    statements: tuple[str, ...] = Field(max_length=10, description="ids of the statements that say otherwise")


class Critique(BaseModel):
    """Remarks, the weightiest first; none where an approver would agree."""

    model_config = ConfigDict(extra="forbid")

    remarks: tuple[Remark, ...] = Field(max_length=MOST, description=f"at most {MOST}")


async def critique(
    ledger: Ledger,
    config: ClaudeConfig,
    caller: Caller,
    profile: Profile[Any],
    *,
    said: Said,
    proposal: Proposal,
    evidence: Mapping[str, Any],
    ask: Ask,
) -> tuple[Mapping[str, Any], ...] | None:
    """Return the remarks that can be acted on, None where the answer could not be used. One call, tried once.

    Raises:
        RunParked: the service is busy for long, or no money is left.
        DesignFailed: the model cannot be asked, or declines.
    """
    role = profile.role
    if role is None:
        return ()
    await caller.connect()
    system = [profile.prompt("critic"), definition_of(role, profile.prompt("measured"))]
    frozen = frame(config, system=system, tools=[], answer=Critique)
    data = plain_of(proposal)
    content = [
        *said_documents(said, config),
        document(PROPOSAL, canonical(data)),
        document("eipas:evidence", readable(evidence)),
        {"type": "text", "text": profile.prompt("critic_task")},
    ]
    answer = await _answer(frozen, content, ledger, caller, ask)
    text = "".join(block["text"] for block in answer.content if block["type"] == "text")
    try:
        found = Critique.model_validate_json(json_of(text))
    except ValidationError:
        return None
    return tuple(one.model_dump(mode="json") for one in found.remarks if _founded(one, role, data, said, profile))


async def _answer(
    frozen: Mapping[str, Any], content: Sequence[Any], ledger: Ledger, caller: Caller, ask: Ask
) -> Answer:
    model = str(frozen["model"])
    for _ in range(2):
        built = plain(frozen) if model in caller.plain else frozen
        request = {**built, "max_tokens": _ROOM, "messages": [{"role": "user", "content": [*content]}]}
        try:
            paid = await ask(request)
        except GrammarTooLarge:
            if model in caller.plain:
                raise
            caller.plain.add(model)
            continue
        await ledger.close_call(paid.call)
        if problem := failed_stop(paid.answer):
            raise problem
        return paid.answer
    raise RuntimeError("a plain frame was refused as a grammar")


def _founded(remark: Remark, role: Role, data: Mapping[str, Any], said: Said, profile: Profile[Any]) -> bool:
    """Whether a remark is about a gate, a part and statements that there are."""
    if remark.gate not in {gate.key for gate in (*role.review_gates, role.closing)}:
        return False
    known = {one.id for one in said.statements}
    if not set(remark.statements) <= known:
        return False
    if remark.at:
        try:
            look_up(data, remark.at, profile.keys)
        except KeyError:
            return False
    return True
