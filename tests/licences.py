"""`python -m tests.licences`: the licences of everything in the lock files, held to what this product may depend on.

What counts is the installed distribution's own statement: its SPDX expression (PEP 639), else its classifiers, else a
short `License` field. What says nothing, or something unknown, is refused like what is forbidden: a person looks at it.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from email.message import Message
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

ROOT: Final = Path(__file__).resolve().parent.parent
LOCKS: Final = ("requirements.lock", "requirements-dev.lock")

ALLOWED: Final = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0", "Unlicense", "Zlib"}
    # Copyleft by file: it asks nothing of the files beside them.
    | {"MPL-2.0"}
)
EXCEPTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "psycopg": ("LGPL-3.0-only", "imported as a library of its own, unchanged, which anybody may replace (section 4)"),
    "psycopg-pool": ("LGPL-3.0-only", "as psycopg; a rendered service's connections"),
    "psycopg-binary": ("LGPL-3.0-only", "as psycopg; it is psycopg's part in C"),
}
"""Distributions whose licence is not allowed in general: the licence they have, and why they may be used."""

_NAMES: Final[Mapping[str, str]] = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd license": "BSD-3-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
}
"""How classifiers and people write the names of SPDX."""
_REMARKS: Final = frozenset({"OSI Approved", "DFSG approved"})
"""Classifiers under `License` that say who finds the licence free, and name none."""
_SHORT: Final = 60
_TOKEN: Final = re.compile(r"[()]|[^\s()]+")


def locked(text: str) -> list[str]:
    """Return the names of a lock file's distributions that are meant for this machine."""
    pins = [Requirement(line.rstrip(" \\")) for line in re.findall(r"^[A-Za-z0-9].*", text, re.MULTILINE)]
    return [pin.name for pin in pins if pin.marker is None or pin.marker.evaluate()]


def stated(metadata: Message) -> str:
    """Return a distribution's licence as an SPDX expression, as far as its metadata say one; else an empty text."""
    if expression := metadata.get("License-Expression"):
        return str(expression)
    classifiers = [line.split("::")[-1].strip() for line in metadata.get_all("Classifier", []) if "License ::" in line]
    field = str(metadata.get("License") or "").strip()
    names = [name for name in classifiers if name not in _REMARKS]
    # Several classifiers leave open whether one may choose: all of them have to be allowed.
    if names:
        return " AND ".join(_NAMES.get(name.lower(), name.replace(" ", "-")) for name in names)
    return _NAMES.get(field.lower(), field) if len(field) <= _SHORT else ""


def allows(expression: str) -> bool:
    """Whether an SPDX expression can be met with allowed licences only; what is no expression cannot."""
    tokens = _TOKEN.findall(expression)
    position = 0

    def peek() -> str:
        return tokens[position].upper() if position < len(tokens) else ""

    def take() -> str:
        nonlocal position
        if position == len(tokens):
            raise ValueError(expression)
        position += 1
        return tokens[position - 1]

    def joined(word: str, part: Callable[[], bool], join: Callable[[Iterable[bool]], bool]) -> bool:
        parts = [part()]
        while peek() == word:
            take()
            parts.append(part())
        return join(parts)

    def one() -> bool:
        token = take()
        if token == "(":
            inner = either()
            if take() != ")":
                raise ValueError(expression)
            return inner
        if peek() == "WITH":
            # An exception only adds to what a licence permits.
            take()
            take()
        return token in ALLOWED

    def both() -> bool:
        return joined("AND", one, all)

    def either() -> bool:
        return joined("OR", both, any)

    try:
        return either() and position == len(tokens)
    except ValueError:
        return False


def fault(name: str, metadata: Message | None) -> str | None:
    """Return why a distribution may not be used, None if it may."""
    if metadata is None:
        return f"{name}: not installed, so that its licence is unknown"
    licence = stated(metadata)
    if not licence:
        return f"{name}: states no licence"
    excepted = EXCEPTIONS.get(name.lower(), ("", ""))[0]
    return None if licence == excepted or allows(licence) else f"{name}: {licence} is not allowed"


def _metadata(name: str) -> Message | None:
    try:
        return importlib.metadata.metadata(name)  # type: ignore[return-value]
    except importlib.metadata.PackageNotFoundError:
        return None


def main() -> int:
    """Print what may not be used; return 1 if there is something."""
    names = sorted({name for lock in LOCKS for name in locked((ROOT / lock).read_text(encoding="utf-8"))})
    faults = [problem for name in names if (problem := fault(name, _metadata(name)))]
    print("\n".join([*faults, f"{len(names)} licences, {len(faults)} not allowed"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
