"""The service that is handed over with an iteration. Apart from the kit: its renderers take long to load."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Final

import structlog

from bot.domain.errors import EipasError
from bot.domain.evidence import Artefact, Deliverables
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.diagram import svg
from bot.roles.backend_developer.renderers.diagram.png import png
from bot.roles.backend_developer.renderers.openapi import openapi_yaml
from bot.roles.backend_developer.renderers.openapi.page import page
from bot.roles.backend_developer.renderers.service import reason_not_rendered, render_service, zipped
from bot.roles.backend_developer.renderers.service.handover import REPORT, Handover, handed_over
from bot.roles.backend_developer.renderers.service.rendering import MEMORY, Rendering
from bot.roles.backend_developer.team_copy import FOLDER, left_out, team_copy

log = structlog.get_logger(__name__)
_SHOWN: Final = 3


def service_of(
    blueprint: Blueprint,
    iteration: int,
    *,
    earlier: Sequence[Artefact] = (),
    copies: Sequence[Path] = (),
    repository: Mapping[str, bytes] = MappingProxyType({}),
) -> Deliverables:
    """Render the service and return it as `service-iteration-N.zip`, or no file and a fact that says why.

    It is merged into what the team made of the service: their `repository`, otherwise the first of `copies` (folders)
    that is one, otherwise what was handed over last (`earlier`, zips, the newest first). The same of all these gives
    the same bytes. Nothing is raised: a run that was paid for and checked is not lost because the service could not be
    rendered.
    """
    reason = reason_not_rendered(blueprint)
    if reason:
        return left_out(reason)
    try:
        return _handed_over(blueprint, iteration, earlier, chain((repository,), _copies(copies)))
    except EipasError as error:
        return left_out(error.message)
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("service_not_rendered", error=str(error))
        return left_out(f"the machine did not let it be formatted ({type(error).__name__}).")
    except Exception as error:
        log.exception("service_renderer_crashed")
        return left_out(f"of an internal error ({type(error).__name__}); the log has the details.")


def to_read(blueprint: Blueprint, iteration: int) -> tuple[Artefact, ...]:
    """Return what people read, whatever the stack is: the API's document as a page, the diagram as a picture.

    Like the service, what cannot be made is left out.
    """
    try:
        content = page(openapi_yaml(blueprint).decode()).encode()
        found = [Artefact(name=f"api-iteration-{iteration}.html", media_type="text/html", content=content)]
        picture = png(svg(blueprint))
    except Exception:
        log.exception("nothing_to_read")
        return ()
    if picture is not None:
        found.append(Artefact(name=f"diagram-iteration-{iteration}.png", media_type="image/png", content=picture))
    return tuple(found)


def _handed_over(
    blueprint: Blueprint, iteration: int, earlier: Sequence[Artefact], copies: Iterable[Mapping[str, bytes]]
) -> Deliverables:
    last = next((files for zipped_ in earlier if MEMORY in (files := _unpacked(zipped_.content))), {})
    own = next((files for files in copies if MEMORY in files), {})
    team = own or last
    base = Rendering.read(team[MEMORY]) if team else None
    newest = Rendering.read(last[MEMORY]) if own and last else base
    # Whoever runs an iteration that the team's copy skipped has run its migrations: they stay in the chain.
    past = newest if newest is not None and base is not None and newest.continues(base) else base
    alone = render_service(blueprint)
    now = past.followed_by(blueprint, alone, team) if past else Rendering(files=alone, designs=(blueprint,))
    found = handed_over(now, iteration, team, base)
    name = f"{FOLDER}-iteration-{iteration}.zip"
    content = zipped(found.files, FOLDER)
    artefact = Artefact(name=name, media_type="application/zip", content=content)
    facts = tuple(_facts(name, found, now, base))
    return Deliverables(files=(artefact,), facts=facts, tree=found.files, removed=tuple(found.removed))


def _copies(folders: Sequence[Path]) -> Iterator[Mapping[str, bytes]]:
    yield from map(team_copy, folders)


def _facts(name: str, found: Handover, now: Rendering, base: Rendering | None) -> list[tuple[str, str]]:
    said = f"{len(found.files)} files in {name}"
    fresh = sorted(n for n in now.files if n.startswith("migrations/") and not n.endswith(".down.sql"))
    if base is not None and (added := [n for n in fresh if n not in base.files]):
        said += f"; new: {', '.join(added)}"
    facts = [("Service", said)]
    if found.conflicts:
        shown = "; ".join(found.conflicts[:_SHOWN])
        rest = len(found.conflicts) - _SHOWN
        more = f"; and {rest} more" if rest > 0 else ""
        facts.append(("Changed by you and by the design", f"{shown}{more}. All of it is in {REPORT}"))
    elif found.notes:
        facts.append(("Merged with what you made of it", f"{len(found.notes)} notes in {REPORT}"))
    return facts


def _unpacked(content: bytes) -> Mapping[str, bytes]:
    """Return the files of a zip that was handed over, by their paths in the service's folder."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            entry.removeprefix(f"{FOLDER}/"): archive.read(entry)
            for entry in archive.namelist()
            if entry.startswith(f"{FOLDER}/")
        }
