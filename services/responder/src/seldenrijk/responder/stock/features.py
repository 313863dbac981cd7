"""The features of the labelling guide, found in a feed's equipment lists and yes/no columns."""

import re
from collections.abc import Iterable
from functools import lru_cache

from seldenrijk.responder.stock.words import fold, text_of

FEATURES: dict[str, str] = {
    "trekhaak": r"trekhaak|tow ?bar|\bahk\b|anhangerkupplung",
    "navigatie": r"navi\b|navigatie|navigation|\bgps\b",
    "airco": r"airco|climate|klimaat|\bclima|\becc\b|airconditioning|air conditioning|klimaautomatik",
    "cruise control": r"cruise ?control|tempomat",
    "adaptive cruise control": r"(adapti\w+|actieve|active) cruise|\bacc\b|distronic|afstandsradar",
    "panoramadak": r"panorama|glazen dak|\bpano\b",
    "stoelverwarming": r"stoelverwarming|verwarmde (voor)?stoelen|heated (front )?seats|sitzheizung",
    "parkeersensoren": r"parkeersensor|parkeerhulp|park distance|\bpdc\b|parking sensor|einparkhilfe",
    "achteruitrijcamera": r"achteruitrij\w*camera|camera achter|rear view camera|reversing camera"
    r"|backup camera|360\s?(graden )?camera|^camera$|ruckfahrkamera|parkeercamera",
    "leder": r"^(vol ?)?(leder|leer|leather)$|^(leder|leer|leren|lederen|leather)\s?(interieur|bekleding"
    r"|seats|upholstery)$|^lederausstattung$|^interieur (leder|leer)$",
    "apple carplay": r"car ?play",
    "4x4": r"4 ?x ?4|\bawd\b|\b4wd\b|quattro|allrad|4motion|xdrive|4matic"
    r"|vierwielaandrijving|all wheel drive",
    "isofix": r"isofix",
    "dakrails": r"dakrail|roof rails?|dachreling",
}
_FINDERS = tuple((name, re.compile(pattern)) for name, pattern in sorted(FEATURES.items()))
_NOT_THERE = re.compile(
    r"\b(geen|zonder|niet|nee|no|not|without|ohne|kein|optioneel|optional|optie|mogelijk|meerprijs|voorbereid"
    r"|voorbereiding|prepared|preparation|ready|verwijderd|defect)\b"
)
_SEPARATORS = re.compile(r"[;,|\n\r\t•]+|\s/\s|<br\s*/?>", re.IGNORECASE)
_YES = {"ja", "j", "yes", "y", "true", "1", "x", "waar", "aanwezig", "standaard"}


def is_feature(name: str) -> bool:
    """Whether a word stands in the guide's list."""
    return name in FEATURES


def read_features(value: object) -> tuple[str, ...]:
    """Give the guide's features found in a list or a separated text, sorted; anything else is left out.

    What the text says is absent, optional or merely prepared for is not a feature of the car.
    """
    if isinstance(value, (list, tuple)):
        parts: Iterable[str] = (text_of(p) for p in value)
    else:
        parts = _SEPARATORS.split(str(value or ""))
    found = {name for part in parts for name in _in_phrase(fold(part))}
    return tuple(sorted(found))


@lru_cache(maxsize=4096)
def _in_phrase(phrase: str) -> tuple[str, ...]:
    if not phrase or _NOT_THERE.search(phrase):
        return ()
    # "Apple CarPlay navigatie" names two; "adaptive cruise control" names cruise control as well, truly.
    return tuple(name for name, finder in _FINDERS if finder.search(phrase))


def read_flag(name: str, value: object) -> tuple[str, ...]:
    """Give the feature of a column that carries its name, if the cell says yes."""
    said = value is True or fold(text_of(value)) in _YES
    return read_features(name) if said else ()
