"""From a design and its evidence to what the review shows; pure, so that it can be made outside of any transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.design import Brief, Design
from bot.domain.evaluation import FileRef, Result
from bot.domain.evidence import Artefact, Assessment
from bot.domain.role import Role
from bot.services.ports import Kit, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A finished run, ready to be stored. `draft` is the iteration's document before anybody judged it."""

    result: Result
    design: Design
    brief: Brief
    artefacts: tuple[Artefact, ...]
    draft: Artefact

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


def outcome_of(role: Role, kit: Kit, brief: Brief, design: Design, assessment: Assessment, now: datetime) -> Outcome:
    """Render the draft and gather what the review shows. The gates judge the draft's digest."""
    draft = kit.report(
        role=role, brief=brief, design=design, assessment=assessment, gates=(), timestamp=now, final=False
    )
    result = Result(
        subject_sha256=draft.sha256,
        scorecard=assessment.scorecard,
        checks=tuple(replace(check, raw="") for check in assessment.checks),
        narrative=design.narrative,
        highlights=kit.highlights(design, assessment, role),
        changes=kit.changes(brief.previous, design.blueprint) if brief.previous else (),
        designer=design.designer,
        model=design.model,
        statement=_statement(design),
        unproven=tuple(part.key for part in assessment.scorecard.parts if part.value is None),
        decisions=tuple((decision.what, decision.why) for decision in design.blueprint.decisions),
        finished_at=now,
    )
    return Outcome(result=result, design=design, brief=brief, artefacts=assessment.artefacts, draft=draft)


def _statement(design: Design) -> str:
    if design.model is None:
        return "Designed by rules from your documents and answers. No model was used."
    cost = design.usage.get("usd")
    return f"Designed by {design.model}." + (f" Cost of this run: ${cost:.2f}." if cost is not None else "")
