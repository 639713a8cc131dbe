"""A report carries its proof: what its numbers were derived from, and a way to derive them again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.domain.evidence import Artefact, Check, Measure, Outcome
from bot.evidence.checks import CheckRule, CheckSpec
from bot.evidence.score import scorecard

_ABSENT: Final = object()
_FIELDS = (
    "key",
    "title",
    "score",
    "weight",
    "cap",
    "detail",
    "tool",
    "tool_version",
    "command",
    "raw_sha256",
    "measures",
    "share",
)


class _Entry(BaseModel):
    """One check as a report has it; a report comes from outside, so nothing in it is taken for granted."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str
    score: str
    outcome: Outcome
    weight: float = Field(ge=0, le=100)
    cap: int | None = Field(ge=0, le=100)
    raw_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    title: str = ""
    tool: str = ""
    command: str = ""
    measures: Measure = Measure.SOUNDNESS
    share: float | None = Field(default=None, ge=0, le=1)


_ENTRIES: TypeAdapter[list[_Entry]] = TypeAdapter(list[_Entry])


def evidence_block(checks: Iterable[Check], artefacts: Iterable[Artefact] = ()) -> dict[str, Any]:
    """Return what a report carries as proof: each check with its raw output's digest, each artefact's digest."""
    return {
        "checks": [
            {**{name: getattr(check, name) for name in _FIELDS}, "outcome": check.outcome.value} for check in checks
        ],
        "artefacts": {artefact.name: artefact.sha256 for artefact in artefacts},
    }


def verify(
    report: Mapping[str, Any],
    rules: Sequence[CheckRule],
    *,
    score_block: str,
    overall: str,
    raw: Mapping[str, str] | None = None,
    artefacts: Mapping[str, bytes] | None = None,
) -> list[str]:
    """Return the faults of a report, none if it holds together.

    Its scores are derived again from its evidence block; the weights and caps there are compared with the `rules`;
    `raw` (a check's key to its raw output) and `artefacts` (a name to its content), where given, are hashed again.
    `score_block` and `overall` are the role's names for the block of scores and for the overall score in it.

    A score that was not proven is 0 in the report (the definition wants numbers) and named under `unproven`.
    """
    evidence = report.get("evidence") if isinstance(report, Mapping) else None
    numbers = report.get(score_block) if isinstance(report, Mapping) else None
    if not isinstance(evidence, Mapping) or not isinstance(numbers, Mapping):
        return [f"the report has no “evidence” or no “{score_block}”"]
    try:
        entries = _ENTRIES.validate_python(evidence.get("checks"))
    except ValidationError as problem:
        first = problem.errors()[0]
        return [f"the evidence cannot be read: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}"]
    return [
        *_scores(report, numbers, entries, rules, overall),
        *_rules(entries, rules),
        *_hashes(
            "raw output of",
            {entry.key: entry.raw_sha256 for entry in entries},
            {key: text.encode() for key, text in (raw or {}).items()},
        ),
        *_hashes("artefact", evidence.get("artefacts"), artefacts or {}),
    ]


def _scores(
    report: Mapping[str, Any],
    numbers: Mapping[str, Any],
    entries: Sequence[_Entry],
    rules: Sequence[CheckRule],
    overall: str,
) -> Iterator[str]:
    # The registry's scores, not those that the report chose to show: leaving out the worst one would raise the overall.
    names = list(dict.fromkeys([*(rule.score for rule in rules), *(str(key) for key in numbers if key != overall)]))
    try:
        card = scorecard([_as_check(entry) for entry in entries], [(name, name) for name in names])
    except ValueError as twice:
        yield str(twice)
        return
    unproven = _unproven(report)
    share = report["evidence"].get("measured_share", _ABSENT)
    if share is not _ABSENT and share != round(card.measured_share, 4):
        yield f"measured_share is {share!r} in the report; its evidence gives {round(card.measured_share, 4)}"
    derived = {overall: card.overall, **{part.key: part.value for part in card.parts}}
    for name, value in derived.items():
        stated = numbers.get(name)
        if value is None and name not in unproven:
            yield f"{name} is not proven by the evidence, but the report does not say so"
        if value is not None and name in unproven:
            yield f"{name} is proven by the evidence, but the report calls it unproven"
        if stated != (value or 0) or isinstance(stated, bool):
            yield f"{name} is {stated!r} in the report; its evidence gives {'no number' if value is None else value}"


def _rules(entries: Sequence[_Entry], rules: Sequence[CheckRule]) -> Iterator[str]:
    specs = {rule.key: rule for rule in rules}
    for entry in entries:
        spec = specs.get(entry.key)
        if spec is None:
            yield f"{entry.key} is no known check"
            continue
        # What does not apply weighs nothing; that is all a weight may differ by.
        waived = entry.outcome is Outcome.NOT_MEASURED and entry.weight == 0
        other = (entry.score, entry.cap, entry.measures) != (spec.score, spec.cap, spec.measures)
        if isinstance(spec, CheckSpec) and _named(entry) != (spec.title, spec.tool, spec.command.format(key=spec.key)):
            yield f"{entry.key} has another title, tool or command than the check has"
        if other or (entry.weight != spec.weight and not waived):
            yield f"{entry.key} has another score, weight or cap than the check has"
    present = {entry.key for entry in entries}
    yield from (f"{key} is missing from the evidence" for key in specs if key not in present)


def _named(entry: _Entry) -> tuple[str, str, str]:
    return entry.title, entry.tool, entry.command


def _unproven(report: Mapping[str, Any]) -> frozenset[str]:
    """Return the scores that a report calls unproven: by their keys, with the block's name before them or not."""
    said = report.get("unproven")
    listed = said if isinstance(said, Sequence) and not isinstance(said, str) else ()
    keys = (item.get("key") if isinstance(item, Mapping) else item for item in listed)
    return frozenset(str(key).rpartition(".")[2] for key in keys)


def _hashes(what: str, stated: object, given: Mapping[str, bytes]) -> Iterator[str]:
    digests = stated if isinstance(stated, Mapping) else {}
    for name, content in given.items():
        if name not in digests:
            yield f"{what} {name} is not in the report"
        elif hashlib.sha256(content).hexdigest() != digests[name]:
            yield f"{what} {name} is not the one in the report"


def _as_check(entry: _Entry) -> Check:
    return Check(
        key=entry.key,
        title="",
        score=entry.score,
        outcome=entry.outcome,
        detail="",
        tool="",
        tool_version="",
        command="",
        weight=entry.weight,
        cap=entry.cap,
        measures=entry.measures,
        share=entry.share,
    )
