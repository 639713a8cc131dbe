"""The stage: a local Slack, the application on it, the cast; put up for a performance and taken down."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from rich.console import Console

from bot.app.application import Application, read_manifest
from bot.app.rehearsal.cast import Cast
from bot.app.rehearsal.plan import Plan, RehearsalFailed
from bot.app.rehearsal.play import Play
from bot.app.rehearsal.recording import Recording, clear, handed_over, write_calls
from bot.app.settings import Settings
from bot.devtools.local_model import LocalModel
from bot.devtools.local_slack import LocalSlack
from bot.devtools.local_slack.sample import PEOPLE
from bot.domain.evaluation import Dossier
from bot.roles import role_folders
from bot.roles.kits import find_scripted_model


async def rehearse(plan: Plan, settings: Settings, console: Console) -> Dossier:
    """Play the plan and leave its files in `plan.out`; returns how the evaluation ended.

    Raises:
        RehearsalFailed: something did not come out as it must.
        EipasError: the product refused what the plan asks for.
    """
    return (await rehearse_together([plan], settings, console))[0]


async def rehearse_together(
    plans: Sequence[Plan], settings: Settings, console: Console, check_runners: Mapping[str, Any] | None = None
) -> list[Dossier]:
    """Play several roles beside each other in one workspace and one process, each once; see `rehearse`.

    `check_runners` stand in for those of the kits, by role.
    """
    folder = Path(tempfile.mkdtemp(prefix="eipas-rehearsal-"))
    try:
        for plan in plans:
            await asyncio.to_thread(_prepare, plan, folder / "workspaces")
        async with AsyncExitStack() as stack:
            own = await stack.enter_async_context(_settings(plans, settings, folder))
            local = await stack.enter_async_context(LocalSlack(manifest=read_manifest()))
            application = await stack.enter_async_context(Application(own, local, check_runners))
            cast = await stack.enter_async_context(Cast(local.url))
            async with asyncio.TaskGroup() as group:
                playing = [group.create_task(_play(plan, application, cast, local, console)) for plan in plans]
            return [task.result() for task in playing]
    except ExceptionGroup as problems:
        raise problems.exceptions[0] from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _play(plan: Plan, application: Application, cast: Cast, local: LocalSlack, console: Console) -> Dossier:
    record = Recording(console)
    play = Play(plan, application, cast, record)
    try:
        dossier = await play.perform()
    finally:
        record.write(plan.out, play.title)
        calls = write_calls(local.calls, plan.out)
    record.say("stage", f"{calls} Web API calls are in {plan.out / 'slack-calls.jsonl'}")
    return dossier


@asynccontextmanager
async def _settings(plans: Sequence[Plan], settings: Settings, folder: Path) -> AsyncIterator[Settings]:
    """Yield the settings of a performance: nothing of a real workspace is touched, and nobody pays."""
    designer = plans[0].designer
    own = settings.model_copy(
        update={
            "data_dir": folder / "data",
            "database_url": "",
            "workspace_roots": (folder / "workspaces",),
            "port": 0,
            "slack_bot_token": None,
            "slack_app_token": None,
            "designer": designer,
        }
    )
    if designer != "claude" or own.model_configured:
        yield own
        return
    # Nobody pays for a rehearsal: the local Messages API plays the model, and says so.
    scripted = find_scripted_model(role_folders(*own.role_folders)[plans[0].role])
    async with LocalModel(scripted) as model:
        yield own.model_copy(update={"model_base_url": model.url, "anthropic_api_key": SecretStr("local")})


def _prepare(plan: Plan, workspaces: Path) -> None:
    """Copy the workspace, for what a rehearsal writes must not change the real one, and clear the files' place."""
    if unknown := sorted(plan.rehearsal.people - {member.name for member in PEOPLE}):
        known = ", ".join(member.name for member in PEOPLE)
        raise RehearsalFailed(problem=f"nobody in the local Slack is called {unknown[0]}; there are {known}.")
    if not plan.workspace.is_dir():
        raise RehearsalFailed(problem=f"there is no folder {plan.workspace}.")
    plan.out.mkdir(parents=True, exist_ok=True)
    clear(plan.out)
    shutil.copytree(plan.workspace, workspaces / plan.role)
    for name in handed_over(plan.out):
        # As a team would have it in its workspace: this rehearsal is merged into what was made of the last one's.
        shutil.copytree(plan.out / name, workspaces / plan.role / name, dirs_exist_ok=True)
