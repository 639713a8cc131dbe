"""Slack in and out. `ENTRY_POINTS` is the one table of everything that Slack may call."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.errors import EipasError, Replayed, Unavailable
from bot.services.bundle import Services
from bot.services.common import Actor
from handlers import actions, commands, events, home, messages, shortcuts, submissions
from handlers.call import Call, Json, action_key, command_key, message_key, view_key
from handlers.connection.workspaces import NotInstalled, Workspaces
from handlers.errors import refuse
from handlers.ids import ActionId, CallbackId, kind_of

log = structlog.get_logger(__name__)
Handler = Callable[[Call], Awaitable[None]]
Observe = Callable[[str, str, float], None]
"""Is told of each delivery: its kind, what became of it, and how many seconds it took."""

ENTRY_POINTS: Mapping[str, Mapping[str, Handler]] = {
    "command": {"/eipas": commands.eipas},
    "shortcut": {
        CallbackId.SHORTCUT_START: shortcuts.start,
        CallbackId.SHORTCUT_ANSWER: shortcuts.answer,
    },
    "action": {
        ActionId.START: actions.start,
        ActionId.ANSWER: actions.answer,
        ActionId.EDIT_ANSWER: actions.answer,
        ActionId.SKIP: actions.skip,
        ActionId.ANSWER_ALL: actions.answer_all,
        ActionId.READY: actions.ready,
        ActionId.ADD_DOCUMENT: actions.add_document,
        ActionId.VOTE: actions.vote,
        ActionId.DETAILS: actions.details,
        ActionId.CHECKS: actions.checks,
        ActionId.RAISE_BUDGET: actions.raise_budget,
        ActionId.STOP_RUN: actions.stop_run,
        ActionId.RETRY_RUN: actions.retry_run,
        ActionId.CHANGE_ANSWERS: actions.change_answers,
        ActionId.CANCEL: actions.cancel,
        ActionId.OPEN_THREAD: actions.nothing,
        ActionId.INPUT: actions.nothing,
    },
    "view": {
        CallbackId.START: submissions.start,
        CallbackId.ANSWER: submissions.answers,
        CallbackId.ANSWERS: submissions.answers,
        CallbackId.VERDICT: submissions.verdict,
        CallbackId.BUDGET: submissions.budget,
        CallbackId.CANCEL: submissions.cancel,
        CallbackId.PICK_QUESTION: submissions.pick_question,
    },
    "message": {
        "message": messages.message,
        "app_mention": messages.message,
    },
    "event": {
        "app_home_opened": home.opened,
        "app_uninstalled": events.gone,
        "tokens_revoked": events.gone,
    },
}


def register(app: AsyncApp, services: Services, workspaces: Workspaces, observe: Observe) -> None:
    """Register one listener per kind with Bolt, which matches listeners one after the other; the table does the rest.

    The workspaces' clients share one session for all calls; Bolt's own per-request copy is not used.
    """

    async def serve(kind: str, name: str, key: str, body: Json, ack: AsyncAck) -> str:
        handler, actor = ENTRY_POINTS[kind].get(name), _actor(body, key)
        if handler is None:
            log.warning("no_entry_point", kind=kind, name=name)
            await ack()
            return "unknown"
        try:
            client = await workspaces.client(actor.team)
        except NotInstalled:
            # Bolt lets the news of a removal in from everywhere; a workspace that is not ours needs nothing.
            log.warning("foreign_delivery", kind=kind, team=actor.team)
            await ack()
            return "foreign"
        call = Call(body=body, actor=actor, ack=ack, client=client, services=services, workspaces=workspaces)
        return await _handle(kind, handler, call)

    async def act(kind: str, name: str, key: str, body: Json, ack: AsyncAck) -> None:
        began, outcome = time.perf_counter(), "failed"
        try:
            outcome = await serve(kind, name, key, body, ack)
        finally:
            observe(kind, outcome, time.perf_counter() - began)

    ours = re.compile(r"^eipas:")

    @app.command(re.compile(r"^/"))
    async def command(body: Json, ack: AsyncAck) -> None:
        await act("command", str(body["command"]), command_key(body), body, ack)

    @app.action(ours)
    async def action(body: Json, ack: AsyncAck) -> None:
        await act("action", kind_of(str(body["actions"][0]["action_id"])), action_key(body), body, ack)

    @app.view(ours)
    async def view(body: Json, ack: AsyncAck) -> None:
        await act("view", str(body["view"]["callback_id"]), view_key(body), body, ack)

    @app.shortcut(ours)
    async def shortcut(body: Json, ack: AsyncAck) -> None:
        await act("shortcut", str(body["callback_id"]), command_key(body), body, ack)

    @app.event(re.compile(r"^(message|app_mention)$"))
    async def message(body: Json, ack: AsyncAck) -> None:
        await act("message", str(body["event"]["type"]), message_key(body["event"]), body, ack)

    @app.event(re.compile(r"^(app_home_opened|app_uninstalled|tokens_revoked)$"))
    async def event(body: Json, ack: AsyncAck) -> None:
        await act("event", str(body["event"]["type"]), f"e:{body.get('event_id', '')}", body, ack)


async def _handle(kind: str, handler: Handler, call: Call) -> str:
    """Do it and say what became of it; only what must be delivered again is raised."""
    # Not taken back: each delivery is served by a task, and so in a context, of its own.
    structlog.contextvars.bind_contextvars(delivery=call.actor.delivery)
    try:
        await handler(call)
    except Replayed:
        await call.ack()
        return "replayed"
    except Unavailable:
        raise  # no ack: Slack delivers again, and nothing is lost
    except EipasError as error:
        await refuse(call, kind, error)
        return "refused"
    return "done"


def _actor(body: Json, key: str) -> Actor:
    event: Json = body.get("event") or {}
    user = (body.get("user") or {}).get("id") or body.get("user_id") or event.get("user") or ""
    team = (body.get("team") or {}).get("id") or body.get("team_id") or ""
    return Actor(team=str(team), user=str(user), delivery=key)
