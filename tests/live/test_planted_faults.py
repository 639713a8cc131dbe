"""The probes are as good as the faults they catch, and as the right variations that they leave alone.

Minutes long: `python -m pytest tests/live -m slow_service -n 0`; `EIPAS_FAULTS` is a part of the names to try.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

import pytest

from bot.evidence.sandbox import proven
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.blueprint.rights import ways_of
from bot.roles.backend_developer.checks.areas.running import LIVE
from bot.roles.backend_developer.checks.live.outcome import Findings
from bot.roles.backend_developer.checks.live.phases import ACCESS, ALL, QUICK, TESTS
from bot.roles.backend_developer.checks.live.play import play
from bot.roles.backend_developer.renderers.service import render_service
from tests.evidence.bench_helpers import bench_of
from tests.live.depot import depot
from tests.live.planted import FAULTS, RIGHT, Fault
from tests.service.samples import crud, kennel, plain, shipped

_WANTED = os.environ.get("EIPAS_FAULTS", "")
CHOSEN = [fault for fault in FAULTS if _WANTED in fault.name]
SPECS = {spec.key: spec for spec in LIVE}


@pytest.fixture(scope="module")
def files() -> Mapping[str, str]:
    """The depot as it is rendered."""
    return render_service(depot())


def edited(files: Mapping[str, str], edits: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    changed = dict(files)
    for file, old, new in edits:
        assert old in changed[file], f"{file} has no {old!r} any more"
        changed[file] = changed[file].replace(old, new)
    return changed


def run(files: Mapping[str, str], phases: frozenset[str]) -> Findings:
    return play(depot(), files, proven(), lambda _phase, _words: None, phases=phases)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_is_an_edit_of_what_is_rendered(files: Mapping[str, str], fault: Fault) -> None:
    """Every edit meets its place in the rendered files, changes it, and is about a check that there is."""
    assert edited(files, fault.edits) != files
    assert fault.check in SPECS


def test_there_are_enough_of_them() -> None:
    """At least forty faults, ten of them sought by somebody who had read the probes, and ten right variations."""
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 40
    assert sum(fault.sought for fault in FAULTS) >= 10
    assert len(RIGHT) >= 10
    assert {fault.check for fault in FAULTS} == set(SPECS) - {"service.own_tests"}


@pytest.mark.slow_service
@pytest.mark.parametrize("fault", CHOSEN, ids=lambda fault: fault.name)
def test_a_planted_fault_is_caught_and_named(files: Mapping[str, str], fault: Fault) -> None:
    """The check of its kind fails cleanly on the fault, names the operation, and so caps its area."""
    findings = run(edited(files, fault.edits), frozenset({fault.phase}))
    named = [one for one in findings.failures if one.check == fault.check and fault.operation in one.operation]
    context = bench_of()
    context._live = findings
    result = SPECS[fault.check].run(context)
    caught = named or any(fault.operation in word for word in result.findings)
    assert result.outcome.value == "failed", (findings.problem, [one.words() for one in findings.failures][:5])
    assert caught, [one.words() for one in findings.failures][:5]


@pytest.mark.slow_service
@pytest.mark.parametrize(("name", "edits"), RIGHT, ids=[name for name, _edits in RIGHT])
def test_a_right_variation_trips_nothing(
    files: Mapping[str, str], name: str, edits: tuple[tuple[str, str, str], ...]
) -> None:
    """A change that breaks nothing fails no probe."""
    findings = run(edited(files, edits), QUICK)
    assert (findings.problem, [one.words() for one in findings.failures]) == ("", []), name


def two_ways() -> Blueprint:
    """Return a design in which admins need a second factor, and customers, who are no role, need none."""
    boxes = [{"name": "Box", "plural": "boxes", "fields": [{"name": "name", "type": "string"}]}]
    ways = [
        {"name": "staff", "scheme": "oidc", "roles": ["admin"], "multi_factor": True},
        {"name": "customers", "scheme": "oauth2", "audience": "customers", "token_minutes": 60},
    ]
    operations = [{**one, "roles": ["admin", "guest"]} for one in crud("Box", "/boxes")]
    return plain(title="Two ways", entities=boxes, operations=operations, sign_ins=ways)


def test_a_way_for_everybody_is_not_for_those_who_need_a_second_factor() -> None:
    """What a role's own way asks for is not passed by on a laxer one; keys of machines are made for single roles."""
    assert [way.roles for way in ways_of(two_ways())] == [("admin",), ("guest",)]
    design = two_ways().model_dump(mode="json")
    design["sign_ins"][0]["roles"] = ["admin", "guest"]
    design["sign_ins"].append({"name": "keys", "scheme": "api_key"})
    assert [way.roles for way in ways_of(Blueprint.model_validate(design))][1:] == [("",), ()]


@pytest.mark.slow_service
def test_a_way_past_the_second_factor_is_found() -> None:
    """By the design no role comes in by a laxer way; where the service lets it, every operation of both is named."""
    design = two_ways()
    sound = dict(render_service(design))

    def tried(files: Mapping[str, str]) -> Findings:
        return play(design, files, proven(), lambda _phase, _words: None, phases=frozenset({ACCESS}))

    assert [one.words() for one in tried(sound).failures] == []
    lax = edited(sound, [("app/design.py", '("guest",), False, 60', "(), False, 60")])
    caught = {one.operation for one in tried(lax).failures if one.check == "security.sign_in_asked"}
    assert len(caught) == len(design.operations)


@pytest.mark.slow_service
@pytest.mark.parametrize("design", [depot, kennel, shipped], ids=lambda design: design.__name__)
def test_what_is_rendered_holds(design: object) -> None:
    """Of what is rendered no probe fails, in any phase; its own tests pass in the box."""
    assert callable(design)
    blueprint = design()
    phases = ALL if design is not depot else ALL - {TESTS}
    findings = play(blueprint, render_service(blueprint), proven(), lambda _phase, _words: None, phases=phases)
    assert (findings.problem, [one.words() for one in findings.failures]) == ("", [])
