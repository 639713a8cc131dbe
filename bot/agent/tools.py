"""The tools the model has. All are narrow: none takes a path of this machine, writes, decides a gate or scores."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.agent.config import ClaudeConfig
from bot.agent.documents import STATEMENTS, answers, as_written, feedback_item, readable, statements_text
from bot.agent.edits import Edits
from bot.agent.frame import tool
from bot.agent.profile import Profile
from bot.agent.proposals import ProposalRefused, made_by, plain_of, proposed
from bot.agent.review import said as sentences
from bot.agent.statements import Said, beside
from bot.agent.transcript import Block, Step, accepted, refused_in_a_row, results
from bot.domain.evidence import Assessment, Outcome
from bot.services.designer import DesignFailed, DesignSession, RunParked, TaskStatus

ASK = "ask_user"
_SHOWN_FINDINGS = 5
_SHOWN_STATEMENTS = 25
_QUOTED = 160


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(_Arguments):
    """No arguments."""


class ReadInput(_Arguments):
    """Which input, and which page of it."""

    path: str = Field(description="a path of the index")
    page: int = Field(ge=1, description="pages count from 1")


class AskedQuestion(_Arguments):
    """A question to the people."""

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    about: tuple[str, ...] = Field(default=(), max_length=10, description="ids of what is unclear; [] if nobody said")
    depends: Annotated[str, StringConstraints(strip_whitespace=True, max_length=150)] = Field(
        default="", description="which parts of the design depend on the answer"
    )


class AskUser(_Arguments):
    """One to five questions."""

    questions: tuple[AskedQuestion, ...] = Field(min_length=1, max_length=5)


class Refused(Exception):
    """A tool call that cannot be done; the words go back to the model as the result's error."""


def definitions(profile: Profile[Any]) -> list[dict[str, Any]]:
    """Return the tools; their descriptions are the prompts `tool_*`."""
    models: dict[str, type[BaseModel]] = {
        ASK: AskUser,
        profile.propose: profile.proposal_type,
        "read_answers": Nothing,
        "read_findings": Nothing,
        "read_input": ReadInput,
    }
    if profile.keys:
        models[profile.edit] = Edits
    return [
        tool(name, profile.prompt(f"tool_{name}"), model, profile.examples.get(name, ()))
        for name, model in models.items()
    ]


@dataclass(slots=True)
class Toolbox:
    """Runs tool calls. Each result is kept by the call's id before the next one starts, so none is run twice."""

    session: DesignSession
    config: ClaudeConfig
    profile: Profile[Any]

    async def result(self, use: Block, steps: Sequence[Step]) -> Mapping[str, Any]:
        """Return the result block of a tool call, from memory if it was run before.

        Raises:
            RunParked: the call asks people who have not answered yet.
            DesignFailed: the model proposes what cannot be used, again and again.
        """
        key = f"tool:{use['id']}"
        kept = await self.session.recall(key)
        if kept is None:
            await self.session.remember(key, await self._run(use, steps))
            kept = await self.session.recall(key)
        if kept is None:
            raise RuntimeError(f"the session forgot {key}")
        return kept

    async def _run(self, use: Block, steps: Sequence[Step]) -> Mapping[str, Any]:
        block: dict[str, Any] = {"type": "tool_result", "tool_use_id": use["id"]}
        try:
            return {**block, "content": await self._dispatch(use, steps)}
        except ValidationError as error:
            problems = sentences(error)
        except ProposalRefused as invalid:
            problems = [*invalid.problems]
        except Refused as refusal:
            problems = [str(refusal)]
        if use["name"] in self.profile.proposing:
            self._give_up_if_hopeless(steps, problems)
        return {**block, "content": "\n".join(problems), "is_error": True}

    async def _dispatch(self, use: Block, steps: Sequence[Step]) -> str:
        match use["name"]:
            case "read_input":
                return await self._read_input(ReadInput.model_validate(use["input"]))
            case "read_answers":
                return await self._read_answers(steps)
            case "read_findings":
                return await self._read_findings(steps)
            case name if name in self.profile.proposing:
                return await self._propose(use, steps)
            case "ask_user":
                return await self._ask(use, AskUser.model_validate(use["input"]), steps)
            case name:
                raise Refused(f"There is no tool {name}.")

    async def _read_input(self, wanted: ReadInput) -> str:
        body = await self._body(wanted.path)
        pages = -(-len(body) // self.config.page)
        if wanted.page > pages:
            raise Refused(f"It has {pages} pages.")
        cut = body[(wanted.page - 1) * self.config.page : wanted.page * self.config.page]
        return readable({"path": wanted.path, "page": wanted.page, "pages": pages, "text": cut})

    async def _body(self, path: str) -> str:
        """Return the whole of an input, or of the list of statements, which may be too long to be shown as well."""
        if path == STATEMENTS and self.profile.reader is not None:
            return statements_text(await self.profile.reader.said(self.session.brief))
        source = next((s for s in self.session.brief.sources if s.path == path), None)
        if source is None:
            known = ", ".join(sorted(s.path for s in self.session.brief.sources)) or "none"
            raise Refused(f"There is no such input. These are given: {known}")
        return as_written(source)

    async def _read_answers(self, steps: Sequence[Step]) -> str:
        notes = [feedback_item(note) for note in await self.session.notes()]
        asked = [
            result["content"] for call, result in results(steps) if call["name"] == ASK and not result.get("is_error")
        ]
        return readable({"answers": answers(self.session.brief), "answers_to_you": asked, "notes": notes})

    async def _propose(self, use: Block, steps: Sequence[Step]) -> str:
        before = self.proposed(steps)
        number = len(before) + 1
        if number > self.config.proposals:
            raise Refused("No more proposals are taken. Write the final answer about the last accepted one.")
        proposal = made_by(use, self.profile, before[-1] if before else self.profile.previous(self.session.brief))
        key, title = f"proposal.{number}", f"Checking proposal {number}"
        size = self.profile.size(proposal)
        await self.session.progress(key, title, TaskStatus.IN_PROGRESS, size)
        assessment = await self.session.assess(proposal)
        found = await found_in(self.session, self.profile, proposal, assessment, _SHOWN_FINDINGS, _SHOWN_STATEMENTS)
        failed = len(assessment.findings)
        done = f"{size}; {failed} of {len(assessment.checks)} checks failed"
        await self.session.progress(key, f"Proposal {number} checked", TaskStatus.COMPLETE, done)
        left = self.config.proposals - number
        return readable({"accepted": True, "proposals_left": left, **found})

    async def _read_findings(self, steps: Sequence[Step]) -> str:
        proposals = self.proposed(steps)
        if not proposals:
            raise Refused("Nothing was proposed yet.")
        assessment = await self.session.assess(proposals[-1])
        return readable(await found_in(self.session, self.profile, proposals[-1], assessment, None, None))

    async def _ask(self, use: Block, wanted: AskUser, steps: Sequence[Step]) -> str:
        if len(accepted(steps, ASK)) >= self.config.asks:
            raise Refused("No more questions are put. Decide yourself, and record it as a decision with its reason.")
        await self._refuse_answered(wanted)
        prefix = hashlib.sha256(str(use["id"]).encode()).hexdigest()[:8]
        questions = [(f"{prefix}-{n}", q.question, reason(q)) for n, q in enumerate(wanted.questions, 1)]
        replies = await self.session.ask(questions)
        count = len(questions)
        title = "A question for you" if count == 1 else f"{count} questions for you"
        if replies is None:
            await self.session.progress(f"ask.{prefix}", title, TaskStatus.IN_PROGRESS, "Please answer in the thread.")
            raise RunParked(reason=f"The agent asks: {questions[0][1]}", kind="people")
        await self.session.progress(f"ask.{prefix}", title, TaskStatus.COMPLETE, "Answered.")
        told = [{"question": text, "answer": replies.get(key, "")} for key, text, _ in questions]
        return readable({"answers": told, "empty_answer": "the people skipped it: decide yourself"})

    async def _refuse_answered(self, wanted: AskUser) -> None:
        if self.profile.reader is None:
            return
        said = await self.profile.reader.said(self.session.brief)
        problems = [words for q in wanted.questions if (words := answered(q, said))]
        if problems:
            raise Refused("\n".join(problems))

    def proposed(self, steps: Sequence[Step]) -> tuple[Any, ...]:
        """Return every proposal that was accepted in the conversation, in order."""
        return proposed(steps, self.profile, self.profile.previous(self.session.brief))

    def _give_up_if_hopeless(self, steps: Sequence[Step], problems: Sequence[str]) -> None:
        if self.proposed(steps) or refused_in_a_row(steps, self.profile.proposing) < self.config.proposal_repairs:
            return
        raise DesignFailed(
            reason="The model's proposals stay invalid: " + "; ".join(problems[:3]) + ". Try again, or narrow the goal."
        )


def reason(question: AskedQuestion) -> str:
    """Return why people are asked, with what depends on the answer."""
    return f"{question.why} What depends on it: {question.depends}" if question.depends else question.why


def answered(question: AskedQuestion, said: Said) -> str:
    """Say which statements answer a question, "" if none does."""
    by = said.settled(question.about)
    quoted = "; ".join(f"{one.id}: {' '.join(one.text.split())[:_QUOTED]}" for one in by)
    return f"“{question.question}” is answered ({quoted}): leave it out." if by else ""


async def found_in(
    session: DesignSession,
    profile: Profile[Any],
    proposal: Any,
    assessment: Assessment,
    findings: int | None,
    statements: int | None,
) -> dict[str, Any]:
    """Return what the checks found and which statements are not done, at most so many of each (None: all)."""
    card = assessment.scorecard
    failed = assessment.findings
    told: dict[str, Any] = {
        "score": card.overall,
        "parts": {part.key: part.value for part in card.parts},
        "failed": len(failed),
        "findings": [{"check": f.check, "detail": f.detail, "fix": f.fix} for f in failed[:findings]],
        "not_measured": [c.key for c in assessment.checks if c.outcome is Outcome.NOT_MEASURED],
    }
    if profile.reader is None:
        return told
    brief = replace(session.brief, feedback=(*session.brief.feedback, *await session.notes()))
    left = await profile.reader.account(brief, proposal, assessment)
    data = plain_of(proposal)
    shown = [beside(one, data, profile.keys) for one in left[:statements]]
    return {**told, "statements_not_done": len(left), "not_done": shown}
