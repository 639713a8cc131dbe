"""Who changed what and when: one line per change, written in the transaction that makes it."""

from __future__ import annotations

from app.core.database import Caller, Connection, Row
from app.core.tables import Table

_NOTE = """
INSERT INTO service.audit_log (caller, role, tenant, operation, changed_table, changed_key, request_id)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


async def note(connection: Connection, caller: Caller, operation: str, table: Table, row: Row) -> None:
    """Write down that the caller changed the row by the operation."""
    key = ",".join(str(row[name]) for name in table.key)
    said = (caller.name, caller.role, caller.tenant_id, operation, table.name, key, caller.request_id)
    await connection.execute(_NOTE, said)
