"""From a feed's words to the canonical vocabulary."""

from collections.abc import Callable
from importlib.resources import files

import pytest

from seldenrijk.responder.stock import vocabulary as v
from seldenrijk.responder.stock.catalog import canonical_make, classes, owners, peers, split_model
from seldenrijk.responder.stock.columns import field_of
from seldenrijk.responder.stock.features import FEATURES, read_features, read_flag
from seldenrijk.responder.stock.words import squash

WORDS: list[tuple[Callable[[str], str], str, str]] = [
    (v.fuel, "Benzine", "benzine"),
    (v.fuel, "PETROL", "benzine"),
    (v.fuel, "B", "benzine"),
    (v.fuel, "Diesel", "diesel"),
    (v.fuel, "Elektriciteit", "elektrisch"),
    (v.fuel, "EV", "elektrisch"),
    (v.fuel, "Electric", "elektrisch"),
    (v.fuel, "Hybride", "hybride"),
    (v.fuel, "Benzine/Elektrisch", "hybride"),
    (v.fuel, "Elektriciteit en benzine", "hybride"),
    (v.fuel, "Hybride benzine", "hybride"),
    (v.fuel, "Plug-in Hybride", "plug-in hybride"),
    (v.fuel, "PHEV", "plug-in hybride"),
    (v.fuel, "Plug-in hybrid (benzine)", "plug-in hybride"),
    (v.fuel, "LPG", "lpg"),
    (v.fuel, "Benzine / LPG", "lpg"),
    (v.gearbox, "Automaat", "automaat"),
    (v.gearbox, "automatic", "automaat"),
    (v.gearbox, "Semi-automaat", "automaat"),
    (v.gearbox, "DSG", "automaat"),
    (v.gearbox, "A", "automaat"),
    (v.gearbox, "7-traps automatisch", "automaat"),
    (v.gearbox, "Handgeschakeld", "handgeschakeld"),
    (v.gearbox, "6 versnellingen handgeschakeld", "handgeschakeld"),
    (v.gearbox, "Manual", "handgeschakeld"),
    (v.gearbox, "H", "handgeschakeld"),
    (v.gearbox, "Handbak", "handgeschakeld"),
    (v.body, "Stationwagen", "stationwagon"),
    (v.body, "Break", "stationwagon"),
    (v.body, "Estate", "stationwagon"),
    (v.body, "SUV / Terreinwagen", "SUV"),
    (v.body, "Hatchback (5-deurs)", "hatchback"),
    (v.body, "Cabriolet", "cabrio"),
    (v.body, "Coupe", "coupé"),
    (v.body, "MPV", "MPV"),
    (v.body, "Personenbus", "MPV"),
    (v.body, "Bedrijfswagen", "bestelwagen"),
    (v.body, "Pick-up", "pick-up"),
    (v.body, "Sedan", "sedan"),
    (v.color, "Donkerblauw metallic", "blauw"),
    (v.color, "ANTRACIET", "grijs"),
    (v.color, "zilvergrijs", "grijs"),
    (v.color, "Wit met zwart dak", "wit"),
    (v.color, "Black", "zwart"),
    (v.color, "Bordeauxrood", "rood"),
    (v.color, "Blauwgroen", "groen"),
    (v.color, "crème", "beige"),
    (v.status, "", "available"),
    (v.status, "Op voorraad", "available"),
    (v.status, "Verkocht", "sold"),
    (v.status, "SOLD", "sold"),
    (v.status, "Gereserveerd", "reserved"),
    (v.status, "onder optie", "reserved"),
    (v.status, "niet beschikbaar", "withdrawn"),
    (v.status, "niet meer op voorraad", "withdrawn"),
]


@pytest.mark.parametrize(("read", "written", "canonical"), WORDS)
def test_words_become_canonical(read: Callable[[str], str], written: str, canonical: str) -> None:
    assert read(written) == canonical


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (v.fuel, "Waterstof"),
        (v.fuel, "CNG (aardgas)"),
        (v.fuel, "?x"),
        (v.gearbox, "onbekend"),
        (v.body, "tractor"),
        (v.color, "regenboog"),
        (v.status, "zie opmerking"),
    ],
)
def test_an_unknown_word_is_refused_and_not_repeated(read: Callable[[str], str], written: str) -> None:
    with pytest.raises(ValueError, match="is not a known") as error:
        read(written)
    assert written not in str(error.value)


@pytest.mark.parametrize(
    ("make", "model", "expected"),
    [
        ("Volkswagen", "Golf VII 1.4 TSI", ("Golf", "VII 1.4 TSI")),
        ("Volkswagen", "GOLF", ("Golf", "")),
        ("Volkswagen", "Volkswagen Golf Variant", ("Golf", "Variant")),
        ("Volkswagen", "e-Golf", ("e-Golf", "")),
        ("Volkswagen", "ID3", ("ID.3", "")),
        ("Citroën", "C4 Cactus 1.2", ("C4 Cactus", "1.2")),
        ("Fiat", "500X", ("500X", "")),
        ("Fiat", "500 Lounge", ("500", "Lounge")),
        ("BMW", "320d Touring", ("3-serie", "320d Touring")),
        ("BMW", "3 Serie", ("3-serie", "")),
        ("BMW", "3-Serie Touring", ("3-serie", "Touring")),
        ("BMW", "X3 xDrive20d", ("X3", "xDrive20d")),
        ("Mercedes-Benz", "C-Klasse", ("C-klasse", "")),
        ("Mercedes-Benz", "A 180 AMG", ("A-klasse", "A 180 AMG")),
        ("Mercedes-Benz", "GLC 220 d", ("GLC", "220 d")),
        ("Mercedes-Benz", "CLA 180", ("CLA", "180")),
        ("Mazda", "MX5", ("MX-5", "")),
        ("Toyota", "Aygo X", ("Aygo X", "")),
        ("Tesla", "MODEL 3 Long Range", ("Model 3", "Long Range")),
        ("Renault", "Megane Estate", ("Mégane", "Estate")),
        ("Zastava", "Yugo 45", ("Yugo 45", "")),
    ],
)
def test_the_model_is_split_from_its_version(make: str, model: str, expected: tuple[str, str]) -> None:
    assert split_model(make, model) == expected


@pytest.mark.parametrize(
    ("written", "make"),
    [
        ("vw", "Volkswagen"),
        ("SKODA", "Škoda"),
        ("Citroen", "Citroën"),
        ("mercedes", "Mercedes-Benz"),
        ("MINI", "Mini"),
        ("SEAT", "Seat"),
        ("Kia", "Kia"),
        ("Zastava", "Zastava"),
    ],
)
def test_makes_have_one_spelling(written: str, make: str) -> None:
    assert canonical_make(written) == make


def test_the_market_file_is_consistent() -> None:
    assert owners("golf") == {"Volkswagen"}
    assert owners("Yugo") == frozenset()
    assert (
        classes("Volkswagen", "Golf")
        & classes("Ford", "Focus")
        & classes("Opel", "Astra")
        & classes("Seat", "Leon")
    )
    assert "volvo" in peers("Lexus")
    assert not peers("Zastava")


def test_every_model_of_a_class_is_a_known_model() -> None:
    from seldenrijk.responder.stock import catalog

    tables = catalog._tables()
    known = {f"{make} {model}" for make, models in tables["models"].items() for model in models}
    assert {car for cars in tables["classes"].values() for car in cars} <= known
    assert set(tables["models"]) == set(tables["makes"])
    assert {make for group in tables["peers"].values() for make in group} <= set(tables["makes"])


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Merk", "make"),
        ("Prijs (€)", "price"),
        ("KM-stand", "mileage"),
        ("Kilometerstand [km]", "mileage"),
        ("Datum eerste toelating", "year"),
        ("brandstof_type", "fuel_type"),
        ("Carrosserie", "body_type"),
        ("versnellingsbak", "transmission"),
        ("Aantal deuren", "doors"),
        ("Uitrusting", "features"),
        ("trekhaak", "feature:trekhaak"),
        ("Apple CarPlay", "feature:apple carplay"),
        ("eigenaar", None),
        ("", None),
    ],
)
def test_columns_are_known_by_their_aliases(column: str, field: str | None) -> None:
    assert field_of(column) == field


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Trekhaak; Navigatiesysteem; Climate control", {"trekhaak", "navigatie", "airco"}),
        (
            ["Adaptive cruise control", "PDC achter"],
            {"adaptive cruise control", "cruise control", "parkeersensoren"},
        ),
        ("Cruise control, Lederen bekleding|360 camera", {"cruise control", "leder", "achteruitrijcamera"}),
        ("Lederen stuurwiel, kunstleder, deels leder", set()),
        ("geen trekhaak, voorbereid op trekhaak; trekhaak optioneel; isofix", {"isofix"}),
        (
            "Quattro\nPanoramisch dak, panoramadak\r\nstoelverwarming voor",
            {"4x4", "panoramadak", "stoelverwarming"},
        ),
        ("Apple CarPlay / Android Auto", {"apple carplay"}),
        ("", set()),
        (None, set()),
        ([{"naam": "trekhaak"}, 3, None], set()),
        ("lichtmetalen velgen, elektrische ramen", set()),
    ],
)
def test_features_of_the_guide_are_found(written: object, found: set[str]) -> None:
    assert set(read_features(written)) == found


def test_every_feature_is_found_by_its_own_name_and_by_a_yes() -> None:
    for name in FEATURES:
        assert name in read_features(name)
        assert name in read_flag(name, "ja")
        assert read_flag(name, True)
        assert not read_flag(name, "nee")
        assert not read_flag(name, "")


def test_the_stock_spells_models_as_the_understanding_of_messages_does() -> None:
    table = files("seldenrijk.nlu").joinpath("data", "vocabulary", "cars.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    pairs = [(make, model) for make, model, *_ in rows[1:] if model != "-"]
    assert len(pairs) > 500
    apart = [(make, model) for make, model in pairs if squash(split_model(make, model)[0]) != squash(model)]
    assert apart == []
    assert [make for make, _ in pairs if canonical_make(make) != make] == []
