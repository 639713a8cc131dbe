"""How people send a form on the page."""

from __future__ import annotations

from playwright.sync_api import Page

MODAL = "[data-qa=modal]"
_TRIES = 3
_SETTLED = """() => {
  const form = document.querySelector("[data-qa=modal]");
  return !form || form.innerText.includes("trouble connecting");
}"""


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
