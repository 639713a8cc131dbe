"""The local Messages API over HTTP, on an address of this machine only."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from bot.agent.script import Body, Break, Fault, Reply, turn_of
from bot.devtools.local_model.prefix import PromptCache, tokens
from bot.devtools.local_model.refusals import MOST_OUTPUT, Refusal, body_refusal, header_refusal
from bot.devtools.local_model.sse import event, output_tokens, stream

_LONGEST_BODY = 64 * 1024 * 1024
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that was made: its turn, how it ended, and what it was billed. `outcome` is a stop reason or a status.

    `reply` is what was wholly written, None where the answer broke off or none was given.
    """

    turn: int
    outcome: str
    body: Body
    usage: Mapping[str, Any] = field(default_factory=dict)
    reply: Reply | None = None


class LocalModel:
    """Serves `answer` (a Script, or any function of a request's body). Use it as an async context manager."""

    def __init__(self, answer: Callable[[Body], Fault | Reply], *, port: int = 0) -> None:
        self.answer = answer
        self.calls: list[Call] = []
        self._port = port
        self._cache = PromptCache()
        self._runner: web.AppRunner | None = None
        self._number = 0

    @property
    def url(self) -> str:
        """The base URL for the SDK."""
        return f"http://{HOST}:{self._port}"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=_LONGEST_BODY)
        app.router.add_post("/v1/messages", self._messages)
        app.router.add_post("/v1/messages/count_tokens", self._count)
        app.router.add_get("/v1/models/{model}", self._model)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request)
        refusal = header_refusal(request.headers) or body_refusal(body)
        if refusal is not None:
            turn = turn_of(body) if isinstance(body, dict) and "messages" in body else 0
            self.calls.append(Call(turn=turn, outcome=f"{refusal.status}: {refusal.message}", body=body))
            return self._refuse(refusal)
        answer = self.answer(body)
        if isinstance(answer, Fault):
            return self._fail(request, body, answer)
        return await self._stream(request, body, answer)

    async def _count(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request)
        refusal = header_refusal(request.headers) or body_refusal(body, counting=True)
        if refusal is not None:
            return self._refuse(refusal)
        return web.json_response({"input_tokens": tokens([body.get("tools"), body.get("system"), body["messages"]])})

    async def _model(self, request: web.Request) -> web.StreamResponse:
        if refusal := header_refusal(request.headers):
            return self._refuse(refusal)
        name = request.match_info["model"]
        return web.json_response(
            {
                "id": name, "type": "model", "display_name": f"{name}, played locally", "lifecycle": "active",
                "created_at": "2026-01-01T00:00:00Z", "max_input_tokens": 1_000_000, "max_tokens": MOST_OUTPUT,
            }
        )  # fmt: skip

    async def _stream(self, request: web.Request, body: Body, reply: Reply) -> web.StreamResponse:
        usage = self._cache.bill(body)
        turn = turn_of(body)
        response = web.StreamResponse(headers={"content-type": "text/event-stream", "request-id": self._next()})
        try:
            await response.prepare(request)
            for number, piece in enumerate(stream(reply, body, usage, f"msg_{self._number:06}")):
                if reply.breaks and number >= reply.breaks.after:
                    self.calls.append(Call(turn=turn, outcome=f"broken:{reply.breaks.how}", body=body, usage=usage))
                    await self._break(request, response, reply.breaks)
                    return response
                await response.write(piece)
                await asyncio.sleep(reply.pace)
        except ConnectionError:
            self.calls.append(Call(turn=turn, outcome="client gone", body=body, usage=usage))
            raise
        billed = {**usage, "output_tokens": output_tokens(reply, body)}
        self.calls.append(Call(turn=turn, outcome=reply.stop, body=body, usage=billed, reply=reply))
        with suppress(ConnectionError):
            await response.write_eof()
        return response

    async def _break(self, request: web.Request, response: web.StreamResponse, breaks: Break) -> None:
        match breaks.how:
            case "error":
                await response.write(event("error", error={"type": breaks.type, "message": "broken by the script"}))
            case "reset":
                if request.transport is not None:
                    request.transport.abort()
                return
            case "hang":
                await asyncio.Event().wait()
            case "eof":
                pass
        await response.write_eof()

    def _fail(self, request: web.Request, body: Body, fault: Fault) -> web.StreamResponse:
        self.calls.append(Call(turn=turn_of(body), outcome=str(fault.status), body=body))
        if fault.status == 0 and request.transport is not None:
            request.transport.abort()
            return web.Response()
        details = {"error_code": fault.error_code} if fault.error_code else None
        extra = {"retry-after": fault.retry_after} if fault.retry_after is not None else {}
        return self._refuse(Refusal(fault.status, fault.type, fault.message), details, extra)

    def _refuse(
        self, refusal: Refusal, details: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> web.StreamResponse:
        error = {"type": refusal.type, "message": refusal.message, "details": details}
        named = self._next()
        return web.json_response(
            {"type": "error", "error": error, "request_id": named},
            status=refusal.status,
            headers={"request-id": named, **(headers or {})},
        )

    def _next(self) -> str:
        self._number += 1
        return f"req_{self._number:06}"


async def _read(request: web.Request) -> Any:
    try:
        return json.loads(await request.read())
    except ValueError:
        return None
