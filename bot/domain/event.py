"""The audit log's entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """Who did what, when, and from which Slack delivery.

    Appended, never changed; `hash` chains it to the one before.
    """

    evaluation_id: str
    kind: str
    actor: str
    at: datetime
    delivery: str = ""
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)
    seq: int = 0
    previous_hash: str = ""
    hash: str = ""
