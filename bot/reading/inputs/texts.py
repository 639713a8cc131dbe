"""Decodes one document of text: SQL, YAML, Markdown and whatever else is kept as it is written."""

import codecs
import hashlib
import re

from bot.domain.inputs import TEXT, Document, InputRefused
from bot.reading.inputs.decode import check_size

MAX_CHARACTERS = 1_000_000
"""Of one text; a reader reads no more."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
"""Byte order marks of wide encodings, the longer first: one begins with another."""


def decode_text(data: bytes, name: str) -> Document:
    """Decode a text called `name`: UTF-8 with or without a byte order mark, or UTF-16 and UTF-32 with one.

    Its words are the body's only value, under `TEXT`.

    Raises:
        InputRefused: over the size that is read, of another encoding, empty, or no text but a program's own bytes.
    """
    check_size(len(data), name)
    text, warnings = _decoded(data, name)
    if not text.strip():
        raise InputRefused.at(name, "it is empty.", "Give the document with its content.", line=1)
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        mend = "Save it as plain text, or take the character out."
        raise InputRefused.at(name, "it holds a control character, so it is no text.", mend, line=line)
    if len(text) > MAX_CHARACTERS:
        problem = f"it has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read."
        raise InputRefused.at(name, problem, "Split it, or take out raw data.")
    digest = hashlib.sha256(data).hexdigest()
    return Document(name=name, sha256=digest, size=len(data), body={TEXT: text}, warnings=warnings)


def _decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    for mark, encoding, words in _WIDE:
        if data.startswith(mark):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                raise InputRefused.at(name, f"it is no whole {words}.", "Save it as UTF-8.", line=1) from None
            return text, (f"“{name}” is encoded as {words}; it was read so.",)
    bare = data.removeprefix(codecs.BOM_UTF8)
    try:
        return bare.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = bare.count(b"\n", 0, error.start) + 1
        problem = f"the byte 0x{bare[error.start]:02x} is not UTF-8."
        raise InputRefused.at(name, problem, "Save it as UTF-8.", line=line) from None
