"""Closing kept tokens anew when the key that closes them was replaced."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine, Table, select, update

from storage.engines import transaction_on
from storage.tables import slack_bot, slack_installation


def rotate_encryption(engine: Engine, change: Callable[[str], str], columns: frozenset[str]) -> int:
    """Put what `change` makes of each kept token in its place, and return how many rows that were.

    Several machines may do so at once: each row is written only while it is what was read.

    Raises:
        StorageUnavailable: the database cannot be reached or written.
    """
    return sum(_rotate_table(engine, table, change, columns) for table in (slack_bot, slack_installation))


def _rotate_table(engine: Engine, table: Table, change: Callable[[str], str], columns: frozenset[str]) -> int:
    kept = [column for column in table.c if column.name in columns]
    with transaction_on(engine) as connection:
        rows = connection.execute(select(table.c.id, *kept)).mappings().all()
        count = 0
        for row in rows:
            before = {column: row[column.name] for column in kept if row[column.name]}
            after = {column.name: change(value) for column, value in before.items()}
            if any(after[column.name] != value for column, value in before.items()):
                same = [column == value for column, value in before.items()]
                connection.execute(update(table).where(table.c.id == row["id"], *same).values(after))
                count += 1
    return count
