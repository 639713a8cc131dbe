"""What was understood of a brief, as a file."""

from __future__ import annotations

from typing import Final

from pydantic import TypeAdapter

from bot.domain.evidence import Artefact
from bot.reading.merge import Understanding
from bot.roles.backend_developer.understanding import Understood

NAME: Final = "facts.json"
_UNDERSTANDING: Final[TypeAdapter[Understanding]] = TypeAdapter(Understanding)


def facts_file(known: Understood) -> Artefact:
    """Return statements with their standing, and the facts that are in force, with the contradictions among them."""
    content = _UNDERSTANDING.dump_json(known.understanding, indent=1) + b"\n"
    return Artefact(name=NAME, media_type="application/json", content=content)
