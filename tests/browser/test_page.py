"""What a newcomer does with the page: start, answer, decide, download."""

from __future__ import annotations

import json

from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.forms import send

THREAD = "[data-qa=thread-pane] >> "


def _start(page: Page, title: str) -> None:
    page.click("[data-qa=composer]")
    page.keyboard.type(f"/eipas start {title}")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-qa=modal]")
    assert page.input_value('[data-qa="input-eipas:title"]') == title
    send(page)
    page.locator("[data-qa=message]").filter(has_text=title).locator("[data-qa=reply-bar]").click()
    page.wait_for_selector(THREAD + "text=question 1 of 8")


def _answer_the_rest(page: Page) -> None:
    page.locator(THREAD + '[data-qa="action-eipas:answer_all"]').last.click()
    page.wait_for_selector("[data-qa=modal] >> text=All questions")
    for field in page.locator('[data-qa^="input-eipas:answer_text/"]').all():
        if not field.input_value():
            field.fill("GET /orders lists orders, POST /orders creates an order.")
    send(page)


def _decide(page: Page, gate: str, option: str, comment: str = "") -> None:
    card = page.locator(THREAD + "[data-qa=message]").filter(has_text=gate).last
    card.locator(f'[data-qa="action-eipas:vote/{option}"]').click()
    page.wait_for_selector("[data-qa=modal]")
    if comment:
        page.fill('[data-qa="input-eipas:comment"]', comment)
    send(page)


def test_an_idea_goes_from_the_form_to_a_downloaded_result(look: Open) -> None:
    """One person starts, answers by reply and by form, gives the go, rejects a review, and downloads the JSON."""
    eva = look("eva")
    _start(eva, "Order desk")
    eva.click(THREAD + "[data-qa=thread-composer]")
    eva.keyboard.type("Python with FastAPI on PostgreSQL 16")
    eva.keyboard.press("Enter")
    eva.wait_for_selector(THREAD + "text=question 2 of 8")
    _answer_the_rest(eva)
    eva.wait_for_selector(THREAD + "text=Execute backend development with your API specifications?")
    _decide(eva, "User Guidance", "approve")
    eva.wait_for_selector(THREAD + "text=APIs meet functionality and performance requirements?", timeout=90_000)
    _decide(eva, "API Review", "reject", "Say how lists are paged")
    eva.wait_for_selector(THREAD + "text=Say how lists are paged")
    card = eva.locator(THREAD + "[data-qa=message]").filter(has_text="Say how lists are paged").last
    about = card.locator("[data-qa=container]")
    inside = about.locator(".container-blocks")
    assert inside.is_hidden(), "what a decided gate was about is folded"
    about.locator("summary").click()
    inside.wait_for(state="visible")
    name = "backend-developer-iteration-1.draft.json"
    with eva.expect_download() as download:
        eva.locator(f'{THREAD}[data-qa="file-{name}"] .file-download').click()
    assert download.value.suggested_filename == name
    assert json.loads(download.value.path().read_text(encoding="utf-8"))["iteration"] == 1


def test_what_one_person_does_another_one_sees(look: Open) -> None:
    """A thread that Eva starts is there for Ava without a reload; Ava's answer is there for Eva."""
    eva, ava = look("eva"), look("ava")
    _start(eva, "Seen by two")
    ava.locator("[data-qa=message]").filter(has_text="Seen by two").locator("[data-qa=reply-bar]").click()
    ava.click(THREAD + "[data-qa=thread-composer]")
    ava.keyboard.type("Ava's words")
    ava.keyboard.press("Enter")
    eva.wait_for_selector(THREAD + "text=Ava's words")
    eva.wait_for_selector(THREAD + "text=question 2 of 8")


def test_a_missing_title_is_said_under_its_field(look: Open) -> None:
    """The start form sent empty says under the title what it needs, and keeps what was typed elsewhere."""
    ben = look("ben")
    ben.click("[data-qa=composer]")
    ben.keyboard.type("/eipas start")
    ben.keyboard.press("Enter")
    ben.fill('[data-qa="input-eipas:description"]', "Kept")
    ben.click("[data-qa=modal-submit]")
    ben.wait_for_selector('[data-qa="problem-eipas:title"] >> text=Give the idea a title')
    assert ben.input_value('[data-qa="input-eipas:description"]') == "Kept"
    ben.click("[data-qa=modal-close]")
    ben.wait_for_selector("[data-qa=modal]", state="detached")


def test_the_home_tab_starts_one_too(look: Open) -> None:
    """The app's Home tab says what it is for and opens the start form."""
    ava = look("ava")
    ava.click("[data-qa=rail-app]")
    ava.wait_for_selector("[data-qa=home] >> text=Waiting for me")
    ava.locator('[data-qa=home] >> [data-qa="action-eipas:start"]').click()
    ava.wait_for_selector("[data-qa=modal] >> text=Start an evaluation")
    ava.click("[data-qa=modal-close]")
    ava.wait_for_selector("[data-qa=modal]", state="detached")


def test_approvers_are_named_one_after_the_other(look: Open) -> None:
    """A name taken by Enter leaves an empty search, so that the next one is typed at once."""
    eva = look("eva")
    eva.click("[data-qa=composer]")
    eva.keyboard.type("/eipas start")
    eva.keyboard.press("Enter")
    field = '[data-qa="input-eipas:approvers/go"]'
    eva.click(field)
    for name in ("Ben", "Farid"):
        eva.keyboard.type(name)
        eva.wait_for_selector(f".option.active >> text={name}")
        eva.keyboard.press("Enter")
    eva.keyboard.press("Escape")
    assert str(eva.get_attribute(field, "aria-label")).endswith(": Ben Okafor, Farid Nazari")
    eva.click("[data-qa=modal-close]")
    eva.wait_for_selector("[data-qa=modal]", state="detached")
