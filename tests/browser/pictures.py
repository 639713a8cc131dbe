"""The pictures of the docs, taken of the page as it is: `python -m tests.browser.pictures`.

`review.png` is Ava's view of the rehearsal's second iteration in review, `three-reviews.png` one gate's card three
times: of a good result, of a middling one, and where nothing was said.
"""

from __future__ import annotations

import asyncio
import base64
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright
from rich.console import Console

from bot.app.rehearsal.cast import Cast
from bot.app.rehearsal.plan import Plan
from bot.app.rehearsal.play import Play
from bot.app.rehearsal.recording import Recording
from bot.domain.role import Role
from bot.roles import load_role, role_folders
from bot.roles.rehearsal import SAMPLE, load_rehearsal
from handlers.ids import ActionId, BlockId
from tests.acceptance.stage import Stage, Thread
from tests.browser.conftest import CHROMIUM, PEOPLE

IMAGES = Path(__file__).resolve().parent.parent.parent / "docs" / "images"
ROLE = "backend-developer"
_TALL = 2400
"""Pixels in which a whole card stands without being scrolled."""

GOOD = {
    "opening_1": "Python with FastAPI on PostgreSQL.", "opening_3": "No outside services.",
    "opening_2": "GET /lamps lists lamps.",
    "api_design": "POST /lamps creates a lamp. GET /lamps lists lamps. GET /lamps/{id} shows a lamp.",
    "database_schema": "A lamp has a name and a room number.", "integration_needs": "None.",
    "performance_requirements": "95 % of the answers within 300 ms.", "security_controls": "OIDC. Roles: admin, staff.",
}  # fmt: skip
MIDDLING = {
    **GOOD, "opening_2": "GET /bookings lists bookings.",
    "api_design": "POST /bookings creates a booking. GET /bookings lists bookings. The front desk sees the weather.",
    "database_schema": "A booking has a date. A booking belongs to a guest and to a room. A guest has a name. "
    "A room has a number.",
}  # fmt: skip


class _Shown(Exception):
    """The second iteration is in review."""


class _UntilReview(Play):
    """A rehearsal that ends where its second iteration waits for three reviews."""

    async def _review(self, role: Role, number: int, reject: str | None) -> None:
        if number > 1:
            await self._settled()
            raise _Shown
        await super()._review(role, number, reject)


async def review(browser: Browser, folder: Path) -> bytes:
    """Ava's page, the thread at the third gate's card."""
    role, home = load_role(ROLE), role_folders()[ROLE]
    plan = Plan(
        role=ROLE, rehearsal=load_rehearsal(role, home), workspace=home / SAMPLE, out=folder / "out", answers={},
        iterations=2, reject="api_review", designer="offline",
    )  # fmt: skip
    plan.out.mkdir()
    async with Stage(folder) as stage:
        shutil.copytree(plan.workspace, stage.roots / plan.role)  # where start forms may name it
        async with Cast(stage.local.url) as cast:
            try:
                await _UntilReview(plan, stage.app, cast, Recording(Console(quiet=True))).perform()
            except _Shown:
                page = await _page(browser, stage, "ava")
                await _thread(page, "Parcel Returns")
                button = page.locator('[data-qa=thread-pane] >> [data-qa^="action-eipas:vote/"]').last
                await button.scroll_into_view_if_needed()
                await page.wait_for_timeout(500)
                return await page.screenshot()
    raise AssertionError("the rehearsal went on without a picture")


async def three(browser: Browser, folder: Path) -> bytes:
    """The API review's card of three results, beside each other."""
    cards = []
    async with Stage(folder) as stage:
        for title, answer in (("Lamps", GOOD), ("Bookings", MIDDLING), ("Nothing", {})):
            thread = await stage.start(title=title, description="")
            await _answered(stage, thread, answer)
            await thread.run()
            await thread.quiet()
            page = await _page(browser, stage, "eva", height=_TALL)
            await _thread(page, title)
            card = page.locator("[data-qa=thread-pane] >> [data-qa=message]").filter(has_text="APIs meet functionality")
            cards.append(await card.last.screenshot())
            await page.context.close()
    return await _beside(browser, cards)


async def _answered(stage: Stage, thread: Thread, answers: dict[str, str]) -> None:
    if not answers:
        await thread.answer_everything(text="no idea")
        return
    await thread.click("eva", await thread.card("root"), ActionId.ANSWER_ALL)
    view = await stage["eva"].view("All questions")
    fields = [b["block_id"] for b in view["blocks"] if b.get("block_id", "").startswith(f"{BlockId.ANSWER}/")]
    said = {field: answers[field.partition("/")[2]] for field in fields}
    assert await stage["eva"].submit(view, said) == {}


async def _beside(browser: Browser, cards: list[bytes]) -> bytes:
    """One picture of several, beside each other."""
    context = await browser.new_context(viewport={"width": 1360, "height": 900})
    page = await context.new_page()
    shown = "".join(f'<img src="data:image/png;base64,{base64.b64encode(card).decode()}">' for card in cards)
    await page.set_content(f'<div style="display:inline-flex;gap:16px;align-items:flex-start">{shown}</div>')
    picture = await page.locator("div").screenshot()
    await context.close()
    return picture


async def _page(browser: Browser, stage: Stage, name: str, *, height: int = 900) -> Page:
    context = await browser.new_context(viewport={"width": 1440, "height": height})
    page = await context.new_page()
    await page.goto(f"{stage.local.url.removesuffix('/')}/?as={PEOPLE[name]}")
    await page.wait_for_selector("[data-qa=composer]")
    return page


async def _thread(page: Page, title: str) -> None:
    await page.locator("[data-qa=message]").filter(has_text=title).locator("[data-qa=reply-bar]").first.click()
    await page.wait_for_selector("[data-qa=thread-pane] >> text=decision needed")


async def main(wanted: list[str]) -> None:
    """Take the pictures named, or all."""
    takes: dict[str, Callable[[Browser, Path], Awaitable[bytes]]] = {"review": review, "three-reviews": three}
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name in wanted or takes:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            (IMAGES / f"{name}.png").write_bytes(await takes[name](browser, folder))
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
