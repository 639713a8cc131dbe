"""What `make thorough` tries at length here."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what tries hostile megabytes: `make test` sees how time grows, `make thorough` reads the whole lengths."""
    for item in items:
        if "hostile_megabyte" in item.name:
            item.add_marker(pytest.mark.sampled)
