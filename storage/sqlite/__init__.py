"""SQLite's own: group commit, and statements that run on the driver. `SqliteDatabase` is the door.

The fast path (`statements`, `conversions`) saves 40 % of an answer's CPU and 53 % of a vote's, measured by
`python -m tests.bench.fast_path` on 2026-11-26; it goes if it ever saves less than a fifth.
"""

from storage.sqlite.database import SqliteDatabase

__all__ = ["SqliteDatabase"]
