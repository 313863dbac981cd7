"""Days and times in the customer's words, proposals by the rules, the choice among them."""

import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from answer_support import dealer

from seldenrijk.contracts.messages import Language
from seldenrijk.responder.answer.appointments import fitting, from_iso, plan, slots_on, to_iso
from seldenrijk.responder.answer.appointments_choice import agrees, choose
from seldenrijk.responder.answer.appointments_when import When, parse_when
from seldenrijk.responder.answer.hours import opening

ZONE = dealer().zone
NOW = datetime(2026, 11, 25, 10, tzinfo=ZONE)  # a Wednesday
OFFERED = from_iso(("2026-11-27T10:00", "2026-11-27T14:30", "2026-11-28T11:00"), dealer())


def d(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


@pytest.mark.parametrize(
    ("text", "language", "days", "at"),
    [
        ("morgen", "nl", [d(11, 26)], None),
        ("a.s. zaterdag", "nl", [d(11, 28)], None),
        ("za", "nl", [d(11, 28)], None),
        ("overmorgen om half drie", "nl", [d(11, 27)], time(14, 30)),
        ("volgende week dinsdag", "nl", [d(12, 1)], None),
        ("14 mei", "nl", [d(5, 14, 2027)], None),
        ("de 23e", "nl", [d(12, 23)], None),
        ("woensdag", "nl", [d(12, 2)], None),
        ("maandag of dinsdag", "nl", [d(11, 30), d(12, 1)], None),
        ("vanmiddag om kwart over 2", "nl", [d(11, 25)], time(14, 15)),
        ("vrijdagochtend 8 uur", "nl", [d(11, 27)], time(8)),
        ("kan het ook donderdag 16.30?", "nl", [d(11, 26)], time(16, 30)),
        ("23-12 om 14u30", "nl", [d(12, 23)], time(14, 30)),
        ("over twee weken", "nl", [d(12, 9)], None),
        ("in het weekend", "nl", [d(11, 28), d(11, 29)], None),
        ("tien voor half drie", "nl", [], time(14, 20)),
        ("tomorrow at 2pm", "en", [d(11, 26)], time(14)),
        ("next saturday at half past two", "en", [d(11, 28)], time(14, 30)),
        ("on the 28th", "en", [d(11, 28)], None),
        ("Samstag um 10", "de", [d(11, 28)], time(10)),
        ("übermorgen um halb drei", "de", [d(11, 27)], time(14, 30)),
        ("nächste Woche Dienstag", "de", [d(12, 1)], None),
        ("goedemorgen, kan ik langskomen", "nl", [], None),
    ],
)
def test_understands_days_and_times(text: str, language: Language, days: list[date], at: time | None) -> None:
    found = parse_when(text, NOW, language)
    assert (list(found.days), found.at) == (days, at)


@pytest.mark.parametrize(
    ("text", "after", "before"),
    [
        ("na zessen", time(18), None),
        ("rond lunchtijd", time(11, 45), time(13, 30)),
        ("zaterdag tussen 10 en 12", time(10), time(12)),
        ("voor 12 uur", None, time(12)),
        ("vanaf 15 uur", time(15), None),
        ("zaterdagochtend", time(0), time(12)),
        ("eind van de middag", time(15, 30), None),
    ],
)
def test_understands_bounds(text: str, after: time | None, before: time | None) -> None:
    found = parse_when(text, NOW)
    assert (found.after, found.before) == (after, before)


@pytest.mark.parametrize("text", ["gisteren", "14 november", "1 oktober 2026"])
def test_notices_the_past(text: str) -> None:
    assert parse_when(text, NOW).past


@pytest.mark.parametrize(
    ("text", "request_", "refusal"),
    [
        ("zaterdag om 3 uur", "2026-11-28T15:00", None),
        ("zondag om 3 uur", None, "closed_day"),
        ("25 december om 11 uur", None, "closed_day"),
        ("morgen om 20:00", None, "closed_time"),
        ("vandaag om 10:30", None, "soon"),
        ("14 mei om 10 uur 2027", None, "far"),
        ("gisteren om 10 uur", None, "past"),
    ],
)
def test_takes_up_or_refuses_a_wanted_moment(text: str, request_: str | None, refusal: str | None) -> None:
    made = plan(dealer(), "proefrit", NOW, parse_when(text, NOW))
    assert to_iso((made.request,) if made.request else ()) == ((request_,) if request_ else ())
    assert made.refusal == refusal
    if refusal:
        assert 1 <= len(made.proposals) <= 3


WHEN = st.builds(
    When,
    days=st.lists(st.integers(-5, 60).map(lambda n: NOW.date() + timedelta(days=n)), max_size=3).map(tuple),
    at=st.one_of(st.none(), st.times()),
    after=st.one_of(st.none(), st.times()),
    before=st.one_of(st.none(), st.times()),
    past=st.booleans(),
)
KIND = st.sampled_from([None, "proefrit", "bezichtiging", "terugbellen", "werkplaats"])


@given(when=WHEN, kind=KIND, ahead=st.integers(0, 60 * 24 * 400))
def test_whatever_is_proposed_is_possible(when: When, kind: str, ahead: int) -> None:
    now = NOW + timedelta(minutes=ahead)
    made = plan(dealer(), kind, now, when)  # type: ignore[arg-type]
    assert len(made.proposals) <= 3
    assert list(made.proposals) == sorted(set(made.proposals))
    for moment in (*made.proposals, *([made.request] if made.request else [])):
        assert moment > now
        assert fitting(dealer(), kind, now, moment) is None  # type: ignore[arg-type]
        span = opening(dealer(), moment.date())
        assert span is not None
        assert span[0] <= moment < span[1]


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    parse_when(text, NOW)
    choose(text, OFFERED, NOW)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2", "2026-11-27T14:30"),
        ("optie 2 graag", "2026-11-27T14:30"),
        ("die van half drie", "2026-11-27T14:30"),
        ("de eerste", "2026-11-27T10:00"),
        ("de laatste", "2026-11-28T11:00"),
        ("doe maar 3", "2026-11-28T11:00"),
        ("kan het ook zaterdag", "2026-11-28T11:00"),
        ("11 uur", "2026-11-28T11:00"),
        ("half 3", "2026-11-27T14:30"),
        ("twee graag", "2026-11-27T14:30"),
    ],
)
def test_understands_the_choice(text: str, iso: str) -> None:
    found = choose(text, OFFERED, NOW)
    assert found.kind == "picked"
    assert to_iso((found.moment,) if found.moment else ()) == (iso,)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ja", "which"),
        ("vrijdag", "which"),
        ("liever maandag", "other"),
        ("nee geen van deze", "other"),
        ("hoeveel kost hij", "none"),
        ("", "none"),
    ],
)
def test_understands_what_is_no_choice(text: str, kind: str) -> None:
    assert choose(text, OFFERED, NOW).kind == kind


def test_yes_to_one_moment_takes_it() -> None:
    assert choose("ja graag", OFFERED[:1], NOW).moment == OFFERED[0]
    assert agrees("is goed") and not agrees("is goed maar liever maandag")


def test_the_workshop_keeps_its_own_hours() -> None:
    saturday = slots_on(dealer(), "werkplaats", NOW, d(11, 28))
    friday = slots_on(dealer(), "werkplaats", NOW, d(11, 27))
    assert saturday == []
    assert max(slot.time() for slot in friday) <= time(16)
