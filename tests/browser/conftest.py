"""The product as `eipas run` starts it, on its page in a real Chromium; without one these tests are skipped."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
PATIENCE_MS = 30_000
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
NARROW = 720
"""Pixels up to which the page hides its sidebar."""
PEOPLE = {"ava": "U0AVALIND1", "ben": "U0BENOKAF1", "eva": "U0EVAROSS1"}


class Open(Protocol):
    """Opens the page as somebody, `width` pixels wide; `there` is what stands behind the # of the address."""

    def __call__(self, name: str, *, width: int = 1360, there: str = "") -> Page: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip this folder's tests where there is no browser."""
    if CHROMIUM is None:
        here = Path(__file__).parent
        for item in items:
            if item.path.is_relative_to(here):
                item.add_marker(pytest.mark.skip(reason="no chromium in PATH; CI installs one"))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the product on a free port and give its page's address, which it prints."""
    folder = tmp_path_factory.mktemp("served")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("EIPAS_", "SLACK_"))}
    environment |= {"EIPAS_PORT": "0", "EIPAS_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT)}
    environment["EIPAS_EVIDENCE"] = "static"  # what runs the service has tests of its own, and takes a minute
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    )
    said: Queue[str] = Queue()
    assert process.stderr is not None
    reader = threading.Thread(target=_read, args=(process.stderr, said), daemon=True)
    reader.start()
    try:
        address = said.get(timeout=60)
        assert _ADDRESS.fullmatch(address), f"the product did not start:\n{address}"
        yield address
    finally:
        process.terminate()
        process.wait(30)
        reader.join(10)
        process.stderr.close()


def _read(lines: Iterator[str], said: Queue[str]) -> None:
    told = []
    for line in lines:
        told.append(line)
        if found := _ADDRESS.search(line):
            said.put(found[0])
    said.put("".join(told))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield running
        running.close()


@pytest.fixture
def look(browser: Browser, address: str) -> Iterator[Open]:
    """Open the page as somebody. A page that reports an error on its console, or throws, fails the test."""
    faults: list[str] = []
    contexts = []

    def open_page(name: str, *, width: int = 1360, there: str = "") -> Page:
        height = 900 if width > NARROW else 740
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{address}/?as={PEOPLE[name]}{f'#{there}' if there else ''}")
        page.wait_for_selector("[data-qa=composer]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
