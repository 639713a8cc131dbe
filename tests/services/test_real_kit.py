"""Once with everything real: the sample workspace, the offline designer, the backend's kit and its check runner."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

from bot.evidence import SharedServer
from bot.roles import role_folders
from bot.roles.backend_developer.checks import CheckRunner
from bot.roles.environment import KitEnvironment
from bot.roles.kits import build_kits
from bot.services.registry import build_services
from tests.support.dossiers import LEAD
from tests.support.samples import SAMPLE
from tests.support.services import World


async def test_the_sample_becomes_an_iteration_file(world: World, tmp_path: Path, server: SharedServer) -> None:
    """From the shipped workspace to a final document whose score comes from checks that really ran."""
    shutil.copytree(SAMPLE, tmp_path / "roots" / "sample")
    check_runner = CheckRunner(server=server)
    role = world.role
    environment = KitEnvironment(role=role, folder=role_folders()[role.name], check_runner=check_runner)
    try:
        context = replace(world.services.context, kits=build_kits({role.name: environment}))
        world.services = build_services(context, world.services.inputs._download)
        evaluation = await world.to_closing(workspace="sample", title="")
    finally:
        await check_runner.close()
    dossier = await world.dossier(evaluation)
    result = dossier.current.result
    assert result is not None and result.scorecard.measured_share > 0 and result.model is None
    assert {"openapi.yaml"} <= {file.name for file in dossier.current.files}
    await world.vote(evaluation, "iteration_complete", LEAD, "finish", "It is the sample.")
    await world.work_off()
    path = next((tmp_path / "roots" / "sample").rglob(f"backend-developer-iteration-{evaluation.iteration}.json"))
    body = json.loads(path.read_text())
    assert body["iteration"] == evaluation.iteration
