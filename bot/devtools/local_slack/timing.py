"""Slack's deadlines, in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long Slack waits. The defaults are Slack's own; tests may shorten what they wait for.

    `redeliver_after` holds the pauses before each further delivery of an event that was not acknowledged.
    """

    ack: float = 3.0
    trigger: float = 3.0
    response_url: float = 1800.0
    redeliver_after: tuple[float, ...] = (0.0, 60.0, 300.0)

    def scaled(self, factor: float) -> Timing:
        """Give the same deadlines with the pauses between redeliveries scaled: 0.001 makes a minute 60 ms."""
        return Timing(
            ack=self.ack,
            trigger=self.trigger,
            response_url=self.response_url,
            redeliver_after=tuple(pause * factor for pause in self.redeliver_after),
        )
