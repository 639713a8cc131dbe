"""A report says what was measured, or is caught."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from bot.domain.evidence import Artefact, Check, Compared, Fulfilment, Measure, Outcome
from bot.evidence import verify as verifying
from bot.evidence.score import scorecard
from bot.evidence.sharing import SharedServer
from bot.evidence.verify import evidence_block
from bot.roles.backend_developer.checks.registry import CHECKS
from bot.roles.backend_developer.checks.runner import CheckRunner
from tests.evidence.samples import subject

verify = partial(verifying.verify, rules=CHECKS, score_block="backend_implementation", overall="backend_score")
FILE = Artefact(name="openapi.yaml", media_type="application/yaml", content=b"openapi: 3.1.0\n")
FAILED = frozenset({"api.versioned", "database.primary_keys"})
SAID = (Compared(statement="s1", text="s1", outcome=Fulfilment.DONE),)
Report = dict[str, Any]


def report(*, unmeasured: str = "") -> Report:
    """A report over every check, two of them failed; those of one score may be left unmeasured."""
    checks = []
    for spec in CHECKS:
        outcome = Outcome.FAILED if spec.key in FAILED else Outcome.HELD
        if spec.score == unmeasured:
            outcome = Outcome.NOT_MEASURED
        checks.append(
            Check(
                key=spec.key,
                title=spec.title,
                score=spec.score,
                outcome=outcome,
                detail="d",
                tool=spec.tool,
                tool_version="1",
                command=spec.command.format(key=spec.key),
                weight=spec.weight,
                cap=spec.cap,
                measures=spec.measures,
                share=None if outcome is Outcome.NOT_MEASURED else 1.0 if spec.measures is Measure.FIT else None,
                compared=SAID if spec.measures is Measure.FIT and outcome is not Outcome.NOT_MEASURED else (),
                raw=f"raw of {spec.key}",
            )
        )
    names = list(dict.fromkeys(spec.score for spec in CHECKS))
    card = scorecard(checks, [(name, name) for name in names])
    numbers = {part.key: part.value or 0 for part in card.parts}
    unproven = [{"key": part.key, "reason": "r"} for part in card.parts if part.value is None]
    unproven += [{"key": "backend_score", "reason": "r"}] if card.overall is None else []
    return {
        "backend_implementation": {"backend_score": card.overall or 0, **numbers},
        "evidence": evidence_block(checks, [FILE]),
        "unproven": unproven,
    }


def entry(given: Report, key: str) -> dict[str, Any]:
    """One check of the report's evidence."""
    found: dict[str, Any] = next(check for check in given["evidence"]["checks"] if check["key"] == key)
    return found


@pytest.mark.parametrize("unmeasured", ["", "database_implementation"])
def test_untouched_report_holds(unmeasured: str) -> None:
    """What the code wrote verifies, unproven scores included, with its raw outputs and artefacts hashed again."""
    raw = {spec.key: f"raw of {spec.key}" for spec in CHECKS}
    assert verify(report(unmeasured=unmeasured), raw=raw, artefacts={FILE.name: FILE.content}) == []


def _set(path: str, value: object) -> Callable[[Report], None]:
    def change(given: Report) -> None:
        *way, last = path.split("/")
        node = given
        for part in way:
            node = node[part]
        node[last] = value

    return change


EDITS: list[tuple[Callable[[Report], object], str]] = [
    (_set("backend_implementation/backend_score", 99), "backend_score is 99"),
    (_set("backend_implementation/api_design", 100), "api_design is 100"),
    (_set("backend_implementation/api_design", "94"), "api_design is '94'"),
    (_set("backend_implementation/service_architecture", True), "service_architecture is True"),
    (lambda r: entry(r, "api.versioned").update(outcome="held"), "api_design"),
    (lambda r: entry(r, "api.versioned").update(outcome="not_applicable"), "api_design"),
    (_set("evidence/statements/done", 2), "of 1 statements 2 are called done"),
    (_set("evidence/statements/done", 0), "0 of 1 statements are called done, and the areas say otherwise"),
    (_set("evidence/statements/compared", 0), "0 statements are said to be compared, and some are"),
    (_set("evidence/statements", 7), "the evidence cannot be read"),
    (lambda r: entry(r, "api.versioned").update(weight=0.01), "api.versioned has another"),
    (lambda r: entry(r, "api.versioned").update(weight=0), "api.versioned has another"),
    (lambda r: entry(r, "database.primary_keys").update(cap=None), "database.primary_keys has another"),
    (lambda r: entry(r, "api.versioned").update(key="api.invented"), "api.invented is no known check"),
    (lambda r: r["evidence"]["checks"].remove(entry(r, "api.versioned")), "api.versioned is missing"),
    (lambda r: r["evidence"]["checks"].append(entry(r, "api.valid")), "twice"),
    (lambda r: entry(r, "api.valid").update(outcome="passed"), "cannot be read"),
    (lambda r: r["backend_implementation"].pop("api_design"), "api_design is None"),
    (lambda r: r["backend_implementation"].update(charm=100), "charm is 100"),
    (lambda r: r.pop("evidence"), "no “evidence”"),
    (lambda r: r.pop("backend_implementation"), "no “evidence” or no “backend_implementation”"),
]


@pytest.mark.parametrize(("edit", "fault"), EDITS)
def test_edited_report_is_caught(edit: Callable[[Report], object], fault: str) -> None:
    """An edited number, outcome, weight or cap, or a check left out, is a fault in words."""
    edited = copy.deepcopy(report())
    edit(edited)
    assert any(fault in found for found in verify(edited))


def test_unproven_score_must_be_said_so() -> None:
    """A score without evidence that is not listed as unproven is a fault."""
    silent = report(unmeasured="database_implementation") | {"unproven": []}
    assert any("database_implementation is not proven" in fault for fault in verify(silent))


def test_exchanged_files_are_caught() -> None:
    """Another raw output or artefact than the one in the report is found by its digest."""
    faults = verify(report(), raw={"api.valid": "forged", "x": ""}, artefacts={FILE.name: b"forged"})
    assert faults == [
        "raw output of api.valid is not the one in the report",
        "raw output of x is not in the report",
        "artefact openapi.yaml is not the one in the report",
    ]


async def test_real_evidence_survives_the_file(server: SharedServer) -> None:
    """Real checks, written as JSON and read back, verify with all their files; one point less is caught."""
    judged = subject()
    checks = await CheckRunner(server=server).assess(judged)
    names = list(dict.fromkeys(spec.score for spec in CHECKS))
    card = scorecard(checks, [(name, name) for name in names])
    rendered: Report = {
        "backend_implementation": {"backend_score": card.overall, **{part.key: part.value for part in card.parts}},
        "evidence": evidence_block(checks, judged.artefacts),
        "unproven": [],
    }
    kept = json.loads(json.dumps(rendered))
    files = {artefact.name: artefact.content for artefact in judged.artefacts}
    assert verify(kept, raw={check.key: check.raw for check in checks}, artefacts=files) == []
    kept["backend_implementation"]["security_integration"] -= 1
    assert len(verify(kept)) == 1


@pytest.mark.parametrize(
    "nonsense", [[], {}, {"evidence": 1}, {"evidence": {"checks": {}}, "backend_implementation": {}}]
)
def test_nonsense_is_told(nonsense: Any) -> None:
    """What is no report at all is a fault, not a crash."""
    assert verify(nonsense)
