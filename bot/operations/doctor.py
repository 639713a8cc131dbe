"""`eipas doctor`: looks at everything the bot needs, and says for each what is wrong and how to mend it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import aiohttp
from pydantic import SecretStr
from rich.table import Table
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import EipasError
from bot.domain.finding import Finding, Verdict
from bot.models import claude_config
from bot.settings import Settings
from handlers.connection.checkup import examine_slack
from handlers.connection.workspaces import web_client
from storage.checkup import channels_of, examine_database

_MARKS = {Verdict.GOOD: "[green]good[/]", Verdict.DOUBTFUL: "[yellow]look[/]", Verdict.BROKEN: "[red]broken[/]"}


async def examine(settings: Settings, scopes: Sequence[str], base_url: str = AsyncWebClient.BASE_URL) -> list[Finding]:
    """Look at the settings, the database, Slack and the model; changes nothing and costs nothing."""
    try:
        local = settings.local
    except EipasError as error:
        return [Finding(what="Settings", verdict=Verdict.BROKEN, detail=error.message)]
    found = await asyncio.to_thread(examine_database, settings.url)
    if local:
        found.append(Finding(what="Slack", verdict=Verdict.GOOD, detail="no tokens: the local Slack is used"))
    elif settings.many:
        found.append(_keys(settings))
    else:
        found += await _slack(settings, scopes, base_url)
    if settings.model_configured:
        found.append(await _model(settings))
    return found


def shown(findings: Sequence[Finding]) -> Table:
    """Draw the findings."""
    table = Table("", "What", "How it is", "What to do", box=None, pad_edge=False)
    for finding in findings:
        table.add_row(_MARKS[finding.verdict], finding.what, finding.detail, finding.mend)
    return table


async def _slack(settings: Settings, scopes: Sequence[str], base_url: str) -> list[Finding]:
    channels: Mapping[str, list[str]] = await asyncio.to_thread(channels_of, settings.url)
    app_token = _text(settings.slack_app_token) if settings.mode == "socket" else None
    async with aiohttp.ClientSession() as session:
        client = web_client(session, base_url, _text(settings.slack_bot_token))
        return await examine_slack(client, app_token, scopes, [c for listed in channels.values() for c in listed])


def _keys(settings: Settings) -> Finding:
    from handlers.connection.installing import cipher  # noqa: PLC0415 - only several workspaces need it

    try:
        cipher([_text(key) for key in settings.encryption_keys])
    except EipasError as error:
        return Finding(what="Encryption keys", verdict=Verdict.BROKEN, detail=error.message)
    return Finding(what="Encryption keys", verdict=Verdict.GOOD, detail=f"{len(settings.encryption_keys)} in use")


async def _model(settings: Settings) -> Finding:
    from bot.designers.claude.probe import probe  # noqa: PLC0415 - the model's library takes seconds

    try:
        detail = await probe(claude_config(settings))
    except EipasError as error:
        return Finding(what="Model", verdict=Verdict.BROKEN, detail=error.message)
    return Finding(what="Model", verdict=Verdict.GOOD, detail=detail)


def _text(value: SecretStr | None) -> str:
    return value.get_secret_value() if value is not None else ""
