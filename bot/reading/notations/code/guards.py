"""Says who may make a call by what guards it in code: decorators, annotations, middleware, attributes."""

from __future__ import annotations

import re

_LONGEST = 4_000
_GUARD = re.compile(
    r"(?<!\w)(?<!def )(?<!function )(?<!func )"
    r"(?P<name>\w{0,30}roles?\w{0,30}|(?:pre|require_?)?authori[sz](?:e|ation)|secured|restrict_?to"
    r"|allow(?:ed)?(?:_?(?:only|for|to))?|only_?for|require_?any|permit|middleware|can|must_?be)"
    r"\s*[(\[]\s*(?P<said>[^()\n]{0,200}(?:\([^()\n]{0,200}\))?[^()\n]{0,200})[)\]]",
    re.I,
)
_QUOTED = re.compile(r"\"([^\"\n]{1,120})\"|'([^'\n]{1,120})'|`([^`\n]{1,120})`")
_NAMED = re.compile(r"\b(?:user_?)?roles?\w*\.([A-Za-z_]\w{1,40})", re.I)
_OPEN = re.compile(
    r"@(?:PermitAll|AllowAnonymous|Public|SkipAuth)\b|\[AllowAnonymous\]|\ballow_?anonymous\(|\bAllowAny\b", re.I
)
_IS_ROLE = re.compile(r"[^\W\d][\w -]{0,40}")


def guards(code: str) -> tuple[tuple[str, ...], bool | None]:
    r"""Return the roles that a route's guards name, and whether it is said to be open to everybody.

    >>> guards("@PreAuthorize(\"hasAnyRole('COOK', 'BAKER')\")"), guards("requireRole('warden')"), guards("auth")
    ((('COOK', 'BAKER'), None), (('warden',), None), ((), None))
    """
    code = code[:_LONGEST]
    found: list[str] = []
    for guard in _GUARD.finditer(code):
        is_list = guard["name"].lower() in {"middleware", "can"}
        for said in _QUOTED.findall(guard["said"]):
            found += _names("".join(said), is_list)
        found += _NAMED.findall(guard["said"])
    return tuple(dict.fromkeys(found)), True if _OPEN.search(code) and not found else None


def _names(said: str, is_list: bool) -> list[str]:
    """Return the roles in a literal: itself, or what stands in ``hasAnyRole('a', 'b')`` and ``role:a,b``."""
    if "(" in said:
        inner = said.partition("(")[2].rpartition(")")[0]
        return [name for part in inner.split(",") for name in _names(part.strip(" '\""), False)]
    if said.lower().startswith(("role:", "roles:")):
        return [name for part in re.split(r"[,|]", said.partition(":")[2]) for name in _names(part, False)]
    if is_list:
        return []
    parts = [part.strip().removeprefix("ROLE_") for part in said.split(",")]
    return [part for part in parts if _IS_ROLE.fullmatch(part)]
