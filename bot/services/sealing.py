"""Sealing a decided iteration: everything that its numbers stand on in one signed file, and its digest in the log."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.domain.bundle import SEALED, IterationRecord, Sealed, SealSubject, bundle_name
from bot.domain.design import Brief, Feedback
from bot.domain.errors import EipasError, NotFound, Unavailable
from bot.domain.evaluation import Dossier, FileRef, Iteration
from bot.domain.evidence import Artefact
from bot.services.bundle_files import BundleFiles
from bot.services.common import Actor, ServiceContext, audit
from bot.services.design_session import assessed_with, kept_assessment
from bot.services.results import keep_file
from bot.services.run_launch import notes_of

if TYPE_CHECKING:
    from bot.services.ports import Tx

log = structlog.get_logger(__name__)
ENGINE = "engine"
MEDIA_TYPE = "application/zip"


class SealingService:
    """Makes the bundle of a decided iteration, once."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context

    async def seal(self, evaluation_id: str, number: int) -> FileRef | None:
        """Pack, sign and keep the bundle of a decided iteration, and note its digest in the audit log.

        Safe to repeat: a bundle that is there stays. None where there is no key to sign with, or where it cannot be
        made: what was decided stands without it, and the log says why.

        Raises:
            Unavailable: the database cannot be written now.
        """
        sealer = self._context.sealer
        if sealer is None:
            return None
        try:
            gathered = await self._context.db.read(lambda tx: self._gather(tx, evaluation_id, number))
            if isinstance(gathered, FileRef):
                return gathered
            kit = self._context.kits[gathered.record.role]
            whole = replace(gathered, facts=await kit.facts(asked(gathered.brief, gathered.record.heard)))
            sealed = await asyncio.to_thread(lambda: sealer.seal(whole.files(), _subject(whole)))
        except Unavailable:
            raise
        except EipasError as error:
            log.error("bundle_not_sealed", evaluation=evaluation_id, iteration=number, reason=error.message)
            return None
        except Exception:
            # The files of the iteration must reach the workspace, whatever is wrong with the bundle.
            log.exception("bundle_not_sealed", evaluation=evaluation_id, iteration=number)
            return None
        return await self._context.db.transaction(lambda tx: _keep(tx, evaluation_id, number, sealed, whole))

    def _gather(self, tx: Tx, evaluation_id: str, number: int) -> BundleFiles | FileRef:
        dossier = tx.dossier(evaluation_id)
        iteration, run = dossier.iteration(number), dossier.run(number)
        if iteration is None or iteration.outcome is None:
            raise NotFound(what="decided iteration", name=number, hint="It is sealed once its closing gate is decided.")
        role, kit = self._context.role(dossier.evaluation), self._context.kit(dossier.evaluation)
        report = role.output_name(number)
        if (there := _file(iteration, bundle_name(report))) is not None:
            return there
        kept = tx.iterations.design(evaluation_id, number, kit.proposal_type)
        assessment = kept_assessment(tx, run.id, kept[0].proposal) if kept and run else None
        final, draft = _file(iteration, report), next((one for one in iteration.files if one.draft), None)
        if kept is None or run is None or assessment is None or final is None or draft is None:
            raise NotFound(what="result of iteration", name=number, hint="Its design or its evidence was not kept.")
        design, brief = kept
        judged = {one.name for one in assessment.artefacts}
        others = [one for one in iteration.files if one.name not in judged and one not in (final, draft)]
        with_notes = assessed_with(tx, run, design.proposal)
        heard = tuple(one for one in notes_of(tx.notes.all(evaluation_id), number) if one.id in with_notes)
        record = self._record(dossier, iteration, heard)
        return BundleFiles(
            record=replace(record, tools=assessment.tools), brief=brief, design=design,
            events=tx.events.all(evaluation_id), checks=assessment.checks, artefacts=assessment.artefacts,
            deliverables=_contents(tx, others), facts=None,
            draft=_contents(tx, [draft])[0], report=_contents(tx, [final])[0],
        )  # fmt: skip

    def _record(self, dossier: Dossier, iteration: Iteration, heard: tuple[Feedback, ...]) -> IterationRecord:
        evaluation, result = dossier.evaluation, iteration.result
        if result is None or result.finished_at is None or iteration.decided_at is None:
            raise NotFound(what="result of iteration", name=iteration.number, hint="It was made before bundles were.")
        return IterationRecord(
            evaluation_id=evaluation.id, role=evaluation.role, iteration=iteration.number, owner=evaluation.owner,
            approvers=evaluation.approvers, policy=self._context.rules.policy, drafted_at=result.finished_at,
            decided_at=iteration.decided_at, outcome=iteration.outcome or "",
            gates=tuple(gate for gate in dossier.gates if gate.iteration == iteration.number),
            points=result.highlights.points, heard=heard, checks=(), tools={},
        )  # fmt: skip


def asked(brief: Brief, heard: Iterable[Feedback]) -> Brief:
    """Return the brief with what was handed to the designer while it worked: what a proposal is assessed against."""
    known = {one.id for one in brief.feedback}
    return replace(brief, feedback=(*brief.feedback, *(one for one in heard if one.id not in known)))


def _keep(tx: Tx, evaluation_id: str, number: int, sealed: Sealed, whole: BundleFiles) -> FileRef:
    evaluation = tx.evaluations.get(evaluation_id)
    iteration = tx.dossier(evaluation_id).iteration(number)
    name = bundle_name(whole.report.name)
    if iteration is None:
        raise NotFound(what="iteration", name=number, hint="The thread shows the iterations there are.")
    if (there := _file(iteration, name)) is not None:
        return there
    ref = keep_file(tx, Artefact(name=name, media_type=MEDIA_TYPE, content=sealed.content))
    tx.iterations.save(evaluation_id, replace(iteration, files=(*iteration.files, ref)))
    audit(
        tx, evaluation_id, Actor(team=evaluation.team, user=ENGINE), SEALED, iteration=number, bundle=ref.sha256,
        attestation=sealed.attestation_sha256, key=sealed.key_id,
    )  # fmt: skip
    tx.evaluations.save(evaluation)
    return ref


def _subject(whole: BundleFiles) -> SealSubject:
    record = whole.record
    return SealSubject(
        evaluation_id=record.evaluation_id, role=record.role, iteration=record.iteration,
        draft_sha256=whole.draft.sha256, report_sha256=whole.report.sha256, sealed_at=record.decided_at,
    )  # fmt: skip


def _file(iteration: Iteration, name: str) -> FileRef | None:
    return next((one for one in iteration.files if one.name == name and not one.draft), None)


def _contents(tx: Tx, files: Iterable[FileRef]) -> list[Artefact]:
    return [Artefact(name=one.name, media_type=one.media_type, content=tx.files.get(one.sha256)) for one in files]
