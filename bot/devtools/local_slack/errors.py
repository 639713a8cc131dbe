"""How the local Slack refuses a call."""

from __future__ import annotations

from typing import Any


class SlackRefusal(Exception):
    """A call that Slack refuses: `error` is Slack's own name for it, the rest goes into the answer as it is."""

    def __init__(self, error: str, **rest: Any) -> None:
        super().__init__(error)
        self.error = error
        self.rest = rest

    def answer(self) -> dict[str, Any]:
        """Give the body that Slack would answer with."""
        return {"ok": False, "error": self.error, **self.rest}
