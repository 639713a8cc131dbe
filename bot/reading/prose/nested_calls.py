"""Methods that stand below their path: ``/wells`` and below it ``GET``, ``POST (lab only)``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.reading.tokens import Unit

_METHODS = r"(?:GET|POST|PUT|PATCH|DELETE)"
_METHOD = re.compile(
    rf"\W{{0,6}}(?P<methods>{_METHODS}(?:(?:,| and| und| or|/|\s\+"
    rf"|\s&) ?{_METHODS})*)\b(?P<rest>(?!\s+/\w).{{0,400}})$",
    re.S,
)
_PATH = re.compile(r"[\s\-*+•#`]*(?P<path>/[^\s:`]*(?::\w[^\s:`]*)*)[`\s]*:?(?:\s*\([^)]{0,80}\))?\s*$")


def bare_path(text: str) -> str:
    """Return the path of a line that holds nothing else; "" of any other line."""
    found = _PATH.match(text)
    return found["path"] if found else ""


def paths_with_methods(text: str, units: Iterable[Unit]) -> frozenset[str]:
    """Return the paths below which methods stand: such a path is no call of its own."""
    return frozenset(
        path
        for unit in units
        if unit.lead and (path := bare_path(unit.lead)) and _METHOD.match(text[unit.start : unit.end])
    )


def under_path(text: str, above: str) -> str:
    """Return what stands below a path as calls: ``GET`` below ``/wells`` is ``GET /wells``.

    >>> under_path("POST (lab only)", "/wells/{id}/samples")
    'POST /wells/{id}/samples (lab only)'
    """
    path = bare_path(above)
    found = _METHOD.match(text) if path else None
    if found is None:
        return text
    methods = re.findall(_METHODS, found["methods"])
    rest = re.sub(r"^\s*[:–—-]\s*", " - ", found["rest"])
    return f"{', '.join(f'{method} {path}' for method in methods)}{rest}"
