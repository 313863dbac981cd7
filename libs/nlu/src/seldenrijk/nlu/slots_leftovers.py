"""What found no place, what the customer stopped caring about, and whether a new search starts."""

import re

from seldenrijk.nlu.mentions import begins_sentence
from seldenrijk.nlu.reading import Reading
from seldenrijk.nlu.slots_cars import Cars
from seldenrijk.nlu.slots_numbers import Numbers
from seldenrijk.nlu.spelling import ordinary_words
from seldenrijk.nlu.terms import GERMAN
from seldenrijk.nlu.text import word_set

_NO_MATTER = (
    r"(?:maakt?|maken|doet|doen|boeit|boeien|interesseert|interesseren) (?:me |mij |ons |voor mij |"
    r"voor ons |er |verder |echt |eigenlijk |allemaal |dan |ook |in principe |helemaal )*(?:niet|"
    r"nie|niks)(?: zo(?: veel|veel)?)?(?: uit| toe)?"
    r"|(?:is|zijn) (?:voor mij |voor ons |me |mij )?(?:om het even|egal|niet (?:zo )?(?:belangrijk|"
    r"van belang|relevant)|onbelangrijk|geen probleem|bijzaak)|om het even|hoeft niet(?: per ?se)?|"
    r"speelt geen rol|doesn'?t matter|don'?t care(?: about)?|ist (?:mir |uns )?egal|"
    r"spielt keine rolle|not important"
)
_NOUNS = {
    ("color",): r"kleur|kleuren|kleurtje|color|colour|farbe",
    ("make", "model"): r"merk|merken|make|brand|marke|automerk",
    ("model",): r"model|type|modell",
    ("min_price", "max_price"): r"prijs|budget|geld|price|preis|kosten",
    ("fuel_type",): r"brandstof|brandstofsoort|brandstoftype|fuel|kraftstoff|motor",
    (
        "transmission",
    ): r"bak|versnellingsbak|transmissie|versnelling|schakeling|gearbox|transmission|getriebe",
    ("body_type",): r"carrosserie|model auto|soort auto|body|vorm|uitvoering",
    ("min_year", "max_year"): r"bouwjaar|jaartal|leeftijd|bj|year|age|baujahr",
    (
        "max_mileage",
    ): r"km'?s?|kms|km-?stand|km stand|kilometer\w*|kilometerstand|tellerstand|mileage|laufleistung",
    ("doors",): r"deuren|aantal deuren|doors",
    ("min_seats",): r"zitplaatsen|stoelen|aantal zitplaatsen|seats",
}
_CLEARED = {
    fields: re.compile(
        rf"\b(?:{nouns})\b(?:(?: of| en|,|/) [a-z]+)? (?:{_NO_MATTER})|"
        rf"(?:{_NO_MATTER})[^.,!?]{{0,22}}\b(?:{nouns})\b|\b(?:welke?|"
        rf"wat voor) (?:{nouns})\b[^.,!?]{{0,20}}(?:{_NO_MATTER})"
    )
    for fields, nouns in _NOUNS.items()
}
_ANY = re.compile(rf"{_NO_MATTER}")
_NEW = re.compile(
    r"\b(?:(?:toch )?iets (?:heel|totaal|compleet|helemaal) anders|opnieuw (?:beginnen|zoeken)|"
    r"begin(?:nen)? (?:maar )?(?:weer )?opnieuw|nieuwe zoekopdracht|andere zoekopdracht|"
    r"helemaal opnieuw|van voren af aan|vergeet (?:dat|het vorige|alles|de vorige|die|mijn)|"
    r"nu (?:zoek|wil) ik (?:voor|iets anders)|ik zoek nu (?:voor|iets anders|een andere)|"
    r"zoek nu ook (?:voor|een)|(?:ook|nu) (?:nog )?(?:een|iets) (?:auto )?voor (?:mijn|mn|m'n|de|"
    r"ons|onze) (?:vrouw|man|zoon|dochter|moeder|vader|vriend\w*|zaak|kind\w*|broer|zus|ouders)|"
    r"(?:me|mij|ons) bedacht\W{1,4}(?:ik|we) (?:zoek|zoeken|wil|willen)|"
    r"heel andere vraag|andere auto dan|something (?:completely|entirely|totally) different|"
    r"start over|new search|forget (?:that|it|about)|etwas (?:ganz )?anderes|von vorne)\b"
)
_NAMES = word_set(
    "nederland belgie duitsland utrecht amsterdam amersfoort rotterdam zwolle harderwijk apeldoorn "
    "ermelo nijkerk putten seldenrijk whatsapp google marktplaats autoscout anwb rdw nap bovag apk "
    "btw bpm bkr nijkerk facebook instagram ik u je euro hallo hoi goedemorgen groet groeten gr "
    "mvg met vriendelijke"
)
_CARISH = re.compile(
    r"\b(?:een|de|die|n|'n|zoek|gezocht|merk|model|type|auto|occasion|the|a|ein\w*|der|die|das|"
    r"mijn|mn)(?: [a-z]+e)? $"
)


def leftovers(reading: Reading, cars: Cars, numbers: Numbers) -> tuple[str, ...]:
    """Return words that matter and found no place: numbers, a second own car, a capital that may be a car."""
    found = [*numbers.unplaced, *cars.second]
    named = {i for m in [*reading.cars, *reading.terms] for i in range(m.first, m.last + 1)}
    if not reading.text.raw.isupper() and len(GERMAN & set(reading.text.words)) < 2:
        found += [
            reading.text.raw[t.start : t.end]
            for i, t in enumerate(reading.text.tokens)
            if i not in named and _may_be_car(reading, i)
        ]
    return tuple(dict.fromkeys(found))[:10]


def _may_be_car(reading: Reading, at: int) -> bool:
    token = reading.text.tokens[at]
    if not token.capital or len(token.text) < 3 or begins_sentence(reading.text, at):
        return False
    if token.text in _NAMES or token.text in ordinary_words():
        return False
    return bool(_CARISH.search(reading.before(at, 30)))


def cleared_fields(reading: Reading, cars: Cars) -> tuple[str, ...]:
    """Return the fields that the customer no longer cares about, in the order of the scheme."""
    folded = reading.text.folded
    found: list[str] = []
    if _ANY.search(folded):
        found = [name for fields, pattern in _CLEARED.items() if pattern.search(folded) for name in fields]
    state = reading.background.state
    found += [m.field for m in cars.free if _is_known(state.get(m.field), m.value)]
    return tuple(dict.fromkeys(found))


def _is_known(known: object, value: str) -> bool:
    return value in known if isinstance(known, list) else known == value


def is_new_search(reading: Reading) -> bool:
    """Tell whether the customer starts afresh, so that what was known before no longer counts."""
    return bool(_NEW.search(reading.text.folded))
