"""Dossiers that were read lately, each with the mark at which it was true."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from bot.domain.evaluation import Dossier

LIMIT = 64
"""Dossiers: a change is read by its thread, its channel's notices, Home tabs and the next click, all soon after it."""


class DossierCache:
    """The least recently used of more than `limit` is dropped. Safe from any thread.

    A mark is what the database says of an evaluation in the reader's own snapshot, so that nothing out of date is ever
    found, whichever machine changed it.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._known: OrderedDict[str, tuple[Hashable, Dossier]] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, evaluation_id: str, mark: Hashable) -> Dossier | None:
        """Return the dossier as it is at that mark, None if it was not read since."""
        with self._guard:
            found = self._known.get(evaluation_id)
            if found is None or found[0] != mark:
                return None
            self._known.move_to_end(evaluation_id)
            return found[1]

    def put(self, dossier: Dossier, mark: Hashable) -> None:
        """Keep what was read at that mark."""
        with self._guard:
            self._known[dossier.evaluation.id] = mark, dossier
            self._known.move_to_end(dossier.evaluation.id)
            if len(self._known) > self._limit:
                self._known.popitem(last=False)
