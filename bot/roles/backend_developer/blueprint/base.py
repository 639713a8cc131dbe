"""What every part of a blueprint has in common: names, texts, and which statements it comes from."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=600)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[\p{L}_][\p{L}\p{M}\p{N}_$]{0,57}$")]
"""A name as said: letters of any script and case, digits, underscores. Renderers quote it where a language asks."""

RoleName = Annotated[str, StringConstraints(pattern=r"^[\p{L}_][\p{L}\p{M}\p{N}_.:/-]{0,57}$")]
OperationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,99}$")]
Member = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\n\r\t]+$")]
"""A member of an enum, word for word: ``EUR``, ``in-progress``, ``2xl``."""

Line = Annotated[str, StringConstraints(pattern=r"^[^\n\r\t]*$")]
"""A text that must stay on its line of SQL."""

UrlPath = Annotated[
    str,
    StringConstraints(
        pattern=r"^/$|^(/([\p{L}\p{N}._~$!*+,;=@:%-]|\{[\p{L}_][\p{L}\p{N}_.-]{0,57}\})+)+/?$", max_length=200
    ),
]

# Control characters end up in SQL and XML, which refuse them; bidirectional overrides make a text read as another.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class Part(BaseModel):
    """Base of every part: frozen, no unknown keys, no invisible characters in its texts."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @field_validator("*", mode="before")
    @classmethod
    def _visible(cls, value: object) -> object:
        if isinstance(value, str):
            return _INVISIBLE.sub(" ", value)
        if isinstance(value, list | tuple):
            return [_INVISIBLE.sub(" ", item) if isinstance(item, str) else item for item in value]
        return value


class Cited(Part):
    """A part that accounts for itself: `cites` are ids of the statements it realises; `assumed` that nobody said it."""

    cites: tuple[Word, ...] = Field(default=(), max_length=60, description="ids of the statements that say it")
    assumed: bool = Field(default=False, description="true where nobody said it")
