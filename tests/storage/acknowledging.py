"""A process that writes without end and prints each id once its transaction is acknowledged. `python -m ... URL`."""

from __future__ import annotations

import asyncio
import itertools
import sys
from datetime import UTC, datetime

from bot.domain.errors import NotFound
from bot.domain.evaluation import Note
from storage import open_database
from tests.support import dossiers

WRITERS = 16


async def write(url: str) -> None:
    database = open_database(url, clock=lambda: datetime.now(UTC))
    await database.start()
    evaluation = dossiers.evaluation()
    try:
        await database.read(lambda tx: tx.evaluations.get(evaluation.id))
    except NotFound:
        await database.transaction(lambda tx: tx.evaluations.add(evaluation))
    start = len(await database.read(lambda tx: tx.notes.all(evaluation.id)))
    numbers = itertools.count(start)

    async def writer(name: int) -> None:
        for number in numbers:
            note = Note(id=f"{start}-{name}-{number}", iteration=1, by="U", text="x", at=dossiers.START, ts=str(number))
            await database.transaction(lambda tx, n=note: tx.notes.add(evaluation.id, n), delivery=note.id)
            sys.stdout.write(f"{note.id}\n")
            sys.stdout.flush()

    await asyncio.gather(*(writer(name) for name in range(WRITERS)))


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1]))
