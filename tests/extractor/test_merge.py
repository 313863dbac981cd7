"""Preferences accumulate: corrections replace, indifference clears, a new search starts afresh."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from seldenrijk.contracts import Slots
from seldenrijk.contracts.plain import plain_of, slots_of
from seldenrijk.extractor.merge import merge


def told(
    *messages: dict[str, Any], cleared: tuple[str, ...] = (), new_search: bool = False
) -> dict[str, Any]:
    known = Slots()
    for n, said in enumerate(messages):
        last = n == len(messages) - 1
        known = merge(known, slots_of(said), cleared if last else (), new_search and last)
    return plain_of(known)


def test_wishes_add_up() -> None:
    assert told(
        {"make": "Volkswagen", "model": "Golf"}, {"transmission": "automaat"}, {"max_price": 15000}
    ) == {
        "make": "Volkswagen",
        "model": "Golf",
        "transmission": "automaat",
        "max_price": 15000,
    }


def test_a_correction_replaces() -> None:
    assert told({"fuel_type": "diesel"}, {"fuel_type": "benzine"}) == {"fuel_type": "benzine"}
    assert told({"max_price": 10000}, {"max_price": 12000}) == {"max_price": 12000}


def test_another_make_drops_the_old_model() -> None:
    assert told({"make": "Volkswagen", "model": "Golf"}, {"make": "Opel"}) == {"make": "Opel"}
    assert told({"make": "Volkswagen", "model": "Golf"}, {"make": "Volkswagen"})["model"] == "Golf"


def test_indifference_clears() -> None:
    assert told({"color": "rood", "max_price": 9000}, {}, cleared=("color",)) == {"max_price": 9000}
    assert told({"min_price": 5000, "max_price": 9000}, {}, cleared=("price",)) == {}


def test_a_new_search_keeps_the_own_car() -> None:
    own = {"own_car": {"make": "Fiat", "model": "Panda"}}
    assert told({"make": "Kia"} | own, {"body_type": "SUV"}, new_search=True) == {"body_type": "SUV"} | own


def test_a_bound_that_contradicts_the_old_one_replaces_it() -> None:
    assert told({"max_price": 10000}, {"min_price": 15000}) == {"min_price": 15000}
    assert told({"min_price": 15000}, {"max_price": 10000}) == {"max_price": 10000}


def test_exclusions_add_up_and_end_when_wanted() -> None:
    assert told({"exclude": {"fuel_type": "diesel"}}, {"exclude": {"color": "wit"}}) == {
        "exclude": {"fuel_type": "diesel", "color": "wit"}
    }
    assert told({"exclude": {"fuel_type": "diesel"}}, {"fuel_type": "diesel"}) == {"fuel_type": "diesel"}


def test_features_add_up_once() -> None:
    assert told({"features": ["trekhaak"]}, {"features": ["airco", "trekhaak"]})["features"] == [
        "trekhaak",
        "airco",
    ]


def test_values_outside_the_scheme_are_dropped_and_the_rest_kept() -> None:
    plain = {"fuel_type": "kernenergie", "make": "Kia", "max_price": "veel", "unknown": 1, "own_car": "ja"}
    assert plain_of(slots_of(plain)) == {"make": "Kia"}


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "make": st.sampled_from(["Kia", "Opel", ["Kia", "Opel"]]),
        "model": st.sampled_from(["Rio", "Corsa"]),
        "fuel_type": st.sampled_from(["diesel", "benzine", ["diesel", "lpg"]]),
        "min_price": st.integers(0, 50_000),
        "max_price": st.integers(0, 50_000),
        "min_year": st.integers(1990, 2026),
        "max_year": st.integers(1990, 2026),
        "features": st.lists(st.sampled_from(["airco", "trekhaak", "isofix"]), max_size=3),
        "exclude": st.fixed_dictionaries({}, optional={"color": st.sampled_from(["wit", "rood"])}),
    },
)


@given(st.lists(VALUES, max_size=6))
def test_what_was_said_last_always_holds(messages: list[dict[str, Any]]) -> None:
    known = Slots()
    for said in messages:
        slots = slots_of(said)
        known = merge(known, slots)
        for field in ("fuel_type", "min_price", "max_price", "min_year", "max_year", "make", "model"):
            value = getattr(slots, field)
            pair = {
                "min_price": "max_price",
                "max_price": "min_price",
                "min_year": "max_year",
                "max_year": "min_year",
            }
            both = getattr(slots, pair.get(field, field)) not in (None, ()) and field in pair
            if value not in (None, ()) and not both:
                assert getattr(known, field) == value
        assert merge(known, Slots()) == known
        assert slots_of(plain_of(known)) == known
