"""The service that is handed over with an iteration. Apart from the kit: its renderers take long to load."""

from __future__ import annotations

import subprocess
from typing import Final

import structlog

from bot.domain.errors import EipasError
from bot.domain.evidence import Artefact, Deliverables
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.service import reason_not_rendered, render_service, zipped

log = structlog.get_logger(__name__)
FOLDER: Final = "service"
"""Folder that all files of the zip are below."""


def service_of(blueprint: Blueprint, iteration: int) -> Deliverables:
    """Render the service and return it as `service-iteration-N.zip`, or no file and a fact that says why.

    The same blueprint and iteration give the same bytes. Nothing is raised: a run that was paid for and checked is not
    lost because the service could not be rendered.
    """
    reason = reason_not_rendered(blueprint)
    if reason:
        return _left_out(reason)
    try:
        files = render_service(blueprint)
        content = zipped(files, FOLDER)
    except EipasError as error:
        return _left_out(error.message)
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("service_not_rendered", error=str(error))
        return _left_out(f"the machine did not let it be formatted ({type(error).__name__}).")
    except Exception as error:
        log.exception("service_renderer_crashed")
        return _left_out(f"of an internal error ({type(error).__name__}); the log has the details.")
    name = f"{FOLDER}-iteration-{iteration}.zip"
    artefact = Artefact(name=name, media_type="application/zip", content=content)
    return Deliverables(files=(artefact,), facts=(("Service", f"{len(files)} files in {name}"),))


def _left_out(reason: str) -> Deliverables:
    return Deliverables(facts=(("Service", f"not rendered, because {reason}"),))
