"""The Home tab: opened once, kept in step from then on like every other surface."""

from __future__ import annotations

from handlers.call import Call


async def opened(call: Call) -> None:
    """Remember that this person has a Home tab to keep in step."""
    if call.body["event"].get("tab", "home") == "home":
        await call.services.queries.open_home(call.actor.team, call.actor.user)
    await call.ack()
