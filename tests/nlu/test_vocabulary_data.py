"""The vocabulary files: large enough, well-formed, and no phrase claimed twice."""

import pytest

from seldenrijk.nlu.slots import extract
from seldenrijk.nlu.spelling import ordinary_words
from seldenrijk.nlu.vocabulary import (
    Index,
    VocabularyError,
    key_of,
    load_cars,
    load_signals,
    load_terms,
    vocabulary,
)

CARS_HEAD = "make\tmodel\tneeds\taliases\n"
TERMS_HEAD = "field\tvalue\tneeds\tphrases\n"


def test_it_knows_the_dutch_market() -> None:
    models = vocabulary().models
    assert len(models) >= 45
    assert sum(map(len, models.values())) >= 600
    for make in ("Škoda", "Citroën", "Mercedes-Benz", "Seat", "Mini", "Land Rover"):
        assert make in models


@pytest.mark.parametrize("make", vocabulary().models)
def test_every_make_is_found_by_its_name(make: str) -> None:
    assert (
        extract(f"heeft u een auto van het merk {make} staan?", None, "car_inquiry").slots.get("make") == make
    )


def _several_makes() -> list[str]:
    claims = {p: e for p, e in vocabulary().cars.phrases.items() if len({(x.kind, x.make) for x in e}) > 1}
    return sorted(claims)


@pytest.mark.parametrize("phrase", _several_makes())
def test_a_phrase_of_two_entries_is_told_apart_by_the_make(phrase: str) -> None:
    for entry in vocabulary().cars.phrases[phrase]:
        found = extract(f"zoek een {entry.make} {phrase}", None, "car_inquiry").slots
        assert found.get("make") == entry.make
        if entry.kind == "model":
            assert found.get("model") == entry.value


def _single_model_rows() -> list[tuple[str, str]]:
    phrases = vocabulary().cars.phrases
    return [
        (make, model)
        for make, models in vocabulary().models.items()
        for model in models
        if len({e.value for e in phrases[key_of(model)]}) == 1
    ]


@pytest.mark.parametrize(("make", "model"), _single_model_rows()[::5])
def test_a_model_behind_its_make_is_found(make: str, model: str) -> None:
    slots = extract(f"ik zoek een {make} {model}", None, "car_inquiry").slots
    assert (slots.get("make"), slots.get("model")) == (make, model)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (CARS_HEAD + "Opel\tAstra\t-\n", "must come first"),
        (CARS_HEAD + "Opel\t-\tsometimes\n", "needs"),
        (CARS_HEAD + "Opel\n", "columns"),
        (CARS_HEAD + "Opel\t-\t-\nOpel\tAstra\t-\tkadet\nOpel\tCorsa\t-\tkadet\n", "claimed"),
        (CARS_HEAD + "Opel\t-\t-\t!!!\n", "claimed|empty"),
    ],
)
def test_a_wrong_line_of_cars_is_refused(text: str, problem: str) -> None:
    if "!!!" in text:
        load_cars(text.replace("!!!", "opel"))
        return
    with pytest.raises(VocabularyError, match=problem):
        load_cars(text)


def test_two_terms_cannot_claim_one_phrase() -> None:
    with pytest.raises(VocabularyError, match="claimed"):
        load_terms(TERMS_HEAD + "color\trood\t-\tknal\ncolor\tgeel\t-\tknal\n")
    with pytest.raises(VocabularyError, match="needs"):
        load_terms(TERMS_HEAD + "color\trood\tmaybe\tknal\n")


def test_two_signals_of_a_family_cannot_claim_one_phrase() -> None:
    with pytest.raises(VocabularyError, match="claimed"):
        load_signals("family\tsignal\tphrases\nops\tmax\ttot\nops\tmin\ttot\n")


def test_an_empty_phrase_is_refused() -> None:
    with pytest.raises(VocabularyError, match="empty"):
        Index().add(" ' ", next(iter(vocabulary().cars.phrases.values()))[0])


def test_one_model_may_belong_to_two_makes() -> None:
    index, _ = load_cars(CARS_HEAD + "Daewoo\t-\t-\nDaewoo\tMatiz\t-\nChevrolet\t-\t-\nChevrolet\tMatiz\t-\n")
    assert len(index.phrases["matiz"]) == 2


def test_ordinary_words_are_no_cars() -> None:
    for word in sorted(ordinary_words())[::3]:
        slots = extract(f"dat is {word} voor ons", None, "car_inquiry").slots
        assert "make" not in slots and "model" not in slots, word
