"""PostgreSQL's own: a pool, a thread for each transaction, and trying again what concurrency undid."""

from storage.postgres.database import PostgresDatabase

__all__ = ["PostgresDatabase"]
