"""A message's words as its writer meant them: who is spoken to, and everybody by name."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Final

import structlog
from slack_sdk.errors import SlackApiError

from bot.services.directory import Directory
from handlers.call import Call, Json
from handlers.views.text import as_typed, shown

log = structlog.get_logger(__name__)
_PERSON: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>")
_CHANNEL: Final = re.compile(r"<#([CG][A-Z0-9]+)(?:\|([^<>]*))?>")
_CALLED: Final = r"<(?:@[UW][A-Z0-9]+|!subteam\^[A-Z0-9]+)(?:\|[^<>]*)?>"
_GREETING: Final = (
    r"(?:(?:hi|hey|hello|hallo|dear|yo|ok|okay|thanks|thank you|thx|sorry|psst|cc|fyi|ping|"
    r"over to)\b[\s,:]*)*"
)
_BEGINNING: Final = re.compile(
    rf"\s*{_GREETING}(?P<called>{_CALLED}(?:[\s,/&+]*(?:\band\b|\bund\b|\bor\b)?[\s,/&+]*{_CALLED})*)", re.IGNORECASE
)
_PLAIN: Final = re.compile(
    r"\s*(?:<!(?:here|channel|everyone)(?:\|[^<>]*)?>\s*|@[A-Za-z][\w.-]*[,:]?\s+){1,5}(?P<rest>.*)", re.DOTALL
)
"""A name that Slack made no mention of, or all at once: spoken to only where the words ask for something."""

_BY_NAME: Final = re.compile(r"\s*[A-Z][a-z]+,\s+(?:can|could|will|would) you\b")
_ASKED_FOR: Final = re.compile(
    r"(?:please|pls|plz|can|could|will|would) (?:you|u|someone|somebody|anyone|anybody)\b|(?:please|pls|plz)\b|"
    r"(?:does|is|has|did) (?:anyone|anybody|someone|somebody)\b|(?:fyi|thanks|thank you|thx)\b",
    re.IGNORECASE,
)
_TURNED: Final = re.compile(
    r"(?:can|could|will|would|should|shall|may|might|must|do|does|did|is|are|was|were|have|has|had|any)\s+"
    r"(?:you|u|ya|ye|we|i|this|that|it|there|they|he|she|anyone|anybody|somebody|someone|the|our|your|idea|chance)\b",
    re.IGNORECASE,
)
_ABOUT: Final = re.compile(
    r"['\u2019]s\b|(?:and|und) (?:i|me|my|we|our|the|ich|wir)\b|"
    r"(?:is|was|has|had|will|would|should|must|may|might|can|cannot|can['\u2019]t|could|does|did)\b|"
    r"(?:said|told|wrote|knew|thought|took|gave|chose|built|ran|made|set|put)\b|(?P<verb>[a-z]{2,}(?:s|ed))\b",
    re.IGNORECASE,
)
_ABOUT_SEVERAL: Final = re.compile(
    r"(?:are|were|have|own|run|do|decide|use|want|need|maintain|approve|work|handle|said|agree|share|manage)\b",
    re.IGNORECASE,
)
_NO_VERBS: Final = frozenset(
    {"pls", "plus", "thanks", "yes", "this", "guys", "folks", "as", "always", "perhaps", "its", "us", "his", "agreed",
     "indeed", "need", "feed", "speed", "congrats", "cheers", "greetings", "apologies", "regards", "sometimes",
     "besides", "thus", "others", "thoughts", "ideas", "opinions", "questions", "comments", "status", "proceed"}
)  # fmt: skip
_MOST_NAMED: Final = 20
_NAMING_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What was said. `to_bot`: it names the bot; `to_others`: it begins by speaking to somebody else."""

    text: str
    to_bot: bool
    to_others: bool


def own_ids(body: Json) -> frozenset[str]:
    """Return by which user ids the bot is mentioned in a delivery (docs.slack.dev/apis/events-api, authorizations)."""
    found = {one.get("user_id") for one in body.get("authorizations") or () if one.get("is_bot", True)}
    return frozenset({*found, *(body.get("authed_users") or ())} - {None})


async def spoken(markup: str, own: frozenset[str], directory: Directory, team: str) -> Spoken:
    """Return a message's words: the bot's own mention is cut out, everybody else stands by name."""
    mentioned = [found[1] for found in _PERSON.finditer(markup)]
    kept = _PERSON.sub(lambda found: "" if found[1] in own else found[0], markup)
    to_bot = any(user in own for user in mentioned)
    named = await _named(kept, directory, team)
    text = re.sub(r"[ \t]{2,}", " ", as_typed(named)) if to_bot else as_typed(named)
    return Spoken(text=shown(text), to_bot=to_bot, to_others=_to_others(markup, own))


async def _named(markup: str, directory: Directory, team: str) -> str:
    """Put names in place of ids, of people and of channels; where Slack does not tell one at once the id stays."""
    asked = [found[1] for found in _PERSON.finditer(markup)]
    asked += [found[1] for found in _CHANNEL.finditer(markup) if not found[2]]
    if not asked:
        return markup
    tasks = {
        one: asyncio.ensure_future((directory.channel if one[0] in "CG" else directory.name)(team, one))
        for one in list(dict.fromkeys(asked))[:_MOST_NAMED]
    }
    await asyncio.wait(tasks.values(), timeout=_NAMING_S)
    for task in tasks.values():
        task.cancel()
    names = {user: task.result() for user, task in tasks.items() if task.done() and not task.cancelled()}

    def show(found: re.Match[str]) -> str:
        name = re.sub(r"[<>|&]", "", names.get(found[1], ""))
        return f"{found[0][:2]}{found[1]}|{name}>" if name and name != found[1] else found[0]

    return _CHANNEL.sub(show, _PERSON.sub(show, markup))


def _to_others(markup: str, own: frozenset[str]) -> bool:
    """Whether a message begins by speaking to somebody who is not the bot.

    A sentence that is about the person ("@Ben owns the database") speaks to nobody.
    """
    found = _BEGINNING.match(markup)
    if found is None:
        plain = _PLAIN.match(markup)
        asked = plain is not None and _ASKED_FOR.match(plain["rest"]) is not None
        return asked or _BY_NAME.match(markup) is not None
    if any(user in own for user, _ in _PERSON.findall(found["called"])):
        return False
    rest = markup[found.end() :]
    words = rest.lstrip()
    several = len(re.findall(_CALLED, found["called"])) > 1
    if _TURNED.match(words):
        return True
    if several and re.search(r"\b(?:and|und)\b|[&+]", found["called"]) and _ABOUT_SEVERAL.match(words):
        return False
    about = _ABOUT.match(words)
    return about is None or (about["verb"] is not None and about["verb"].casefold() in _NO_VERBS)


async def text_of_message(call: Call, channel: str, thread_ts: str, ts: str) -> str | None:
    """Return what a message of a thread says now, None where Slack does not tell."""
    try:
        answer = await call.client.conversations_replies(
            channel=channel, ts=thread_ts, oldest=ts, latest=ts, inclusive=True, limit=10
        )
    except SlackApiError as error:
        log.info("message_not_told", error=str(error.response.get("error")))
        return None
    found = next((one for one in answer["messages"] if one.get("ts") == ts), None)
    if found is None:
        return None
    directory = call.services.context.directory
    return (await spoken(str(found.get("text") or ""), own_ids(call.body), directory, call.actor.team)).text
