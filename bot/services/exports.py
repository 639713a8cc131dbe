"""Writing an iteration's files where the next phase reads them: the workspace folder."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from bot.domain.errors import ConfigurationError
from bot.domain.evaluation import Dossier, FileRef, Iteration
from bot.services.common import House
from bot.services.ports import Tx


class ExportService:
    """Puts final documents and artefacts into the workspace folder, once and whole."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def write(self, evaluation_id: str, number: int) -> tuple[Path, ...]:
        """Write the iteration's final JSON and its artefacts; a file that exists with other content is never overwritten.

        Raises:
            ConfigurationError: the folder cannot be written, or another file of that name is there already.
        """

        def fn(tx: Tx) -> tuple[Dossier, Iteration, dict[str, bytes]]:
            dossier = tx.dossier(evaluation_id)
            iteration = next(i for i in dossier.iterations if i.number == number)
            return dossier, iteration, {f.sha256: tx.files.get(f.sha256) for f in iteration.files if not f.draft}

        dossier, iteration, contents = await self._house.db.read(fn)
        role = self._house.role(dossier.evaluation)
        final = role.output_path(number)
        folder = Path(dossier.evaluation.workspace or self._house.workspaces / evaluation_id)
        root = folder / role.workspace_prefix if (folder / role.workspace_prefix).is_dir() else folder
        targets = [(root / _place(ref, final), contents[ref.sha256]) for ref in iteration.files if not ref.draft]
        return await asyncio.to_thread(_write_all, targets)


def _place(ref: FileRef, final: str) -> str:
    """The JSON at the definition's path, everything else in a folder of its name beside it."""
    path = Path(final)
    return final if ref.name == path.name else str(path.with_suffix("") / ref.name)


def _write_all(targets: list[tuple[Path, bytes]]) -> tuple[Path, ...]:
    for path, content in targets:
        try:
            _write_once(path, content)
        except OSError as error:
            raise ConfigurationError(problem=f"{path} cannot be written ({error.strerror})", mend="Check the folder and its rights.") from error
    return tuple(path for path, _ in targets)


def _write_once(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        if path.read_bytes() == content:
            return
        raise ConfigurationError(problem=f"{path} exists with other content", mend="Iterations are never overwritten; move that file away.")
    partial = path.with_name(f".{path.name}.part")
    with partial.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)
