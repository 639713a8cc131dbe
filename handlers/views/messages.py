"""Short answers that only the asker sees: status, lists, documents, help, and refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypedDict

from bot.domain.evaluation import Dossier, Evaluation, Question
from bot.domain.gate import Policy
from bot.domain.phrase import Phrase
from bot.domain.role import Role
from bot.reading.inputs import READ
from handlers.ids import ActionId
from handlers.views.blocks import Block, actions, bounded, button, context, header, section
from handlers.views.context import documents
from handlers.views.costs import spent
from handlers.views.fallback import text_of
from handlers.views.root import standing
from handlers.views.state import Terms, editable, state_words
from handlers.views.text import bullets, channel, clip_line, code, person, plural, refusal_words, when

LISTED: Final = 20


class Reply(TypedDict):
    """What only one person is shown; `text` says all that `blocks` say."""

    text: str
    blocks: list[Block]


def _reply(*blocks: Block) -> Reply:
    kept = bounded(blocks)
    return {"text": text_of(kept), "blocks": list(kept)}


def status(dossier: Dossier, role: Role, *, policy: Policy | None = None) -> Reply:
    """Return where an evaluation stands, without the buttons of its thread."""
    blocks = standing(dossier, role, Terms(policy=policy or Policy()))
    blocks += [section(words)] if (words := spent(dossier)) else []
    return _reply(*blocks, context(f"Its thread is in {channel(dossier.evaluation.channel)}."))


def listing(evaluations: Sequence[Evaluation], roles: Mapping[str, Role]) -> Reply:
    """Return evaluations with their ids, states and channels, the newest first as given."""
    if not evaluations:
        return _reply(section("There is no open evaluation of yours."), _start())
    lines = [
        f"`{clip_line(item.id, 60)}` *{clip_line(item.title, 100)}* — {state_words(item.state)}, iteration "
        f"{item.iteration}, {clip_line(roles[item.role].title, 60)}, {channel(item.channel)}, {when(item.updated_at)}"
        for item in evaluations[:LISTED]
    ]
    parts = [section("\n".join(f"• {line}" for line in lines[at : at + 5])) for at in range(0, len(lines), 5)]
    hidden = len(evaluations) - LISTED
    return _reply(header("Evaluations"), *parts, *([context(f"_…and {hidden} more_")] if hidden > 0 else []))


def inputs(dossier: Dossier, role: Role) -> Reply:
    """Return what is known of an evaluation's documents."""
    return _reply(header("Documents"), *documents(dossier, role))


def how_to_add(dossier: Dossier) -> Reply:
    """Return how a document is added, or why it cannot be now."""
    if not editable(dossier):
        said = (
            "Documents are closed now: they are taken until the go is given, and again when the next iteration begins."
        )
        return _reply(section(said))
    said = (
        "*Add a document:* drop the file into this thread, with or without words. It is read at once; if it is "
        "refused, the context review says why and names the line. A file of the same name replaces the earlier one. "
        f"These kinds are read: {', '.join(READ)}."
    )
    return _reply(section(said))


def help_message(words: Iterable[tuple[str, str]], roles: Mapping[str, Role], *, command: str = "/eipas") -> Reply:
    """Return the help: every word of the command as usage and summary, every role, and what works in a thread."""
    typed = [f"`{command} {usage}` — {summary}" for usage, summary in words]
    known = [f"*{clip_line(role.title, 80)}* — {clip_line(role.summary, 300)}" for role in roles.values()]
    how = "In a thread: reply to answer the open question, drop files to add documents, use the buttons to decide."
    parts = (section(f"*Commands*\n{bullets(typed, 20)}"), section(f"*Roles*\n{bullets(known)}"))
    return _reply(*parts, context(how), _start())


def exported(dossier: Dossier, paths: Sequence[str]) -> Reply:
    """Return which files stand in the workspace folder now, by their names in it, the newest iteration first."""
    lines = [code(path, 200) for path in reversed(paths)]
    title = clip_line(dossier.evaluation.title, 150)
    return _reply(section(f"*{plural(len(paths), 'file')} of “{title}”*\n{bullets(lines, 12, 'more files')}"))


def cloned(copy: Evaluation) -> Reply:
    """Return what a copy is called and where its thread will stand."""
    said = f"A copy of “{clip_line(copy.title, 150)}” begins in {channel(copy.channel)}: `{copy.id}`."
    return _reply(section(f"{said} Documents and answers are taken over; change them before its go."))


def kept_as_note(owner: str) -> Reply:
    """Return what a guest reads whose reply answers nothing."""
    said = "Kept as a guest’s note: guests and people of other companies neither answer nor decide in this evaluation."
    return _reply(section(f"📝 {said} {person(owner)} sees it beside the next iteration."))


def answered_already(question: Question) -> Reply:
    """Return why a question is not skipped, and how its answer is changed."""
    by = person(question.answers[-1].by)
    return _reply(section(f"“{clip_line(question.name, 150)}” is answered by {by}. To change it, press *Answer*."))


def refusal(words: Phrase | str) -> Reply:
    """Return an error's words for the person who ran into it."""
    return _reply(section(f"⚠️ {refusal_words(words)}"))


def notice(title: str, words: str, *, mended: bool) -> tuple[str, list[Block]]:
    """Return the direct message that tells an owner why a thread stands still (Slack's markup), or that it goes on."""
    mark, tail = ("✅", " _This is mended._") if mended else ("⚠️", "")
    said = f"{mark} *{clip_line(title, 150)}*: {words}{tail}"
    return said, [section(said)]


def not_a_member(channel_id: str) -> Reply:
    """Return what to do where the bot may not post (Slack's `not_in_channel`)."""
    said = f"I am not a member of {channel(channel_id)}, so I cannot post there."
    return _reply(section(f"{said} Type `/invite` in it and choose me, then try again."))


def _start() -> Block:
    return actions(button("Start an evaluation", ActionId.START, style="primary"))
