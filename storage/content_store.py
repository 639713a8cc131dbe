"""Large values, stored once by the digest of their bytes and parsed once per process."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from cachetools import LRUCache
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import NotFound
from storage.tables import content
from storage.types import decode, encode

if TYPE_CHECKING:
    from bot.domain.proposal import Proposal
    from storage.unit_of_work import UnitOfWork

_PUT = insert(content).on_conflict_do_nothing()
_GET = select(content.c.sha256, content.c.body).where(content.c.sha256.in_(bindparam("digests", expanding=True)))


class Cache:
    """Parsed values by digest, the least recently used dropped beyond `limit` bytes of their JSON.

    Safe from any thread. A digest names the same value for ever, so nothing in here is ever out of date.
    """

    def __init__(self, limit: int = 32 * 1024 * 1024) -> None:
        self._values: LRUCache[tuple[Any, str], tuple[Any, int]] = LRUCache(limit, getsizeof=itemgetter(1))
        self._guard = threading.Lock()

    def get(self, kind: Any, digest: str) -> Any | None:
        """Return the value or None."""
        with self._guard:
            found = self._values.get((kind, digest))
        return None if found is None else found[0]

    def put(self, kind: Any, digest: str, value: Any, size: int) -> None:
        """Keep a value whose JSON has `size` bytes; one beyond the limit by itself is not kept."""
        with self._guard:
            if size <= self._values.maxsize:
                self._values[kind, digest] = value, size


def keep_bytes(session: UnitOfWork, body: bytes) -> str:
    """Store bytes once and return their SHA-256."""
    digest = hashlib.sha256(body).hexdigest()
    session.change(_PUT, {"sha256": digest, "body": body})
    return digest


def read_bytes(session: UnitOfWork, digest: str) -> bytes:
    """Return stored bytes. Raises NotFound."""
    row = session.row(_GET, {"digests": [digest]})
    if row is None:
        raise NotFound(what="file", name=digest, hint="It was never stored.")
    return bytes(row["body"])


def keep(session: UnitOfWork, kind: Any, value: Any) -> str:
    """Store a value of the type `kind` once and return the digest of its JSON."""
    return keep_bytes(session, encode(kind, value))


def read(session: UnitOfWork, kind: Any, digest: str, proposal_type: type[Proposal] | None = None) -> Any:
    """Return a stored value; see `read_all`. Raises NotFound."""
    found = read_all(session, [(kind, digest)], proposal_type)
    try:
        return found[digest]
    except KeyError:
        raise NotFound(what="stored value", name=digest, hint="It was never stored.") from None


def read_all(
    session: UnitOfWork, wanted: Iterable[tuple[Any, str]], proposal_type: type[Proposal] | None = None
) -> dict[str, Any]:
    """Return the values of many digests, in at most one query; proposals in them are read as `proposal_type`."""
    found: dict[str, Any] = {}
    absent: dict[str, Any] = {}
    for kind, digest in wanted:
        value = session.cache.get((kind, proposal_type), digest)
        if value is None:
            absent[digest] = kind
        else:
            found[digest] = value
    if absent:
        for row in session.rows(_GET, {"digests": sorted(absent)}):
            value = decode(absent[row["sha256"]], bytes(row["body"]), proposal_type)
            session.cache.put((absent[row["sha256"]], proposal_type), row["sha256"], value, len(row["body"]))
            found[row["sha256"]] = value
    return found
