"""Addresses of messages lead to them on the page."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.forms import send

THREAD = "[data-qa=thread-pane] >> "


def _start(page: Page, title: str) -> None:
    page.click("[data-qa=composer]")
    page.keyboard.type(f"/eipas start {title}")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-qa=modal]")
    send(page)
    page.locator("[data-qa=message]").filter(has_text=title).locator("[data-qa=reply-bar]").wait_for()


def test_open_the_thread_opens_the_thread(look: Open) -> None:
    """The Home tab's button leads to the evaluation's thread, in a page of its own and as the same person."""
    eva = look("eva")
    _start(eva, "Led from home")
    eva.click("[data-qa=rail-app]")
    eva.wait_for_selector("[data-qa=home] >> text=Led from home")
    with eva.context.expect_page() as opened:
        eva.locator('[data-qa=home] >> [data-qa^="action-eipas:open_thread"]').first.click()
    page = opened.value
    page.wait_for_selector(THREAD + "text=Led from home")
    assert "as=U0EVAROSS1" in page.url and "/thread/" in page.url
    page.close()


def test_the_address_of_a_reply_shows_that_reply(look: Open) -> None:
    """A link to one message of a long thread opens the thread at it."""
    eva = look("eva")
    _start(eva, "A long thread")
    eva.locator("[data-qa=message]").filter(has_text="A long thread").locator("[data-qa=reply-bar]").click()
    eva.wait_for_selector(THREAD + "text=question 1 of 8")
    first = eva.locator(THREAD + "[data-ts]").nth(1)
    ts, channel = str(first.get_attribute("data-ts")), eva.url.partition("#")[2].partition("/")[0]
    eva.goto(f"{eva.url.partition('#')[0].partition('?')[0]}archives/{channel}/p{ts.replace('.', '')}")
    eva.wait_for_function("ts => document.activeElement?.dataset?.ts === ts", arg=ts)
