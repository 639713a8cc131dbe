"""Faults on demand for the Web API: the next calls of a method fail in the way that was asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Literal

FaultKind = Literal["ratelimited", "server_error", "hang", "lost_answer", "silent", "late", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFault:
    """How the next `times` calls fail.

    `ratelimited` answers 429 with Retry-After; `server_error` 500; `error` Slack's own error of that name;
    `hang` takes `seconds` before it answers 500; `lost_answer` takes effect and then breaks the connection;
    `silent` takes effect and says nothing for `seconds`; `late` breaks the connection and takes effect `seconds` later.
    """

    method: str
    kind: FaultKind
    times: int = 1
    channel: str | None = None
    retry_after: int = 1
    seconds: float = 30.0
    error: str = "internal_error"

    def hits(self, method: str, channel: str | None) -> bool:
        """Tell whether a call is meant: `*` stands for every method."""
        return self.method in (method, "*") and self.channel in (None, channel)


@dataclass(slots=True)
class Faults:
    """The faults that are still to come, first asked first; `suffered` counts by kind those that a call met."""

    pending: list[CallFault] = field(default_factory=list)
    suffered: Counter[str] = field(default_factory=Counter)
    ack_display_delay: float = 0.0
    """Seconds by which the page learns later that the app has acknowledged."""

    def add(self, fault: CallFault) -> None:
        """Ask for a fault."""
        self.pending.append(fault)

    def clear(self) -> None:
        """Forget all faults."""
        self.pending.clear()
        self.ack_display_delay = 0.0

    def take(self, method: str, channel: str | None) -> CallFault | None:
        """Give the fault that a call suffers, and count it."""
        for index, fault in enumerate(self.pending):
            if fault.hits(method, channel):
                if fault.times > 1:
                    self.pending[index] = replace(fault, times=fault.times - 1)
                else:
                    del self.pending[index]
                self.suffered[fault.kind] += 1
                return fault
        return None
