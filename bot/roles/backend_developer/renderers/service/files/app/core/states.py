"""States of rows: what may follow what, by whom. The database's triggers hold the same, whoever writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.database import Caller, Connection, Row
from app.core.problems import Problem
from app.core.tables import Table, update


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """From one of `sources` (none: from any) to `target`; `roles` may, none: whoever may call the operation."""

    field: str
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...] = ()


async def move(
    connection: Connection,
    caller: Caller,
    table: Table,
    row: Row,
    moves: Sequence[Move],
    values: Mapping[str, Any],
    *,
    code: str = "",
) -> Row:
    """Move the row by the first move that begins at its state, and write `values` with it.

    Raises:
        Problem: no move begins there (409, with `code`), or it is not the caller's to make (403).
    """
    fitting = [one for one in moves if not one.sources or row[one.field] in one.sources]
    if not fitting:
        states = ", ".join(sorted({str(row[one.field]) for one in moves}))
        raise Problem(409, f"It cannot be done in the state {states}.", code=code)
    mine = [one for one in fitting if not one.roles or caller.role in one.roles or caller.role == "service"]
    if not mine:
        raise Problem(403, f"This needs one of the roles {', '.join(fitting[0].roles)}.")
    return await update(connection, table, row, {mine[0].field: mine[0].target, **values})
