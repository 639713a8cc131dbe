"""Deliver what a person waits for, and tell them when the app does not answer."""

from __future__ import annotations

import asyncio

from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.event_delivery import Envelope, Unacked
from bot.devtools.local_slack.records import Json, Member


async def ask(core: Core, person: Member, envelope: Envelope, *, what: str) -> Json:
    """Deliver an interaction and give the app's answer.

    Raises:
        SlackRefusal: `dispatch_failed` or `operation_timeout`, which the person has also been shown.
    """
    try:
        answer = await core.delivery.ask(envelope)
    except Unacked as missed:
        reasons = {
            "operation_timeout": f"the app did not answer within {core.delivery.timing.ack:g} s",
            "dispatch_failed": "the app is not connected",
        }
        toast(core, person, f'{what} failed with the error "{missed}": {reasons[str(missed)]}')
        raise SlackRefusal(str(missed), detail=reasons[str(missed)]) from missed
    await asyncio.sleep(core.faults.ack_display_delay)
    return answer if envelope.accepts_response else {}


def toast(core: Core, person: Member, text: str) -> None:
    """Show a short notice to one person."""
    core.page_feeds.tell({"type": "toast", "text": text}, only=[person.id])
