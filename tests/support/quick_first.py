"""A pytest plugin: what is proven only by `make thorough` is refused, for then nobody would see it fail in time."""

from __future__ import annotations

from collections.abc import Sequence

import pytest


def only_thorough(items: Sequence[pytest.Item]) -> list[str]:
    """The tests all cases of which are marked as thorough."""
    quick = {_function(item) for item in items if item.get_closest_marker("thorough") is None}
    return sorted({_function(item) for item in items} - quick)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """End a run of the whole suite in which a test has no quick case; parts of it may be anything."""
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS and (found := only_thorough(items)):
        raise pytest.UsageError(f"no case of these is in make test: {', '.join(found)}")


def _function(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]
