"""From a design and its evidence to what the review shows; pure, so that it can be made outside of any transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.basis import held_back
from bot.domain.bundle import is_bundle
from bot.domain.design import Brief, Design
from bot.domain.evaluation import FileRef, Result
from bot.domain.evidence import Artefact, Assessment, Deliverables, HandedOver
from bot.domain.role import Role
from bot.domain.run import Run
from bot.domain.spending import Bill
from bot.services.ports import Kit, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedRun:
    """A finished run, ready to be stored. `draft` is the iteration's document before anybody judged it."""

    result: Result
    design: Design
    brief: Brief
    artefacts: tuple[Artefact, ...]
    draft: Artefact
    handed: Deliverables

    def keep(self, tx: Tx) -> Iterator[FileRef]:
        """Store the files by their digests and yield what refers to them, the draft last."""
        for artefact in (*self.artefacts, self.draft):
            yield keep_file(tx, artefact, draft=artefact is self.draft)


def keep_file(tx: Tx, artefact: Artefact, *, draft: bool = False) -> FileRef:
    """Store a file's bytes and return the reference to it."""
    return FileRef(
        name=artefact.name,
        sha256=tx.files.put(artefact),
        size=len(artefact.content),
        media_type=artefact.media_type,
        draft=draft,
    )


def bill_of(tx: Tx, run: Run) -> Bill:
    """Return what a run has cost, beside the iteration and the evaluation that it belongs to."""
    calls = tx.ledger.calls(run.id)
    usage: dict[str, float] = {}
    for call in calls:
        for name, count in ((call or {}).get("usage") or {}).items():
            usage[name] = usage.get(name, 0) + count
    return Bill(
        run_usd=tx.ledger.spent_usd(run.evaluation_id, payer=run.id),
        calls=len(calls),
        iteration_usd=tx.ledger.spent_usd(run.evaluation_id, iteration=run.iteration),
        evaluation_usd=tx.ledger.spent_usd(run.evaluation_id),
        budget_usd=tx.evaluations.get(run.evaluation_id, lock=False).budget_usd,
        usage=usage,
    )


def billed(design: Design, bill: Bill) -> Design:
    """Return the design with what it cost, as the ledger has it; a design without a model costs nothing."""
    if design.model is None:
        return design
    money = {"usd": bill.run_usd, "iteration_usd": bill.iteration_usd, "evaluation_usd": bill.evaluation_usd}
    rounded = {name: round(usd, 6) for name, usd in money.items()}
    return replace(design, usage={**design.usage, **bill.usage, **rounded, "calls": bill.calls})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a result needs to know of its evaluation at the moment: the time, the bill, what was handed over before."""

    now: datetime
    bill: Bill
    before: HandedOver


def standing(tx: Tx, run: Run, workspace: str, repository: Mapping[str, bytes]) -> Standing:
    """Return how a run's evaluation stands."""
    past = sorted(tx.dossier(run.evaluation_id).iterations, key=lambda iteration: iteration.number, reverse=True)
    earlier = tuple(
        Artefact(name=ref.name, media_type=ref.media_type, content=tx.files.get(ref.sha256))
        for iteration in past
        if iteration.number < run.iteration
        for ref in iteration.files
        if ref.media_type == "application/zip" and not is_bundle(ref.name)
    )
    before = HandedOver(earlier=earlier, workspace=workspace, repository=repository)
    return Standing(now=tx.now, bill=bill_of(tx, run), before=before)


def finished_run(
    role: Role, kit: Kit[Any], brief: Brief, plan: Design, assessment: Assessment, at: Standing, handed: Deliverables
) -> FinishedRun:
    """Render the draft, and gather what the review shows. The gates judge the draft's digest.

    What a model recommends is held to what is settled; rules recommend from the same counts.
    """
    now, bill = at.now, at.bill
    design = billed(plan, bill)
    shown = kit.highlights(design, assessment, role)
    if design.model is not None:
        design = replace(design, narrative=held_back(design.narrative, assessment.checks, shown.points))
    draft = kit.report(
        role=role, brief=brief, design=design, assessment=assessment, gates=(), timestamp=now, final=False
    )
    result = Result(
        subject_sha256=draft.sha256,
        scorecard=assessment.scorecard,
        checks=tuple(replace(check, raw="") for check in assessment.checks),
        narrative=design.narrative,
        highlights=replace(shown, facts=(*shown.facts, *handed.facts)),
        changes=kit.changes(brief.previous, design.proposal) if brief.previous else (),
        designer=design.designer,
        model=design.model,
        statement=_statement(design, bill),
        unproven=tuple(part.key for part in assessment.scorecard.parts if part.value is None),
        decisions=kit.decisions(design.proposal),
        finished_at=now,
    )
    artefacts = (*assessment.artefacts, *handed.files)
    return FinishedRun(result=result, design=design, brief=brief, artefacts=artefacts, draft=draft, handed=handed)


def _statement(design: Design, bill: Bill) -> str:
    if design.model is None:
        return "Designed by rules from your documents and answers. No model was used."
    calls = f"{bill.calls} call" + ("" if bill.calls == 1 else "s")
    guessed = int(bill.usage.get("estimated_calls", 0))
    return (
        f"Designed by {design.model}. Cost of this run: ${bill.run_usd:.2f} of {calls}; iteration: "
        f"${bill.iteration_usd:.2f}; evaluation: ${bill.evaluation_usd:.2f} of a budget of ${bill.budget_usd:.2f}."
        + (f" {guessed} of them estimated by length, as the service did not report what it used." if guessed else "")
    )
