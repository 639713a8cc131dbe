"""Serve the local Messages API: `python -m bot.devtools.local_model [port]`. It plays by the offline rules."""

from __future__ import annotations

import asyncio
import sys

from bot.devtools.local_model.server import LocalModel
from bot.roles.backend_developer.scripted_model import play


async def serve(port: int) -> None:
    """Serve until interrupted."""
    async with LocalModel(play, port=port) as model:
        sys.stdout.write(f"{model.url} answers like the Messages API; there is no model behind it. Any key will do.\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(serve(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
    except KeyboardInterrupt:
        sys.exit(130)
