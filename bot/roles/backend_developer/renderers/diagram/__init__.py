"""The data model as a picture: Mermaid for documents, SVG for eyes."""

from bot.roles.backend_developer.renderers.diagram.mermaid import mermaid
from bot.roles.backend_developer.renderers.diagram.svg import svg

__all__ = ["mermaid", "svg"]
