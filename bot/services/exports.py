"""Writing an iteration's files where the next phase reads them: the workspace folder."""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import stat
from pathlib import Path

from bot.domain.errors import ConfigurationError, NotFound, Unavailable
from bot.domain.evaluation import Evaluation, FileRef
from bot.services.common import ServiceContext
from bot.services.ports import Tx
from bot.services.private_folders import make_private
from bot.services.sealing import SealingService

_PASSING = {errno.ENOSPC, errno.EDQUOT}


class NoRoom(Unavailable):
    """The workspace folder cannot be written for a reason that passes, such as a full disk."""

    message_template = "{path} cannot be written at the moment ({reason}). It is tried again until there is room."


class ExportService:
    """Puts final documents and artefacts into the workspace folder, once and whole."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context
        self._sealing = SealingService(context)

    async def write(self, evaluation_id: str, number: int) -> tuple[str, ...]:
        """Seal the iteration, then write its final JSON, artefacts and bundle; other content is never overwritten.

        Returns their names inside the workspace folder: where on the server it lies is nobody's business in Slack.

        Safe to repeat: what is there already with the same content stays. The JSON is written last, so that whoever
        reads it finds the files beside it.

        Raises:
            ConfigurationError: the folder cannot be written, or another file of that name is there already.
            NoRoom: the disk is full; what was written so far is whole.
            NotFound: there is no such iteration, or it is not decided yet.
        """
        await self._sealing.seal(evaluation_id, number)
        evaluation, files = await self._context.db.read(lambda tx: _final_files(tx, evaluation_id, number))
        role = self._context.role(evaluation)
        final = role.output_path(number)
        folder = Path(evaluation.workspace or self._context.workspaces / evaluation_id)
        await asyncio.to_thread(
            _write_all, folder, role.workspace_prefix, [(_place(ref, final), content) for ref, content in files]
        )
        return tuple(_place(ref, final) for ref, _ in files)


def _final_files(tx: Tx, evaluation_id: str, number: int) -> tuple[Evaluation, list[tuple[FileRef, bytes]]]:
    dossier = tx.dossier(evaluation_id)
    iteration = dossier.iteration(number)
    if iteration is None or iteration.outcome is None:
        raise NotFound(
            what="decided iteration", name=number, hint="Its files are written once its closing gate is decided."
        )
    return dossier.evaluation, [(ref, tx.files.get(ref.sha256)) for ref in iteration.files if not ref.draft]


def _place(ref: FileRef, final: str) -> str:
    """The JSON at the definition's path, everything else in a folder of its name beside it."""
    path = Path(final)
    return final if ref.name == path.name else str(path.with_suffix("") / ref.name)


def _write_all(folder: Path, prefix: str, targets: list[tuple[str, bytes]]) -> None:
    inside = folder / prefix
    root = inside if os.path.isdir(inside) else folder  # noqa: PTH112 - Path.is_dir raises where it may not look
    if not root.resolve().is_relative_to(folder.resolve()):
        raise ConfigurationError(problem=f"{prefix} is a link out of the workspace", mend="Put a real folder there.")
    for name, content in targets:
        try:
            _write_once(_inside(root, name), name, content)
        except OSError as error:
            if error.errno in _PASSING:
                raise NoRoom(path=name, reason=error.strerror) from error
            raise ConfigurationError(
                problem=f"{name} cannot be written ({error.strerror})",
                mend="Check the workspace folder and its rights.",
            ) from error


def _inside(root: Path, name: str) -> Path:
    """Return where a file goes, the folders on the way made; ConfigurationError where a link leads away."""
    base = root.resolve()
    path = base / name
    if not path.parent.resolve().is_relative_to(base):
        raise ConfigurationError(
            problem=f"{name} would be written outside of the workspace, for a folder on the way is a link",
            mend="Put a real folder there.",
        )
    make_private(path.parent)
    return path


def _write_once(path: Path, name: str, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(partial, "xb", opener=_private) as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        # A link is made whole or not at all, and never over a file that somebody else wrote in the meantime.
        os.link(partial, path)
    except FileExistsError:
        if not _holds(path, content):
            mend = "Iterations are never overwritten; move that file away."
            raise ConfigurationError(problem=f"{name} exists with other content", mend=mend) from None
    finally:
        partial.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _holds(path: Path, content: bytes) -> bool:
    """Whether an ordinary file of this content stands there; a pipe blocks nothing, a link is not followed."""
    status = path.lstat()
    return stat.S_ISREG(status.st_mode) and status.st_size == len(content) and path.read_bytes() == content
