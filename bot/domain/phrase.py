"""Words that name people: who is named stays a value, and how a person is drawn is for whoever shows it."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Mention:
    """A person in a phrase, by Slack's id."""

    user: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words and the people whom they name, in order; as a string the people stand by their ids."""

    parts: tuple[str | Mention, ...]

    def __str__(self) -> str:
        return self.drawn(lambda words: words, lambda user: f"@{user}")

    def drawn(self, words: Callable[[str], str], person: Callable[[str], str]) -> str:
        """Return the phrase with each part drawn by the function of its kind."""
        return "".join(person(part.user) if isinstance(part, Mention) else words(part) for part in self.parts)


def phrase(*parts: str | Mention | Phrase) -> Phrase:
    """Return one phrase of all these parts."""
    flat: list[str | Mention] = []
    for part in parts:
        flat += part.parts if isinstance(part, Phrase) else (part,)
    return Phrase(tuple(flat))


def people(users: Iterable[str]) -> Phrase:
    """Return these people, by their ids, as a list with commas."""
    return joined(", ", (phrase(Mention(user)) for user in users))


def joined(separator: str, phrases: Iterable[Phrase]) -> Phrase:
    """Return the phrases as one, with the separator between them."""
    found: list[str | Mention | Phrase] = []
    for index, one in enumerate(phrases):
        found += (separator, one) if index else (one,)
    return phrase(*found)


def filled(template: str, fields: Mapping[str, Any]) -> Phrase:
    """Return a template of `str.format` with its named fields put in; a field may be a Phrase.

    Raises:
        KeyError: a field of the template is not given.
    """
    parts: list[str | Mention | Phrase] = []
    for literal, name, spec, _ in string.Formatter().parse(template):
        parts.append(literal)
        if name is not None:
            value = fields[name]
            parts.append(value if isinstance(value, Phrase) else format(value, spec or ""))
    return phrase(*parts)
