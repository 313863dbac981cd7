"""The judgement itself: it must see what is wrong, and nothing else."""

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from evals.calendar import Calendar, fill, read_dealer
from evals.judge import judge
from evals.play import Outcome, Played, mark
from evals.report import markdown
from evals.run import DEALER, Run, Verdict
from evals.script import Script, ScriptError, load

from evals import text as reading

STOCK = reading.read_stock(Path(str(files("seldenrijk.responder") / "data" / "stock.csv")))
CALENDAR = Calendar(read_dealer(DEALER), datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
GOLF = next(car for car in STOCK if car.id == "SA1001")
GONE = next(car for car in STOCK if car.status == "sold")
HELLO = "Hallo! Ik ben de automatische assistent van Seldenrijk Auto."


def offer(car: reading.Car, **other: Any) -> str:
    values = {name: other.get(name, getattr(car, name)) for name in ("year", "mileage", "price")}
    return (
        f"1. {car.make} {car.model} ({values['year']}), {values['mileage']} km, € {values['price']} {car.url}"
    )


def kinds(reply: str | None, expect: dict[str, Any], said: str = "Ik zoek een Golf", **more: Any) -> set[str]:
    turn = {"customer": said, "expect": expect}
    script = Script.model_validate({"name": "one", "about": "one turn", "turns": [turn]})
    outcome = Outcome(script.turns[0], said=[said], first=more.pop("first", False), **more)
    if reply is not None:
        outcome.replies, outcome.by = [reply], ["bot"]
    played = Played(script, "whatsapp:+31600000000", [outcome])
    return {fault.kind for fault in judge(played, STOCK, CALENDAR)}


def test_a_true_offer_holds() -> None:
    assert (
        kinds(f"{HELLO}\n{offer(GOLF)}", {"cars": {"model": ["Golf"]}, "language": "nl"}, first=True) == set()
    )


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (offer(GOLF, price=GOLF.price - 1000), "untrue"),
        (offer(GOLF, year=2031), "untrue"),
        (offer(GOLF, mileage=17), "untrue"),
        (offer(GONE), "sold"),
        ("Deze kost € 1.234.", "invented"),
        ("Kijk op https://www.seldenrijk.nl/aanbod/ferrari", "invented"),
        ("Wat? Hoe? Waar?", "questions"),
        ("\n".join(["Een regel."] * 9), "length"),
        ("Hij kost € 15.950 🙂", "emoji"),
        ("Hallo {naam}, dat kan.", "blemish"),
    ],
)
def test_what_is_never_right_is_seen(reply: str, kind: str) -> None:
    assert kind in kinds(reply, {})


@pytest.mark.parametrize(
    ("expect", "kind"),
    [
        ({"must_mention": ["collega"]}, "missing"),
        ({"must_mention": [["collega", "/mede.?werker/"]]}, "missing"),
        ({"must_not_mention": ["/golf/"]}, "unwanted"),
        ({"cars": "none"}, "cars"),
        ({"cars": {"ids": ["SA1008"]}}, "cars"),
        ({"cars": {"max_price": 10_000}}, "cars"),
        ({"cars": {"count": 2}}, "cars"),
        ({"language": "de"}, "language"),
        ({"formal": True}, "address"),
        ({"silence": ["taken_over"]}, "replies"),
        ({"replies": 2}, "replies"),
        ({"handover": ["complaint"]}, "handover"),
        ({"slots": {"make": ["Audi"]}}, "slots"),
        ({"appointment_request": ["proefrit"]}, "appointment"),
    ],
)
def test_an_expectation_that_fails_is_seen(expect: dict[str, Any], kind: str) -> None:
    assert kind in kinds(f"Deze hebben we voor je:\n{offer(GOLF)}", expect)


def test_no_reply_and_no_disclosure_are_seen() -> None:
    assert "replies" in kinds(None, {})
    assert "unanswered" in kinds(None, {}, settled=False)
    assert "disclosure" in kinds("Hoi!", {}, first=True)


def test_understanding_and_requests_are_compared() -> None:
    extracted = [
        {"understanding": {"intent": "car_inquiry"}, "preferences": {"make": ["Audi"], "max_price": None}}
    ]
    composed = [{"appointment_request": "Proefrit op ma 23-11-2026 om 10:00", "purpose": "answer"}]
    right = {
        "slots": {"make": ["Audi"], "max_price": None},
        "intent": "car_inquiry",
        "appointment_request": ["10:00"],
    }
    wrong = {"slots": {"max_price": 5}, "intent": ["complaint"], "appointment_request": "none"}
    assert kinds("Dat kan.", right, extracted=extracted, composed=composed) == set()
    assert kinds("Dat kan.", wrong, extracted=extracted, composed=composed) == {
        "slots",
        "intent",
        "appointment",
    }


def test_days_are_the_dealers() -> None:
    values = CALENDAR.values()
    assert values["workday_date"] == "vrijdag 27 november"
    assert values["sunday_opens"] == "gesloten"
    assert values["holiday_short"] == "25 december"
    assert CALENDAR.open_now
    assert fill("om {saturday_opens} {onbekend}", values) == "om 09:00 {onbekend}"


def test_all_scripts_can_be_read_and_ask_for_something() -> None:
    scripts = load()
    assert len(scripts) >= 65
    assert all(any(step.customer for step in script.turns) for script in scripts)


def test_a_script_with_a_mistake_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "conversations:\n  - {name: x, about: too few, turns: [{customers: hoi}]}\n"
    )
    with pytest.raises(ScriptError, match=r"a\.yaml: x: turns"):
        load(tmp_path)


def test_the_stock_of_a_run_changes_at_once(tmp_path: Path) -> None:
    stock = tmp_path / "stock.csv"
    stock.write_text("id,price,status\nA,1,available\nB,2,available\n")
    mark(stock, {"B": "sold"})
    assert stock.read_text() == "id,price,status\nA,1,available\nB,2,sold\n"


def test_the_report_shows_what_was_said_and_what_is_wrong() -> None:
    script = Script.model_validate({"name": "one", "about": "one turn", "turns": [{"customer": "*hoi*"}]})
    outcome = Outcome(script.turns[0], said=["*hoi*"], replies=["Dag!"], by=["bot"], wait=1.0)
    played = Played(script, "whatsapp:+31600000000", [outcome], ["a colleague did not answer"])
    run = Run("builtin", datetime.now(UTC), [Verdict(played, judge(played, STOCK, CALENDAR))])
    shown = markdown(run)
    assert "0 of 1 conversations hold" in shown
    assert "> Dag!" in shown and r"\*hoi\*" in shown and "a colleague did not answer" in shown
