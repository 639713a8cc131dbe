"""What a worker process does: calls the functions that come over its connection, until the connection ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of a module with what it is given; one that `tells` is given `tell` as well."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    tells: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a call is, in words for people."""

    words: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What a call returned."""

    value: Any


@dataclass(frozen=True, slots=True)
class Raised:
    """What a call raised, in words: not every exception can be told to another process."""

    kind: str
    words: str


def serve(connection: Connection) -> None:
    """Answer calls until the parent closes its end, or ends in whatever way."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal it is for the parent, which ends its workers
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            connection.send(_answer(connection.recv(), connection))


def _end_with_parent() -> None:
    """End in the middle of a call, too: what it started ends with this process in turn."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer(call: Call, connection: Connection) -> Returned | Raised:
    more = {"tell": lambda words: connection.send(Progress(words))} if call.tells else {}
    try:
        return Returned(call.function(*call.arguments, **more))
    except Exception as error:
        # Whatever a design holds: the next one is to find the worker ready.
        log.exception("worker_call_failed", function=call.function.__qualname__)
        return Raised(type(error).__name__, str(error))
