"""Names from words: singular and plural, snake and Pascal case, always within what a blueprint allows."""

from __future__ import annotations

import re
import unicodedata

from bot.reading import names

MAX_NAME = 40


def wordset(text: str) -> frozenset[str]:
    """Return the words of a text as a set: long vocabularies stay readable as prose."""
    return frozenset(text.split())


_UNCOUNTABLE = wordset(
    "access auth billing content health history insights inventory progress search settings stock "
    "analytics hardware software"
)
"""Words that a design uses as they are, whatever a dictionary makes of them: paths say `/settings` and `/stock`."""
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words(text: str) -> list[str]:
    """Return the ASCII words of a text in lower case, camel case taken apart; accents are dropped."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return [word.lower() for word in _WORDS.findall(plain)]


def singular(word: str) -> str:
    """Return the singular of an English noun."""
    return word if word in _UNCOUNTABLE else names.singular(word)


def plural(word: str) -> str:
    """Return the plural of an English noun given in the singular."""
    return word if word in _UNCOUNTABLE else names.plural(word)


def is_plural(word: str) -> bool:
    """Whether a word looks like the plural of a countable noun."""
    return singular(word) != word


def snake(text: str) -> str:
    """Return a text as a snake case name of at most 40 characters, or an empty string if it holds no name."""
    parts = words(text)
    while parts and not parts[0][0].isalpha():
        parts.pop(0)
    return _joined(parts, "_")


def entity_name(text: str) -> str:
    """Return a text as an entity's name, Pascal case and singular, or an empty string if it holds no name."""
    parts = words(text)
    while parts and not parts[0][0].isalpha():
        parts.pop(0)
    if not parts:
        return ""
    parts[-1] = singular(parts[-1])
    return "".join(part.capitalize() for part in _joined(parts, "_").split("_"))


def plural_name(entity: str) -> str:
    """Return the snake case plural of an entity's name: ``OrderLine`` becomes ``order_lines``."""
    parts = words(entity)
    parts[-1] = plural(parts[-1])
    return "_".join(parts)


def spoken(name: str) -> str:
    """Return a name as it is said: ``OrderLine`` becomes ``order line``."""
    return " ".join(words(name))


def kebab(name: str) -> str:
    """Return a snake case name as a path's segment."""
    return name.replace("_", "-")


def quote(text: str, limit: int = 200) -> str:
    """Return people's words on one line, bounded, without the signs that chats and markup act on."""
    visible = "".join(sign if sign.isprintable() else " " for sign in text)
    line = " ".join(visible.split()).replace("<", "‹").replace(">", "›").replace("`", "'")
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def _joined(parts: list[str], glue: str) -> str:
    kept: list[str] = []
    for part in parts:
        if len(glue.join([*kept, part])) > MAX_NAME:
            break
        kept.append(part)
    return glue.join(kept) or (parts[0][:MAX_NAME] if parts else "")
