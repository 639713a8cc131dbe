"""Processes forked from one that has imported what is heavy: Python has one such server for a test process.

Who starts it first says what it imports, so that is said here, for all who fork.
"""

from __future__ import annotations

import multiprocessing
from typing import Final

HEAVY: Final = (
    "bot.app.application",
    "bot.app.rehearsal.stage",
    "bot.app.jobs.dbos_runtime",
    "bot.roles.backend_developer.kit",
)
"""None of it reads the environment or speaks to a terminal when it is imported."""

FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload([*HEAVY])
