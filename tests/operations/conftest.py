"""The product over a local Slack of its own, with nothing to measure: these tests are about what surrounds a run."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.acceptance.stage import Stage


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def context(tmp_path_factory: object) -> AsyncIterator[Stage]:
    """The product and its people, for a whole file."""
    async with Stage(tmp_path_factory.mktemp("stage")) as stage:  # type: ignore[attr-defined]
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def stage(context: Stage) -> AsyncIterator[Stage]:
    """The same, with no fault pending and no form open."""
    yield context
    context.local.faults.clear()
    await context.close_forms()
