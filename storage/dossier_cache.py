"""Dossiers that were read lately, each with the mark at which it was true."""

from __future__ import annotations

import threading
from collections.abc import Hashable

from cachetools import LRUCache

from bot.domain.evaluation import Dossier

LIMIT = 64
"""Dossiers: a change is read by its thread, its channel's notices, Home tabs and the next click, all soon after it."""


class DossierCache:
    """The least recently used of more than `limit` is dropped. Safe from any thread.

    A mark is what the database says of an evaluation in the reader's own snapshot, so that nothing out of date is ever
    found, whichever machine changed it.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._known: LRUCache[str, tuple[Hashable, Dossier]] = LRUCache(limit)
        self._guard = threading.Lock()

    def get(self, evaluation_id: str, mark: Hashable) -> Dossier | None:
        """Return the dossier as it is at that mark, None if it was not read since."""
        with self._guard:
            found = self._known.get(evaluation_id)
        return found[1] if found is not None and found[0] == mark else None

    def put(self, dossier: Dossier, mark: Hashable) -> None:
        """Keep what was read at that mark."""
        with self._guard:
            self._known[dossier.evaluation.id] = mark, dossier
