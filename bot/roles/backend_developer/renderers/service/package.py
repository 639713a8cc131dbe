"""The service as one file: a zip that is the same for the same design, byte for byte."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from bot.domain.errors import EipasError

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a zip can say: a clock's time would make two packings of one service differ."""


class UnsafePath(EipasError):
    """A file would be unpacked elsewhere than below its folder: a fault of the renderer."""

    message_template = "“{path}” is no path below the service's folder."


def zipped(files: Mapping[str, str | bytes], folder: str) -> bytes:
    """Return the files as a zip, below one folder.

    Raises:
        UnsafePath: a path is absolute, leads upwards, or reads as such on some system.
    """
    for name in files:
        if not _stays_below(name):
            raise UnsafePath(path=name)
    return packed({f"{folder}/{name}": content for name, content in files.items()})


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """Return the files as a zip, whatever they are called."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return made.getvalue()


def _stays_below(name: str) -> bool:
    """Whether it is a relative, normal path on POSIX and on Windows, where backslashes and colons mean something."""
    path = PurePosixPath(name)
    plain = name == str(path) and not path.is_absolute() and name != "."
    return plain and ".." not in path.parts and not any(sign in name for sign in "\\:\0")
