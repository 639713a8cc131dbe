"""Plays a sensible backend designer: reads, proposes what the offline rules make of the documents, mends, reviews.

It knows no more than the request says, as the model would, and keeps nothing between two requests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.agent import script
from bot.agent.critique import PROPOSAL
from bot.agent.documents import STATEMENTS
from bot.agent.edits import between
from bot.agent.loop import CRITIQUE
from bot.agent.proposals import plain_of, proposed
from bot.agent.reading import UNREAD
from bot.agent.script import Body, end, thinking, titles, use
from bot.agent.transcript import NOTE, noted, results
from bot.domain.design import Brief, Feedback, ModelReading, Reply, Source
from bot.domain.fact_json import fact_from_json
from bot.domain.inputs import TEXT
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.coverage import coverage
from bot.roles.backend_developer.designers.claude import BACKEND, parts_of
from bot.roles.backend_developer.designers.rules.compose import compose
from bot.roles.backend_developer.designers.rules.feedback import addressed_of
from bot.roles.backend_developer.typed import previous_of
from bot.roles.backend_developer.understanding import Understood, read_here, replaced, sources_of

_TEXTS = (NOTE, "input:", STATEMENTS, "eipas:unclear", CRITIQUE)
_MOST_PARTS = 20
_MOST_PROPOSALS = 3


def play(body: Body) -> script.Reply:
    """Answer as a backend designer would, whichever of the bot's two conversations this is."""
    if not body.get("tools"):
        return _asked_apart(body)
    steps = body["messages"]
    if len(steps) == 1:
        unread = [use("read_input", {"path": path, "page": 1}) for path in _unshown(body)]
        return _calls("I look at what is given.", use("read_answers"), *unread)
    desk = _Desk.of(body)
    before = previous_of(desk.brief)
    proposals = proposed(steps, BACKEND, before)
    plan = desk.plan()
    if not proposals and before is None:
        return _calls("I write down the design.", use("propose_blueprint", plain_of(plan)))
    last = proposals[-1] if proposals else before
    call, result = list(results(steps))[-1]
    if proposals and call["name"] in BACKEND.proposing and json.loads(result["content"])["failed"]:
        return _calls("I look at what the checks found.", use("read_findings"))
    edits = between(plain_of(last), plain_of(plan), BACKEND.keys) if last is not None else []
    if not proposals or (edits and len(proposals) < _MOST_PROPOSALS):
        edits = edits or [{"op": "change", "at": "title", "value": plan.title}]
        return _calls("I change what has to change.", use("edit_blueprint", {"edits": edits}))
    return end(desk.review(proposals[-1]), "The design stands; I sum it up.")


def _asked_apart(body: Body) -> script.Reply:
    """Answer one of the calls beside the conversation: what is unread, what approvers object to, what is unclear.

    What the rules could not read this does not read either, and of a design by rules it knows no objection.
    """
    shown = titles(body)
    if UNREAD in shown:
        return end({"readings": []}, "I can read no more than the rules.")
    if PROPOSAL in shown:
        return end({"remarks": []}, "An approver would agree.")
    return end({"questions": list(_questions(body))}, "What do the documents leave open?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """All that lies before the designer."""

    brief: Brief
    notes: tuple[Feedback, ...]

    @classmethod
    def of(cls, body: Body) -> _Desk:
        found = dict(_documents(body))
        about = found["eipas:evaluation"]
        previous = found.get("eipas:previous-blueprint")
        brief = Brief(
            evaluation_id="", role=about["role"], title=about["title"], description=about["description"],
            iteration=about["iteration"], goal=about["goal"],
            sources=tuple(
                Source(path=title.removeprefix("input:"), sha256="", body=_body(content))
                for title, content in found.items() if title.startswith("input:")
            ),
            replies=tuple(
                Reply(key=a["key"], question=a["question"], text=a["answer"], by="") for a in found["eipas:answers"]
            ),
            feedback=tuple(Feedback(**item, by="") for item in found.get("eipas:feedback", ())),
            previous=Blueprint.model_validate(previous) if previous else None, readings=_readings(body),
        )  # fmt: skip
        handed = noted(body["messages"])
        notes = tuple(
            Feedback(id=title.removeprefix(NOTE), origin="note", text=content, by="", iteration=brief.iteration)
            for title, content in found.items() if title.removeprefix(NOTE) in handed
        )  # fmt: skip
        return cls(brief=brief, notes=notes)

    def plan(self, *, notes: bool = True) -> Blueprint:
        """Return the proposal that the documents, answers, feedback and notes make."""
        known = self._known(notes=notes)
        return compose(known.understanding, known.facts, self.brief)

    def _known(self, *, notes: bool) -> Understood:
        brief = self.brief
        return read_here(sources_of(brief, self.notes if notes else ()), replaced(brief), brief.readings)

    def review(self, plan: Blueprint) -> dict[str, Any]:
        """Return the final answer about `plan`."""
        named = ", ".join(entity.name for entity in plan.entities[:5])
        return {
            "strengths": [
                f"The data model covers {named}.",
                f"{len(plan.operations)} operations have named callers and one form.",
                f"Access follows {len(plan.roles)} roles over {plan.auth.scheme.value}.",
            ],
            "improvements": [
                "Measure the latency budgets under the expected load.",
                "Keep reads that repeat in a cache, with a stated lifetime.",
                "Rehearse the migrations on a copy with the expected volume.",
            ],
            "recommendation": f"Go on with {plan.title}: build the core entities first, then the integrations.",
            "next_steps": ["Review the API with its consumers.", "Set up the database and run the migrations."],
            "next_focus": ["Integrations and their failures", "Load tests of the budgets"],
            "addressed": [self._answered(item, plan) for item in (*self.brief.feedback, *self.notes)],
        }

    def _answered(self, item: Feedback, plan: Blueprint) -> dict[str, Any]:
        known = self._known(notes=True)
        before = parts_of(previous_of(self.brief) or self.plan(notes=False))
        now = parts_of(plan)
        changed = [name for name in now if now[name] != before.get(name)][:_MOST_PARTS]
        done = addressed_of([item], coverage(known.understanding, plan))[0].change if changed else ""
        return {"feedback_id": item.id, "change": done[:400], "parts": changed if done else []}


def _calls(thought: str, *uses: Mapping[str, Any]) -> script.Reply:
    return script.Reply(content=(thinking(thought), *uses), stop="tool_use")


def _documents(body: Body) -> Iterator[tuple[str, Any]]:
    for message in body["messages"]:
        for block in message["content"]:
            if block["type"] == "document":
                title, data = block["title"], block["source"]["data"]
                yield title, data if title.startswith(_TEXTS) else json.loads(data)


def _body(words: str) -> Mapping[str, Any]:
    """Return an input as it was given: an object of JSON, or a text."""
    try:
        loaded = json.loads(words)
    except ValueError:
        loaded = None
    return loaded if isinstance(loaded, dict) else {TEXT: words}


def _unshown(body: Body) -> list[str]:
    index = dict(_documents(body))["eipas:index"]
    return [item["path"] for item in index["inputs"] if not item["shown"]]


def _readings(body: Body) -> tuple[ModelReading, ...]:
    """Return what a model read, as the statements show it."""
    shown = str(dict(_documents(body)).get(STATEMENTS, "")).splitlines()[1:]
    lines = [line for line in map(json.loads, shown) if line.get("read_by_model")]
    return tuple(
        ModelReading(
            statement=line["id"], span=line["says"],
            facts=tuple(fact_from_json(fact, statement=line["id"], by_model=True) for fact in line["facts"]),
        )
        for line in lines
    )  # fmt: skip


def _questions(body: Body) -> Iterator[Mapping[str, Any]]:
    """Ask about contradictions and what was left open, then about what is missing: five at most."""
    found = dict(_documents(body))
    unclear = [json.loads(line) for line in str(found.get("eipas:unclear", "")).splitlines()]
    asked = [_about(one) for one in unclear if one["kind"] in ("contradiction", "left_open")]
    asked += [_missing(one["path"]) for one in found["eipas:index"]["missing"]]
    yield from asked[:5]


def _about(unclear: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "question": f"Which of it shall hold: {unclear['text']}"[:500],
        "why": "The design can do only one of it." if unclear["kind"] == "contradiction" else "You left it open.",
        "about": [unclear["id"]],
        "depends": str(unclear.get("depends", ""))[:150],
    }


def _missing(path: str) -> Mapping[str, Any]:
    return {
        "question": f"What should the design take from {path}, which nobody gave?",
        "why": "Without it the design has to assume what that document would have said.",
        "about": [],
        "depends": "",
    }
