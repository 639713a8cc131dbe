"""The picture as PNG, for Slack shows no SVG: by a converter of the machine's, where there is one."""

from __future__ import annotations

import shutil
import subprocess
from typing import Final

import structlog

log = structlog.get_logger(__name__)
_CONVERTERS: Final[dict[str, tuple[str, ...]]] = {
    "rsvg-convert": ("--format", "png", "--zoom", "2", "--keep-aspect-ratio", "--width", "6000", "--height", "6000"),
    "resvg": ("--zoom", "2", "-", "-c"),
}
_SECONDS: Final = 20
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def png(drawing: str) -> bytes | None:
    """Return an SVG as PNG; None where no converter is at hand or it does not do its work."""
    for name, options in _CONVERTERS.items():
        program = shutil.which(name)
        if program is None:
            continue
        try:
            made = subprocess.run(  # noqa: S603 - a fixed program and words; the drawing is of our own making
                [program, *options], input=drawing.encode(), capture_output=True, timeout=_SECONDS, check=True
            ).stdout
        except (OSError, subprocess.SubprocessError) as error:
            log.warning("diagram_not_converted", converter=name, error=str(error)[:200])
            continue
        if made.startswith(_SIGNATURE):
            return made
    return None
