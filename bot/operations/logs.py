"""Logs: structlog and the standard library's in one form on stderr, and no secret in any line of either."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

Format = Literal["console", "json"]

_SECRETS = re.compile(
    r"""xox[a-z](?:\.xox[a-z])?-[\w-]{4,}     # Slack's bot, user, refresh and configuration tokens
      | xapp-[\w-]{4,}                        # Slack's app-level tokens
      | sk-ant-[\w-]{4,}                      # the model's keys
      | (?<=Bearer\ )[\w.~+/=-]{8,}           # whatever is sent as one
      | (?<=://)[^\s/:@]+:[^\s/@]+(?=@)       # name and password in an address
      | (?<=[?&]ticket=)[\w-]+                # a Socket Mode address is a key for one connection
      | (?<=v0=)[0-9a-f]{64}                  # a delivery's signature
    """,
    re.VERBOSE,
)
_HIDDEN = "***"


def redact(text: str) -> str:
    """Return `text` with everything that looks like a secret replaced by `***`."""
    return _SECRETS.sub(_HIDDEN, text)


def configure_logging(level: str, log_format: Format) -> None:
    """Send all logs to stderr. The last step of both chains is `redact`, so that tracebacks pass it too."""
    number = getattr(logging, level.upper())
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            renderer,
            _redacted,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler])


class _Redacting(logging.Formatter):
    """The standard library's last step."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, traceback included, without secrets."""
        return redact(super().format(record))


def _redacted(_logger: Any, _method: str, line: MutableMapping[str, Any] | str) -> str:
    """Structlog's last step: the renderer before it has made a text of the event."""
    return redact(str(line))
