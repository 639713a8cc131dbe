"""What a comparison yields: the area of the score that a gap belongs to, and what is not as it was said."""

from __future__ import annotations

from typing import Final, TypeAlias

Gap: TypeAlias = tuple[str, str]
"""Key of the area and the gap in words."""

DENIAL: Final = "denial"
"""The kind of a gap by which somebody may do what was refused or reserved; other kinds are those of facts."""


class Denied(str):
    """Words of a gap by which a denial is not kept."""

    __slots__ = ()


API: Final = "api_design"
DATABASE: Final = "database_implementation"
SECURITY: Final = "security_integration"
PERFORMANCE: Final = "performance_optimization"
SERVICE: Final = "service_architecture"
AREAS: Final = (API, DATABASE, SECURITY, PERFORMANCE, SERVICE)
