"""The migrations among the artefacts, in the order in which they are applied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.domain.evidence import Artefact

_FOLDER: Final = "migrations/"
_UP: Final = ".sql"
_DOWN: Final = ".down.sql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step of the schema. `down` is None where nothing takes it back."""

    name: str
    up: str
    down: str | None = None


def migrations_of(artefacts: Iterable[Artefact]) -> tuple[Migration, ...]:
    """Return the steps by name: ``migrations/0001_initial.sql`` with ``migrations/0001_initial.down.sql`` and so on."""
    files = {
        artefact.name: artefact.content.decode("utf-8", errors="replace")
        for artefact in artefacts
        if artefact.name.startswith(_FOLDER)
    }
    ups = sorted(name for name in files if name.endswith(_UP) and not name.endswith(_DOWN))
    return tuple(Migration(name=name, up=files[name], down=files.get(name.removesuffix(_UP) + _DOWN)) for name in ups)
