"""Hooks of schemathesis: whatever one tenant reads under an address, the other one must not."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import httpx
import schemathesis  # type: ignore[import-not-found]  # of the service's environment

STAND = json.loads(Path(os.environ["STAND"]).read_text())


@schemathesis.check  # type: ignore[untyped-decorator, unused-ignore]
def another_tenant_sees_nothing(_context: Any, response: Any, case: Any) -> None:
    """What the first caller read under a row's address is not there for the second one."""
    named = case.path_parameters or {}
    if case.method != "GET" or not named or response.status_code != 200:
        return
    mine = httpx.get(response.request.url, headers=STAND["callers"][1], timeout=20, trust_env=False)
    assert mine.status_code in (401, 403, 404), f"the other tenant got {mine.status_code}"
