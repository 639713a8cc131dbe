"""Accounts for every statement of a brief in a proposal, whichever designer made it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain.design import Brief
from bot.domain.evidence import Artefact, Check
from bot.reading.read import ReadingResult
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.coverage import Account, Covered, addressed, cited_by, coverage, gaps_of, held_to
from bot.roles.backend_developer.designers.rules.compose import compose
from bot.roles.backend_developer.report.coverage_table import coverage_file
from bot.roles.backend_developer.understanding import Understood, replaced, understood


def covering(result: ReadingResult, brief: Brief, proposal: Blueprint, checks: Iterable[Check] = ()) -> Artefact:
    """Return the coverage of a proposal as a file, held to what `checks` compared. Pure; for a thread, not the loop."""
    known = understood(result, replaced(brief), brief.readings)
    covered = coverage(known.understanding, proposal)
    if not any(part.cites for _, part in addressed(proposal)):
        covered = _by_address(covered, known, brief, proposal)
    return coverage_file(held_to(covered, gaps_of(checks)), proposal)


def _by_address(
    covered: tuple[Covered, ...], known: Understood, brief: Brief, proposal: Blueprint
) -> tuple[Covered, ...]:
    """Account for a proposal that cites nothing: a statement is realised by the parts that the rules make of it too.

    A part of the proposal is the rules' if it has its address: ``Order.status``, ``POST /orders``.
    """
    try:
        made = compose(known.understanding, known.facts, brief)
    except ValueError:
        return covered
    there = {address for address, _ in addressed(proposal)}
    parts: Mapping[str, list[str]] = cited_by(made)[0]
    return tuple(
        replace(one, account=Account.REALISED, parts=found[:12])
        if one.account is Account.NOT_REALISED
        and (found := tuple(part for part in parts.get(one.statement.id, ()) if part in there))
        else one
        for one in covered
    )
