"""Whether an iteration's file fits together by itself: form, scores, gates, and the draft that they judged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from bot.domain.role import Role
from bot.evidence.differences import differences
from bot.evidence.gates import gate_faults
from bot.evidence.verify import verify
from bot.roles.backend_developer.checks.registry import CHECKS
from bot.roles.backend_developer.report import status_words, to_json
from bot.roles.backend_developer.report.gates import as_gate
from bot.roles.backend_developer.report.schema import SCHEMA_ID, IterationReport

_MOST: Final = 6


def verify_report(report: Mapping[str, Any], role: Role) -> list[str]:
    """Return what in an iteration's file does not fit the rest of it, none if it fits together.

    The draft that the review gates judged is the file before it was decided, so it is made again from it: any change
    outside of the gates gives it another digest than the one that stands at them.
    """
    faults = verify(report, CHECKS, score_block=role.score_block, overall=role.overall_score)
    if "$schema" not in report:
        return [*faults, f"it has no “$schema”: it was written before {SCHEMA_ID}, or that was taken out"]
    try:
        read = IterationReport.model_validate(report)
    except ValidationError as error:
        found = error.errors(include_url=False)
        return [*faults, *(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found[:_MOST])]
    faults += differences(dict(report), json.loads(to_json(read)), "the file", limit=_MOST)
    return [*faults, *_standing(read, role), *_gates(read, role)]


def _standing(read: IterationReport, role: Role) -> Iterator[str]:
    unproven = {item.key.rpartition(".")[2] for item in read.unproven}
    scores = read.backend_implementation.model_dump()
    overall = None if role.overall_score in unproven else int(scores[role.overall_score])
    wanted = status_words(role, overall, read.status)
    if read.iteration_status != wanted:
        yield f"iteration_status is “{read.iteration_status[:80]}”; the scores make it “{wanted}”"
    if (read.agent, read.phase) != (role.name, role.phase):
        yield f"it is of the agent “{read.agent}” in “{read.phase}”, not of “{role.name}” in “{role.phase}”"


def _gates(read: IterationReport, role: Role) -> Iterator[str]:
    if read.status == "draft":
        if read.gates:
            yield "a draft has gates, though nobody has judged it yet"
        return
    for said in read.gates:
        spec = next((spec for spec in role.gates if spec.key == said.gate), None)
        if spec is not None and (said.name, said.question) != (spec.name, spec.question):
            yield f"gate “{said.gate}” has another name or question than the role's"
    try:
        gates = [as_gate(number, read.iteration, said) for number, said in enumerate(read.gates)]
    except ValueError as error:
        yield f"a gate's time is none: {error}"
        return
    yield from gate_faults(role, gates, draft_digest(read, role))


def draft_digest(read: IterationReport, role: Role) -> str:
    """Return the digest of the draft that a decided file was."""
    unproven = {item.key.rpartition(".")[2] for item in read.unproven}
    overall = None if role.overall_score in unproven else read.backend_implementation.backend_score
    changes = {"status": "draft", "gates": (), "iteration_status": status_words(role, overall, "draft")}
    return hashlib.sha256(to_json(read.model_copy(update=changes))).hexdigest()
