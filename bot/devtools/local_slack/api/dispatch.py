"""One Web API call: token, arguments, faults on demand, the method, the record of the call."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from typing import Any

from aiohttp import web

from bot.devtools.local_slack.api.arguments import read
from bot.devtools.local_slack.api.scopes import require_scope
from bot.devtools.local_slack.api.table import METHODS, Method
from bot.devtools.local_slack.core import Call, Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.faults import CallFault
from bot.devtools.local_slack.records import Json

_TAKE_EFFECT = ("lost_answer", "silent", "late")
_STRUCTURED = ("blocks", "metadata", "view", "files", "attachments")


async def serve(core: Core, request: web.Request) -> web.StreamResponse:
    """Answer `POST /api/{method}`."""
    name = request.match_info["method"]
    try:
        given = await _arguments(request)
    except SlackRefusal as refused:
        return web.json_response(refused.answer())
    token = _token(request, given)
    channel = given.get("channel") or given.get("channel_id")
    fault = core.faults.take(name, channel)
    if fault is None and (seconds := core.rates.wait(name, channel, str(given.get("ts") or ""))):
        fault = CallFault(method=name, kind="ratelimited", retry_after=seconds)
    if fault is not None and fault.kind not in _TAKE_EFFECT:
        return await _fail(core, name, given, fault)
    if fault is not None and fault.kind == "late":
        await _break(request, then=fault.seconds)
    answer = call(core, name, token, given)
    _record(core, name, given, answer, status=200 if fault is None else 0)
    if fault is not None and fault.kind == "silent":
        await asyncio.sleep(fault.seconds)
    if fault is not None:
        await _break(request)
    scopes = ",".join(core.manifest.scopes)
    return web.json_response(answer, headers={"x-slack-req-id": secrets.token_hex(16), "x-oauth-scopes": scopes})


async def _break(request: web.Request, then: float = 0.0) -> None:
    """Break the connection, and wait; aiohttp lets a handler go on whose client is gone."""
    if request.transport is not None:
        request.transport.abort()
    await asyncio.sleep(then)


def call(core: Core, name: str, token: str | None, given: Json) -> Json:
    """Run a method and give its answer, `ok` or not."""
    try:
        method = METHODS.get(name)
        if method is None:
            raise SlackRefusal("unknown_method", req_method=name)
        _authenticate(core, method, token)
        require_scope(core, name, given)
        return {"ok": True, **method.run(core, read(method.args, given))}
    except SlackRefusal as refused:
        return refused.answer()


def _authenticate(core: Core, method: Method, token: str | None) -> None:
    identity = core.identity
    if not token:
        raise SlackRefusal("not_authed")
    if core.revoked and token == identity.bot_token:
        raise SlackRefusal("token_revoked")
    if token not in (identity.bot_token, identity.app_token):
        raise SlackRefusal("invalid_auth")
    if token != (identity.app_token if method.app_level else identity.bot_token):
        raise SlackRefusal("not_allowed_token_type")


async def _arguments(request: web.Request) -> Json:
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError as unreadable:
            raise SlackRefusal("invalid_json") from unreadable
        if not isinstance(body, dict):
            raise SlackRefusal("json_not_object")
        return {**given, **body}
    return {**given, **{key: value for key, value in (await request.post()).items() if isinstance(value, str)}}


def _token(request: web.Request, given: Json) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    in_body = given.pop("token", None)
    return token if scheme == "Bearer" and token else in_body


async def _fail(core: Core, name: str, given: Json, fault: CallFault) -> web.Response:
    answer: Json = {"ok": False, "error": fault.error}
    headers: dict[str, str] = {}
    status = 200
    match fault.kind:
        case "ratelimited":
            answer, status = {"ok": False, "error": "ratelimited"}, 429
            headers = {"Retry-After": str(fault.retry_after)}
        case "server_error":
            status = 500
        case "hang":
            await asyncio.sleep(fault.seconds)
            status = 500
    _record(core, name, given, answer, status=status)
    return web.json_response(answer, status=status, headers=headers)


def _record(core: Core, name: str, given: Json, answer: Json, *, status: int = 200) -> None:
    args = {key: _readable(value) if key in _STRUCTURED else value for key, value in given.items()}
    core.record(Call(at=time.time(), method=name, args=args, answer=answer, status=status))


def _readable(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value
