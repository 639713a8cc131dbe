"""One run of a service: what to run on the first line of the input, progress and findings as lines of JSON.

The end of the input means that the bot is gone or has lost interest: then this process ends at once, and with it, by
their keepers, the box and the PostgreSQL that it started.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

from bot.domain.errors import EipasError
from bot.evidence.sandbox import proven
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.live.play import play
from bot.roles.backend_developer.renderers.service import render_service

_POLITE = 5


def main() -> None:
    """Run what the input says."""
    os.nice(_POLITE)  # whoever clicks meanwhile goes first
    asked = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_watch, daemon=True).start()
    try:
        blueprint = Blueprint.model_validate(asked["blueprint"])
        found = play(blueprint, render_service(blueprint), proven(), _tell, phases=frozenset(asked["phases"]))
        _say({"found": found.as_json()})
    except EipasError as reason:
        _say({"reason": reason.message})


def _watch() -> None:
    # Unbuffered: the lock of a buffered reader in which a thread waits aborts the interpreter when it ends.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


def _tell(phase: str, words: str) -> None:
    _say({"phase": phase, "words": words})


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
