"""The servers that are measured, each a process of its own: `python -m tests.bench.servers KIND '{"api": ...}'`.

All speak through the same web server with the same settings. Each prints its address once it answers.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import pkgutil
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from tests.bench.wire import PATH, SECRET

Options = dict[str, Any]
Server = Callable[[Options, AsyncExitStack], Awaitable[str]]


def _bolt(options: Options, *, process_before_response: bool) -> Any:
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    return AsyncApp(
        signing_secret=SECRET, client=AsyncWebClient(token="xoxb-bench", base_url=options["api"]),
        process_before_response=process_before_response,
    )  # fmt: skip


async def _serve(app: Any, stack: AsyncExitStack) -> str:
    from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler

    from bot.app.operations.server import WebServer

    server = WebServer({PATH: AsyncSlackRequestHandler(app)}, "127.0.0.1", 0)
    await server.start()
    stack.push_async_callback(server.stop)
    return server.url


async def echo(options: Options, stack: AsyncExitStack) -> str:
    """A bare AsyncApp that only acknowledges: three listeners and nothing else."""
    app = _bolt(options, process_before_response=options.get("before", True))

    async def acknowledge(ack: Any) -> None:
        await ack()

    app.command("/eipas")(acknowledge)
    app.action(options.get("action", "eipas:skip"))(acknowledge)
    app.view("eipas:verdict_form")(acknowledge)
    app.event("message")(acknowledge)
    return await _serve(app, stack)


async def updating(options: Options, stack: AsyncExitStack) -> str:
    """Bolt with its defaults: acknowledges a click, commits nothing, and updates the clicked message."""
    app = _bolt(options, process_before_response=False)

    async def click(ack: Any, body: Any, client: Any) -> None:
        await ack()
        message, channel = body["message"], body["channel"]["id"]
        await client.chat_update(channel=channel, ts=message["ts"], text=message["text"], blocks=message["blocks"])

    app.action("eipas:skip")(click)
    return await _serve(app, stack)


async def orm(options: Options, stack: AsyncExitStack) -> str:
    """What a user would build instead: see `tests.bench.orm_app`. `data` is its folder.

    `before` is Bolt's `process_before_response`: True answers as soon as `ack()` was called, Bolt's default looks for
    it every 10 ms. With `answers` a click updates its message.
    """
    from tests.bench.orm_app import engine_of, listen

    app = _bolt(options, process_before_response=options["before"])
    listen(app, await engine_of(Path(options["data"]), stack), answers=options.get("answers", False))
    return await _serve(app, stack)


async def product(options: Options, stack: AsyncExitStack) -> str:
    """The whole product in HTTP mode as it runs in a real workspace, its Web API at the stand-in.

    `only` leaves one entry point, of that kind and name; `eager` first imports every module of ours and the model's
    library.
    """
    from bot.app.collecting import collect_nothing, keep_what_stands

    collect_nothing()
    if options.get("eager"):
        import_everything()
    from bot.app.application import Application, configure_logging
    from bot.app.settings import Settings

    if "only" in options:
        _keep_only(*options["only"])
    settings = Settings(
        _env_file=None, mode="http", http_port=0, slack_bot_token="xoxb-bench", slack_signing_secret=SECRET,
        slack_api_url=options["api"],
        data_dir=Path(options["data"]), workspace_roots=(), designer="offline", **options.get("settings", {}),
    )  # fmt: skip
    configure_logging(settings)
    application = await stack.enter_async_context(Application(settings))
    keep_what_stands()
    assert application.transport.web is not None
    return application.transport.web.url


def _keep_only(kind: str, name: str) -> None:
    """Leave one entry of the table, as if the product had no other."""
    import handlers

    handlers.ENTRY_POINTS = {kind: {name: handlers.ENTRY_POINTS[kind][name]}}


def import_everything() -> None:
    """Import every module of the product, and the model's library, as code without lazy imports would."""
    importlib.import_module("anthropic")
    for name in ("bot", "handlers", "storage"):
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if ".migrations" not in found.name and not found.name.endswith("__main__"):
                importlib.import_module(found.name)


SERVERS: dict[str, Server] = {"echo": echo, "updating": updating, "orm": orm, "product": product}


async def main(kind: str, options: Options) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    logging.basicConfig(level=logging.WARNING)
    async with AsyncExitStack() as stack:
        print(json.dumps({"url": await SERVERS[kind](options, stack)}), flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
