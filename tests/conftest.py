"""What holds for every test: hypothesis' patience on shared machines, no network but this one's own, plain logs."""

from __future__ import annotations

import logging
import os

import structlog
from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.support.loopback_only",
    "tests.support.databases",
    "tests.support.known_failures",
    "tests.support.longest_first",
    "tests.support.quick_first",
    "tests.support.iteration_files",
    "tests.support.shared_reading",
]

# The machines are shared: a slow example is no fault, and a deadline would make one of it. `make test` tries a few
# dozen examples of each property; `pytest --hypothesis-profile=thorough` tries many, for whoever changes a parser.
settings.register_profile("quick", deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", deadline=None, max_examples=500, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("quick")

# Running what is rendered takes half a minute; tests that are about that say so themselves.
os.environ.setdefault("EIPAS_EVIDENCE", "static")

# Without a handler DBOS makes one that writes to the stderr of the test that launched it first. pytest closes that with
# the test, and no launch succeeds any more in this process. What it logs is shown beside a failure all the same.
logging.getLogger("dbos").addHandler(logging.NullHandler())

# Tests log to where pytest shows it beside a failure. structlog's own default paints tracebacks with every local
# variable, which takes longer than most of the tests that provoke one.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)
