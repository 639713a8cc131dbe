"""The audit log's entries, and the chain that they form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


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


def chained(row: Mapping[str, Any]) -> str:
    """Return the hash of an entry's fields: SHA-256 over the previous hash and the entry's canonical JSON.

    Canonical is: keys sorted, no spaces, ASCII, the time in UTC as ISO 8601 with microseconds.
    """
    body = {name: row[name] for name in ("evaluation_id", "seq", "kind", "actor", "delivery")}
    body["at"] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    body["data"] = dict(row["data"])
    return hashlib.sha256((row["previous_hash"] + _CANONICAL.encode(body)).encode()).hexdigest()


def digest(entry: AuditEvent) -> str:
    """Return the hash that an entry must have; see `chained`."""
    return chained({name: getattr(entry, name) for name in AuditEvent.__slots__})


def first_broken(entries: Iterable[AuditEvent]) -> int | None:
    """Return the `seq` of the first entry that was changed, removed or put in, None if the chain holds.

    A cut end cannot be seen from the chain alone: compare its end with what is kept elsewhere.
    """
    previous, expected = "", 1
    for entry in entries:
        if entry.seq != expected or entry.previous_hash != previous or entry.hash != digest(entry):
            return expected
        previous, expected = entry.hash, expected + 1
    return None
