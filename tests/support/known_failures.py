"""Tests that are known to fail now and then, each with its reason, which the run prints.

None of them is skipped: one that passes is shown as such, and is to be taken out of here once its cause is mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest

KNOWN: Final[dict[str, str]] = {}
"""By the beginning of a test's id."""


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark what is known to fail."""
    for item in items:
        reason = next((why for begin, why in KNOWN.items() if item.nodeid.startswith(begin)), None)
        if reason is not None:
            item.add_marker(pytest.mark.xfail(reason=reason, strict=False))
