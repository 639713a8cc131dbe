"""Paths of a document: one name per parameter, however the designer named them."""

from __future__ import annotations

import re

_PARAMETER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


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
        part, match = segment, _PARAMETER.match(segment)
        if match and match[1] in seen:
            count = 2
            while f"{match[1]}_{count}" in seen or f"{match[1]}_{count}" in names:
                count += 1
            part = part.replace(match[0], f"{{{match[1]}_{count}}}")
        for name in _PARAMETER.findall(part):
            seen.add(name)
        parts.append(part)
    return "/".join(reversed(parts))


def parameters_of(path: str) -> list[str]:
    """Return the names of the path's parameters in order."""
    return _PARAMETER.findall(path)


def camel(identifier: str) -> str:
    """Return a snake case operation id in camel case, as clients are generated from it."""
    head, *rest = identifier.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)
