"""Names of Python for what people named: modules, classes, functions, fields. None can shadow or break anything."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable

from pydantic import BaseModel

from bot.roles.backend_developer.blueprint.spelling import document_name
from bot.roles.backend_developer.renderers.names import snake

_WORDS = re.compile(r"[^A-Za-z0-9]+")
RESERVED = frozenset(
    {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "api", "typing", "models", "actions", "router", "t",
     "tables", "TABLE", "request", "caller", "body", "asked", "connection", "row", "rows", "tenant", "work", "self",
     "app", "found"}
)  # fmt: skip
"""What generated modules use themselves."""

_NOT_FIELDS = frozenset(
    {*keyword.kwlist, *dir(BaseModel), "t", "tables", "TABLE", "typing", "model_config", "list", "dict", "bool", "int",
     "str", "object", "float", "bytes"}
)  # fmt: skip


class Names:
    """Names within one scope, each given out once."""

    def __init__(self, taken: Iterable[str] = RESERVED) -> None:
        self._taken = set(taken)

    def function(self, said: str) -> str:
        """Return a function's, module's or parameter's name."""
        return self._free(_WORDS.sub("_", snake(document_name(said))).strip("_").lower() or "unnamed")

    def type(self, said: str) -> str:
        """Return a class' name: ``order_line`` and ``OrderLine`` both become ``OrderLine``."""
        plain = document_name(said)
        made = "".join(part[:1].upper() + part[1:] for part in _WORDS.split(plain))
        return self._free(made or "Unnamed")

    def _free(self, name: str) -> str:
        name = f"n{name}" if name[:1].isdigit() else name
        made, count = name, 2
        while made in self._taken:
            made = f"{name}_" if count == 2 else f"{name}_{count}"
            count += 1
        self._taken.add(made)
        return made


def field_name(said: str) -> str:
    """Return the name of a model's field; where it differs from what is said, an alias keeps that."""
    plain = unicodedata.normalize("NFKC", said) == said and said.isidentifier() and said.isascii()
    if plain and said not in _NOT_FIELDS and not said.startswith("_"):
        return said
    made = _WORDS.sub("_", document_name(said)).strip("_") or "unnamed"
    return f"{made}_"


def text(value: str) -> str:
    """Return a text as a Python literal, in double quotes; nothing in it can end it."""
    escaped = value.encode("unicode_escape").decode("ascii").replace('"', '\\"')
    return f'"{escaped}"'


def words(value: str, *, width: int = 100) -> str:
    """Return a text for a docstring or a comment: one line of what can be seen, without quotes and backslashes."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    plain = plain.replace("\\", "/").replace('"', "'").strip()
    return plain if len(plain) <= width else f"{plain[: width - 1].rstrip()}…"


def described(value: str, *, width: int = 100) -> str:
    """Return a text as a sentence for a docstring."""
    said = words(value, width=width).rstrip(".").strip() or "Not described"
    return f"{said}."


def listed(values: Iterable[str]) -> str:
    """Return texts as a Python tuple."""
    return f"({''.join(f'{text(value)}, ' for value in values)})"
