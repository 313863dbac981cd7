"""A picture of the page from a real conversation, for the README. Needs playwright and a Chromium."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM: Final = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS: Final = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTH, HEIGHT, SCALE = 1440, 900, 1.5
CONVERSATION: Final = (
    "Zoek een diesel SUV met automaat onder de 150000 km",
    "Die eerste is mooi! Kan ik zaterdag een proefrit maken?",
)
REPLY_MS: Final = 30_000


class CannotError(RuntimeError):
    """No picture can be made here; the text says what is missing."""


def take(url: str, out: Path, language: str = "en", dark: bool = False) -> None:
    """Hold the conversation on the page of the running system at ``url`` and write a PNG to ``out``."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415
    except ImportError as error:
        raise CannotError("playwright is missing: install requirements-dev.txt") from error
    if not Path(CHROMIUM).exists():
        raise CannotError(f"{CHROMIUM} is missing: apt-get install chromium, or set CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            page = browser.new_page(
                viewport={"width": WIDTH, "height": HEIGHT},
                device_scale_factor=SCALE,
                color_scheme="dark" if dark else "light",
                locale="nl-NL" if language == "nl" else "en-GB",
            )
            page.set_default_timeout(REPLY_MS)
            page.goto(f"{url}/?lang={language}")
            _converse(page)
            out.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=out)
        finally:
            browser.close()


def _converse(page: "Page") -> None:
    answers = page.locator(".bubble.theirs:not(.dots)")
    page.locator("#text").wait_for()
    for number, text in enumerate(CONVERSATION, 1):
        page.locator("#text").fill(text)
        page.locator("#text").press("Enter")
        answers.nth(number - 1).wait_for()
    page.locator(".bubble.theirs .ticks.read").nth(len(CONVERSATION) - 1).wait_for()
    page.locator("#lines .out").nth(len(CONVERSATION) - 1).wait_for()
    page.locator(".turn").last.locator(".waterfall").wait_for(state="attached")
    page.locator("#turns").evaluate("node => { node.scrollTop = 0 }")
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(400)
