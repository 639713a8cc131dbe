"""What was acknowledged is there, whatever happens to the process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.storage.conftest import Opener
from tests.support import dossiers

ROOT = Path(__file__).parents[2]


def acknowledged_until_killed(url: str, lines: int) -> list[str]:
    """Let the writing process acknowledge that many, then kill it mid-way; returns all that it had printed."""
    command = [sys.executable, "-m", "tests.storage.acknowledging", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        seen = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        rest = process.stdout.read()
    # The last line may be cut; a cut id was not acknowledged to anyone.
    return [line for line in ("".join(seen) + rest).split("\n")[:-1] if line]


async def test_no_acknowledged_write_is_lost_by_kill(url: str, opened: Opener) -> None:
    """A process is killed twice at full load: every id that it printed is in the database, and it starts again."""
    printed = [line for _ in range(2) for line in acknowledged_until_killed(url, 150)]
    database = await opened(url)
    kept = {note.id for note in await database.read(lambda tx: tx.notes.all(dossiers.evaluation().id))}
    assert len(printed) >= 300
    assert set(printed) <= kept
