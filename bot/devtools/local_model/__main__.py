"""Serve the local Messages API: `python -m bot.devtools.local_model FOLDER [PORT]`, FOLDER being a role's.

It plays what the role's `scripted_model.py` makes of a request.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.devtools.local_model.server import LocalModel
from bot.domain.errors import EipasError
from bot.roles.kits import find_scripted_model


async def serve(folder: Path, port: int) -> None:
    """Serve until interrupted."""
    async with LocalModel(find_scripted_model(folder), port=port) as model:
        sys.stdout.write(f"{model.url} answers like the Messages API; there is no model behind it. Any key will do.\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Read the command line and serve."""
    if len(sys.argv) < 2:
        sys.exit(str(__doc__))
    try:
        asyncio.run(serve(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
    except EipasError as error:
        sys.exit(error.message)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
