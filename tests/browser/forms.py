"""How people open and send a form on the page."""

from __future__ import annotations

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

MODAL = "[data-qa=modal]"
_TRIES = 3
_PATIENCE_MS = 6_000
_SETTLED = """() => {
  const form = document.querySelector("[data-qa=modal]");
  return !form || form.innerText.includes("trouble connecting");
}"""


def open_form(page: Page, button: Locator) -> None:
    """Press what opens a form, and again where nothing came: Slack takes no form for a press three seconds old."""
    for _ in range(_TRIES - 1):
        button.click()
        try:
            page.wait_for_selector(MODAL, timeout=_PATIENCE_MS)
        except PlaywrightTimeout:
            continue
        return
    button.click()
    page.wait_for_selector(MODAL)


def send(page: Page) -> None:
    """Send the open form, and again where Slack says that the app took too long, as it does on a busy machine.

    Nothing may be doubled by that, and a form that stays for another reason fails with what it shows.
    """
    for _ in range(_TRIES):
        page.click("[data-qa=modal-submit]")
        page.wait_for_function(_SETTLED)
        if not page.locator(MODAL).count():
            return
    raise AssertionError(page.inner_text(MODAL))
