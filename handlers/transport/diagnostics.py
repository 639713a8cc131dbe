"""What the doctor asks Slack: tokens, scopes, clock, and the channels where evaluations live."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from email.utils import parsedate_to_datetime

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.diagnostic import Diagnostic, Severity
from handlers.transport.reach import LOST, unreached, word_of

SKEW_S, SKEW_BROKEN_S = 30.0, 300.0
"""A delivery is refused when its timestamp is 5 minutes off; half a minute is a clock that nobody sets."""

_COPY = "Copy the Bot User OAuth Token from the app's page “OAuth & Permissions” into SLACK_BOT_TOKEN."
_INVITE = "Type /invite @EIPAS in the channel; an archived one must be unarchived first."


async def examine_slack(
    client: AsyncWebClient,
    app_token: str | None,
    scopes: Sequence[str],
    channels: Iterable[str],
    clock: Callable[[], float] = time.time,
    mend: str = _COPY,
) -> list[Diagnostic]:
    """Look at everything of one workspace. `app_token` is None where Slack calls us; nothing is changed in Slack.

    `mend` says what to do about a bot token that is refused.
    """
    what = "Bot token"
    try:
        me = await client.auth_test()
    except SlackApiError as error:
        if not (word := word_of(error)):
            return [_unreached(what, error, client)]
        return [_broken(what, f"Slack says {word}", mend)]
    except LOST as error:
        return [_unreached(what, error, client)]
    found = [_good(what, f"{me['user']} in {me['team']}"), _scopes(me, scopes), _skew(me, clock())]
    if app_token is not None:
        found.append(await _app_token(client, app_token))
    return [*found, *[await _channel(client, channel) for channel in channels]]


def _scopes(me: AsyncSlackResponse, wanted: Sequence[str]) -> Diagnostic:
    """Slack names the token's scopes in a header of every answer."""
    granted = {scope.strip() for scope in _header(me, "x-oauth-scopes").split(",")}
    if absent := [scope for scope in wanted if scope not in granted]:
        return _broken(
            "Scopes", f"missing: {', '.join(absent)}", "Update the app from manifest.yml and install it again."
        )
    return _good("Scopes", f"all {len(wanted)} of the manifest")


def _skew(me: AsyncSlackResponse, now: float) -> Diagnostic:
    date = _header(me, "date")
    if not date:
        return Diagnostic(what="Clock", severity=Severity.WARNING, detail="Slack did not say what time it is")
    skew = abs(now - parsedate_to_datetime(date).timestamp())
    if skew <= SKEW_S:
        return _good("Clock", f"{skew:.0f} s from Slack's")
    severity = Severity.ERROR if skew >= SKEW_BROKEN_S else Severity.WARNING
    mend = "Let this host keep its time by NTP: deliveries that seem old are refused."
    return Diagnostic(what="Clock", severity=severity, detail=f"{skew:.0f} s from Slack's", mend=mend)


async def _app_token(client: AsyncWebClient, app_token: str) -> Diagnostic:
    try:
        await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        mend = "Make an app-level token with connections:write on the app's page “Basic Information”."
        return _broken("App token", f"Slack says {error.response.get('error')}", mend)
    except LOST as error:
        return _unreached("App token", error, client)
    return _good("App token", "opens Socket Mode")


async def _channel(client: AsyncWebClient, channel: str) -> Diagnostic:
    what = f"Channel {channel}"
    try:
        info = (await client.conversations_info(channel=channel))["channel"]
    except SlackApiError as error:
        return _broken(what, f"Slack says {error.response.get('error')}", _INVITE)
    except LOST as error:
        return _unreached(what, error, client)
    if info.get("is_archived"):
        return _broken(what, f"#{info.get('name')} is archived", _INVITE)
    if not (info.get("is_member") or info.get("is_im")):
        return _broken(what, f"EIPAS is not in #{info.get('name')}", _INVITE)
    return _good(what, f"#{info.get('name', 'direct message')}")


def _unreached(what: str, error: Exception, client: AsyncWebClient) -> Diagnostic:
    problem, mend = unreached(error, client.base_url)
    return _broken(what, problem, mend)


def _header(answer: AsyncSlackResponse, name: str) -> str:
    # Slack writes its headers in whatever case; slack_sdk keeps them as they came.
    return next((str(value) for key, value in answer.headers.items() if key.lower() == name), "")


def _good(what: str, detail: str) -> Diagnostic:
    return Diagnostic(what=what, severity=Severity.OK, detail=detail)


def _broken(what: str, detail: str, mend: str) -> Diagnostic:
    return Diagnostic(what=what, severity=Severity.ERROR, detail=detail, mend=mend)
