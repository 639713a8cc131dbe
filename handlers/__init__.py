"""Slack in and out. `ENTRY_POINTS` is the one table of everything that Slack may call."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.domain.errors import EipasError, Replayed, Unavailable
from bot.services.common import Actor
from bot.services.registry import Services
from handlers import actions, commands, events, home, messages, shortcuts, submissions
from handlers.call import Call, Json
from handlers.errors import refuse
from handlers.guard import admit
from handlers.ids import ActionId, CallbackId
from handlers.routing import Malformed, Route, route
from handlers.sync.links import Links
from handlers.transport.backpressure import Backpressure
from handlers.transport.workspaces import NotInstalled, Workspaces

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
        ActionId.ROLE: actions.choose_role,
        ActionId.ANSWER: actions.answer,
        ActionId.EDIT_ANSWER: actions.answer,
        ActionId.NOT_AN_ANSWER: actions.not_an_answer,
        ActionId.IS_AN_ANSWER: actions.is_an_answer,
        ActionId.TAKE_EDIT: actions.take_edit,
        ActionId.FILES_ANSWER: actions.files_answer,
        ActionId.SKIP: actions.skip,
        ActionId.ANSWER_ALL: actions.answer_all,
        ActionId.READY: actions.ready,
        ActionId.CORRECT: actions.correct,
        ActionId.ADD_DOCUMENT: actions.add_document,
        ActionId.VOTE: actions.vote,
        ActionId.WAIVE: actions.waive,
        ActionId.DETAILS: actions.details,
        ActionId.CHECKS: actions.checks,
        ActionId.RAISE_BUDGET: actions.raise_budget,
        ActionId.STOP_RUN: actions.stop_run,
        ActionId.RETRY_RUN: actions.retry_run,
        ActionId.CHANGE_ANSWERS: actions.change_answers,
        ActionId.CANCEL: actions.cancel,
        ActionId.REOPEN: actions.reopen,
        ActionId.CLONE: actions.clone,
        ActionId.OPEN_THREAD: actions.nothing,
        ActionId.INPUT: actions.nothing,
    },
    "view": {
        CallbackId.START: submissions.start,
        CallbackId.ANSWER: submissions.answers,
        CallbackId.ANSWERS: submissions.answers,
        CallbackId.CORRECT: submissions.correction,
        CallbackId.VERDICT: submissions.verdict,
        CallbackId.WAIVE: submissions.waiver,
        CallbackId.BUDGET: submissions.budget,
        CallbackId.CANCEL: submissions.cancel,
        CallbackId.SUCCESSOR: submissions.successor,
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


def register(
    app: AsyncApp, services: Services, workspaces: Workspaces, observe: Observe, backpressure: Backpressure
) -> None:
    """Hand Bolt the table. The workspaces' clients share one session; Bolt's own per-request copy is not used."""
    app.use(Dispatch(services, workspaces, observe, backpressure))


class Dispatch(AsyncMiddleware):
    """The last of Bolt's middleware: takes what the table knows, so that Bolt has no listener to look for.

    Bolt would ask its listeners one after the other and build their arguments twice, a third of a click's time in it.
    """

    def __init__(
        self, services: Services, workspaces: Workspaces, observe: Observe, backpressure: Backpressure
    ) -> None:
        self._services, self._workspaces, self._observe, self._backpressure = (
            services,
            workspaces,
            observe,
            backpressure,
        )
        self._links = Links()

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        """Serve one delivery and return what its handler acknowledged.

        What cannot be kept now is not acknowledged, so that Slack delivers it again; what else raises Bolt answers with
        a 500.
        """
        try:
            found = route(req.body)
        except Malformed as fault:
            log.warning("malformed_delivery", fault=str(fault))
            return BoltResponse(status=HTTPStatus.BAD_REQUEST, body="")
        if found is None:
            await next()
            return resp
        began, outcome = time.perf_counter(), "failed"
        try:
            with self._backpressure.one():
                actor = _actor(req.body, found.key, req.context.team_id or "")
                outcome = await self._serve(found, req.body, actor, req.context.ack)
        except Unavailable as reason:
            log.warning("delivery_waits", kind=found.kind, reason=reason.message)
            return BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, body="")
        finally:
            self._observe(found.kind, outcome, time.perf_counter() - began)
        return req.context.ack.response

    async def _serve(self, found: Route, body: Json, actor: Actor, ack: AsyncAck) -> str:
        handler = ENTRY_POINTS[found.kind].get(found.name)
        if handler is None:
            log.warning("no_entry_point", kind=found.kind, name=found.name)
            await ack()
            return "unknown"
        try:
            client = await self._workspaces.client(actor.team)
        except NotInstalled:
            # Bolt lets the news of a removal in from everywhere; a workspace that is not ours needs nothing.
            log.warning("foreign_delivery", kind=found.kind, team=actor.team)
            await ack()
            return "foreign"
        call = Call(
            body=body, actor=actor, ack=ack, client=client, services=self._services, workspaces=self._workspaces,
            links=self._links,
        )  # fmt: skip
        return await _handle(found.kind, handler, call)


async def _handle(kind: str, handler: Handler, call: Call) -> str:
    """Do it and say what became of it; only what must be delivered again is raised."""
    # Not taken back: each delivery is served by a task, and so in a context, of its own.
    structlog.contextvars.bind_contextvars(delivery=call.actor.delivery)
    try:
        await admit(kind, call)
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


def _actor(body: Json, key: str, team: str) -> Actor:
    """Say who acts. `team` is the installation that Slack delivers to, which let the delivery in.

    In a channel shared between companies `team_id` and `team` may be the writer's own workspace.
    """
    event: Json = body.get("event") or {}
    user = (body.get("user") or {}).get("id") or body.get("user_id") or event.get("user") or ""
    companies = {(body.get("user") or {}).get("team_id"), event.get("user_team"), event.get("source_team")}
    return Actor(team=team, user=str(user), delivery=key, foreign=bool(companies - {None, "", team}))
