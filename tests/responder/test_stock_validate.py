"""Row by row: good rows become cars, bad ones are reported without their content."""

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from stock_support import row

from seldenrijk.responder.car import Car
from seldenrijk.responder.stock import Loaded, StockError, validate
from seldenrijk.responder.stock.rows import Row


def load(*rows: dict[str, Any], max_bad_share: float = 1.0) -> Loaded:
    return validate([Row(n, cells) for n, cells in enumerate(rows, start=2)], max_bad_share)


def test_a_dutch_row_becomes_a_car() -> None:
    loaded = load(
        {
            "Voorraadnummer": "1001",
            "Merk": "MERCEDES",
            "Model": "C 180 Estate",
            "Datum eerste toelating": "01-05-2018",
            "KM-stand": "123.456 km",
            "Prijs (€)": "€ 18.950,-",
            "Brandstof": "Benzine",
            "Versnelling": "Automaat",
            "Carrosserie": "Stationwagen",
            "Kleur": "Antraciet metallic",
            "Aantal deuren": "5",
            "Zitplaatsen": "5",
            "Uitrusting": "Trekhaak, Climate control",
            "Kenteken": "ab-123-c",
            "Eigenaar": "prive",
            "url": "https://www.seldenrijk.nl/aanbod/c-180",
        }
    )
    assert loaded.problems == ()
    assert loaded.cars == (
        Car(
            id="1001",
            make="Mercedes-Benz",
            model="C-klasse",
            version="C 180 Estate",
            year=2018,
            mileage=123456,
            price=18950,
            fuel_type="benzine",
            transmission="automaat",
            body_type="stationwagon",
            color="grijs",
            seats=5,
            doors=5,
            features=("airco", "trekhaak"),
            license_plate="AB-123-C",
            url="https://www.seldenrijk.nl/aanbod/c-180",
        ),
    )


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"prijs": "op aanvraag"}, "price"),
        ({"prijs": "0"}, "price"),
        ({"prijs": ""}, "price"),
        ({"prijs": "99.999.999"}, "price"),
        ({"kmstand": "weinig"}, "mileage"),
        ({"kmstand": "80.000 miles"}, "mileage"),
        ({"bouwjaar": "2099"}, "year"),
        ({"bouwjaar": "1900"}, "year"),
        ({"brandstof": "waterstof"}, "fuel_type"),
        ({"transmissie": ""}, "transmission"),
        ({"merk": ""}, "make"),
        ({"model": " "}, "model"),
        ({"id": ""}, "id"),
        ({"id": "x" * 65}, "id"),
        ({"status": "zie verkoper Jan 0612345678"}, "status"),
    ],
)
def test_a_bad_row_is_reported_with_place_and_reason_and_skipped(cells: dict[str, str], field: str) -> None:
    loaded = load(row("A1"), row("A2") | cells)
    assert [car.id for car in loaded.cars] == ["A1"]
    (problem,) = loaded.problems
    assert (problem.row, problem.field, problem.skipped) == (3, field, True)
    assert loaded.bad_rows == 1
    assert not any(value.strip() and value in str(problem) for value in cells.values())


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("carrosserie", "tractor", "body_type"),
        ("kleur", "regenboog", "color"),
        ("deuren", "12", "doors"),
        ("zitplaatsen", "veel", "seats"),
        ("maandbedrag", "-3", "monthly"),
    ],
)
def test_a_bad_optional_field_costs_the_field_only(column: str, value: str, field: str) -> None:
    loaded = load(row() | {column: value})
    (problem,) = loaded.problems
    assert (problem.field, problem.skipped) == (field, False)
    assert getattr(loaded.cars[0], field) is None
    assert loaded.bad_rows == 0


def test_zero_means_unknown_for_an_optional_number() -> None:
    loaded = load(row() | {"deuren": "0", "zitplaatsen": 0, "maandbedrag": "0,00"})
    assert loaded.problems == ()
    assert (loaded.cars[0].doors, loaded.cars[0].seats, loaded.cars[0].monthly) == (None, None, None)


def test_the_number_plate_serves_as_id() -> None:
    assert load(row(id="") | {"kenteken": "AB-123-C"}).cars[0].id == "AB123C"


def test_an_electric_car_without_a_gearbox_is_an_automatic() -> None:
    assert load(row(brandstof="Elektrisch", transmissie="")).cars[0].transmission == "automaat"


def test_of_two_rows_with_one_id_the_less_available_counts() -> None:
    loaded = load(row("A1"), row("A1", status="verkocht"), row("B1", status="gereserveerd"), row("B1"))
    assert {car.id: car.status for car in loaded.cars} == {"A1": "sold", "B1": "reserved"}
    assert [(p.row, p.why) for p in loaded.problems] == [
        (3, "is a duplicate of an earlier row"),
        (5, "is a duplicate of an earlier row"),
    ]
    assert loaded.bad_rows == 0


def test_a_sold_row_without_a_price_is_no_fault_and_is_known_as_sold() -> None:
    loaded = load(row("A1"), row("A2", prijs="", status="Verkocht"))
    assert loaded.bad_rows == 0
    assert loaded.sold_ids == {"A2"}


@pytest.mark.parametrize("flag", ["ja", True, "1", "2026-11-20"])
def test_a_yes_in_a_sold_column_sells_the_car(flag: object) -> None:
    assert load(row() | {"verkocht": flag}).cars[0].status == "sold"


@pytest.mark.parametrize("flag", ["nee", False, "0", "", None])
def test_a_no_in_a_sold_column_does_not(flag: object) -> None:
    assert load(row() | {"verkocht": flag}).cars[0].status == "available"


def test_too_many_bad_rows_refuse_the_feed() -> None:
    rows = [row("A1"), row("A2", prijs="x"), row("A3", prijs="x")]
    with pytest.raises(StockError, match="2 of 3 rows are bad") as error:
        load(*rows, max_bad_share=0.5)
    assert error.value.kind == "too-many-bad-rows"
    assert len(load(*rows, max_bad_share=0.7).cars) == 1


def test_half_bad_is_still_accepted() -> None:
    assert len(load(row("A1"), row("A2", prijs="x"), max_bad_share=0.5).cars) == 1


def test_no_rows_or_no_good_row_refuse_the_feed() -> None:
    with pytest.raises(StockError, match="no rows"):
        load()
    with pytest.raises(StockError, match="1 of 1"):
        load(row(prijs="x"), max_bad_share=1.0)


def test_a_dangerous_link_is_left_out() -> None:
    assert load(row() | {"url": "javascript:alert(1)"}).cars[0].url is None


CELLS = st.one_of(
    st.none(), st.text(max_size=40), st.integers(), st.floats(), st.booleans(), st.lists(st.text())
)


@given(
    st.lists(
        st.dictionaries(st.sampled_from([*row(), "kleur", "deuren", "uitrusting", "verkocht"]), CELLS),
        max_size=4,
    )
)
def test_nothing_in_a_cell_breaks_the_reading(rows: list[dict[str, Any]]) -> None:
    loaded = load(row("ok"), *rows)
    assert any(car.id == "ok" for car in loaded.cars)
    assert loaded.bad_rows <= len(rows)
    for problem in loaded.problems:
        assert len(problem.why) < 80
