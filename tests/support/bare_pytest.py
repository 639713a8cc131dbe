"""A pytest inside a test: without plugins, whose import takes seconds, and without the outer one's options."""

from __future__ import annotations

from typing import Final

BARE: Final = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
"""Set in its environment. An option of a plugin that it does not have, such as Hypothesis's seed, it would refuse."""
