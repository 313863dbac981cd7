"""The dealer file: what it states, and clear errors where it is wrong."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from answer_support import DEALER_FILE, NIGHT, WEDNESDAY, dealer

from seldenrijk.responder.answer.dealer import DealerError, load_dealer
from seldenrijk.responder.answer.notices import DealerNotices, handover_notice
from seldenrijk.responder.answer.wording import texts


def test_states_the_facts_and_leaves_the_rest_unset() -> None:
    found = dealer()
    assert found.address == "Zuiderbreedte 22, 3845 MC Harderwijk"
    assert found.hours.saturday is not None
    assert found.hours.sunday is None
    assert found.claims == {}
    assert found.statement("warranty", "nl") is None


def test_facts_to_confirm_are_marked() -> None:
    text = DEALER_FILE.read_text("utf-8")
    for fact in ("Zuiderbreedte 22", "3845 MC", "0341-799554", "info@seldenrijk.nl"):
        assert any(fact in line and "confirm with the dealer" in line for line in text.splitlines())


def test_the_file_is_named_by_the_environment() -> None:
    assert load_dealer(environ={"DEALER_FILE": str(DEALER_FILE)}) == dealer()


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('monday = "09:00-18:00"', 'monday = "18:00-09:00"', "hours.monday"),
        ('monday = "09:00-18:00"', 'monday = "nine"', "hours.monday"),
        ('time_zone = "Europe/Amsterdam"', 'time_zone = "Europe/Harderwijk"', "dealer.time_zone"),
        ('email = "info@seldenrijk.nl"', 'email = "nobody"', "dealer.email"),
        ("slot_minutes = 30", "slot_minutes = 1", "booking.slot_minutes"),
        ("[tone]", "[tune]", "tune"),
        ("[tone]", "[tone", "TOML"),
    ],
)
def test_a_wrong_file_is_told_by_its_place(tmp_path: Path, old: str, new: str, named: str) -> None:
    place = tmp_path / "dealer.toml"
    place.write_text(DEALER_FILE.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(DealerError, match=named) as caught:
        load_dealer(place)
    assert "\n" not in str(caught.value)


def test_a_missing_file_or_name_is_told() -> None:
    with pytest.raises(DealerError, match="DEALER_FILE is not set"):
        load_dealer(environ={})
    with pytest.raises(DealerError, match="No such file"):
        load_dealer("/nowhere/dealer.toml")


def test_the_languages_have_the_same_wordings() -> None:
    keys = {
        lang: {(s, k) for s, table in texts(lang).items() if s != "values" for k in table}
        for lang in ("nl", "en", "de")
    }  # type: ignore[arg-type]
    assert keys["nl"] == keys["en"] == keys["de"]


@pytest.mark.parametrize("reason", [key for key in texts("nl")["notice"] if not key.startswith("back")])
@pytest.mark.parametrize("language", ["nl", "en", "de"])
def test_every_hand_over_is_told_with_who_and_when(reason: str, language: str) -> None:
    inside = handover_notice(reason, dealer(), WEDNESDAY, language, None)  # type: ignore[arg-type]
    outside = handover_notice(reason, dealer(), NIGHT, language, True)  # type: ignore[arg-type]
    assert "09:00" in outside
    assert "09:00" not in inside
    for text in (inside, outside):
        assert any(word in text.lower() for word in ("collega", "colleague", "kolleg"))
        assert "{" not in text and ".." not in text


def test_the_lane_gets_its_fixed_messages() -> None:
    notices = DealerNotices(dealer(), lambda: NIGHT)
    assert "automatische assistent" in notices.handover("complaint", "nl", True, introduce=True)
    assert "automatische assistent" not in notices.handover("complaint", "nl", True, introduce=False)
    assert "START" in notices.opted_out("nl", None)
    assert "again" in notices.opted_in("en", None)
