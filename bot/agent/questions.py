"""Questions made for one idea: what the documents leave open or disagree about, asked before anything is designed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.agent.calls import Caller, failed_stop, ignore
from bot.agent.config import ClaudeConfig
from bot.agent.cost import call_estimate, tokens_by_length
from bot.agent.documents import brief_documents
from bot.agent.errors import GrammarTooLarge, too_long
from bot.agent.frame import frame, json_of, plain
from bot.agent.profile import Profile
from bot.agent.review import said as sentences
from bot.agent.statements import Said
from bot.agent.streaming import Answer, Pulse
from bot.agent.tools import AskedQuestion, answered, reason
from bot.domain.design import Brief
from bot.services.designer import DesignFailed, Ledger

MOST = 5
_ROOM = 16_000
_EXPECTED = 2_000


class SpecificQuestions(BaseModel):
    """At most five; none if the documents leave nothing open."""

    model_config = ConfigDict(extra="forbid")

    questions: tuple[AskedQuestion, ...] = Field(max_length=MOST)


async def specific_questions(
    brief: Brief, ledger: Ledger, config: ClaudeConfig, caller: Caller, profile: Profile[Any]
) -> tuple[tuple[str, str, str], ...]:
    """Return (key, question, why) of up to five questions. Raises RunParked, DesignFailed."""
    await caller.connect()
    said = await profile.reader.said(brief) if profile.reader is not None else None
    task = {"type": "text", "text": profile.prompt("questions_task")}
    documents = brief_documents(brief, config, profile.noun, profile.role, said)
    conversation: list[dict[str, Any]] = [{"role": "user", "content": [*documents, task]}]
    frozen = frame(config, system=[profile.prompt("questions")], tools=[], answer=SpecificQuestions)
    problems: list[str] = []
    for _ in range(config.repairs + 1):
        answer, frozen = await _asked(frozen, conversation, ledger, config, caller)
        said_last = "".join(block["text"] for block in answer.content if block["type"] == "text")
        try:
            found = SpecificQuestions.model_validate_json(json_of(said_last))
            problems = list(_answered(found, said))
            if not problems:
                return tuple((f"specific-{n}", q.question, reason(q)) for n, q in enumerate(found.questions, 1))
        except ValidationError as error:
            problems = sentences(error)
        conversation += _repaired(answer, problems, profile)
    raise DesignFailed(reason=f"The model's questions stay invalid: {'; '.join(problems[:3])}.")


def _answered(found: SpecificQuestions, said: Said | None) -> Iterator[str]:
    """Yield what is wrong with questions that a statement answers already."""
    for question in found.questions if said is not None else ():
        if said is not None and (words := answered(question, said)):
            yield words


async def _asked(
    frozen: Mapping[str, Any], conversation: list[dict[str, Any]], ledger: Ledger, config: ClaudeConfig, caller: Caller
) -> tuple[Answer, Mapping[str, Any]]:
    """Ask, without a grammar where the service refuses it; returns the frame that was taken as well."""
    used = plain(frozen) if config.model in caller.plain and "format" in frozen["output_config"] else frozen
    try:
        return await _ask({**used, "max_tokens": _ROOM, "messages": conversation}, ledger, config, caller), used
    except GrammarTooLarge:
        if config.model in caller.plain or len(conversation) > 1:
            raise
        caller.plain.add(config.model)
        return await _asked(frozen, conversation, ledger, config, caller)


async def _ask(request: Mapping[str, Any], ledger: Ledger, config: ClaudeConfig, caller: Caller) -> Answer:
    async def clearance() -> float:
        return call_estimate(tokens_by_length(request), _EXPECTED, config.prices.of(config.model))

    paid = await caller.ask(ledger, request, clearance=clearance, pulse=Pulse(), tell=ignore)
    await ledger.close_call(paid.call)
    if paid.answer.stop == "max_tokens":
        raise too_long(_ROOM)
    if problem := failed_stop(paid.answer):
        raise problem
    return paid.answer


def _repaired(answer: Answer, problems: list[str], profile: Profile[Any]) -> list[dict[str, Any]]:
    words = profile.prompt("repair").format(problems="\n".join(f"- {p}" for p in problems))
    return [
        {"role": "assistant", "content": list(answer.content)},
        {"role": "user", "content": [{"type": "text", "text": words}]},
    ]
