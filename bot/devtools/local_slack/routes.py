"""The HTTP side: which path leads where, and who may come in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

from aiohttp import web
from pydantic import ValidationError

from bot.devtools.local_slack import fault_api, local_api
from bot.devtools.local_slack.api import dispatch
from bot.devtools.local_slack.core import Core
from bot.devtools.local_slack.errors import SlackRefusal
from bot.devtools.local_slack.interactions import responses
from bot.devtools.local_slack.records import Json

MAX_BODY = 100 * 1024 * 1024
PAGE = Path(__file__).parent / "page"
_LOGIN_PAGE = "<!DOCTYPE html><title>Sign in</title><p>Sign in to see this file.</p>"
_HOSTS = frozenset({"127.0.0.1", "localhost"})
_MESSAGE = re.compile(r"p(\d{10,})(\d{6})")
"""The last part of a message's address: its `ts` without the point."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(core: Core) -> web.Application:
    """Build the aiohttp application."""
    app = web.Application(client_max_size=MAX_BODY, middlewares=[_only_from_here])
    bound = Routes(core)
    app.router.add_route("*", "/api/{method}", bound.api)
    app.router.add_get("/link", bound.link)
    app.router.add_post("/upload/{file_id}", bound.upload)
    app.router.add_get("/files/{file_id}/{name}", bound.download)
    app.router.add_post("/response/{token}", bound.response)
    app.router.add_get("/local/boot", bound.reading(local_api.boot))
    app.router.add_get("/local/messages", bound.reading(local_api.messages))
    app.router.add_get("/local/events", bound.reading(local_api.watch))
    app.router.add_get("/local/calls", bound.reading(local_api.calls))
    app.router.add_post("/local/upload", bound.reading(local_api.upload))
    app.router.add_post("/local/faults", bound.reading(_make_trouble))
    app.router.add_post("/local/{act}", bound.reading(local_api.act))
    app.router.add_get("/archives/{channel}", bound.archive)
    app.router.add_get("/archives/{channel}/{message}", bound.archive)
    app.router.add_get("/", _index)
    app.router.add_static("/page", PAGE)
    return app


class Routes:
    """Request handlers over one workspace."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def api(self, request: web.Request) -> web.StreamResponse:
        """Serve the Web API."""
        return await dispatch.serve(self._core, request)

    async def link(self, request: web.Request) -> web.StreamResponse:
        """Serve a Socket Mode connection."""
        return await self._core.socket.accept(request)

    async def upload(self, request: web.Request) -> web.Response:
        """Take the bytes of an upload; they must be as many as were announced."""
        stored = self._core.workspace.files.get(request.match_info["file_id"])
        if stored is None or stored.expected is None:
            raise web.HTTPNotFound(text="no such upload")
        content = await _body(request)
        if len(content) != stored.expected:
            raise web.HTTPBadRequest(text=f"{stored.expected} bytes were announced, {len(content)} came")
        self._core.workspace.put_file(stored.filled(content))
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.Response:
        """Give a file to the bot (token) or to the page; others get Slack's login page, with status 200."""
        stored = self._core.workspace.files.get(request.match_info["file_id"])
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        is_bot = secrets.compare_digest(bearer, self._core.identity.bot_token) and not self._core.revoked
        from_page = request.headers.get("Sec-Fetch-Site") == "same-origin" or "as" in request.query
        if not (is_bot or from_page):
            return web.Response(text=_LOGIN_PAGE, content_type="text/html")
        if stored is None or stored.expected is not None:
            raise web.HTTPNotFound(text="file not found")
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name)}",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=stored.content, content_type=stored.mimetype, headers=headers)

    async def archive(self, request: web.Request) -> web.StreamResponse:
        """Lead from an address that `chat.getPermalink` gave to the place on the page that it means."""
        channel = self._core.workspace.channels.get(request.match_info["channel"])
        if channel is None:
            raise web.HTTPNotFound(text="There is no such channel.")
        place = channel.id
        if "message" in request.match_info:
            found = _MESSAGE.fullmatch(request.match_info["message"])
            message = self._core.workspace.find_message(channel.id, f"{found[1]}.{found[2]}") if found else None
            if message is None:
                raise web.HTTPNotFound(text="There is no such message; it may have been deleted.")
            first = str(message.get("thread_ts") or message["ts"])
            place += f"/thread/{first}" + (f"/{message['ts']}" if message["ts"] != first else "")
        who = f"?as={quote(request.query['as'])}" if "as" in request.query else ""
        raise web.HTTPFound(f"/{who}#{place}")

    async def response(self, request: web.Request) -> web.Response:
        """Take an app's later answer to an interaction."""
        try:
            url = self._core.response_urls.use(request.match_info["token"])
            responses.respond(self._core, url, responses.Answer.model_validate_json(await request.read()))
        except SlackRefusal as refused:
            return web.json_response(refused.answer(), status=404 if refused.error.endswith("_url") else 400)
        except ValidationError:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        return web.Response(text="ok")

    def reading(self, serve: local_api.Reading) -> Handler:
        """Make a handler of a function that gives JSON or a whole response."""

        async def handler(request: web.Request) -> web.StreamResponse:
            try:
                answer = await serve(self._core, request)
            except SlackRefusal as refused:
                return web.json_response(refused.answer())
            return web.json_response({"ok": True, **answer}) if isinstance(answer, dict) else answer

        return handler


async def _make_trouble(core: Core, request: web.Request) -> Json:
    return await fault_api.make(core, await request.read())


async def _index(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html")


async def _body(request: web.Request) -> bytes:
    """Give the raw body, or the `file` part of a form."""
    if request.content_type != "multipart/form-data":
        return await request.read()
    part = (await request.post()).get("file")
    return part.file.read() if isinstance(part, web.FileField) else b""


@web.middleware
async def _only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse pages of other origins and foreign host names: a web site open in the same browser must not act here."""
    if urlsplit(f"//{request.host}").hostname not in _HOSTS:
        raise web.HTTPForbidden(text="this address is for this machine only")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="requests of other origins are refused")
    return await handler(request)
