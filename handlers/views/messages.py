"""Short answers that only the asker sees: status, lists, documents, help, and refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypedDict

from bot.domain.evaluation import Dossier, Evaluation, Note, Question
from bot.domain.gate import Gate, Policy
from bot.domain.lifecycle import State
from bot.domain.phrase import Phrase
from bot.domain.remarks import Remark
from bot.domain.role import Role
from bot.reading.inputs import READ
from bot.services.replies import Source
from handlers.ids import ActionId, Ref
from handlers.views.blocks import BUTTON, Block, actions, bounded, button, context, header, section
from handlers.views.context import documents
from handlers.views.costs import spent
from handlers.views.fallback import text_of
from handlers.views.root import standing
from handlers.views.state import Terms, editable, state_words
from handlers.views.text import bullets, channel, clip_line, code, one_line, person, plural, refusal_words, size, when
from handlers.views.thread_link import linked

LISTED: Final = 20
_ANSWERS: Final = frozenset({State.COLLECTING, State.PARKED})


class Reply(TypedDict):
    """What only one person is shown; `text` says all that `blocks` say."""

    text: str
    blocks: list[Block]


def _reply(*blocks: Block) -> Reply:
    kept = bounded(blocks)
    return {"text": text_of(kept), "blocks": list(kept)}


def status(dossier: Dossier, role: Role, link: str | None = None, *, policy: Policy | None = None) -> Reply:
    """Return where an evaluation stands, without the buttons of its thread; `link` is the thread's address."""
    blocks = standing(dossier, role, Terms(policy=policy or Policy()))
    blocks += [section(words)] if (words := spent(dossier)) else []
    way = f": {linked('open the thread', link)}" if link else ""
    return _reply(*blocks, context(f"Its thread is in {channel(dossier.evaluation.channel)}{way}."))


def listing(
    evaluations: Sequence[Evaluation], roles: Mapping[str, Role], links: Mapping[str, str] = MappingProxyType({})
) -> Reply:
    """Return evaluations with their ids, states and channels, the newest first as given; their titles lead there."""
    if not evaluations:
        return _reply(section("There is no open evaluation of yours."), _start())
    lines = [_listed(item, roles[item.role], links.get(item.id)) for item in evaluations[:LISTED]]
    parts = [section("\n".join(f"• {line}" for line in lines[at : at + 5])) for at in range(0, len(lines), 5)]
    hidden = len(evaluations) - LISTED
    return _reply(header("Evaluations"), *parts, *([context(f"_…and {hidden} more_")] if hidden > 0 else []))


def waiting(
    gates: Sequence[tuple[Gate, Evaluation]],
    mine: Sequence[Evaluation],
    roles: Mapping[str, Role],
    links: Mapping[str, str] = MappingProxyType({}),
) -> Reply:
    """Return what waits for a person: gates that they decide, and evaluations of theirs that wait for an answer."""
    decide = [
        f"*{clip_line(roles[of.role].gate(gate.key).name, 100)}* · {_way(of, links)}, iteration {gate.iteration}, "
        f"open since {when(gate.opened_at)}"
        for gate, of in gates
    ]
    asked = [f"{_way(of, links)}: {state_words(of.state)}" for of in mine if of.state in _ANSWERS]
    parts = [
        section(f"*{title}*\n{bullets(lines, LISTED, 'more')}")
        for title, lines in (("You decide", decide), ("Your evaluations that wait for answers", asked))
        if lines
    ]
    said = "Nothing waits for you." if not mine else "Nothing waits for you. Your evaluations go on without you now."
    return _reply(header("Waiting for you"), *(parts or [section(said)]))


def _way(evaluation: Evaluation, links: Mapping[str, str]) -> str:
    return f"{linked(clip_line(evaluation.title, 100), links.get(evaluation.id))} in {channel(evaluation.channel)}"


def how_to_start() -> Reply:
    """Return how an evaluation is started, for whoever asks in a message: only a click or a command opens a form."""
    return _reply(section("An evaluation starts by a form: press the button, or type `/eipas start`."), _start())


def drop_in_thread() -> Reply:
    """Return where a document belongs that was given to the bot itself."""
    said = "A document belongs to an evaluation: drop it into its thread, or add it in the form that starts one."
    return _reply(section(said), _start())


def _listed(item: Evaluation, role: Role, link: str | None) -> str:
    title = linked(clip_line(item.title, 100), link)
    return (
        f"`{clip_line(item.id, 60)}` *{title}* — {state_words(item.state)}, iteration {item.iteration}, "
        f"{clip_line(role.title, 60)}, {channel(item.channel)}, {when(item.updated_at)}"
    )


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
        "refused, a message below it says why and names the line. A file of the same name replaces the earlier one. "
        f"These kinds are read: {', '.join(READ)}."
    )
    return _reply(section(said))


def help_message(words: Iterable[tuple[str, str]], roles: Mapping[str, Role], *, command: str = "/eipas") -> Reply:
    """Return the help: every word of the command as usage and summary, every role, and what works in a thread."""
    typed = [f"`{command} {usage}` — {summary}" for usage, summary in words]
    known = [f"*{clip_line(role.title, 80)}* — {clip_line(role.summary, 300)}" for role in roles.values()]
    how = (
        "In a thread: reply to answer the open question, drop files to add documents, use the buttons to decide. "
        "Here or in a direct message, ask me: what waits for me? status? list?"
    )
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


_WHY_NOT: Final[Mapping[Remark | None, str]] = {
    Remark.COURTESY: "it reads like a word among yourselves",
    Remark.AGREEMENT: "it agrees with something, and the question wants more than a yes",
    Remark.ENQUIRY: "it asks something itself",
    Remark.SKIP: "a question is skipped by its button",
}


def not_taken(evaluation: Evaluation, question: Question, note: Note, remark: Remark | None) -> Reply:
    """Return why a reply was not taken as the answer, and the buttons that say otherwise."""
    said, why = clip_line(note.text, 200), _WHY_NOT.get(remark, "it does not read like one")
    name = f"“{clip_line(question.name, 150)}”"
    skip = button("Skip the question", ActionId.SKIP, Ref(evaluation.id, question.key))
    return _reply(
        section(f"“{said}” was not taken as an answer to {name}: {why}."),
        actions(
            button("It is the answer", ActionId.IS_AN_ANSWER, Ref(evaluation.id, note.id, question.key)),
            skip if remark is Remark.SKIP and not question.settled else None,
        ),
    )


def files_given(evaluation: Evaluation, question: Question, names: Sequence[str], ts: str) -> Reply:
    """Return what files are taken for that came without words, and the button that makes them the answer."""
    listed = ", ".join(code(name, 100) for name in names[:10])
    answers = f"It answers “{one_line(question.name)}”"
    label = answers if size(answers) <= BUTTON else "It is the answer"
    ref = Ref(evaluation.id, question.key, f"m.{ts}")
    return _reply(
        section(f"📄 Read as {plural(len(names), 'document')}: {listed}. What it comes to is said here."),
        actions(button(label, ActionId.FILES_ANSWER, ref)),
    )


def insisted(question: Question) -> Reply:
    """Return that words were taken as an answer after all."""
    return _reply(section(f"☑️ Taken as the answer to “{clip_line(question.name, 150)}”."))


def retracted(question: Question) -> Reply:
    """Return what became of an answer that was none."""
    name = f"“{clip_line(question.name, 150)}”"
    rest = f"{name} is open again." if not question.settled else f"{name} has its answer of before."
    return _reply(section(f"↩️ Not an answer: kept as a note. {rest}"))


def edited(source: Source, ts: str) -> Reply:
    """Return what an edited message had become, which the edit did not change, and the button that does."""
    if source.question is None:
        return _reply(
            section(f"You edited a message that {_kept(source)}. What is kept says what it said before: {_NEW}")
        )
    name = f"“{clip_line(source.question.name, 150)}”"
    part = "the answer" if source.whole else "part of the answer"
    said = f"You edited a message that was taken as {part} to {name}. The answer still says what it said before"
    if not source.editable:
        return _reply(section(f"{said}, and answers are closed now: {_NEW}"))
    ref = Ref(source.evaluation.id, source.question.key, f"m.{ts}")
    take = button("Take the edited text", ActionId.TAKE_EDIT, ref, style="primary") if source.whole else None
    return _reply(section(f"{said}."), actions(take, button("Change the answer", ActionId.EDIT_ANSWER, ref)))


def deleted(source: Source) -> Reply:
    """Return what a deleted message had become, which still stands, and the buttons that change it."""
    if source.question is None:
        return _reply(section(f"You deleted a message that {_kept(source)}. It stays kept."))
    name = f"“{clip_line(source.question.name, 150)}”"
    part = "the answer" if source.whole else "part of the answer"
    said = f"You deleted a message that was taken as {part} to {name}. The answer still stands"
    if not source.editable:
        return _reply(section(f"{said}, and answers are closed now: {_NEW}"))
    ref = Ref(source.evaluation.id, source.question.key)
    buttons = actions(
        button("Change the answer", ActionId.EDIT_ANSWER, ref),
        button("Not an answer", ActionId.NOT_AN_ANSWER, ref) if source.whole and source.question.by_replies else None,
    )
    return _reply(section(f"{said}."), buttons)


_NEW: Final = "write in a new message what shall count."


def _kept(source: Source) -> str:
    aside = source.note is not None and source.note.aside
    return "was not taken as an answer" if aside else "was kept as a note"


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
