"""What Slack says about the app itself."""

from __future__ import annotations

import structlog

from handlers.call import Call

log = structlog.get_logger(__name__)


async def gone(call: Call) -> None:
    """The app was removed, or the bot's token was revoked: all work for the workspace stops, and its token is deleted.

    Surfaces stay dirty and heal when the app is installed again. The revocation of a person's token is none of ours.
    docs.slack.dev/reference/events/tokens_revoked
    """
    event = call.body["event"]
    if event["type"] == "app_uninstalled" or (event.get("tokens") or {}).get("bot"):
        stopped = await call.services.leaving.leave(call.actor.team)
        await call.workspaces.forget(call.actor.team)
        log.error("app_gone", team=call.actor.team, cause=event["type"], stopped=stopped)
    await call.ack()
