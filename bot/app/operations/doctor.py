"""`eipas doctor`: looks at everything the bot needs, and says for each what is wrong and how to mend it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import SecretStr
from rich.table import Table

from bot.app.kits import claude_config
from bot.app.operations.logs import Redactor
from bot.app.settings import Settings
from bot.domain.diagnostic import Diagnostic, Severity
from bot.domain.errors import EipasError
from handlers.transport.diagnostics import examine_slack
from handlers.transport.workspaces import web_client, web_session
from storage.diagnostics import channels_of, examine_database, installed_in, opened

_MARKS = {Severity.OK: "[green]good[/]", Severity.WARNING: "[yellow]look[/]", Severity.ERROR: "[red]broken[/]"}


_AGAIN = "Install the app in that workspace again, at /slack/install."
_LOST_KEY = f"Put the key that closed it back into EIPAS_ENCRYPTION_KEYS. {_AGAIN}"


async def examine(settings: Settings, scopes: Sequence[str], base_url: str = "") -> list[Diagnostic]:
    """Look at the settings, the database, Slack and the model; changes nothing and costs nothing.

    What others said is repeated without our secrets.
    """
    hide = Redactor(settings.secrets)
    found = await _examine(settings, scopes, base_url or settings.slack_api_url)
    return [replace(finding, detail=hide(finding.detail), mend=hide(finding.mend)) for finding in found]


async def _examine(settings: Settings, scopes: Sequence[str], base_url: str) -> list[Diagnostic]:
    try:
        local = settings.local
    except EipasError as error:
        return [Diagnostic(what="Settings", severity=Severity.ERROR, detail=error.message)]
    found = await asyncio.to_thread(examine_database, settings.url)
    if local:
        found.append(Diagnostic(what="Slack", severity=Severity.OK, detail="no tokens: the local Slack is used"))
    elif settings.many:
        found += await _installed(settings, scopes, base_url)
    else:
        found += await _slack(settings, scopes, base_url)
    if settings.model_configured:
        found.append(await _model(settings))
    return found


def shown(findings: Sequence[Diagnostic]) -> Table:
    """Draw the findings."""
    table = Table("", "What", "How it is", "What to do", box=None, pad_edge=False)
    for finding in findings:
        table.add_row(_MARKS[finding.severity], finding.what, finding.detail, finding.mend)
    return table


async def _slack(settings: Settings, scopes: Sequence[str], base_url: str) -> list[Diagnostic]:
    channels: Mapping[str, list[str]] = await asyncio.to_thread(channels_of, settings.url)
    app_token = _text(settings.slack_app_token) if settings.mode == "socket" else None
    async with web_session() as session:
        client = web_client(session, base_url, _text(settings.slack_bot_token))
        return await examine_slack(client, app_token, scopes, [c for listed in channels.values() for c in listed])


async def _installed(settings: Settings, scopes: Sequence[str], base_url: str) -> list[Diagnostic]:
    """Look at each workspace that installed the app."""
    from handlers.transport.installation import Cipher, Installations  # noqa: PLC0415 - only several workspaces need it

    try:
        keys = Cipher([_text(key) for key in settings.encryption_keys])
    except EipasError as error:
        return [Diagnostic(what="Encryption keys", severity=Severity.ERROR, detail=error.message)]
    found = [Diagnostic(what="Encryption keys", severity=Severity.OK, detail=f"{len(settings.encryption_keys)} in use")]
    names = await asyncio.to_thread(installed_in, settings.url)
    if not names:
        mend = "Open /slack/install at the bot's address in a browser."
        return [*found, Diagnostic(what="Workspaces", severity=Severity.WARNING, detail="none is installed", mend=mend)]
    channels = await asyncio.to_thread(channels_of, settings.url)
    with opened(settings.url) as engine:
        store = Installations(engine, settings.oauth_client_id, keys)
        bots = {team: await store.async_find_bot(enterprise_id=None, team_id=team) for team in names}
    async with web_session() as session:
        for team, bot in bots.items():
            if bot is None or not bot.bot_token:
                unread = [
                    Diagnostic(what="Bot token", severity=Severity.ERROR, detail="no key opens it", mend=_LOST_KEY)
                ]
            else:
                client = web_client(session, base_url, bot.bot_token)
                unread = await examine_slack(client, None, scopes, channels.get(team, ()), mend=_AGAIN)
            found += [replace(finding, what=f"{names[team]}: {finding.what}") for finding in unread]
    return found


async def _model(settings: Settings) -> Diagnostic:
    from bot.agent.probe import probe  # noqa: PLC0415 - the model's library takes seconds

    try:
        detail = await probe(claude_config(settings))
    except EipasError as error:
        return Diagnostic(what="Model", severity=Severity.ERROR, detail=error.message)
    return Diagnostic(what="Model", severity=Severity.OK, detail=detail)


def _text(value: SecretStr | None) -> str:
    return value.get_secret_value() if value is not None else ""
