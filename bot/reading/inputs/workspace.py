"""Scans a workspace folder for what a role reads.

Nothing in the folder is trusted: links may lead out of it, entries may be no files or unreadable, and there may be
very many. What is not taken is named with its reason, and the scan goes on.
"""

import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from bot.domain.inputs import Document, Input, InputRefused, Refusal, Scan
from bot.domain.role import Role
from bot.reading.inputs.decode import MAX_BYTES, check_size
from bot.reading.inputs.idea import IDEA_FILE
from bot.reading.inputs.kinds import READ, decode_document, kind_of, unread_kind
from bot.reading.inputs.places import is_draft, missing, order, own_iteration, place

MAX_FILES = 500
_FOLDER = re.compile(r"phase[1-9]|uploads")
_LEADS_OUT = "it is a link that leads out of the workspace."
_RIGHTS = "Give the bot the right to read it."


def scan(folder: Path, role: Role) -> Scan:
    """Read the workspace at `folder`: the workspace itself, or a project's root that holds one.

    `idea.json` and every document of the phases' folders and of `uploads/` are kept, whether the role asks for them or
    not, except drafts; files of kinds that are not read are refused by name. The role's own earlier results are told
    apart, since they number the next iteration. Blocks on the file system.

    Raises:
        InputRefused: there is no such folder. Faults inside it are in the scan's `refused`.
    """
    root = _root(folder, role)
    read: list[Input] = []
    previous: list[tuple[int, Input]] = []
    refused: list[Refusal] = []
    highest = 0
    for path, file in _candidates(root, refused, role):
        number = own_iteration(path, role)
        highest = max(highest, number or 0)
        try:
            taken = place(_document(file, root, path), path, role, "workspace")
        except InputRefused as error:
            line, column = error.fields["line"], error.fields["column"]
            refused.append(Refusal(path=role.recorded(path), message=error.message, line=line, column=column))
            continue
        if number is None:
            read.append(taken)
        else:
            previous.append((number, taken))
    read.sort(key=lambda document: order(document, role))
    return Scan(
        read=tuple(read),
        refused=tuple(refused),
        missing=missing(read, role),
        highest_iteration=highest,
        previous=tuple(document for _, document in sorted(previous, key=lambda pair: pair[0])),
    )


def _root(folder: Path, role: Role) -> Path:
    inside = folder / role.workspace_prefix
    root = inside if os.path.isdir(inside) else folder  # noqa: PTH112 - Path.is_dir raises where it may not look
    if not os.path.isdir(root):  # noqa: PTH112
        raise InputRefused.at(
            folder.name, "there is no such folder.", f"Name a folder that holds {role.workspace_prefix} or idea.json."
        )
    if not root.resolve().is_relative_to(folder.resolve()):
        raise InputRefused.at(role.workspace_prefix, _LEADS_OUT, "Put the folder itself there.")
    return root.resolve()


def _candidates(root: Path, refused: list[Refusal], role: Role) -> Iterator[tuple[str, Path]]:
    """Yield the documents as (path relative to the root, file), in the order of their paths."""
    entries = [place for place in _list(root, root, refused, role) if _FOLDER.fullmatch(place.name)]
    folders = [place for place in entries if _is_folder(place, root, refused, role)]
    files = [root / IDEA_FILE] if os.path.lexists(root / IDEA_FILE) else []
    for folder in folders:
        files += [file for file in _list(folder, root, refused, role) if _is_document(file)]
    known: set[str] = set()
    for count, file in enumerate(files, 1):
        # Composed and decomposed letters look alike: they are one name, whichever a file system or a keyboard made.
        path = unicodedata.normalize("NFC", file.relative_to(root).as_posix())
        if path in known:
            message = f"“{path}” is there twice, with letters that only look alike; the second was not taken."
            refused.append(Refusal(path=role.recorded(path), message=message))
            continue
        known.add(path)
        if count > MAX_FILES:
            message = f"“{path}” and all after it were not taken: a workspace may hold {MAX_FILES} documents at most."
            refused.append(Refusal(path=role.recorded(path), message=message))
            return
        yield path, file


def _list(folder: Path, root: Path, refused: list[Refusal], role: Role) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        path = folder.relative_to(root).as_posix()
        message = f"The folder “{path}” cannot be read ({error.strerror}). {_RIGHTS}"
        refused.append(Refusal(path=role.recorded(path), message=message))
        return []


def _is_folder(place: Path, root: Path, refused: list[Refusal], role: Role) -> bool:
    if not os.path.isdir(place):  # noqa: PTH112 - as above
        return False
    if place.resolve().is_relative_to(root):
        return True
    message = f"The folder “{place.name}” was not looked into: {_LEADS_OUT} Put the folder itself there."
    refused.append(Refusal(path=role.recorded(place.name), message=message))
    return False


def _is_document(file: Path) -> bool:
    return bool(kind_of(file.name)) and not file.name.startswith(".") and not is_draft(file.name)


def _document(file: Path, root: Path, path: str) -> Document:
    """Decode a file; of a kind that is not read nothing is opened."""
    if kind_of(path) not in READ:
        raise unread_kind(path)
    return decode_document(_bytes(file, root, path), path)


def _bytes(file: Path, root: Path, path: str) -> bytes:
    try:
        if not file.resolve(strict=True).is_relative_to(root):
            raise InputRefused.at(path, _LEADS_OUT, "Put the file itself there.")
        # Without O_NONBLOCK the opening of a named pipe would wait for a writer for ever.
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise InputRefused.at(path, "it is no ordinary file.", "Put the document itself there.")
            check_size(status.st_size, path)
            return stream.read(MAX_BYTES + 1)
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "its links run in a circle"
        raise InputRefused.at(path, f"it cannot be read ({reason}).", _RIGHTS) from error
