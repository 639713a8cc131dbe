"""One trace through requests, jobs and deliveries (W3C Trace Context); spans for OpenTelemetry where it is installed.

`pip install .[traces]` and `OTEL_EXPORTER_OTLP_ENDPOINT` send the spans. Without them the ids are made here all the
same: they stand in every line of the log and are handed on with jobs and events.
"""

from __future__ import annotations

import importlib
import logging
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from app import design

_PARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")
_current: ContextVar[str] = ContextVar("traceparent", default="")


def _module(name: str) -> Any:
    """Return a module of an extra of this package, None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


_trace, _propagate = _module("opentelemetry.trace"), _module("opentelemetry.propagate")


def current() -> str:
    """Return the header `traceparent` of what is under way, "" outside of any trace."""
    return _current.get()


@contextmanager
def span(name: str, parent: str = "") -> Iterator[None]:
    """Name what is done within; `parent` is the header of what asked for it, otherwise it is what is under way here."""
    asked = _PARENT.fullmatch(parent or current())
    trace, flags = (asked[1], asked[3]) if asked else (secrets.token_hex(16), "01")
    made = f"00-{trace}-{secrets.token_hex(8)}-{flags}"
    if _trace is None:
        with _under_way(made):
            yield
        return
    context = _propagate.extract({"traceparent": asked[0]}) if asked else None
    with _trace.get_tracer(design.TITLE).start_as_current_span(name, context) as own:
        said = own.get_span_context()
        header = f"00-{said.trace_id:032x}-{said.span_id:016x}-{int(said.trace_flags):02x}"
        # Without an SDK OpenTelemetry's spans have no id of their own.
        recorded = said.is_valid and own.is_recording()
        with _under_way(header if recorded else made):
            yield


@contextmanager
def _under_way(header: str) -> Iterator[None]:
    token = _current.set(header)
    try:
        yield
    finally:
        _current.reset(token)


class InLogs(logging.Filter):
    """Puts the trace's id into every line of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line pass."""
        record.trace = current()[3:35] or "-"
        return True


def install() -> None:
    """Send spans where the packages and the endpoint are there; OpenTelemetry's own settings say where to."""
    sdk, exporter = _module("opentelemetry.sdk.trace"), _module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    if sdk is None or exporter is None or not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return
    resource = _module("opentelemetry.sdk.resources").Resource.create({"service.name": design.AUDIENCE})
    provider = sdk.TracerProvider(resource=resource)
    batches = _module("opentelemetry.sdk.trace.export").BatchSpanProcessor(exporter.OTLPSpanExporter())
    provider.add_span_processor(batches)
    _trace.set_tracer_provider(provider)
