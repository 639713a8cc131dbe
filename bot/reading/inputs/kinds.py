"""Which kinds of documents are read, told by the end of a file's name, and how each is decoded."""

import re
from pathlib import PurePosixPath
from typing import Final

from bot.domain.inputs import Document, InputRefused
from bot.reading.inputs.decode import decode
from bot.reading.inputs.texts import decode_text

JSON: Final = ".json"
TEXTS: Final = (
    ".yaml", ".yml", ".sql", ".md", ".mmd", ".dbml", ".prisma", ".graphql", ".csv", ".txt", ".proto", ".ts", ".py",
    ".markdown", ".gql", ".tsv", ".puml", ".plantuml",
)  # fmt: skip
"""Kinds that are kept as they are written; each segment of them goes to the reader of its notation."""

READ: Final = (JSON, *TEXTS)
_KIND: Final = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}")


def kind_of(name: str) -> str:
    """Return the kind of the file `name` as ``.sql``, "" where its name does not say one."""
    suffix = PurePosixPath(name.replace("\\", "/")).suffix
    return suffix.lower() if _KIND.fullmatch(suffix) else ""


def decode_document(data: bytes, name: str) -> Document:
    """Decode a document by its kind. Without one it is JSON if it begins as an object does, and a text otherwise.

    Raises:
        InputRefused: see `decode` and `decode_text`; or it is of a kind that is not read.
    """
    kind = kind_of(name)
    if kind == JSON or (not kind and data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")):
        return decode(data, name)
    if kind in TEXTS or not kind:
        return decode_text(data, name)
    raise unread_kind(name)


def unread_kind(name: str) -> InputRefused:
    """Return the refusal of a document for its kind; it says which kinds are read."""
    return InputRefused.at(
        name,
        f"{kind_of(name)} files cannot be read.",
        f"These can: {', '.join(READ)}. Give it as one of them, or paste its words into the thread.",
    )
