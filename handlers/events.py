"""What Slack says about the app itself."""

from __future__ import annotations

import structlog

from handlers.call import Call

log = structlog.get_logger(__name__)


async def gone(call: Call) -> None:
    """The app was removed or its tokens were revoked: surfaces stay dirty and heal when it is installed again."""
    log.error("app_gone", team=call.actor.team, event=call.body["event"]["type"])
    await call.ack()
