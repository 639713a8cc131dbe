"""One running product for all tests of a file: each starts an evaluation of its own in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.acceptance.stage import Stage


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def context(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """The product and its people, for a whole file."""
    async with Stage(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def stage(context: Stage) -> AsyncIterator[Stage]:
    """The same, with no fault pending and no form open."""
    yield context
    context.local.faults.clear()
    await context.close_forms()
