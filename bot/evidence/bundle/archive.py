"""A bundle as a zip or a folder, read as something that a stranger made: nothing in it is believed unseen.

Files are kept in memory and never unpacked to a disk, so that no name in an archive can lead anywhere.
"""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from bot.domain.errors import EipasError

MAX_FILES: Final = 2_000
MAX_FILE: Final = 64 * 1024 * 1024
MAX_ALL: Final = 192 * 1024 * 1024
MAX_ARCHIVE: Final = 96 * 1024 * 1024
_CHUNK: Final = 64 * 1024
_NAME: Final = 240
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_STORED: Final = (".zip", ".png", ".gz")
_END: Final = 22
"""Bytes of the record that ends a zip without a comment."""
_ENCRYPTED: Final = 0x1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f<>:\"|?*\\\u202a-\u202e\u2066-\u2069]")
_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


class ArchiveRefused(EipasError):
    """A bundle cannot be read, or holds what no honest one does; `problem` is a whole sentence."""

    message_template = "{problem}"


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files by name; the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(_STORED) else zipfile.ZIP_DEFLATED
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[name])
    return made.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip by name.

    Raises:
        ArchiveRefused: it is no zip, holds something before, between or behind its entries, an entry that is a link, a
            folder, encrypted, or packed in an unusual way, names that lead out or that are one name on some systems, an
            entry twice, or more than `MAX_FILES` files or `MAX_ALL` bytes.
    """
    if len(content) > MAX_ARCHIVE:
        raise ArchiveRefused(problem=f"The archive is larger than {MAX_ARCHIVE >> 20} MiB.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _must_be_plain(archive, entries, content)
            return _contents(archive, entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError) as error:
        raise ArchiveRefused(problem=f"The archive is broken or no zip: {_said(error)}.") from error


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by their names relative to it, with `/`.

    Raises:
        ArchiveRefused: it holds a link or something that is no file, a name that no bundle has, or too much.
    """
    found: dict[str, bytes] = {}
    left = MAX_ALL
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            continue
        if not stat.S_ISREG(mode):
            raise ArchiveRefused(problem=f"“{_shown(name)}” is a link or a device; a bundle holds ordinary files only.")
        if path.lstat().st_size > min(left, MAX_FILE) or len(found) >= MAX_FILES:
            raise _too_much(name)
        found[name] = path.read_bytes()
        left -= len(found[name])
    _must_be_names(found)
    return found


def _must_be_plain(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], content: bytes) -> None:
    if len(entries) > MAX_FILES:
        raise ArchiveRefused(problem=f"The archive holds {len(entries)} files; at most {MAX_FILES} are read.")
    for entry in entries:
        name = _shown(entry.filename)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise ArchiveRefused(
                problem=f"“{name}” is a link, a folder or a device; a bundle holds ordinary files only."
            )
        if entry.flag_bits & _ENCRYPTED:
            raise ArchiveRefused(problem=f"“{name}” is encrypted.")
        if entry.compress_type not in _METHODS:
            raise ArchiveRefused(problem=f"“{name}” is packed in a way that no bundle is.")
        if entry.orig_filename != entry.filename:
            raise ArchiveRefused(problem=f"“{name}” has a second name behind a zero byte.")
    _must_be_names([entry.filename for entry in entries])
    _must_have_no_gaps(archive, entries, content)


def _must_have_no_gaps(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], content: bytes) -> None:
    """Refuse bytes that belong to no entry, and entries that share bytes: two readers would see two archives."""
    at = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset != at:
            raise ArchiveRefused(problem=f"There is something hidden before “{_shown(entry.filename)}” in the archive.")
        header = content[at : at + 30]
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise ArchiveRefused(problem=f"“{_shown(entry.filename)}” has no header of its own.")
        named = int.from_bytes(header[26:28], "little")
        if content[at + 30 : at + 30 + named] != entry.orig_filename.encode("utf-8"):
            raise ArchiveRefused(problem=f"“{_shown(entry.filename)}” is called otherwise inside of the archive.")
        at += 30 + named + int.from_bytes(header[28:30], "little") + entry.compress_size
    if at != archive.start_dir or content[-_END:][:4] != b"PK\x05\x06":
        raise ArchiveRefused(problem="There is something hidden behind the last file of the archive.")


def _must_be_names(names: Iterable[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        parts = name.split("/")
        bad = any(part in ("", ".", "..") or part != part.strip(" .") or _DEVICE.fullmatch(part) for part in parts)
        if bad or len(name) > _NAME or _FORBIDDEN.search(name):
            raise ArchiveRefused(problem=f"“{_shown(name)}” is no name of a bundle's file: it could lead elsewhere.")
        folded = unicodedata.normalize("NFKC", name).casefold()
        if folded in seen:
            twice = (
                "occurs twice" if seen[folded] == name else f"and “{_shown(seen[folded])}” are one name on some systems"
            )
            raise ArchiveRefused(problem=f"“{_shown(name)}” {twice}.")
        seen[folded] = name
    for folded, name in seen.items():
        folders = folded.split("/")[:-1]
        if any("/".join(folders[: n + 1]) in seen for n in range(len(folders))):
            raise ArchiveRefused(problem=f"“{_shown(name)}” lies in what is a file.")


def _contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """Read every entry piece by piece: what an entry says of its size is a stranger's word."""
    found: dict[str, bytes] = {}
    left = MAX_ALL
    for entry in entries:
        pieces, size = [], 0
        with archive.open(entry) as stream:
            while piece := stream.read(_CHUNK):
                size += len(piece)
                if size > min(left, MAX_FILE):
                    raise _too_much(entry.filename)
                pieces.append(piece)
        left -= size
        found[entry.filename] = b"".join(pieces)
    return found


def _too_much(name: str) -> ArchiveRefused:
    return ArchiveRefused(
        problem=f"“{_shown(name)}” is too much: at most {MAX_FILES} files are read, {MAX_FILE >> 20} MiB of a file, "
        f"{MAX_ALL >> 20} MiB of a bundle."
    )


def _shown(name: str) -> str:
    return "".join(sign if sign.isprintable() else "·" for sign in name)[:80]


def _said(error: Exception) -> str:
    return _shown(str(error)).rstrip(".") or type(error).__name__
