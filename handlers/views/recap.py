"""What was understood, shown before the go: parts that people said, corrections, questions, and what is assumed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.domain.evaluation import Dossier, Iteration
from bot.domain.gate import Gate, GateState
from bot.domain.recap import ASKED_AT_ONCE, Correction, Recap, RecapSection, RecapState, StoredRecap
from bot.domain.surface import FilePost, Message
from handlers.ids import ActionId, Ref
from handlers.views.blocks import Block, actions, button, context, header, message, section
from handlers.views.state import editable
from handlers.views.text import bullets, clip, clip_line, numbered, person, plural

TITLE = "What I understood"
_NAME = "what-i-understood.md"
_LINES = 8
_LINE = 220


def recap_key(iteration: int) -> str:
    """Return the key of an iteration's card in the thread."""
    return f"i{iteration}.recap"


def recap_card(dossier: Dossier, iteration: Iteration) -> Message | None:
    """Return what was understood for an iteration; None where its role tells nothing, or it is only being read."""
    stored = dossier.recap(iteration.number)
    current = iteration.number == dossier.evaluation.iteration
    if stored is None or (stored.recap is None and not current):
        return None
    blocks = [header(f"{TITLE} · iteration {iteration.number}"), *_standing(stored, current=current)]
    if stored.recap is not None:
        blocks += _content(stored, stored.recap)
    if current and editable(dossier):
        blocks += _what_now(dossier, stored)
    return message(recap_key(iteration.number), blocks)


def recap_file(dossier: Dossier, iteration: Iteration) -> FilePost | None:
    """Return the file with all of it, where the card cannot hold it."""
    stored = dossier.recap(iteration.number)
    if stored is None or not stored.file_sha256:
        return None
    return FilePost(
        key=f"i{iteration.number}.recap.{stored.file_sha256[:8]}",
        name=_NAME,
        title=f"Iteration {iteration.number} · {TITLE} ({stored.file_sha256[:8]})",
        sha256=stored.file_sha256,
        comment=f"Iteration {iteration.number}, all that was understood before its go.",
    )


def being_read_since(dossier: Dossier, iteration: Iteration, go: Iterable[Gate]) -> datetime | None:
    """Return since when that is read which an open go is about; None where nothing is, or no go is open."""
    stored = dossier.recap(iteration.number)
    if stored is None or stored.state is not RecapState.PENDING:
        return None
    return max((gate.opened_at for gate in go if gate.state is GateState.PENDING), default=None)


def at_the_go(dossier: Dossier, iteration: Iteration) -> str:
    """Return what the go gate's card says of it, an empty text where there is nothing to say."""
    stored = dossier.recap(iteration.number)
    if stored is None:
        return ""
    lead = f"*{TITLE}* stands above"
    if stored.recap is None:
        return (
            f"{lead} as soon as it is read" if stored.state is RecapState.PENDING else f"{lead}: it could not be read"
        )
    found = stored.recap
    asked = len(found.questions) + found.more_questions
    parts = [
        _share(found),
        f"{plural(asked, 'question')} open" if asked else "no question open",
        f"{plural(found.assumed.total, 'part')} assumed",
    ]
    return f"{lead}: {', '.join(parts)}"


def _standing(stored: StoredRecap, *, current: bool) -> list[Block]:
    if stored.state is RecapState.PENDING and current:
        return [context("⏳ Documents and answers are being read…")]
    if stored.state is RecapState.FAILED:
        return [context(f"⚠️ It could not be read: {clip(stored.reason, 600)} The go does not need it.")]
    return []


def _content(stored: StoredRecap, found: Recap) -> Iterator[Block]:
    more = "more in the file below" if stored.file_sha256 else "more"
    yield section(f"*{_share(found)}* of those that ask for something.")
    if found.corrections:
        yield section(f"*You said since*\n{bullets([_correction(one) for one in found.corrections[-_LINES:]], _LINES)}")
    if found.questions:
        yield section(_questions(found))
    for part in found.sections:
        yield section(_section(part, more))
    if found.assumed.lines:
        yield section(_section(found.assumed, more))


def _share(found: Recap) -> str:
    return f"{found.understood:,} of {plural(found.statements, 'statement')} understood"


def _section(part: RecapSection, more: str) -> str:
    shown = [clip_line(line, _LINE) for line in part.lines[:_LINES]]
    rest = [f"_…and {part.total - len(shown):,} {more}_"] if part.total > len(shown) else []
    lines = "\n".join([f"• {line}" for line in shown] + rest)
    return f"*{clip_line(part.title, 80)}* ({part.total:,})\n{lines}"


def _correction(one: Correction) -> str:
    return f"{person(one.by)}: “{clip_line(one.text, 300)}” → {clip_line(one.became, 300)}"


def _questions(found: Recap) -> str:
    asked = [clip(one.text, 700) for one in found.questions[:ASKED_AT_ONCE]]
    rest = f"\n_{plural(found.more_questions, 'more question')} after these_" if found.more_questions else ""
    return f"❓ *Please tell me*\n{numbered(asked)}{rest}"


def _what_now(dossier: Dossier, stored: StoredRecap) -> list[Block]:
    row = actions(button("Correct", ActionId.CORRECT, Ref(dossier.evaluation.id)))
    how = "Or just reply in this thread, in sentences or in any notation: what was said last counts."
    return [row, context(how)] if stored.recap is not None and not dossier.open_questions else [row]
