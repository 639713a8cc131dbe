"""Paths of a document: one name per parameter, however the designer named them."""

from __future__ import annotations

import re

_PARAMETER = re.compile(r"\{([^{}/]+)\}")


def template(path: str) -> str:
    """Return the path with its parameters' names taken out.

    OpenAPI 3.1 ("Paths Object") holds two paths for the same if they differ in their parameters' names only.
    """
    return _PARAMETER.sub("{}", path)


def canonical(path: str) -> str:
    """Return the path with every parameter's name used once: earlier namesakes are named after their segment."""
    names = _PARAMETER.findall(path)
    if len(set(names)) == len(names):
        return path
    seen: set[str] = set()
    parts: list[str] = []
    # From the end, so that the last parameter, the resource's own, keeps its name.
    for segment in reversed(path.split("/")):
        part = segment
        for match in reversed(list(_PARAMETER.finditer(segment))):
            name, count = match[1], 2
            while name in seen or (count > 2 and name in names):
                name, count = f"{match[1]}_{count}", count + 1
            seen.add(name)
            part = f"{part[: match.start()]}{{{name}}}{part[match.end() :]}"
        parts.append(part)
    return "/".join(reversed(parts))


def parameters_of(path: str) -> list[str]:
    """Return the names of the path's parameters in order."""
    return _PARAMETER.findall(path)


def camel(identifier: str) -> str:
    """Return a snake case operation id in camel case, as clients are generated from it."""
    head, *rest = identifier.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)
