"""One rendering of a service, remembered with what is handed over, so that the next one can be merged into it.

`MEMORY` is a file of every service: the texts as they were rendered, before people edited them, and the designs that
its migrations lead through. It is all that a later iteration needs, whatever version of this product rendered it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from bot.domain.errors import EipasError
from bot.domain.evidence import MEMORY_FOLDER
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.evolution import evolve, revert
from bot.roles.backend_developer.renderers.service.package import packed

MEMORY: Final = f"{MEMORY_FOLDER}/rendered.zip"
_MIGRATIONS: Final = "migrations/"
_FIRST: Final = "migrations/0001_"
_NUMBER = re.compile(r"migrations/([0-9]{4})_")
_MOST_BYTES: Final = 50_000_000
"""Unpacked: a thousand operations come to a tenth of it."""


class NotRemembered(EipasError):
    """What is said to be an earlier rendering cannot be read as one."""

    message_template = "The file “{path}” of the service cannot be read: {reason}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """The files of a service as rendered, and the designs that its migrations lead through, the first one first."""

    files: Mapping[str, str]
    designs: tuple[Blueprint, ...]

    def packed(self) -> bytes:
        """Return it as one file, the same bytes for the same rendering."""
        designs = {f"designs/{n:04d}.json": d.model_dump_json().encode() for n, d in enumerate(self.designs, 1)}
        return packed({**{f"files/{name}": text.encode() for name, text in self.files.items()}, **designs})

    @classmethod
    def read(cls, content: bytes) -> Rendering:
        """Return what `packed` wrote.

        Raises:
            NotRemembered: it is no such file, or of a form that this version does not read.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
                    raise NotRemembered(path=MEMORY, reason="it is too large")
                texts = {name: archive.read(name).decode() for name in archive.namelist()}
            designs = [Blueprint.model_validate_json(texts[n]) for n in sorted(texts) if n.startswith("designs/")]
        except (zipfile.BadZipFile, UnicodeDecodeError, ValidationError, NotImplementedError, RuntimeError) as error:
            raise NotRemembered(path=MEMORY, reason=type(error).__name__) from error
        files = {name.removeprefix("files/"): text for name, text in texts.items() if name.startswith("files/")}
        if not designs or not files:
            raise NotRemembered(path=MEMORY, reason="nothing is in it")
        return cls(files=files, designs=tuple(designs))

    def continues(self, other: Rendering) -> bool:
        """Whether its migrations are those of the other one, and perhaps more after them."""
        return self.designs[: len(other.designs)] == other.designs

    def followed_by(self, blueprint: Blueprint, files: Mapping[str, str], taken: Iterable[str] = ()) -> Rendering:
        """Return the next rendering: `files` as rendered for the blueprint alone, but with the migrations so far.

        Migrations that were handed over may have run: they stay as they are, and the next one leads from them to the
        blueprint. `taken` are paths that people have taken: its number comes after theirs.
        """
        kept = {name: text for name, text in self.files.items() if name.startswith(_MIGRATIONS)}
        found = {name: text for name, text in files.items() if not name.startswith(_FIRST)} | kept
        change = evolve(self.designs[-1], blueprint, earlier=self.designs[:-1])
        if not change:
            return Rendering(files=found, designs=self.designs)
        numbers = [int(match[1]) for name in (*found, *taken) if (match := _NUMBER.match(name))]
        name = f"{max(numbers, default=0) + 1:04d}_changes"
        back = revert(self.designs[-1], blueprint, earlier=self.designs[:-1], file=f"{name}.sql")
        found |= {f"{_MIGRATIONS}{name}.sql": change, f"{_MIGRATIONS}{name}.down.sql": back}
        return Rendering(files=found, designs=(*self.designs, blueprint))
