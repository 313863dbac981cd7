"""A real Chromium on the page of a whole running system."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from seldenrijk.sandbox.screenshot import CHROMIUM, FLAGS
from seldenrijk.sandbox.system import System

WAIT_MS = 30_000


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Everything as processes, with the stand-in for Claude, spans, and services that may be killed."""
    scripted = tmp_path_factory.mktemp("conversations")
    (scripted / "kort.yaml").write_text(
        "name: Kort script\nturns:\n  - customer: Ik zoek een Seat Ibiza\n    intent: car_inquiry\n"
    )
    extra = {"SANDBOX_CONVERSATIONS": str(scripted)}
    with System(extra=extra, claude=True, traces=True, control=True) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium, or set CHROMIUM to another one")
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@dataclass
class Desk:
    """The page in front of somebody, and what went wrong on it."""

    page: Page
    url: str
    troubles: list[str]
    outside: list[str]

    def open(self, language: str = "nl") -> "Desk":
        self.page.goto(f"{self.url}/?lang={language}")
        expect(self.page.locator("#link")).to_have_attribute("data-live", "yes")
        return self

    def newcomer(self) -> str:
        """A customer whom nobody has met; the number."""
        self.page.locator("#another").click()
        return str(self.page.locator("#customers [aria-selected=true]").get_attribute("data-customer"))

    def say(self, text: str) -> None:
        self.page.locator("#text").fill(text)
        self.page.locator("#text").press("Enter")

    @property
    def mine(self) -> Locator:
        return self.page.locator(".bubble.mine")

    @property
    def answers(self) -> Locator:
        return self.page.locator(".bubble.theirs:not(.dots)")

    def answered(self, count: int = 1) -> Locator:
        """The newest of so many answers."""
        expect(self.answers).to_have_count(count)
        return self.answers.nth(count - 1)

    def dock(self, name: str) -> None:
        self.page.locator(f"#tab-{name}").click()

    def step(self, event: str) -> Locator:
        """The newest step of this event."""
        return self.page.locator(f'.step[data-event="{event}"]').last


@pytest.fixture
def desk(system: System, browser: Browser) -> Iterator[Desk]:
    yield from _desk(system, browser)


@pytest.fixture
def other_desk(system: System, browser: Browser) -> Iterator[Desk]:
    """Somebody else's browser on the same system."""
    yield from _desk(system, browser)


def _desk(system: System, browser: Browser, **options: Any) -> Iterator[Desk]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="nl-NL", **options)
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    found = Desk(page, system.sandbox_url, [], [])
    page.on("pageerror", lambda error: found.troubles.append(str(error)))
    page.on("console", lambda line: found.troubles.append(line.text) if line.type == "error" else None)
    page.on(
        "request", lambda r: None if r.url.startswith(system.sandbox_url) else found.outside.append(r.url)
    )
    yield found.open()
    context.close()
    assert found.troubles == []
    assert [url for url in found.outside if not url.startswith("data:")] == []
