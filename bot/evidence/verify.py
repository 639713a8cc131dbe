"""A report carries its proof: what its numbers were derived from, and a way to derive them again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.domain.basis import basis
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


class _Statements(BaseModel):
    """The counts of all statements, each once, as a report has them; the checks alone give only those of each area."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    compared: int = Field(default=0, ge=0)
    done: int = Field(default=0, ge=0)
    not_understood: int = Field(default=0, ge=0)

    @property
    def share(self) -> float:
        return self.done / self.compared if self.compared else 1.0


def evidence_block(checks: Sequence[Check], artefacts: Iterable[Artefact] = ()) -> dict[str, Any]:
    """Return what a report carries as proof: each check with its raw output's digest, each artefact's digest."""
    return {
        "checks": [
            {**{name: getattr(check, name) for name in _FIELDS}, "outcome": check.outcome.value} for check in checks
        ],
        "statements": statements_block(checks),
        "artefacts": {artefact.name: artefact.sha256 for artefact in artefacts},
    }


def statements_block(checks: Iterable[Check]) -> dict[str, int]:
    """Return how many statements the checks compared, each once, and what became of them."""
    found = basis(checks)
    return {"compared": found.statements, "done": found.done, "not_understood": found.not_understood}


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
        statements = _Statements.model_validate(evidence.get("statements") or {})
    except ValidationError as problem:
        first = problem.errors()[0]
        return [f"the evidence cannot be read: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}"]
    return [
        *_scores(report, numbers, entries, statements, rules, overall),
        *_counted(entries, statements),
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
    statements: _Statements,
    rules: Sequence[CheckRule],
    overall: str,
) -> Iterator[str]:
    # The registry's scores, not those that the report chose to show: leaving out the worst one would raise the overall.
    names = list(dict.fromkeys([*(rule.score for rule in rules), *(str(key) for key in numbers if key != overall)]))
    try:
        given = [_as_check(entry) for entry in entries]
        card = scorecard(given, [(name, name) for name in names], statements=statements.share)
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


def _counted(entries: Sequence[_Entry], statements: _Statements) -> Iterator[str]:
    """Hold the counts of all statements against the areas' shares: what is not done in one of them is not done."""
    shares = [entry.share for entry in entries if entry.measures is Measure.FIT and entry.share is not None]
    if statements.done + statements.not_understood > statements.compared:
        yield (
            f"of {statements.compared} statements {statements.done} are called done and {statements.not_understood} "
            "not understood"
        )
    if bool(shares) != bool(statements.compared):
        yield f"{statements.compared} statements are said to be compared, and {'some' if shares else 'none'} are"
    elif shares and (min(shares) < 1) != (statements.done < statements.compared):
        yield f"{statements.done} of {statements.compared} statements are called done, and the areas say otherwise"


def _rules(entries: Sequence[_Entry], rules: Sequence[CheckRule]) -> Iterator[str]:
    specs = {rule.key: rule for rule in rules}
    for entry in entries:
        spec = specs.get(entry.key)
        if spec is None:
            yield f"{entry.key} is no known check"
            continue
        other = (entry.score, entry.cap, entry.measures, entry.weight) != (
            spec.score, spec.cap, spec.measures, spec.weight,
        )  # fmt: skip
        if isinstance(spec, CheckSpec) and _named(entry) != (spec.title, spec.tool, spec.command.format(key=spec.key)):
            yield f"{entry.key} has another title, tool or command than the check has"
        if other:
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
