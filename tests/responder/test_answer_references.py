"""What the customer means of the cars that were offered."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from answer_support import GOLF, NIRO, POLO, as_offered

from seldenrijk.contracts import Slots
from seldenrijk.responder.answer.references import resolve

OFFERED = as_offered(GOLF, POLO, NIRO)  # white petrol automatic, black petrol manual, blue hybrid automatic


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("die tweede", ["S103"]),
        ("de tweede graag", ["S103"]),
        ("the second one", ["S103"]),
        ("der zweite", ["S103"]),
        ("nummer 3", ["S106"]),
        ("3", ["S106"]),
        ("die witte", ["S101"]),
        ("witte", ["S101"]),
        ("the black one", ["S103"]),
        ("de goedkoopste", ["S103"]),
        ("de nieuwste", ["S106"]),
        ("die met de minste km", ["S106"]),
        ("de hybride", ["S106"]),
        ("die Polo", ["S103"]),
        ("wat kost de kia", ["S106"]),
        ("die uit 2019", ["S101"]),
        ("nummer 1 en nummer 3", ["S101", "S106"]),
    ],
)
def test_points_at_a_car(text: str, ids: list[str]) -> None:
    found = resolve(text, OFFERED)
    assert [car.id for car in found.cars] == ids
    assert found.explicit


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("en goedkoper?", "cheaper"),
        ("iets nieuwers, nieuwer dus", "newer"),
        ("heb je nog meer?", "more"),
        ("met minder km?", "fewer_km"),
        ("anything cheaper?", "cheaper"),
        ("duurder mag ook", "dearer"),
    ],
)
def test_understands_a_comparison(text: str, wish: str) -> None:
    assert resolve(text, OFFERED).wish == wish


@pytest.mark.parametrize("text", ["is hij er nog?", "heb je een link?", "zit er een trekhaak op"])
def test_a_pronoun_means_all_that_was_offered(text: str) -> None:
    found = resolve(text, OFFERED)
    assert len(found.cars) == 3
    assert not found.explicit


@pytest.mark.parametrize(
    "text", ["automaat graag", "zoek een diesel SUV", "de eerste keer dat ik hier koop", "hallo"]
)
def test_a_wish_is_no_reference(text: str) -> None:
    assert not resolve(text, OFFERED).explicit


def test_nothing_offered_means_nothing() -> None:
    assert resolve("die tweede", ()).cars == ()
    assert resolve("wat kost de Polo", OFFERED, Slots(model=("Polo",))).cars[0].id == "S103"
