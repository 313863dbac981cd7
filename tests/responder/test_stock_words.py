"""Numbers, years and words of real feeds."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldenrijk.responder.stock.words import fold, squash, text_of, whole_number, year_of


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("€ 18.950,-", 18950),
        ("€18.950,00", 18950),
        ("18,950", 18950),
        ("18,950.00", 18950),
        ("18950.00", 18950),
        ("18950,5", 18950),
        ("EUR 18 950", 18950),
        ("18.950", 18950),
        ("€ 950,-", 950),
        ("1.234 km", 1234),
        ("123.456km", 123456),
        ("1.234.567", 1234567),
        ("0", 0),
        ("12'500", 12500),
        ("€ 18.950,- incl. btw", 18950),
        (18950, 18950),
        (18950.0, 18950),
        (Decimal("18950.40"), 18950),
        ("€\xa018.950", 18950),
    ],
)
def test_a_number_is_read_in_every_notation(written: object, read: int) -> None:
    assert whole_number(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "",
        None,
        "prijs op aanvraag",
        "n.v.t.",
        "-5",
        "€ -500",
        "van 19.950 voor 18.950",
        "80.000 miles",
        "50.000 mi",
        True,
        float("nan"),
        float("inf"),
        "--",
        [],
    ],
)
def test_what_is_no_single_number_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"^(is|holds) "):
        whole_number(written)


@given(st.integers(0, 2_000_000), st.sampled_from(["{:,}", "{}", "{:,}.00", "€ {:,} "]), st.booleans())
def test_every_amount_survives_its_notation(amount: int, style: str, dutch: bool) -> None:
    text = style.format(amount)
    if dutch:
        text = text.translate(str.maketrans(",.", ".,"))
    assert whole_number(text) == amount


@given(st.text())
def test_any_text_is_a_number_or_a_value_error(text: str) -> None:
    for read in (whole_number, year_of):
        try:
            assert read(text) >= 0
        except ValueError as error:
            assert text == "" or len(text) < 4 or text not in str(error)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2018", 2018),
        (2018, 2018),
        (2018.0, 2018),
        ("01-05-2018", 2018),
        ("2018-05-01", 2018),
        ("2018-05-01T00:00:00Z", 2018),
        ("05/2018", 2018),
        ("mei 2018", 2018),
        ("20180501", 2018),
        ("01052018", 2018),
        (date(2018, 5, 1), 2018),
        ("1998", 1998),
    ],
)
def test_a_year_is_read_from_a_year_or_a_date(written: object, read: int) -> None:
    assert year_of(written) == read


@pytest.mark.parametrize("written", ["", "18", "onbekend", "2017 / 2018", "12345", None])
def test_what_is_no_single_year_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="year"):
        year_of(written)


def test_folding_ignores_case_accents_and_punctuation() -> None:
    assert fold("Škoda") == fold("SKODA") == "skoda"
    assert fold("C-Klasse") == fold("c klasse")
    assert squash("MX-5") == squash("mx 5") == squash("MX5")
    assert squash("Citroën") == squash("CITROEN")
    assert squash("Ka+") != squash("Ka")


@pytest.mark.parametrize("empty", [None, "", "  ", "n.v.t.", "NULL", "-", "?", True, ["a"], {"a": 1}])
def test_placeholders_are_no_text(empty: object) -> None:
    assert text_of(empty) == ""
