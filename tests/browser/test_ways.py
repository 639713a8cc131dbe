"""Other ways to the same: a page as narrow as a telephone, the keyboard alone, and a link into the middle."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FloatRect, Locator, Page

from tests.browser.conftest import Open
from tests.browser.forms import open_form, send

TELEPHONE = 360
THREAD = "[data-qa=thread-pane] >> "
TABS = 60
"""Presses of Tab after which something is said to be out of the keyboard's reach."""


def _start(page: Page, title: str) -> None:
    """Start an evaluation without the pointer: the composer has the focus when a page has come up."""
    page.wait_for_selector("[data-qa=composer]:focus-within")
    page.keyboard.type(f"/eipas start {title}")
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-qa="input-eipas:title"]:focus')
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-qa=modal]", state="detached")


def _bar(page: Page, title: str) -> Locator:
    bar = page.locator("[data-qa=message]").filter(has_text=title).locator("[data-qa=reply-bar]")
    bar.wait_for()
    return bar


def _box(bar: Locator) -> FloatRect:
    """Where the bar stands; while its message is drawn anew with news of the thread it is nowhere for a moment."""
    for _ in range(100):
        bar.wait_for()
        if (box := bar.bounding_box()) is not None:
            return box
    raise AssertionError("the bar has no place")


def _nothing_stands_out(page: Page) -> None:
    """Hold the page to its width: nothing is scrolled sideways to be read or pressed."""
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE
    hidden = page.evaluate(
        """() => [...document.querySelectorAll("button, a, input, textarea, summary")]
             .filter(node => node.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
             .filter(node => !node.closest("table, pre"))
             .map(node => [node.getBoundingClientRect(), node.outerHTML.slice(0, 120)])
             .filter(([box]) => box.width && (box.right > innerWidth + 1 || box.left < -1))
             .map(([box, html]) => `${Math.round(box.left)}..${Math.round(box.right)} ${html}`)"""
    )
    assert hidden == []


def _tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press Tab until the element has the focus, and see that it shows it."""
    wanted = page.locator(selector).last
    for _ in range(TABS):
        if wanted.evaluate("node => node === document.activeElement || node.contains(document.activeElement)"):
            break
        page.keyboard.press(key)
    else:
        raise AssertionError(f"{selector} is not reached by {TABS} presses of {key}")
    shown = page.evaluate(
        """() => { const style = getComputedStyle(document.activeElement);
                   return [style.outlineStyle, style.boxShadow, style.borderStyle].some(how => how !== "none") }"""
    )
    assert shown, f"{selector} does not show that it has the focus"


def test_the_bar_below_a_message_keeps_its_height_under_the_pointer(look: Open) -> None:
    """At 360 pixels it is as high with the pointer on its last line as without, stays so, and is pressed there."""
    eva = look("eva", width=TELEPHONE)
    _start(eva, "Narrow bar")
    bar = _bar(eva, "Narrow bar")
    eva.mouse.move(1, 1)
    before = _box(bar)
    heights = set()
    for step in range(12):
        eva.mouse.move(before["x"] + 40 + step, before["y"] + before["height"] - 2)
        eva.wait_for_timeout(20)
        heights.add(round(_box(bar)["height"], 1))
    assert heights == {round(before["height"], 1)}
    eva.mouse.click(before["x"] + 60, before["y"] + before["height"] - 2)
    eva.wait_for_selector(THREAD + "text=question 1 of 8")


def test_a_telephones_width_is_enough(look: Open) -> None:
    """Channel, thread, forms and Home tab fit in 360 pixels: answered, decided and read there, nothing stands out."""
    eva = look("eva", width=TELEPHONE)
    _start(eva, "Narrow desk")
    _nothing_stands_out(eva)
    _bar(eva, "Narrow desk").click()
    eva.wait_for_selector(THREAD + "text=question 1 of 8")
    _nothing_stands_out(eva)
    eva.locator(THREAD + '[data-qa="action-eipas:answer_all"]').last.click()
    eva.wait_for_selector("[data-qa=modal] >> text=All questions")
    _nothing_stands_out(eva)
    for field in eva.locator('[data-qa^="input-eipas:answer_text/"]').all():
        field.fill("GET /orders lists orders, POST /orders creates an order.")
    send(eva)
    card = eva.locator(THREAD + "[data-qa=message]").filter(has_text="User Guidance").last
    open_form(eva, card.locator('[data-qa="action-eipas:vote/reject"]'))
    eva.fill('[data-qa="input-eipas:comment"]', "Too narrow")
    _nothing_stands_out(eva)
    eva.click("[data-qa=modal-submit]")
    eva.wait_for_selector(THREAD + "text=Too narrow")
    _nothing_stands_out(eva)
    eva.click("[data-qa=thread-close]")
    eva.click("[data-qa=rail-app]")
    eva.wait_for_selector("[data-qa=home] >> text=Narrow desk")
    _nothing_stands_out(eva)


def test_the_keyboard_alone_is_enough(look: Open) -> None:
    """Without a pointer an evaluation is started, its thread opened, answered by form and decided, and what has the
    focus shows it."""
    eva = look("eva")
    _start(eva, "By keys")
    _bar(eva, "By keys")
    _tab_to(eva, '[data-qa=message]:has-text("By keys") [data-qa=reply-bar]', "Shift+Tab")
    eva.keyboard.press("Enter")
    eva.wait_for_selector(THREAD + "text=question 1 of 8")
    _tab_to(eva, '[data-qa=thread-pane] [data-qa="action-eipas:answer_all"]')
    eva.keyboard.press("Enter")
    eva.wait_for_selector("[data-qa=modal] >> text=All questions")
    for field in eva.locator('[data-qa^="input-eipas:answer_text/"]').all():
        _tab_to(eva, f'[data-qa="{field.get_attribute("data-qa")}"]')
        eva.keyboard.type("POST /orders creates an order.")
    _tab_to(eva, "[data-qa=modal-submit]")
    eva.keyboard.press("Enter")
    eva.wait_for_selector("[data-qa=modal]", state="detached")
    eva.wait_for_selector(THREAD + '[data-qa="action-eipas:vote/reject"]')
    _tab_to(eva, '[data-qa=thread-pane] [data-qa="action-eipas:vote/reject"]')
    eva.keyboard.press("Space")
    eva.wait_for_selector('[data-qa="input-eipas:comment"]:focus')
    eva.keyboard.press("Escape")
    eva.wait_for_selector("[data-qa=modal]", state="detached")
    assert "vote/reject" in str(eva.evaluate("document.activeElement.dataset.qa")), "focus goes back to its button"
    eva.keyboard.press("Enter")
    eva.wait_for_selector('[data-qa="input-eipas:comment"]:focus')
    eva.keyboard.type("Not by keys alone")
    _tab_to(eva, "[data-qa=modal-submit]")
    eva.keyboard.press("Enter")
    eva.wait_for_selector(THREAD + "text=Not by keys alone")
    eva.keyboard.press("Escape")
    eva.wait_for_selector("[data-qa=thread-pane]", state="hidden")


@pytest.mark.parametrize("width", [TELEPHONE, 1360])
def test_a_link_leads_into_the_middle(look: Open, width: int) -> None:
    """The address of a thread, opened anew by somebody else, shows that thread; its back button the channel."""
    title = f"Linked at {width}"
    eva = look("eva")
    _start(eva, title)
    _bar(eva, title).click()
    eva.wait_for_selector(THREAD + "text=question 1 of 8")
    found = re.search(r"#(.+/thread/.+)$", eva.url)
    assert found is not None
    ava = look("ava", width=width, there=found[1])
    ava.wait_for_selector(THREAD + f"text={title}")
    ava.wait_for_selector(THREAD + "text=question 1 of 8")
    ava.click("[data-qa=thread-close]")
    ava.wait_for_selector("[data-qa=thread-pane]", state="hidden")
    ava.go_back()
    ava.wait_for_selector(THREAD + f"text={title}")


def test_a_link_to_nowhere_shows_the_first_channel(look: Open) -> None:
    """A channel that there is not, or that one may not read, opens nothing of it: the first of one's own stands."""
    ben = look("ben", there="C0NOWHERE/thread/1.2")
    ben.wait_for_selector("[data-qa=composer]")
    assert ben.locator("[data-qa=thread-pane]").is_hidden()
