"""Every fault button, pressed in a real browser, with the outcome that it shows."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

SETTLED = ["duplicate", "reorder", "429", "lost", "63016", "slow", "overloaded", "nonsense", "chatwoot"]


def press(desk: Any, label: str) -> Any:
    desk.dock("faults")
    card = desk.page.locator(f"#fault-{label}")
    card.locator(f'[data-fault="{label}"]').click()
    return card.locator(".outcome")


@pytest.fixture(autouse=True)
def healed(desk: Any) -> Any:
    """No fault of one test hits the next."""
    yield
    desk.dock("faults")
    desk.page.locator("#heal").click()
    expect(desk.page.locator("#healed")).to_have_text("Alles werkt weer.")


@pytest.mark.parametrize("label", SETTLED)
def test_a_fault_ends_as_expected(desk: Any, label: str) -> None:
    desk.newcomer()
    outcome = press(desk, label)
    expect(outcome).to_have_attribute("data-state", "ok", timeout=60_000)
    expect(outcome).to_contain_text("zoals verwacht")
    expect(desk.answers.first).to_be_visible()
    if label == "63016":
        expect(desk.answers.locator(".failed").last).to_contain_text("63016")


def test_the_outcome_survives_a_reload(desk: Any) -> None:
    desk.newcomer()
    expect(press(desk, "429")).to_have_attribute("data-state", "ok")
    desk.page.reload()
    desk.dock("faults")
    expect(desk.page.locator("#fault-429 .outcome")).to_have_attribute("data-state", "ok")


def test_a_lost_webhook_is_under_way(desk: Any) -> None:
    desk.newcomer()
    outcome = press(desk, "drop")
    expect(outcome).to_have_attribute("data-state", "busy")
    expect(desk.mine.locator("small.failed")).to_have_text("niet aangekomen bij het systeem")
    expect(desk.page.locator(".step.trouble")).to_contain_text("webhook viel weg")


def test_twilio_500_is_never_sent_again_blindly(desk: Any) -> None:
    desk.newcomer()
    outcome = press(desk, "500")
    expect(outcome).to_have_attribute("data-state", "busy")
    expect(outcome).to_contain_text("1 keer geraakt")
    expect(outcome).to_contain_text("keer opnieuw gekeken")
    expect(desk.answers).to_have_count(0)


def test_a_customer_who_blocks_us(desk: Any) -> None:
    desk.newcomer()
    outcome = press(desk, "blocked")
    expect(outcome).to_have_attribute("data-state", "ok")
    expect(desk.answered().locator("small.failed")).to_contain_text("63014")
    desk.page.get_by_role("button", name="deblokkeer").click()
    expect(desk.page.get_by_role("button", name="deblokkeer")).to_have_count(0)


def test_a_day_passes(desk: Any) -> None:
    desk.newcomer()
    desk.say("Zijn jullie morgen open?")
    desk.answered()
    outcome = press(desk, "day")
    expect(outcome).to_have_attribute("data-state", "ok")
    expect(desk.answered(2).locator("small.failed")).to_contain_text("63016")
    desk.dock("inbox")
    expect(desk.page.locator("#lines .failed")).to_contain_text("niet bezorgd")


def test_a_day_passes_for_somebody_who_said_nothing(desk: Any) -> None:
    desk.newcomer()
    expect(press(desk, "day")).to_contain_text("Laat deze klant eerst iets zeggen")


@pytest.mark.parametrize("service", ["responder", "extractor"])
def test_a_killed_service_comes_back(desk: Any, service: str) -> None:
    desk.newcomer()
    desk.dock("faults")
    desk.page.locator("#victim").select_option(service)
    outcome = press(desk, "kill")
    expect(outcome).to_contain_text(f"{service} is weg")
    expect(outcome).to_have_attribute("data-state", "ok", timeout=60_000)
    expect(outcome).to_contain_text(f"{service} is terug")
    desk.answered()


def test_only_planning(desk: Any) -> None:
    desk.newcomer()
    desk.dock("faults")
    desk.page.locator("#trigger").uncheck()
    outcome = press(desk, "duplicate")
    expect(outcome).to_have_attribute("data-state", "waiting")
    expect(desk.mine).to_have_count(0)
    desk.say("Zijn jullie open?")
    expect(outcome).to_have_attribute("data-state", "ok")
    expect(outcome).to_contain_text(re.compile(r"1 bericht\b"))
