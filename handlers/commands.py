"""`/eipas …`: each word is one small handler; the table is what `help`, the manifest and README say."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.errors import InvalidInput, NotFound
from bot.services.common import must_own
from handlers.call import Call
from handlers.views import messages
from handlers.views.modals import cancel_form, start_form, successor_form


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of the command: how it is typed, what it does in half a sentence, and its handler.

    What `opens` a form works as a command only: what is said in a message lets no form be opened.
    """

    usage: str
    summary: str
    run: Callable[[Call, str], Awaitable[None]]
    opens: bool = False


async def eipas(call: Call) -> None:
    """Take the first word as what to do and hand the rest to it."""
    text = str(call.body.get("text") or "").strip()
    name, _, rest = text.partition(" ")
    word = WORDS.get(name.lower() or "help")
    if word is None:
        raise InvalidInput(problem=f"I do not know “{name[:40]}”. Try one of {', '.join(WORDS)}.")
    await word.run(call, rest.strip())


async def _start(call: Call, rest: str) -> None:
    await call.open(start_view(call, rest))
    await call.ack()


async def _status(call: Call, rest: str) -> None:
    dossier = await call.services.queries.find(call.actor.team, rest, call.actor.user)
    context, evaluation = call.services.context, dossier.evaluation
    link = (await call.links.soon(call.client, [evaluation])).get(evaluation.id)
    await call.tell(messages.status(dossier, context.role(evaluation), link, policy=context.rules.policy))


async def _list(call: Call, rest: str) -> None:
    queries = call.services.queries
    everything = rest.lower() == "all"
    found = await (queries.visible(call.actor) if everything else queries.listing(call.actor.team, call.actor.user))
    links = await call.links.soon(call.client, found[: messages.LISTED])
    await call.tell(messages.listing(found, call.services.context.roles, links))


async def _inputs(call: Call, rest: str) -> None:
    dossier = await call.services.queries.find(call.actor.team, rest, call.actor.user)
    await call.tell(messages.inputs(dossier, call.services.context.role(dossier.evaluation)))


async def _cancel(call: Call, rest: str) -> None:
    dossier = await call.services.queries.find(call.actor.team, rest, call.actor.user)
    must_own(dossier.evaluation, call.actor, "cancel this evaluation", call.services.context.rules.policy)
    await call.open(cancel_form(dossier))
    await call.ack()


async def _approver(call: Call, rest: str) -> None:
    dossier = await call.services.queries.find(call.actor.team, rest, call.actor.user)
    approvers, evaluation = call.services.approvers, dossier.evaluation
    gone = await approvers.may_name(evaluation, call.actor)
    if not gone:
        raise InvalidInput(problem=f"Everybody who decides “{evaluation.title}” is still here.")
    await call.open(successor_form(dossier, call.services.context.role(evaluation), gone[0]))
    await call.ack()


async def _clone(call: Call, rest: str) -> None:
    dossier = await call.services.queries.find(call.actor.team, rest, call.actor.user)
    copy = await call.services.reopening.clone(call.actor, dossier.evaluation.id)
    await call.tell(messages.cloned(copy))


async def _export(call: Call, rest: str) -> None:
    dossier = await call.services.queries.find(call.actor.team, rest, call.actor.user)
    decided = [i for i in dossier.iterations if i.decided_at is not None]
    if not decided:
        title = dossier.evaluation.title
        raise InvalidInput(problem=f"“{title}” has no decided iteration yet; the draft files are in its thread.")
    paths = [path for i in decided for path in await call.services.exports.write(dossier.evaluation.id, i.number)]
    await call.tell(messages.exported(dossier, paths))


async def _help(call: Call, rest: str) -> None:
    await call.tell(help_reply(call))


def help_reply(call: Call) -> messages.Reply:
    """Return what `/eipas help` shows, and whoever mentions the bot outside of a thread."""
    words = ((word.usage, word.summary) for word in WORDS.values())
    return messages.help_message(words, call.services.context.roles)


def start_view(call: Call, said: str = "", role: str = "") -> Mapping[str, Any]:
    """The start form, with the channel it was asked for in; `said` may begin with a role's name, the rest is a title.

    No thread can stand in direct messages, so there the channel is left to the person.
    The first role by name where nobody chose one: the form has a menu where there are several.
    """
    roles = call.services.context.roles
    word, _, rest = said.partition(" ")
    chosen, title = (word.lower(), rest.strip()) if word.lower() in roles else (role or min(roles), said)
    if chosen not in roles:
        raise NotFound(what="role", name=chosen[:80], hint=f"There are: {', '.join(sorted(roles))}.")
    workspaces = call.services.evaluations.workspaces(call.actor.team)
    channel, direct = call.channel_for_thread or None, bool(call.where[0]) and not call.channel_for_thread
    return start_form(
        roles[chosen], channel=channel, title=title, workspaces=workspaces, roles=roles, suggest=not direct
    )


WORDS: Final[Mapping[str, Word]] = {
    "start": Word(
        usage="start [role] [title]", summary="opens the form that starts an evaluation", run=_start, opens=True
    ),
    "status": Word(
        usage="status [id]",
        summary="says where an evaluation stands and who acts next; without an id your newest",
        run=_status,
    ),
    "list": Word(usage="list [all]", summary="lists your open evaluations, or all that you may see", run=_list),
    "inputs": Word(
        usage="inputs [id]", summary="lists the documents of an evaluation: read, refused, missing", run=_inputs
    ),
    "cancel": Word(usage="cancel [id]", summary="ends an evaluation, after asking once more", run=_cancel, opens=True),
    "approver": Word(
        usage="approver [id]", summary="names another approver in place of one who has left", run=_approver, opens=True
    ),
    "clone": Word(usage="clone [id]", summary="starts a copy of an evaluation that is over", run=_clone),
    "export": Word(
        usage="export [id]",
        summary="writes the decided iterations’ files into the workspace folder again",
        run=_export,
    ),
    "help": Word(usage="help", summary="shows this", run=_help),
}
