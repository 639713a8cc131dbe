"""What people said, statement by statement, as the model is told it, and what a proposal leaves of it.

A role reads its own texts; here is what it hands over, and how that is written down. One line is one statement, so that
a long list can be read in pages.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from bot.agent.edits import Keys, look_up
from bot.domain.design import Brief
from bot.domain.evidence import Assessment
from bot.domain.fact_json import fact_to_json
from bot.domain.facts import AnyFact, Standing, Statement

_TEXT = 1_000
_VALUE = 240
_NOTHING = "nothing is there"

UnclearKind = Literal["contradiction", "left_open", "not_understood", "assumed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """What the texts leave unclear: its id, by which a question is about it, and what depends on it.

    `statements` are the ids of those that leave it so.
    """

    id: str
    kind: UnclearKind
    text: str
    depends: str = ""
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """All statements of a brief, the facts in force of each by its id, what is unclear, and names that are known."""

    statements: tuple[Statement, ...]
    facts: Mapping[str, tuple[AnyFact, ...]] = field(default_factory=dict)
    unclear: tuple[Unclear, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def unread(self) -> tuple[Statement, ...]:
        """Those that ask for something, nobody knows for what."""
        return tuple(said for said in self.statements if said.standing is Standing.NOT_UNDERSTOOD)

    def settled(self, ids: Iterable[str]) -> tuple[Statement, ...]:
        """Return the statements that answer a question about all of `ids`; none where one of them is unclear."""
        wanted = set(ids)
        unclear = {one.id for one in self.unclear} | {said for one in self.unclear for said in one.statements}
        if wanted & unclear:
            return ()
        found = tuple(one for one in self.statements if one.id in wanted)
        return found if found and all(one.standing is Standing.UNDERSTOOD for one in found) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcoming:
    """A statement that a proposal does not do: what is wrong, and the address of the part that it is about."""

    statement: str
    text: str
    problem: str
    at: str = ""


class StatementReader(Protocol):
    """What a role brings: its reading of a brief, and the account of a proposal."""

    async def said(self, brief: Brief) -> Said:
        """Return what the texts of a brief say. Computes nothing on the loop; the same brief gives the same."""
        ...

    async def account(self, brief: Brief, proposal: Any, assessment: Assessment) -> tuple[Shortcoming, ...]:
        """Return the statements that the proposal does not do, though it may cite them, in the order of the texts."""
        ...


def statement_lines(said: Said) -> list[str]:
    """Return each statement that asks for something as a line of JSON, with the facts that were read of it."""
    wanted = (Standing.UNDERSTOOD, Standing.NOT_UNDERSTOOD)
    return [_line(one, said.facts.get(one.id, ())) for one in said.statements if one.standing in wanted]


def unread_line(one: Statement) -> str:
    """Return a statement without facts as a line of JSON."""
    return _line(one, ())


def _line(one: Statement, facts: Sequence[AnyFact]) -> str:
    told: dict[str, Any] = {"id": one.id, "from": one.source, "says": " ".join(one.text.split())[:_TEXT]}
    if one.standing is Standing.NOT_UNDERSTOOD:
        told["not_understood"] = True
    elif facts:
        told["facts"] = [fact_to_json(fact) for fact in facts]
        if any(fact.by_model for fact in facts):
            told["read_by_model"] = True
    return json.dumps(told, ensure_ascii=False)


def counted(said: Said) -> dict[str, int]:
    """Return how many statements there are of each standing."""
    found: dict[str, int] = {}
    for one in said.statements:
        found[one.standing.value] = found.get(one.standing.value, 0) + 1
    return dict(sorted(found.items()))


def beside(shortcoming: Shortcoming, proposal: Mapping[str, Any], keys: Keys) -> dict[str, str]:
    """Return a shortcoming as the model is told it: beside the value that is wrong."""
    told = {"statement": shortcoming.statement, "says": shortcoming.text, "problem": shortcoming.problem}
    if not shortcoming.at:
        return told
    try:
        value = json.dumps(look_up(proposal, shortcoming.at, keys), ensure_ascii=False)
    except KeyError:
        value = _NOTHING
    return {"at": shortcoming.at, "is": value if len(value) <= _VALUE else f"{value[:_VALUE]}…", **told}
