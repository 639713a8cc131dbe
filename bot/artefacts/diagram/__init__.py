"""The data model as a picture: Mermaid for documents, SVG for eyes."""

from bot.artefacts.diagram.mermaid import mermaid
from bot.artefacts.diagram.svg import svg

__all__ = ["mermaid", "svg"]
