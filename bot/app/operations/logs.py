"""Logs: structlog and the standard library's in one form on stderr, and no secret in any line of either."""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, MutableMapping
from types import TracebackType
from typing import Any, Literal
from urllib.parse import quote

import structlog

Format = Literal["console", "json"]

_SECRETS = r"""
    xox[a-z](?:\.xox[a-z])?-[\w-]{4,}       # Slack's bot, user, refresh and configuration tokens
  | xapp-[\w-]{4,}                          # Slack's app-level tokens
  | sk-ant-[\w-]{4,}                        # the model's keys
  | (?<=Bearer\ )[\w.~+/=-]{8,}             # whatever is sent as one
  | (?<=Basic\ )[\w+/=-]{8,}                # a name and a password
  | (?<=://)[^\s/:@]+:[^\s/@]+(?=@)         # the same in an address
  | (?<=[?&]ticket=)[\w-]+                  # a Socket Mode address is a key for one connection
  | (?<=v0=)[0-9a-f]{64}                    # a delivery's signature
"""
_HIDDEN = "***"
_SHORTEST = 4
"""What is shorter is no secret, and would blot out words."""

_OWN_HANDLERS = ("dbos",)
"""Loggers of libraries that would otherwise write past ours, and that say the same again at every try."""

_SELDOM_S = 10.0
"""How long what they said is not said again: three queues look four times a second."""


class Redactor:
    """Replaces by `***` what looks like a secret, and the secrets of the settings, whatever they look like."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        forms = {form for secret in known if len(secret) >= _SHORTEST for form in _written(secret)}
        # The longest first: one secret may be the beginning of another.
        exact = "".join(f"{re.escape(form)} | " for form in sorted(forms, key=len, reverse=True))
        self._pattern = re.compile(exact + _SECRETS, re.VERBOSE)

    def __call__(self, text: str) -> str:
        """Return `text` without secrets."""
        return self._pattern.sub(_HIDDEN, text)


redact = Redactor()
"""For whoever knows no settings."""


def configure_logging(level: str, log_format: Format, hide: Redactor = redact) -> None:
    """Send all logs to stderr. The last step of both chains is `hide`, so that tracebacks pass it too."""
    number = getattr(logging, level.upper())
    colours = sys.stderr.isatty()
    renderer: Any = (
        structlog.processors.JSONRenderer() if log_format == "json" else structlog.dev.ConsoleRenderer(colors=colours)
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    # JSON escapes by itself; a console line would let words from outside begin a line that looks like ours.
    lines: list[structlog.typing.Processor] = [] if log_format == "json" else [one_line_each]
    last: list[structlog.typing.Processor] = [structlog.processors.format_exc_info, *lines, renderer, _Last(hide)]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler])
    seldom = logging.StreamHandler(sys.stderr)
    seldom.setFormatter(handler.formatter)
    seldom.addFilter(Seldom())
    for name in _OWN_HANDLERS:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [seldom], False
    logging.captureWarnings(True)
    sys.excepthook = _last_words


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nothing has caught ends the process, and is a line of the log like all others."""
    structlog.get_logger().critical("crashed", exc_info=(kind, error, trace))


class Seldom(logging.Filter):
    """Lets each sentence pass once in `_SELDOM_S` seconds; what stands below its first line makes no other of it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._lock = threading.Lock()
        self._until: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is to be written."""
        sentence = f"{record.name}: {record.getMessage()}".partition("\n")[0]
        with self._lock:
            now = self._clock()
            self._until = {said: until for said, until in self._until.items() if now < until}
            if sentence in self._until:
                return False
            self._until[sentence] = now + _SELDOM_S
            return True


_BREAKS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_TRACES = frozenset({"exception", "stack"})
_MARGIN = "  | "


def one_line_each(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Escape what would break a line or steer a terminal, in every value and in the event itself.

    A traceback keeps its lines, each behind a margin that no line of the log begins with.
    """
    for name, value in event.items():
        if name in _TRACES:
            event[name] = "\n".join(_MARGIN + _visible(line) for line in str(value).split("\n"))
        elif name[:1] != "_":
            event[name] = _visible(value if isinstance(value, str) else repr(value))
    return event


def _visible(text: str) -> str:
    return _BREAKS.sub(lambda found: repr(found[0])[1:-1], text)


class _Last:
    """Structlog's last step: the renderer before it has made a text of the event."""

    def __init__(self, hide: Redactor) -> None:
        self._hide = hide

    def __call__(self, _logger: Any, _method: str, line: MutableMapping[str, Any] | str) -> str:
        return self._hide(str(line))


def _written(secret: str) -> set[str]:
    """Return the ways in which a log may write a secret: as it is, in JSON, in Python, in an address."""
    return {
        secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1],
        quote(secret), quote(secret, safe=""),
    }  # fmt: skip
