"""What one app has called of Slack in one workspace lately: the value between the budget and its row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """The calls of one method that still count. Moments are Unix seconds, the oldest call first.

    `held_until` is when Slack's last Retry-After ends, 0 while there is none.
    """

    calls: tuple[float, ...] = ()
    held_until: float = 0.0

    def within(self, seconds: float, now: float) -> Spent:
        """Return it without the calls that are older than `seconds`."""
        return Spent(calls=tuple(at for at in self.calls if at > now - seconds), held_until=self.held_until)
