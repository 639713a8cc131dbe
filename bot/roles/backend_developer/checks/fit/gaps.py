"""What a comparison yields: the area of the score that a gap belongs to, and what is not as it was said."""

from __future__ import annotations

from typing import Final, TypeAlias

Gap: TypeAlias = tuple[str, str]
"""Key of the area and the gap in words."""

API: Final = "api_design"
DATABASE: Final = "database_implementation"
SECURITY: Final = "security_integration"
PERFORMANCE: Final = "performance_optimization"
SERVICE: Final = "service_architecture"
AREAS: Final = (API, DATABASE, SECURITY, PERFORMANCE, SERVICE)
