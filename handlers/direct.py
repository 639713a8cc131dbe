"""What people say to the bot itself: in a direct message, or by a mention. Answered at once, and kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final

from bot.domain.evaluation import Evaluation
from handlers.call import Call
from handlers.commands import WORDS, help_reply
from handlers.views import messages
from handlers.views.text import one_line

_LONGEST: Final = 300
"""A question to the bot is short; what is longer is an idea or a paste, and gets the help."""

_WAITING: Final = re.compile(
    r"\bwait(?:s|ing)?\b|\bpending\b|\bto[- ]?dos?\b|\bmy turn\b|\bmy (?:plate|desk|queue)\b|\bneeds? me\b|\bfor me\b|"
    r"\b(?:should|must|can|do) i (?:do|decide|approve|review|answer|act)\b|\bopen (?:gates?|questions?)\b|\bnext\b"
)
_LISTED: Final = re.compile(r"\blist\b|\bmy (?:open )?evaluations?\b|\b(?:which|what|all) (?:open )?evaluations?\b")
_STATUS: Final = re.compile(
    r"\bstatus\b|\bstates?\b|\bstands?\b|\bprogress\b|\bhow far\b|\bhow(?:'s| is| are| does| do)\b|\bgoing\b|\bdone\b|"
    r"\bready\b|\bfinished\b|\bupdates?\b|\bscore\b"
)
_START: Final = re.compile(
    r"\b(?:start|begin|create|new)\b.*\b(?:evaluation|idea|one|thread)s?\b|^(?:start|begin|new)\b"
)
_PLAIN: Final = re.compile(
    r"(?:(?:and )?what(?:'s| is| are)?(?: the)? |show(?: me)?(?: the)? )?"
    r"(?:status|help|list|wait(?:s|ing) for (?:me|us)|where do we stand)(?: please| now)?"
)
"""Said in a thread without naming the bot, this alone is a question to it: nobody answers a question so."""


def is_for_bot(text: str, *, named: bool) -> bool:
    """Return whether words of a thread ask the bot where things stand; more may, where they name it."""
    said = _plain(text)
    if _PLAIN.fullmatch(said):
        return True
    return named and len(said) <= _LONGEST and text.rstrip().endswith("?") and _understood(said) is not None


async def reply(call: Call, text: str, here: str = "") -> None:
    """Answer what was said; in the thread of the evaluation `here` its status is meant.

    A delivery that comes again is answered once.
    """
    await call.services.queries.once(call.reworded(":said"))
    said = _plain(text)
    first, _, rest = said.removeprefix("/eipas ").partition(" ")
    word = WORDS.get(first)
    if word is not None and not word.opens and (not rest or re.fullmatch(r"all|ev_\w+", rest)):
        await word.run(call, here if first == "status" and not rest else rest)
        return
    found = _understood(said) if len(said) <= _LONGEST else None
    await (found or _help)(call, said, here)


def _plain(text: str) -> str:
    return one_line(text).casefold().replace("\u2019", "'").strip(" \t.,!?…")


async def _waiting(call: Call, said: str, here: str) -> None:
    desk = await call.services.queries.desk(call.actor.team, call.actor.user)
    gates = desk.waiting[: messages.LISTED]
    links = await call.links.soon(call.client, [*(of for _, of in gates), *desk.mine[: messages.LISTED]])
    await call.tell(messages.waiting(gates, desk.mine, call.services.context.roles, links))


async def _status(call: Call, said: str, here: str) -> None:
    named = None if here else await _named(call, said)
    await WORDS["status"].run(call, here or (named.id if named else ""))


async def _named(call: Call, said: str) -> Evaluation | None:
    """The evaluation whose title was said, the longest of them."""
    mine = await call.services.queries.listing(call.actor.team, call.actor.user, open_only=False)
    spoken = [one for one in mine if one_line(one.title).casefold() in said]
    return max(spoken, key=lambda one: len(one.title), default=None)


async def _list(call: Call, said: str, here: str) -> None:
    await WORDS["list"].run(call, "all" if re.search(r"\ball\b", said) else "")


async def _start(call: Call, said: str, here: str) -> None:
    await call.tell(messages.how_to_start())


async def _help(call: Call, said: str, here: str) -> None:
    await call.tell(help_reply(call))


_Answer = Callable[[Call, str, str], Awaitable[None]]
_MEANT: Final[tuple[tuple[re.Pattern[str], _Answer], ...]] = (
    (_START, _start),
    (_WAITING, _waiting),
    (_LISTED, _list),
    (_STATUS, _status),
)


def _understood(said: str) -> _Answer | None:
    return next((answer for pattern, answer in _MEANT if pattern.search(said)), None)
