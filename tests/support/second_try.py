"""`python -m tests.support.second_try FIRST.xml SECOND.xml`: which tests passed only when they were tried again.

Both files are pytest's JUnit reports: of the whole run, and of what failed in it tried once more.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def outcomes(report: Path) -> dict[str, bool]:
    """Return whether each test of a report passed, fixtures included; skipped ones are left out."""
    found: dict[str, bool] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("skipped") is None:
            name = f"{case.get('classname')}::{case.get('name')}"
            failed = case.find("failure") is not None or case.find("error") is not None
            # A test whose fixture fails at its end has two entries.
            found[name] = found.get(name, True) and not failed
    return found


def passed_again(first: Path, second: Path) -> list[str]:
    """Return the names of the tests that failed first and passed when tried again."""
    before, after = outcomes(first), outcomes(second)
    return sorted(name for name, passed in before.items() if not passed and after.get(name))


if __name__ == "__main__":
    names = passed_again(Path(sys.argv[1]), Path(sys.argv[2]))
    print(f"== passed only at the second try: {len(names)}")
    for line in names:
        print(f"   {line}")
