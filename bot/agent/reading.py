"""Statements that no rule could read, read by a model: typed facts, each by words that stand there word for word.

The answer is data from outside: a fact whose span does not occur in its statement, or that names what nobody named, is
dropped, so that a model can add no need of its own. What it reads counts as understood and is shown as read by a model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.agent.calls import Caller, Clearance, failed_stop, ignore
from bot.agent.config import ClaudeConfig
from bot.agent.documents import CACHED_1H, document
from bot.agent.frame import json_of
from bot.agent.profile import Profile
from bot.agent.statements import Said, unread_line
from bot.agent.streaming import Pulse
from bot.domain.design import ModelReading
from bot.domain.fact_json import KINDS, fact_from_json, fact_to_json
from bot.domain.facts import AnyFact, Stance, Statement
from bot.reading.names import singular, words
from bot.services.designer import Ledger

UNREAD: Final = "eipas:unread"
_AT_ONCE = 40
_CHARACTERS = 24_000
_ROOM = 16_000
_LONGEST_FACTS = 20
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_COMPOUND = 4
_FREE: Final = frozenset({"fact", "kind", "stance", "type", "items", "cardinality", "on_delete", "verbs", "method",
                          "metric", "part", "scheme", "direction", "unit"})  # fmt: skip
"""Parts of facts that are of our vocabulary and not of people's."""

_LEFT_OUT: Final = frozenset({"open", "convention"})
"""Kinds that nothing is compared with: what is read so would leave the count of what is to be done."""

_STANCES: Final = frozenset({Stance.STATED, Stance.DENIED})


class Item(BaseModel):
    """Facts of one statement, by the words that say them."""

    model_config = ConfigDict(extra="ignore")

    statement: str = Field(max_length=80)
    span: str = Field(min_length=1, max_length=2_000)
    facts: tuple[dict[str, Any], ...] = Field(max_length=_LONGEST_FACTS)


class Items(BaseModel):
    """The answer of the model that reads."""

    model_config = ConfigDict(extra="ignore")

    readings: tuple[Any, ...] = Field(max_length=1_000)


async def read_unread(
    said: Said,
    tried: Iterable[ModelReading],
    ledger: Ledger,
    config: ClaudeConfig,
    caller: Caller,
    profile: Profile[Any],
    clear: Clearance,
) -> tuple[ModelReading, ...]:
    """Return what a model reads in the statements that were not understood, at most `config.reads` of them.

    `tried` were read before, or could not be; a statement of which nothing could be read comes back without facts.

    Raises:
        RunParked: the service is busy for long, or no money is left.
        DesignFailed: the model cannot be asked, or declines.
    """
    found: list[ModelReading] = []
    await caller.connect()
    for some in _batches(untried(said, tried)[: config.reads]):
        request = _request(some, said, config, profile)
        paid = await caller.ask(ledger, request, clearance=clear, pulse=Pulse(), tell=ignore)
        await ledger.close_call(paid.call)
        if problem := failed_stop(paid.answer):
            raise problem
        text = "".join(block["text"] for block in paid.answer.content if block["type"] == "text")
        read = readings_in(text, some, said.names)
        done = {one.statement for one in read}
        # Those that it could not read either are kept without facts, so that nobody pays for them again.
        found += [*read, *(ModelReading(statement=s.id, span="", facts=()) for s in some if s.id not in done)]
    return tuple(found)


def untried(said: Said, tried: Iterable[ModelReading]) -> tuple[Statement, ...]:
    """Return the statements that are not understood and that no model was asked about."""
    known = {one.statement for one in tried}
    return tuple(one for one in said.unread if one.id not in known)


def reader_model(config: ClaudeConfig) -> str:
    """Return the model that reads: a small one by setting, else the one that designs."""
    return config.reader or config.model


def _request(some: Sequence[Statement], said: Said, config: ClaudeConfig, profile: Profile[Any]) -> dict[str, Any]:
    system = profile.prompt("reader").replace("{kinds}", kinds_in_words())
    known = document("eipas:known", json.dumps(list(said.names), ensure_ascii=False))
    unread = document(UNREAD, "\n".join(unread_line(one) for one in some))
    task = {"type": "text", "text": profile.prompt("reader_task")}
    return {
        "model": reader_model(config),
        "system": [{"type": "text", "text": system, "cache_control": dict(CACHED_1H)}],
        "max_tokens": _ROOM,
        "messages": [{"role": "user", "content": [known, unread, task]}],
    }


def _batches(unread: Sequence[Statement]) -> Iterator[list[Statement]]:
    some: list[Statement] = []
    size = 0
    for one in unread:
        if some and (len(some) >= _AT_ONCE or size + len(one.text) > _CHARACTERS):
            yield some
            some, size = [], 0
        some.append(one)
        size += len(one.text)
    if some:
        yield some


def kinds_in_words() -> str:
    """Return each kind of fact with its parts and their types, as the reader may answer."""
    lines = []
    for name, kind in KINDS.items():
        if name in _LEFT_OUT:
            continue
        parts = [
            f"{part.name}: {_typed(str(part.type))}"
            for part in fields(kind)
            if part.name not in ("statement", "by_model", "stance")
        ]
        lines.append(f"- {name}: {'; '.join(parts)}")
    return "\n".join(lines)


def _typed(kind: str) -> str:
    return (
        kind.replace("tuple[FieldFact, ...]", "list of fields")
        .replace("tuple[str, ...]", "list of texts")
        .replace("Literal", "one of ")
    )


def readings_in(text: str, some: Sequence[Statement], names: Sequence[str]) -> list[ModelReading]:
    """Return what of an answer can be taken: facts of statements that were asked about, grounded in their words."""
    by_id = {one.id: one for one in some}
    try:
        items = Items.model_validate_json(json_of(text)).readings
    except ValidationError:
        return []
    found = []
    for raw in items:
        try:
            item = Item.model_validate(raw)
        except ValidationError:
            continue
        statement = by_id.get(item.statement)
        if statement is not None and _plain(item.span) in _plain(statement.text):
            facts = tuple(_facts(item, statement, names))
            if facts:
                found.append(ModelReading(statement=statement.id, span=item.span, facts=facts))
    return found


def _facts(item: Item, statement: Statement, names: Sequence[str]) -> Iterator[AnyFact]:
    for raw in item.facts:
        if raw.get("fact") in _LEFT_OUT:
            continue
        try:
            fact = fact_from_json(raw, statement=statement.id, by_model=True)
        except ValueError:
            continue
        if fact.stance in _STANCES and grounded(fact, statement.text, names):
            yield fact


def grounded(fact: AnyFact, text: str, names: Sequence[str]) -> bool:
    """Whether every name, value and number of a fact stands in the statement, or is a name that is known."""
    said = [word.lower() for word in _WORD.findall(text)]
    have = {*said, *map(singular, said)}
    known = {word for name in names for word in _split(name)}
    return all(_stands(value, text, have, known) for value in _said(fact_to_json(fact)))


def _said(value: Any, key: str = "") -> Iterator[str | float]:
    """Yield the texts and numbers of a fact that are people's own."""
    if key in _FREE or isinstance(value, bool):
        return
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _said(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _said(item, key)
    elif isinstance(value, str | int | float):
        yield value


def _stands(value: str | float, text: str, have: set[str], known: set[str]) -> bool:
    if not isinstance(value, str):
        return value in {float(number) for number in _NUMBER.findall(text.replace(",", ""))}
    if value.startswith("/"):
        return value in text
    if value == "*":
        return True
    said = _split(value)
    return bool(said) and all(word in have or word in known or _within(word, text) for word in said)


def _within(word: str, text: str) -> bool:
    """Whether a word is part of another one that was said, as in a compound; short ones are in many."""
    return len(word) >= _COMPOUND and word in text.lower()


def _split(name: str) -> list[str]:
    return [singular(word) for part in _WORD.findall(name) for word in words(part)]


def _plain(text: str) -> str:
    return " ".join(text.split())
