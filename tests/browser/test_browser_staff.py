"""The staff's side, recordings, access for everybody: in a real browser against the whole system."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

pytestmark = [pytest.mark.browser, pytest.mark.e2e]


def test_taking_over_answering_and_handing_back(desk: Any) -> None:
    number = desk.newcomer()
    page = desk.page
    desk.say("Ik zoek een Volkswagen Golf, automaat")
    desk.answered()
    expect(page.locator("#who")).to_contain_text(number)
    expect(page.locator("#tags")).to_contain_text("interesse-volkswagen")
    expect(page.locator("#lead")).to_contain_text("Leadscore")
    expect(page.locator("#lines .in")).to_have_count(1)
    expect(page.locator("#lines .out")).to_have_count(1)
    page.locator("#take").click()
    expect(page.locator("#state")).to_contain_text("bij een mens")
    expect(page.locator("#take")).to_be_disabled()
    expect(desk.step("conversation.taken_over")).to_be_visible()
    page.locator("#reply").fill("Klant lijkt serieus")
    page.locator("#private").check()
    page.locator("#answer").get_by_role("button", name="Verstuur").click()
    expect(page.locator("#lines .private", has_text="Klant lijkt serieus")).to_be_visible()
    page.locator("#reply").fill("Met Sanne, ik help je verder")
    page.locator("#answer").get_by_role("button", name="Verstuur").click()
    expect(desk.answered(2)).to_contain_text("Met Sanne")
    expect(desk.answers.filter(has_text="serieus")).to_have_count(0)
    desk.say("Fijn, tot zo")
    suppressed = page.locator(".step.suppressed").last
    expect(suppressed).to_contain_text("NIET VERSTUURD")
    expect(suppressed).to_contain_text("een mens heeft het gesprek")
    page.locator("#back").click()
    expect(page.locator("#state")).to_contain_text("bij de assistent")
    expect(desk.step("conversation.released")).to_be_visible()
    desk.say("Hebben jullie ook een Polo?")
    expect(desk.answered(3)).to_contain_text("Polo")
    page.locator("#known summary").click()
    expect(page.locator("#attributes dt").first).to_be_visible()
    page.locator("#resolve").click()
    expect(page.locator("#state")).to_contain_text("afgerond")


def test_another_conversation_of_the_inbox(desk: Any) -> None:
    first = desk.newcomer()
    desk.say("Zijn jullie open?")
    desk.answered()
    second = desk.newcomer()
    desk.say("Waar zitten jullie?")
    desk.answered()
    expect(desk.page.locator("#who")).to_contain_text(second)
    desk.page.locator(f'#conversations [data-phone="{first}"]').click()
    expect(desk.page.locator("#who")).to_contain_text(first)


def test_recording_sharing_and_replaying(desk: Any, tmp_path: Path) -> None:
    page = desk.page
    desk.newcomer()
    desk.say("Ik zoek een Volkswagen Golf")
    desk.answered()
    desk.dock("recordings")
    page.locator("#savename").fill("Golf gezocht")
    page.get_by_role("button", name="Bewaar dit gesprek").click()
    expect(page.locator("#saved")).to_contain_text("Golf gezocht")
    item = page.locator('#shelf li[data-id="golf-gezocht"]')
    with page.expect_download() as download:
        item.get_by_role("link", name="Bestand").click()
    shared = yaml.safe_load(download.value.path().read_text())
    assert shared["turns"][0] == {
        "who": "customer", "text": "Ik zoek een Volkswagen Golf", "intent": "car_inquiry",
        "slots": {"make": "Volkswagen", "model": "Golf"},
    }  # fmt: skip
    assert shared["turns"][1]["who"] == "bot"
    shared["name"] = "Anders onthouden"
    shared["turns"][0] |= {"intent": "complaint", "slots": {"make": "Opel", "model": "Golf"}}
    shared["turns"][1]["text"] = "Wij hebben niets."
    with page.expect_file_chooser() as chooser:
        page.locator("#import").click()
    file = {"name": "anders.yaml", "mimeType": "application/yaml", "buffer": yaml.safe_dump(shared).encode()}
    chooser.value.set_files(file)
    expect(page.locator("#saved")).to_contain_text("Ingelezen: 1")
    other = page.locator('#shelf li[data-id="anders-onthouden"]')
    other.get_by_role("button", name="Opnieuw afspelen").click()
    expect(page.locator("#replay [data-state=done]")).to_contain_text("1 van 1")
    row = page.locator("#replay li.changed")
    expect(row.locator(".different")).to_have_count(3)
    expect(row).to_contain_text("klacht")
    expect(row.locator("del", has_text="Opel")).to_be_visible()
    expect(row.locator(".diff del").first).to_contain_text("Wij")
    expect(desk.answered()).to_contain_text("Golf")
    other.get_by_role("button", name="Verwijder").click()
    expect(other).to_have_count(0)


def test_a_file_that_is_no_recording(desk: Any) -> None:
    desk.dock("recordings")
    with desk.page.expect_file_chooser() as chooser:
        desk.page.locator("#import").click()
    chooser.value.set_files({"name": "x.yaml", "mimeType": "application/yaml", "buffer": b"just words"})
    expect(desk.page.locator("#saved")).to_contain_text("mapping")
    assert all("422" in trouble for trouble in desk.troubles)  # the browser itself reports refused requests
    desk.troubles.clear()


def test_scripted_conversations_open_here_too(desk: Any) -> None:
    desk.dock("recordings")
    item = desk.page.locator("#shelf li", has_text="Kort script")
    expect(item).to_contain_text("script")
    item.get_by_role("button", name="Bekijk").click()
    expect(desk.page.locator("#replay .script li")).to_contain_text("Ik zoek een Seat Ibiza")
    item.get_by_role("button", name="Opnieuw afspelen").click()
    expect(desk.page.locator("#replay [data-state=done]")).to_contain_text("0 van 1")
    expect(desk.page.locator("#replay li")).to_contain_text("Ibiza")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious(desk: Any, browser: Browser, scheme: str, width: int) -> None:
    desk.newcomer()
    desk.say("Zoek een diesel SUV met automaat onder de 150000 km")
    desk.answered()
    # axe is put into the page, which the page's own content policy would rightly refuse
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True
    )  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{desk.url}/?lang=nl")
    expect(page.locator("#link")).to_have_attribute("data-live", "yes")
    page.locator("#everyone").evaluate("node => node.click()")
    for view in ("phone", "flow", "inbox", "faults", "recordings"):
        page.locator(f'#views [data-to="{view}"]').evaluate("node => node.click()")
        page.wait_for_timeout(300)
        found = Axe().run(page).response["violations"]
        bad = [
            (v["id"], [(n["target"], n["any"][:1]) for n in v["nodes"]][:3])
            for v in found
            if v["impact"] in ("serious", "critical")
        ]
        assert bad == [], (scheme, width, view)
    context.close()


def test_with_the_keyboard_alone(desk: Any) -> None:
    page, keys = desk.page, desk.page.keyboard
    page.locator("body").press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    keys.press("Enter")
    page.locator("#text").focus()
    keys.press("Escape")
    page.locator("#customers [aria-selected=true]").focus()
    keys.press("End")
    last = page.locator("#customers [role=tab]").last
    expect(last).to_have_attribute("aria-selected", "true")
    expect(last).to_be_focused()
    keys.press("Home")
    keys.press("ArrowRight")
    expect(page.locator("#customers [role=tab]").nth(1)).to_be_focused()
    page.locator("#clip").focus()
    keys.press("Enter")
    expect(page.locator("#attach button").first).to_be_focused()
    keys.press("Escape")
    expect(page.locator("#attach")).to_be_hidden()
    expect(page.locator("#clip")).to_be_focused()
    page.locator("#tab-inbox").focus()
    keys.press("ArrowRight")
    expect(page.locator("#panel-faults")).to_be_visible()
    page.locator("#text").focus()
    keys.type("Zijn jullie open?")
    keys.press("Enter")
    expect(desk.mine.last).to_contain_text("Zijn jullie open?")


def test_english_and_the_other_colours(desk: Any) -> None:
    expect(desk.page.locator("html")).to_have_attribute("lang", "nl")
    desk.page.locator("#language").click()
    expect(desk.page.locator("html")).to_have_attribute("lang", "en")
    expect(desk.page.locator("#flow-title")).to_have_text("What happens inside")
    missing = desk.page.locator("[data-t]").evaluate_all("all => all.filter(n => !n.textContent).length")
    assert missing == 0
    before = desk.page.locator("body").evaluate("node => getComputedStyle(node).backgroundColor")
    desk.page.locator("#theme").click()
    after = desk.page.locator("body").evaluate("node => getComputedStyle(node).backgroundColor")
    assert before != after


def test_on_a_small_screen_nothing_sticks_out(desk: Any) -> None:
    page = desk.page
    page.set_viewport_size({"width": 360, "height": 740})
    desk.newcomer()
    desk.say("Ik zoek een Volkswagen Golf")
    desk.answered()
    for view in ("flow", "inbox", "faults", "recordings", "phone"):
        page.locator(f'#views [data-to="{view}"]').click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
    expect(desk.answers).to_be_visible()


def test_the_picture_of_the_readme(system: Any, tmp_path: Path) -> None:
    import subprocess
    import sys

    out = tmp_path / "phone.png"
    command = [
        sys.executable,
        "-m",
        "seldenrijk.sandbox",
        "screenshot",
        str(out),
        "--url",
        system.sandbox_url,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    assert out.read_bytes().startswith(b"\x89PNG")
    assert re.search(r"phone\.png", done.stdout)
