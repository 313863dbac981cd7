"""The phone and what is beside it, in a real browser against the whole system."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.e2e]


def test_a_newcomers_first_click_is_answered_with_ticks(desk: Any) -> None:
    desk.newcomer()
    desk.page.get_by_role("button", name="Hallo, ik zoek een Volkswagen Golf").click()
    expect(desk.page.locator("#presence")).to_have_text("is aan het typen…")
    expect(desk.answered()).to_contain_text("Golf")
    expect(desk.mine.locator(".ticks")).to_have_attribute("aria-label", "gelezen")
    expect(desk.answers.locator(".ticks")).to_have_attribute("aria-label", "gelezen")
    expect(desk.page.locator("#presence")).to_have_text("online")
    expect(desk.page.locator(".aside.day")).to_have_count(1)


def test_two_customers_at_once_in_one_window(desk: Any) -> None:
    first = desk.newcomer()
    desk.say("Ik zoek een Volkswagen Polo")
    desk.newcomer()
    desk.say("Wat zijn jullie openingstijden?")
    expect(desk.answered()).to_contain_text("09:00")
    tab = desk.page.locator(f'#customers [data-customer="{first}"]')
    expect(tab.locator(".count")).to_have_text("1")
    tab.click()
    expect(desk.answered()).to_contain_text("Polo")
    expect(desk.mine).to_have_count(1)
    expect(tab.locator(".count")).to_have_count(0)


def test_two_windows_at_once_each_with_its_own_customer(desk: Any, other_desk: Any) -> None:
    desk.newcomer()
    other_desk.newcomer()
    desk.say("Zijn jullie zaterdag open?")
    other_desk.say("Hebben jullie een Skoda Octavia?")
    expect(other_desk.answered()).to_contain_text("Octavia")
    expect(desk.answered()).to_contain_text("17:00")
    expect(desk.page.locator(".turn")).to_have_count(1)


def test_a_reload_in_the_middle_loses_nothing(desk: Any) -> None:
    number = desk.newcomer()
    desk.say("Ik zoek een Ford Focus")
    expect(desk.mine).to_have_count(1)
    desk.page.reload()
    expect(desk.page.locator("#customers [aria-selected=true]")).to_have_attribute("data-customer", number)
    expect(desk.mine).to_have_count(1)
    expect(desk.answered()).to_contain_text("Focus")
    expect(desk.step("preferences.extracted")).to_be_visible()
    desk.page.reload()
    expect(desk.answered()).to_contain_text("Focus")
    expect(desk.page.locator(".turn mark.slot").first).to_be_visible()


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("image", "img"),
        ("audio", "audio"),
        ("video", "video"),
        ("document", "a.file"),
        ("location", ".place"),
        ("contacts", "a.file"),
        ("sticker", "img"),
    ],
)
def test_an_attachment_of_each_kind(desk: Any, kind: str, shown: str) -> None:
    desk.newcomer()
    desk.page.locator("#clip").click()
    desk.page.locator(f'#attach [data-kind="{kind}"]').click()
    expect(desk.mine.locator(shown)).to_be_visible()
    expect(desk.step("message.received")).to_be_visible()
    desk.answered()


def test_a_file_of_ones_own(desk: Any) -> None:
    desk.newcomer()
    desk.page.locator("#clip").click()
    with desk.page.expect_file_chooser() as chooser:
        desk.page.locator('#attach [data-kind="own"]').click()
    chooser.value.set_files({"name": "brief.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 brief"})
    link = desk.mine.get_by_role("link", name="brief.pdf")
    expect(link).to_be_visible()
    assert desk.page.request.get(f"{desk.url}/{link.get_attribute('href')}").body() == b"%PDF-1.4 brief"


def test_replying_to_a_message_and_a_thumb(desk: Any) -> None:
    desk.newcomer()
    desk.say("Zijn jullie vandaag open?")
    answer = desk.answered()
    answer.hover()
    answer.get_by_role("button", name="Beantwoord dit bericht").click()
    expect(desk.page.locator("#quoting")).to_be_visible()
    desk.say("Bedankt!")
    expect(desk.mine.nth(1).locator("blockquote")).to_be_visible()
    expect(desk.page.locator("#quoting")).to_be_hidden()
    desk.page.locator(".turn summary").last.wait_for()
    expect(desk.step("message.received")).to_be_visible()
    desk.step("message.received").locator(".raw summary").click()
    expect(desk.step("message.received").locator("pre")).to_contain_text('"reply_to": {')
    answer.hover()
    answer.get_by_role("button", name="Duim omhoog bij dit bericht").click()
    expect(answer.locator(".reaction")).to_have_text("👍")


def test_taking_back_a_quote(desk: Any) -> None:
    desk.newcomer()
    desk.say("Hallo")
    desk.mine.first.hover()
    desk.mine.first.get_by_role("button", name="Beantwoord dit bericht").click()
    desk.page.locator("#unquote").click()
    expect(desk.page.locator("#quoting")).to_be_hidden()


def test_a_quick_reply_is_a_pressed_button(desk: Any) -> None:
    desk.newcomer()
    desk.say("Ik zoek een Volkswagen Golf")
    desk.answered()
    desk.page.locator("#quick button").first.click()
    expect(desk.mine).to_have_count(2)
    expect(desk.step("message.received")).to_be_visible()
    raw = desk.page.locator(".turn").last.locator('.step[data-event="message.received"] .raw')
    raw.locator("summary").click()
    expect(raw.locator("pre")).to_contain_text('"kind": "button"')
    expect(raw.locator("pre")).to_contain_text('"payload": "car:')
    desk.answered(2)


def test_several_messages_in_a_row_get_one_answer(desk: Any) -> None:
    desk.newcomer()
    desk.page.get_by_role("button", name="Drie korte berichten achter elkaar").click()
    expect(desk.mine).to_have_count(3)
    desk.answered()
    desk.page.wait_for_timeout(2_000)
    expect(desk.answers).to_have_count(1)


def test_the_examples_can_be_opened_again(desk: Any) -> None:
    desk.newcomer()
    expect(desk.page.locator("#starters")).to_be_visible()
    desk.say("Hallo")
    expect(desk.page.locator("#starters")).to_be_hidden()
    desk.page.locator("#sparks").click()
    assert desk.page.locator("#starters .starter").count() >= 17
    desk.page.locator("#sparks").click()
    expect(desk.page.locator("#starters")).to_be_hidden()


def test_the_inspector_tells_how_an_answer_came_about(desk: Any) -> None:
    desk.newcomer()
    desk.say("Zoek een diesel SUV met automaat onder de 150000 km")
    desk.answered()
    turn = desk.page.locator(".turn").last
    for field, word in [("fuel_type", "diesel"), ("body_type", "SUV"), ("transmission", "automaat")]:
        expect(turn.locator(f'mark.slot[data-field="{field}"]')).to_contain_text(word)
    expect(turn.locator('mark.slot[data-field="max_mileage"]')).to_contain_text("150000")
    routed = desk.step("message.routed")
    expect(routed).to_contain_text("auto zoeken")
    expect(routed.locator(".meter")).to_have_attribute("aria-label", re.compile(r"zekerheid \d+%"))
    expect(desk.step("preferences.extracted").locator(".chip.merged")).to_have_count(4)
    drafted = desk.step("reply.drafted")
    expect(drafted.locator(".considered li").first).to_contain_text("over")
    expect(drafted.locator(".considered")).to_contain_text("fuel_type diesel")
    expect(drafted.locator(".model li").first).to_contain_text("claude")
    composed = desk.step("reply.composed")
    composed.locator(".claims summary").click()
    assert composed.locator(".claims tr").count() > 3
    assert composed.locator("mark.proven").count() > 3
    expect(composed.locator("mark.unproven")).to_have_count(0)
    for service in ("gateway", "router", "extractor", "responder"):
        expect(turn.locator(f'.waterfall li[data-service="{service}"]').first).to_be_visible()
    times = [text.removeprefix("+") for text in turn.locator(".step > time").all_text_contents()]
    assert len(times) >= 8 and all(re.match(r"[\d.,]+ (ms|s)$", text) for text in times)


def test_all_customers_beside_each_other(desk: Any) -> None:
    desk.newcomer()
    desk.say("Eerste klant zoekt een Kia Niro")
    desk.newcomer()
    desk.say("Tweede klant zoekt een Toyota Yaris")
    expect(desk.page.locator(".turn")).to_have_count(1)
    desk.page.locator("#everyone").check()
    expect(desk.page.locator(".turn", has_text="Eerste klant")).to_have_count(1)
    expect(desk.page.locator(".turn", has_text="Tweede klant")).to_have_count(1)
