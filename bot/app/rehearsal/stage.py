"""The stage: a local Slack, the application on it, the cast; put up for one play and taken down."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console

from bot.app.application import Application, read_manifest
from bot.app.rehearsal.cast import Cast
from bot.app.rehearsal.plan import Plan, RehearsalFailed
from bot.app.rehearsal.play import WORKSPACE, Play
from bot.app.rehearsal.recording import Recording, clear, write_calls
from bot.app.settings import Settings
from bot.devtools.local_model import LocalModel
from bot.devtools.local_slack import LocalSlack
from bot.domain.evaluation import Dossier
from bot.roles import role_folders
from bot.roles.kits import find_scripted_model


async def rehearse(plan: Plan, settings: Settings, console: Console) -> Dossier:
    """Play the plan and leave its files in `plan.out`; returns how the evaluation ended.

    Raises:
        RehearsalFailed: something did not come out as it must.
        EipasError: the product refused what the plan asks for.
    """
    folder = Path(tempfile.mkdtemp(prefix="eipas-rehearsal-"))
    plan.out.mkdir(parents=True, exist_ok=True)
    await asyncio.to_thread(clear, plan.out)
    roots = folder / "workspaces"
    await asyncio.to_thread(_copy, plan.workspace, roots / WORKSPACE)
    own = settings.model_copy(
        update={
            "data_dir": folder / "data",
            "database_url": "",
            "workspace_roots": (roots,),
            "port": 0,
            "slack_bot_token": None,
            "slack_app_token": None,
            "designer": plan.designer,
        }
    )
    record = Recording(console)
    try:
        async with AsyncExitStack() as stack:
            if plan.designer == "claude" and not own.model_configured:
                # Nobody pays for a rehearsal: the local Messages API plays the model, and says so.
                scripted = find_scripted_model(next(iter(role_folders(*own.role_folders).values())))
                model = await stack.enter_async_context(LocalModel(scripted))
                own = own.model_copy(update={"model_base_url": model.url, "anthropic_api_key": SecretStr("local")})
            local = await stack.enter_async_context(LocalSlack(manifest=read_manifest()))
            application = await stack.enter_async_context(Application(own, local))
            cast = await stack.enter_async_context(Cast(local.url, record))
            play = Play(plan, application, cast, record)
            try:
                dossier = await play.perform()
            finally:
                record.write(plan.out, play.title)
                calls = write_calls(local.calls, plan.out)
            record.say("stage", f"{calls} Web API calls are in {plan.out / 'slack-calls.jsonl'}")
            return dossier
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    """Copy the workspace: what a rehearsal writes must not change the real one."""
    if not source.is_dir():
        raise RehearsalFailed(problem=f"there is no folder {source}.")
    shutil.copytree(source, target)
