"""Numbers in digits and words, with their units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldenrijk.responder.answer.claims.numbers import numbers_in
from seldenrijk.responder.answer.wording import Words


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("€ 18.950,-", 18_950, "price"),
        ("€18,950", 18_950, "price"),
        ("18 950 euro", 18_950, "price"),
        ("18.950 €", 18_950, "price"),
        ("18.950,00 euro", 18_950, "price"),
        ("18k", 18_000, "bare"),
        ("18,95k", 18_950, "bare"),
        ("18.9 mille", 18_900, "bare"),
        ("twintig mille", 20_000, "bare"),
        ("achttienduizend", 18_000, "bare"),
        ("negentienduizend negenhonderdvijftig", 19_950, "bare"),
        ("tweeëntwintigduizendvijfhonderd", 22_500, "bare"),
        ("achttien en een half duizend", 18_500, "bare"),
        ("eighteen thousand nine hundred and fifty", 18_950, "bare"),
        ("achtzehntausendneunhundertfünfzig", 18_950, "bare"),
        ("78.000 km", 78_000, "mileage"),
        ("1,2 ton", 120_000, "mileage"),
        ("90dkm", 90_000, "mileage"),
        ("€ 329 per maand", 329, "monthly"),
        ("329 p/m", 329, "monthly"),
        ("maandbedrag van 329", 329, "monthly"),
        ("vijf procent", 5, "percent"),
        ("4,9%", 5, "percent"),
        ("uit 2019", 2019, "year"),
        ("12 maanden", 12, "duration"),
        ("vierentwintig uur", 24, "duration"),
        ("7-zitter", 7, "seats"),
        ("5-deurs", 5, "doors"),
        ("150 pk", 150, "spec"),
    ],
)
def test_reads_a_number_with_its_unit(text: str, value: int, unit: str) -> None:
    (found,) = numbers_in(text)
    assert (found.whole, found.unit) == (value, unit)


@pytest.mark.parametrize("text", ["een auto", "Ein Auto", "the one you like", "geef acht", "tot ziens"])
def test_articles_are_no_numbers(text: str) -> None:
    assert numbers_in(text) == []


@given(value=st.integers(1_000, 999_999), language=st.sampled_from(["nl", "en", "de"]))
def test_reads_back_every_amount_that_it_writes(value: int, language: str) -> None:
    (found,) = numbers_in(Words(language).euro(value))  # type: ignore[arg-type]
    assert (found.whole, found.unit) == (value, "price")


@given(st.text(max_size=200))
def test_never_fails_and_keeps_places(text: str) -> None:
    for number in numbers_in(text):
        assert 0 <= number.start < number.end <= len(text)
