"""Once with everything real: the sample workspace, the offline designer, the backend's kit and its check runner."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.evidence import HandedOver
from bot.evidence.sharing import SharedServer
from bot.roles import role_folders
from bot.roles.backend_developer import deliverables, worker_calls
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.runner import CheckRunner
from bot.roles.backend_developer.deliverables import service_of
from bot.roles.backend_developer.renderers.service.formatting import NotFormatted
from bot.roles.environment import KitEnvironment
from bot.roles.kits import build_kit, build_kits
from bot.services.registry import build_services
from tests.service.samples import plain
from tests.support.dossiers import LEAD
from tests.support.samples import SAMPLE
from tests.support.services import World
from tests.workers import calls

ZIP = "service-iteration-1.zip"


async def test_the_sample_becomes_an_iteration_file(world: World, tmp_path: Path, server: SharedServer) -> None:
    """From the shipped workspace to a final document whose score comes from checks that really ran."""
    shutil.copytree(SAMPLE, tmp_path / "roots" / "sample")
    check_runner = CheckRunner(server=server)
    role = world.role
    environment = KitEnvironment(role=role, folder=role_folders()[role.name], check_runner=check_runner)
    kits = build_kits({role.name: environment})
    try:
        context = replace(world.services.context, kits=kits)
        world.services = build_services(context, world.services.inputs._download)
        evaluation = await world.to_closing(workspace="sample", title="")
    finally:
        await kits[role.name].close()
        await check_runner.close()
    dossier = await world.dossier(evaluation)
    result = dossier.current.result
    assert result is not None and result.scorecard.measured_share > 0 and result.model is None
    files = {file.name: file for file in dossier.current.files}
    assert {"openapi.yaml", ZIP} <= set(files)
    kept = await world.services.queries.file(files[ZIP].sha256)
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        names = archive.namelist()
        assert {"service/README.md", "service/pyproject.toml", "service/app/actions.py"} <= set(names)
    design = await world.database.read(lambda tx: tx.iterations.design(evaluation.id, 1, Blueprint))
    assert design is not None
    again = service_of(design[0].proposal, 1)
    assert [file.content for file in again.files] == [kept]
    assert dict(result.highlights.facts)["Service"] == f"{len(names)} files in {ZIP}"
    await world.vote(evaluation, "iteration_complete", LEAD, "finish", "It is the sample.")
    await world.work_off()
    path = next((tmp_path / "roots" / "sample").rglob(f"backend-developer-iteration-{evaluation.iteration}.json"))
    assert (path.with_suffix("") / ZIP).read_bytes() == kept
    body = json.loads(path.read_text())
    assert body["iteration"] == evaluation.iteration


async def test_a_worker_that_ends_while_it_packs_loses_no_result(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the process that renders the service gives no result, the review says so, and the run goes on."""
    kit = build_kit(KitEnvironment(role=world.role, folder=role_folders()[world.role.name], live=False))
    monkeypatch.setattr(worker_calls, "deliverables", calls.die)
    try:
        found = await kit.deliverables(plain(), 1, HandedOver())
    finally:
        await kit.close()
    assert found.files == ()
    assert "its process ended" in dict(found.facts)["Service"]


def test_another_stack_is_said_in_a_line() -> None:
    """Where the team chose Go, there is no zip, and the review's fact says why."""
    found = service_of(plain(stack={"language": "Go", "framework": "Gin", "database": "PostgreSQL"}), 1)
    assert found.files == ()
    ((name, value),) = found.facts
    assert name == "Service"
    assert value.startswith("not rendered, because the team chose Go as language")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (NotFormatted(reason="line 1"), "could not be formatted"),
        (FileNotFoundError("ruff"), "FileNotFoundError"),
        (KeyError("lamp"), "internal error (KeyError)"),
    ],
)
def test_a_service_that_cannot_be_rendered_loses_no_result(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, said: str
) -> None:
    """Whatever fails on the way to the zip, the result stands without it, and the review says why."""

    def fails(_blueprint: Blueprint) -> dict[str, str]:
        raise fault

    monkeypatch.setattr(deliverables, "render_service", fails)
    found = service_of(plain(), 1)
    assert found.files == ()
    assert said in dict(found.facts)["Service"]
