"""The context review: which documents were read, refused and missed, what they ask for, and where they disagree."""

from __future__ import annotations

from bot.domain.evaluation import ContextReview, Dossier, Iteration, Upload
from bot.domain.inputs import Refusal
from bot.domain.role import Role
from bot.domain.spending import Inquiry, InquiryState
from bot.domain.surface import Message
from handlers.ids import ActionId, Ref
from handlers.views.blocks import Block, actions, button, context, header, message, section, table
from handlers.views.state import editable, short_path
from handlers.views.text import bullets, bytes_of, clip, clip_line, plural

TABLE_LINES = 30
LINES = 12


def context_review(dossier: Dossier, role: Role, iteration: Iteration) -> Message:
    """Return the documents that the evaluation has, the one list of them: later iterations keep it up to date."""
    blocks = [header("Context review"), *documents(dossier, role)]
    if editable(dossier):
        blocks.append(actions(button("Add a document", ActionId.ADD_DOCUMENT, Ref(dossier.evaluation.id))))
        blocks.append(
            context(
                "Drop a document into this thread until the go is given; it is read at once. The button says which."
            )
        )
    return message(f"i{iteration.number}.context", blocks)


def documents(dossier: Dossier, role: Role) -> list[Block]:
    """Return all that is known of the documents: counted, one by one, and what they say together."""
    found = dossier.context
    return [section(_summary(found)), *_documents(found, role), *_details(found, role), *_own_questions(dossier)]


def _summary(found: ContextReview) -> str:
    pending = sum(upload.state == "pending" for upload in found.uploads)
    refused = len(found.refused) + len(_refused_uploads(found))
    parts = [f"{plural(len(found.inputs), 'document')} read", f"{refused} not taken", f"{len(found.missing)} missing"]
    if pending:
        parts.append(f"{pending} being fetched")
    alone = "" if found.inputs else "\nNo document was given, so the answers below carry the whole design."
    return f"*{', '.join(parts)}*{alone}"


def _documents(found: ContextReview, role: Role) -> list[Block]:
    """Return a table that begins with what became of each: the width of a thread shows little more.

    Only a missing one is named by its whole path, since that is where it is to be put.
    """
    purposes = {spec.key: spec.purpose for spec in role.inputs}
    rows = [
        (
            f"Read ({document.origin}, {bytes_of(document.size)})",
            short_path(role, document.path),
            purposes.get(document.key or "", "Kept with the evaluation"),
        )
        for document in found.inputs
    ]
    rows += [("Being fetched", upload.name, "—") for upload in found.uploads if upload.state == "pending"]
    rows += [
        ("Missing, required" if m.required else "Missing", m.path, f"Would have told {m.lost}") for m in found.missing
    ]
    return [table(("Status", "Document", "What it tells"), rows, limit=TABLE_LINES)] if rows else []


def _details(found: ContextReview, role: Role) -> list[Block]:
    refused = [_refusal(short_path(role, item.path), item) for item in found.refused]
    refused += [f"*{clip_line(u.name, 150)}*: {clip(u.problem, 400)}" for u in _refused_uploads(found)]
    warned = [
        f"*{clip_line(short_path(role, document.path), 150)}*: {clip_line(words, 200)}"
        for document in found.inputs
        for words in document.warnings
    ]
    aims = [
        f"{clip_line(item.text, 200)} — _{clip_line(short_path(role, item.source), 100)}_" for item in found.objectives
    ]
    clashes = [
        f"{clip_line(item.text, 250)} — _{clip_line(', '.join(short_path(role, s) for s in item.sources), 200)}_"
        for item in found.contradictions
    ]
    parts = (
        ("Not taken", refused, "documents"),
        ("Taken with a remark", warned, "remarks"),
        ("Objectives drawn from the documents", aims, "objectives"),
        ("The documents contradict each other", clashes, "contradictions"),
    )
    return [section(f"*{title}*\n{bullets(lines, LINES, f'more {noun}')}") for title, lines, noun in parts if lines]


def _refusal(path: str, item: Refusal) -> str:
    """Return what is wrong and where. Most messages begin with both: nobody has to read them twice."""
    if item.message.startswith(f"“{item.path}”"):
        return clip(item.message, 550)
    return f"*{clip_line(path, 150)}*{_place(item.line, item.column)}: {clip(item.message, 400)}"


def _own_questions(dossier: Dossier) -> list[Block]:
    """Say what became of the questions that the designer makes for this idea; nobody has to wait for them."""
    words = [
        line for one in dossier.inquiries if one.iteration == dossier.evaluation.iteration and (line := _became(one))
    ]
    return [context(*words)] if words else []


def _became(inquiry: Inquiry) -> str:
    if inquiry.state is InquiryState.PENDING:
        return "The designer looks whether these documents leave something open. Its questions follow yours, if any."
    if inquiry.state is InquiryState.FAILED:
        return (
            f"The designer could not ask questions of its own: {clip(inquiry.reason, 600)} The go does not need them."
        )
    return f"The designer’s own questions: {clip(inquiry.reason, 600)}" if inquiry.reason else ""


def _refused_uploads(found: ContextReview) -> list[Upload]:
    """Return uploads that never became a document to refuse, as a file that could not be fetched."""
    named = {item.path for item in found.refused}
    return [upload for upload in found.uploads if upload.state == "refused" and upload.name not in named]


def _place(line: int | None, column: int | None) -> str:
    return "" if line is None else f", line {line}" + ("" if column is None else f", column {column}")
