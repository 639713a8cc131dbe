"""The check runner runs every check, and a check that did not run is never one that passed."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from bot.domain.design import Brief
from bot.domain.evidence import Check, Outcome
from bot.evidence.checks import CheckResult, CheckSpec, held
from bot.evidence.postgres import PostgresServer, PostgresUnavailable
from bot.evidence.score import scorecard
from bot.evidence.sharing import SharedServer
from bot.roles.backend_developer.checks.__main__ import main
from bot.roles.backend_developer.checks.areas.running import LIVE
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.registry import CHECKS
from bot.roles.backend_developer.checks.runner import CheckRunner
from tests.evidence.bench_helpers import file
from tests.evidence.samples import subject

SCORES = (
    "api_design",
    "database_implementation",
    "security_integration",
    "performance_optimization",
    "service_architecture",
)
NAMED = [(key, key) for key in SCORES]


class _NoServer(SharedServer):
    """A machine on which PostgreSQL cannot be started."""

    @contextmanager
    def use(self) -> Iterator[PostgresServer]:
        raise PostgresUnavailable(reason="no such program")
        yield  # pragma: no cover - makes this a generator


def spec(run: object, *, key: str = "api.one") -> CheckSpec:
    """A check of one's own."""
    return CheckSpec(
        key=key, title="t", score="api_design", weight=1, cap=None, tool="own", run=run, fix="f", command=""
    )  # type: ignore[arg-type]


async def test_it_is_told_how_far_the_checks_are() -> None:
    """While checks of the files take their time, it is told at once and every two seconds how many are done."""
    told: list[str] = []
    go_on = threading.Event()

    def slow(_context: CheckContext) -> CheckResult:
        go_on.wait(20)
        return held("in the end")

    def tell(words: str) -> None:
        told.append(words)
        if len(told) > 1:
            go_on.set()

    check_runner = CheckRunner(checks=[spec(lambda _context: held("at once")), spec(slow, key="api.two")])
    checks = await check_runner.assess(subject(), tell=tell)
    assert [check.outcome for check in checks] == [Outcome.HELD] * 2
    assert told == [f"{done} of 2 checks of the files and the database" for done in (0, 1)]
    await check_runner.close()


async def test_whole_design_is_assessed(server: SharedServer) -> None:
    """Every check runs on the sample, all that apply hold, each with tool, version and command; it is quick."""
    check_runner = CheckRunner(server=server)
    with server.use():
        began = time.process_time()  # another's work on the machine is not the checks'
        checks = await check_runner.assess(subject())
        assert time.process_time() - began < 10
    assert [check.key for check in checks] == [spec.key for spec in CHECKS]
    assert [check.key for check in checks if check.outcome is Outcome.FAILED] == []
    assert [check.weight for check in checks] == [spec.weight for spec in CHECKS]
    assert all(check.tool_version not in ("", "absent") and check.command and check.detail for check in checks)
    card = scorecard(checks, NAMED)
    unmeasured = {check.key for check in checks if check.weight and check.outcome is Outcome.NOT_MEASURED}
    assert unmeasured == {spec.key for spec in LIVE}
    assert card.overall == 100
    assert 0.8 < card.measured_share < 0.9  # what only a running service can show is never counted as measured


async def test_without_postgresql_scores_are_unproven() -> None:
    """Where PostgreSQL cannot start, what needs it is not measured, with the reason, and the scores have no number."""
    check_runner = CheckRunner(server=_NoServer())
    checks = await check_runner.assess(subject())
    await check_runner.close()
    tried = [check for check in checks if check.tool == "postgresql" and check.weight]
    assert tried
    assert {check.outcome for check in tried} == {Outcome.NOT_MEASURED}
    assert all("no such program" in check.detail for check in tried)
    card = scorecard(checks, NAMED)
    part = card.part("database_implementation")
    assert part is not None
    assert (part.value, card.overall) == (None, None)


async def test_check_that_hangs_is_not_measured() -> None:
    """A check over its time is not measured and does not hold up the others."""
    release = threading.Event()

    def hang(bench: CheckContext) -> CheckResult:
        release.wait(30)
        return held("late")

    check_runner = CheckRunner(
        checks=[spec(hang), spec(lambda bench: held("quick"), key="api.two")], seconds=0.2, server=_NoServer()
    )
    slow, quick = await check_runner.assess(subject())
    release.set()
    await check_runner.close()
    assert (slow.outcome, quick.outcome) == (Outcome.NOT_MEASURED, Outcome.HELD)
    assert "0.2 s" in slow.detail


async def test_check_that_breaks_is_not_measured() -> None:
    """A check that raises has proven nothing, and the others still run."""

    def broken(bench: CheckContext) -> CheckResult:
        raise KeyError("x")

    check_runner = CheckRunner(checks=[spec(broken)], server=_NoServer())
    (check,) = await check_runner.assess(subject())
    await check_runner.close()
    assert check.outcome is Outcome.NOT_MEASURED
    assert "KeyError" in check.detail


async def test_no_files_no_scores(server: SharedServer) -> None:
    """Without any artefact nothing that looks at one is held."""
    empty = subject()
    check_runner = CheckRunner(server=server)
    checks: tuple[Check, ...] = await check_runner.assess(
        type(empty)(artefacts=(), blueprint=empty.blueprint, brief=empty.brief)
    )
    assert scorecard(checks, NAMED).overall is None
    assert not [c.key for c in checks if c.outcome is Outcome.HELD and c.tool == "postgresql"]


def test_registry_is_whole() -> None:
    """Keys are unique, every score has checks, what weighs nothing has a cap, caps are those that the docs name."""
    keys = [entry.key for entry in CHECKS]
    assert len(keys) == len(set(keys))
    assert {entry.score for entry in CHECKS} == set(SCORES)
    assert all((entry.weight > 0 or entry.cap) and entry.fix and entry.title for entry in CHECKS)
    assert {entry.cap for entry in CHECKS} - {entry.cap for entry in LIVE} == {None, 20, 30, 50, 60, 70, 85} - {
        entry.cap for entry in LIVE
    }


def test_folder_is_checked_from_the_shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m bot.evidence FOLDER KEY` judges files on disk and exits 1 on a failed check."""
    judged = subject(replaced=[file("notes.md", "xoxb-" + "1234567890-abc")])
    for artefact in judged.artefacts:
        (tmp_path / artefact.name).parent.mkdir(exist_ok=True)
        (tmp_path / artefact.name).write_bytes(artefact.content)
    (tmp_path / "blueprint.json").write_text(judged.blueprint.model_dump_json())
    (tmp_path / "brief.json").write_text(json.dumps(TypeAdapter(Brief).dump_python(judged.brief, mode="json")))
    assert main([str(tmp_path), "api.valid"]) == 0
    assert main([str(tmp_path), "security.no_secrets"]) == 1
    out = capsys.readouterr().out
    assert "held          api.valid" in out
    assert "notes.md:1 (Slack token)" in out
