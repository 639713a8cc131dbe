"""The service that is handed over with an iteration. Apart from the kit: its renderers take long to load."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import structlog

from bot.domain.errors import EipasError
from bot.domain.evidence import Artefact, Deliverables
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.service import reason_not_rendered, render_service, zipped
from bot.roles.backend_developer.renderers.service.handover import REPORT, Handover, handed_over
from bot.roles.backend_developer.renderers.service.rendering import MEMORY, Rendering
from bot.roles.backend_developer.team_copy import team_copy

log = structlog.get_logger(__name__)
FOLDER: Final = "service"
"""Folder that all files of the zip are below, and that the team's copy is in, in the workspace."""
_SHOWN: Final = 3


def service_of(
    blueprint: Blueprint, iteration: int, *, earlier: Sequence[Artefact] = (), copies: Sequence[Path] = ()
) -> Deliverables:
    """Render the service and return it as `service-iteration-N.zip`, or no file and a fact that says why.

    It is merged into what the team made of the service: the first of `copies` (folders) that is one, otherwise what
    was handed over last (`earlier`, zips, the newest first). The same of all these gives the same bytes. Nothing is
    raised: a run that was paid for and checked is not lost because the service could not be rendered.
    """
    reason = reason_not_rendered(blueprint)
    if reason:
        return _left_out(reason)
    try:
        return _handed_over(blueprint, iteration, earlier, copies)
    except EipasError as error:
        return _left_out(error.message)
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("service_not_rendered", error=str(error))
        return _left_out(f"the machine did not let it be formatted ({type(error).__name__}).")
    except Exception as error:
        log.exception("service_renderer_crashed")
        return _left_out(f"of an internal error ({type(error).__name__}); the log has the details.")


def _handed_over(
    blueprint: Blueprint, iteration: int, earlier: Sequence[Artefact], copies: Sequence[Path]
) -> Deliverables:
    last = next((files for zipped_ in earlier if MEMORY in (files := _unpacked(zipped_.content))), {})
    own = next((files for folder in copies if MEMORY in (files := team_copy(folder))), {})
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
    return Deliverables(files=(artefact,), facts=tuple(_facts(name, found, now, base)))


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


def _left_out(reason: str) -> Deliverables:
    return Deliverables(facts=(("Service", f"not rendered, because {reason}"),))
