"""Which version of the product this is."""

from __future__ import annotations

import importlib.metadata
import tomllib
from pathlib import Path


def version() -> str:
    """Return the version: the installed package's, or in an image, which has only the source, that of its pyproject."""
    try:
        return importlib.metadata.version("eipas-slack")
    except importlib.metadata.PackageNotFoundError:
        text = Path(__file__).parents[2].joinpath("pyproject.toml").read_text(encoding="utf-8")
        return str(tomllib.loads(text)["project"]["version"])
