"""What people and earlier phases said, as document blocks: data for the model, never words of ours.

The blocks come first in the conversation and are the same for the whole run: sorted, without times, what changes least
first. Inputs are the same in all iterations of an evaluation and end in a cache breakpoint; then comes what belongs to
this iteration, with one on the last block. A title says by its prefix whose words these are, so that no file can pass
for an answer.
"""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

from bot.agent.config import ClaudeConfig
from bot.agent.statements import Said, Unclear, counted, statement_lines
from bot.agent.transcript import NOTE
from bot.domain.design import Brief, Feedback, PastIteration, Source
from bot.domain.inputs import TEXT
from bot.domain.role import InputSpec, Role

CACHED_1H: Final[Mapping[str, str]] = {"type": "ephemeral", "ttl": "1h"}
STATEMENTS: Final = "eipas:statements"
_TITLE = 200


def canonical(value: Any) -> str:
    """Return a JSON value as one line, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def readable(value: Any) -> str:
    """Return a JSON value as the model reads it best."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)


def document(title: str, body: str) -> dict[str, Any]:
    """Return a document block."""
    return {
        "type": "document",
        "title": title[:_TITLE],
        "source": {"type": "text", "media_type": "text/plain", "data": body or " "},
    }


def brief_documents(
    brief: Brief, config: ClaudeConfig, noun: str, role: Role | None = None, said: Said | None = None
) -> list[dict[str, Any]]:
    """Return all that a run designs from; `noun` is what the role calls a proposal.

    Inputs and statements too long to be shown are in the index only, for `read_input`.
    """
    shown, index = _inputs(brief, config, role)
    if shown:
        shown[-1]["cache_control"] = dict(CACHED_1H)
    blocks = [
        *shown,
        document("eipas:index", readable({"inputs": index, "missing": _missing(brief, role)})),
        document("eipas:evaluation", readable(_evaluation(brief))),
        document("eipas:answers", readable(answers(brief))),
        *(said_documents(said, config) if said is not None else ()),
    ]
    if brief.previous is not None:
        before = brief.previous.model_dump(mode="json", exclude_defaults=True)
        blocks.append(document(f"eipas:previous-{noun}", canonical(before)))
    if brief.past is not None:
        blocks.append(document("eipas:previous-iteration", readable(_past(brief.past))))
    if brief.feedback:
        blocks.append(document("eipas:feedback", readable([feedback_item(item) for item in _in_order(brief.feedback)])))
    blocks[-1]["cache_control"] = dict(CACHED_1H)
    return blocks


def said_documents(said: Said, config: ClaudeConfig) -> list[dict[str, Any]]:
    """Return the statements with their facts, as many as are shown at once, and what is unclear."""
    lines = statement_lines(said)
    text = "\n".join(lines)
    cut = text[: text.rfind("\n", 0, config.statements_limit)] if len(text) > config.statements_limit else text
    left = len(lines) - (cut.count("\n") + 1 if cut else 0)
    note = {"statements": len(lines), "shown": len(lines) - left, "of_all": counted(said)}
    blocks = [document(STATEMENTS, f"{canonical(note)}\n{cut}")]
    if said.unclear:
        blocks.append(document("eipas:unclear", "\n".join(_unclear(one) for one in said.unclear)))
    return blocks


def statements_text(said: Said) -> str:
    """Return all statements, to be read in pages."""
    return "\n".join(statement_lines(said))


def _unclear(one: Unclear) -> str:
    return canonical({key: value for key, value in asdict(one).items() if value})


def as_written(source: Source) -> str:
    """Return an input's words: JSON in the order of its author, so that spans are the same for whoever reads it."""
    if set(source.body) == {TEXT}:
        return str(source.body[TEXT])
    return json.dumps(source.body, ensure_ascii=False, indent=1)


def _inputs(brief: Brief, config: ClaudeConfig, role: Role | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    shown: list[dict[str, Any]] = []
    index: list[dict[str, Any]] = []
    room = config.documents_limit
    newest = _newest(brief.sources, role)
    for source in sorted(brief.sources, key=lambda s: s.path):
        body = as_written(source)
        fits = len(body) <= min(config.document_limit, room)
        if fits:
            room -= len(body)
            shown.append(document(f"input:{source.path}", body))
        pages = -(-len(body) // config.page)
        told = {"path": source.path, "characters": len(body), "shown": fits, "pages": pages}
        index.append({**told, **_purpose(source, role, newest), **_freshness(source, brief.past)})
    return shown, index


def _spec(path: str, role: Role | None) -> InputSpec | None:
    """Return which of the role's inputs a document is."""
    for spec in role.inputs if role else ():
        for pattern in spec.patterns:
            if fnmatch.fnmatchcase(path, pattern) or fnmatch.fnmatchcase(path, f"*/{pattern}"):
                return spec
    return None


def _newest(sources: Iterable[Source], role: Role | None) -> Mapping[str, str]:
    """Return the path of the newest document of each input of which there are several iterations."""
    found: dict[str, list[str]] = {}
    for source in sources:
        spec = _spec(source.path, role)
        if spec is not None and "*" in spec.pattern:
            found.setdefault(spec.key, []).append(source.path)
    return {key: max(paths, key=_by_number) for key, paths in found.items()}


def _by_number(path: str) -> tuple[list[int], str]:
    return [int(part) for part in "".join(c if c.isdigit() else " " for c in path).split()], path


def _purpose(source: Source, role: Role | None, newest: Mapping[str, str]) -> dict[str, str]:
    spec = _spec(source.path, role)
    if spec is None:
        return {}
    told = {"purpose": spec.purpose}
    if newest.get(spec.key, source.path) != source.path:
        told["superseded_by"] = newest[spec.key]
    return told


def _freshness(source: Source, past: PastIteration | None) -> dict[str, str]:
    """Return whether a document is new since the last iteration, and the time that it gives for itself."""
    told: dict[str, str] = {}
    stamped = source.body.get("timestamp")
    if isinstance(stamped, str):
        told["dated"] = stamped[:40]
    if past is not None:
        before = dict(past.sources).get(source.path)
        since = f"iteration {past.number}"
        told["since"] = (
            f"new since {since}" if before is None
            else f"unchanged since {since}" if before == source.sha256 else f"changed since {since}"
        )  # fmt: skip
    return told


def _missing(brief: Brief, role: Role | None) -> list[dict[str, str]]:
    found = []
    for path in sorted(brief.missing):
        spec = next((one for one in role.inputs if path in (one.pattern, *one.patterns)), None) if role else None
        found.append({"path": path, **({"would_have_told": spec.lost} if spec else {})})
    return found


def _evaluation(brief: Brief) -> dict[str, Any]:
    return {
        "title": brief.title,
        "description": brief.description,
        "goal": brief.goal,
        "iteration": brief.iteration,
        "role": brief.role,
    }


def _past(past: PastIteration) -> dict[str, Any]:
    return {
        "iteration": past.number,
        "score": past.overall,
        "scores": dict(past.scores),
        "findings": [{"check": check, "detail": detail, "fix": fix} for check, detail, fix in past.findings],
        "verdicts": [{key: value for key, value in asdict(one).items() if value} for one in past.verdicts],
        "open_points": list(past.open_points),
    }


def answers(brief: Brief) -> list[dict[str, str]]:
    """Return questions and answers, in order of their keys; a skipped one has an empty answer."""
    return [
        {"key": r.key, "question": r.question, "answer": r.text} for r in sorted(brief.replies, key=lambda r: r.key)
    ]


def feedback_item(item: Feedback) -> dict[str, Any]:
    """Return one piece of feedback without who said it: people are weighed by their gates, not by their names."""
    kept = asdict(item)
    del kept["by"]
    return kept


def _in_order(feedback: Iterable[Feedback]) -> list[Feedback]:
    return sorted(feedback, key=lambda item: (item.iteration, item.id))


def note_documents(notes: Iterable[Feedback]) -> list[dict[str, Any]]:
    """Return thread notes as documents that are recognised when the transcript is read again."""
    return [document(f"{NOTE}{note.id}", note.text) for note in notes]
