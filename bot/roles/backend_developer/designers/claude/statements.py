"""The backend's statements for the model: what was said, what is unclear, and what a blueprint leaves of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.agent.statements import Said, Shortcoming, Unclear
from bot.domain.design import Brief
from bot.domain.evidence import Assessment
from bot.domain.facts import AnyFact, EntityFact, OpenFact, RoleFact, ServiceFact, Standing, Statement
from bot.reading.merge import Understanding
from bot.reading.read import ReadingResult, SourceText, read
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.coverage import Account, Covered, addressed, assumed, cited_by, coverage, gaps_of
from bot.roles.backend_developer.designers.claude.places import place_of
from bot.roles.backend_developer.designers.rules.compose import compose
from bot.roles.backend_developer.understanding import TOPICS, Understood, replaced, sources_of, understood

Read = Callable[[Sequence[SourceText]], Awaitable[ReadingResult]]
_QUOTED = 200
_ASSUMED = 30
_PARTS = 6


async def read_in_thread(sources: Sequence[SourceText]) -> ReadingResult:
    """Read texts in a thread of this process: for tests and tools, where nobody else waits."""
    return await asyncio.to_thread(read, tuple(sources), topics=TOPICS)


@dataclass(frozen=True, slots=True)
class BackendStatements:
    """See `bot.agent.statements.StatementReader`."""

    read: Read

    async def said(self, brief: Brief) -> Said:
        """Return all statements with their facts; reading is the reader's, the rest happens in a thread."""
        return await asyncio.to_thread(_said, await self._known(brief), brief)

    async def account(self, brief: Brief, proposal: Blueprint, assessment: Assessment) -> tuple[Shortcoming, ...]:
        """Return what a blueprint leaves of what was said: by what its parts cite, and by what the checks compared."""
        known = await self._known(brief)
        return await asyncio.to_thread(lambda: tuple(_shortcomings(known, proposal, assessment)))

    async def _known(self, brief: Brief) -> Understood:
        result = await self.read(sources_of(brief))
        return await asyncio.to_thread(understood, result, replaced(brief), brief.readings)


def _said(known: Understood, brief: Brief) -> Said:
    said = known.understanding
    named = (EntityFact, RoleFact, ServiceFact)
    return Said(
        statements=said.statements,
        facts=_by_statement(known.facts, said),
        unclear=tuple(_unclear(known, brief)),
        names=tuple(dict.fromkeys(fact.name for fact in said.facts if isinstance(fact, named))),
    )


def _by_statement(facts: Iterable[AnyFact], said: Understanding) -> Mapping[str, tuple[AnyFact, ...]]:
    gone = set(said.withdrawn)
    found: dict[str, list[AnyFact]] = {}
    for fact in facts:
        if fact.statement not in gone:
            found.setdefault(fact.statement, []).append(fact)
    return {statement: tuple(some) for statement, some in found.items()}


def _unclear(known: Understood, brief: Brief) -> Iterator[Unclear]:
    said = known.understanding
    where = {one.id: one for one in said.statements}
    parts, given = _composed(known, brief)
    for number, clash in enumerate(said.contradictions, 1):
        kept, dropped = where.get(clash.kept), where.get(clash.dropped)
        if kept and dropped:
            text = f"“{_line(kept)}” counts against “{_line(dropped)}”, because it is newer"
            yield Unclear(
                id=f"c{number}", kind="contradiction", text=text, statements=(clash.kept, clash.dropped),
                depends=_listed(parts.get(clash.kept, ())) or clash.about,
            )  # fmt: skip
    asked = [fact for fact in said.questions if isinstance(fact, OpenFact) and fact.statement in where]
    for number, fact in enumerate(asked, 1):
        text = f"left open: “{_line(where[fact.statement])}”"
        yield Unclear(
            id=f"o{number}", kind="left_open", text=text, statements=(fact.statement,),
            depends=_listed(parts.get(fact.statement, ())) or fact.about,
        )  # fmt: skip
    for number, address in enumerate(given[:_ASSUMED], 1):
        yield Unclear(id=f"a{number}", kind="assumed", text=f"nobody said it: {address}", depends=address)


def _composed(known: Understood, brief: Brief) -> tuple[Mapping[str, list[str]], tuple[str, ...]]:
    """Return which parts the rules make of each statement, and what they have to assume; none where nothing fits."""
    try:
        plan = compose(known.understanding, known.facts, brief)
    except ValueError:
        return {}, ()
    # What a whole design rests on before single operations, of which there are many.
    return cited_by(plan)[0], tuple(sorted(assumed(plan), key=lambda one: one.split(" ")[0].isupper()))


def _listed(parts: Iterable[str]) -> str:
    return ", ".join([*parts][:_PARTS])


def _line(said: Statement) -> str:
    text = " ".join(said.text.split())
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"


def _shortcomings(known: Understood, plan: Blueprint, assessment: Assessment) -> Iterator[Shortcoming]:
    facts = _by_statement(known.facts, known.understanding)
    gaps = gaps_of(assessment.checks)
    why = {cite: one.why for one in plan.declined for cite in one.cites}
    for one in coverage(known.understanding, plan):
        problem = _problem(one, gaps.get(one.statement.id, ""), why)
        if problem:
            about = facts.get(one.statement.id, ())
            # The deepest place: of “an order has a status” the field, not the entity.
            at = max((place_of(fact, plan) for fact in about), key=lambda place: place.count("/"), default="")
            yield Shortcoming(statement=one.statement.id, text=_line(one.statement), problem=problem, at=at)
    yield from _unknown_cites(known, plan)


def _problem(one: Covered, gap: str, why: Mapping[str, str]) -> str:
    match one.account:
        case Account.REALISED:
            return gap
        case Account.DECLINED:
            return "" if why.get(one.statement.id) else "it is declined without a reason: say why"
        case Account.NOT_REALISED:
            return f"{gap or 'no part cites it'}: do it and cite it, or decline it with a reason"
        case _:
            return ""


def _unknown_cites(known: Understood, plan: Blueprint) -> Iterator[Shortcoming]:
    there = {one.id for one in known.understanding.statements if one.standing is not Standing.NOTHING_SAID}
    for address, part in addressed(plan):
        for cite in part.cites:
            if cite not in there:
                yield Shortcoming(
                    statement=cite, text="", problem=f"{address} cites it, and there is no such statement"
                )
