"""The order in which files are handed to the workers: those that take long first.

A file is one worker's from its first test to its last. Whole rehearsals that come last hold up the end of the run
while the other workers are idle. Within these files, and among all others, the order stays random.
"""

from __future__ import annotations

from typing import Final

import pytest

LONGEST: Final = (
    "tests/acceptance/test_bad_designers.py",
    "tests/evidence/test_every_check.py",
    "tests/evidence/test_tampering.py",
    "tests/acceptance/test_model.py",
    "tests/hostile/test_documents.py",
    "tests/judge/test_properties.py",
    "tests/hostile/test_lines.py",
    "tests/browser/test_page.py",
    "tests/acceptance/test_whole_life.py",
    "tests/acceptance/test_understood.py",
    "tests/hostile/test_hostile.py",
    "tests/acceptance/test_command_line.py",
    "tests/artefacts/test_any_blueprint.py",
    "tests/engine/test_dying.py",
    "tests/acceptance/test_second_role.py",
    "tests/docs/test_pointers.py",
)
"""By the time that each took of a whole run, the longest first; a third of it altogether."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the longest files first, after pytest-randomly has shuffled all."""
    places = {path: place for place, path in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(LONGEST)))
