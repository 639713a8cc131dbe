"""Everything durable: SQLite by default, PostgreSQL by one URL, one code for both."""

from storage.backup import backup
from storage.database import SqlDatabase
from storage.errors import DatabaseInUse, SchemaTooNew, StorageUnavailable
from storage.machines import Machines
from storage.opening import open_database
from storage.workflows import Workflows

__all__ = [
    "DatabaseInUse",
    "Machines",
    "SchemaTooNew",
    "SqlDatabase",
    "StorageUnavailable",
    "Workflows",
    "backup",
    "open_database",
]
