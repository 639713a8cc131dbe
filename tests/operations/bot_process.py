"""The bot as a process of its own over a local Slack of another one.

`python -m tests.operations.bot_process URL FOLDER BOT APP`.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bot.app.application import Application
from bot.app.settings import Settings


async def main(url: str, folder: Path, bot_token: str, app_token: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = Settings(_env_file=None, data_dir=folder / "data", workspace_roots=(), designer="offline")
    slack: Any = SimpleNamespace(url=url, api_url=f"{url}/api/", bot_token=bot_token, app_token=app_token)
    async with Application(settings, slack):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:5]))
