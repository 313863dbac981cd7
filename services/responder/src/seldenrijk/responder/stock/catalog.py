"""Makes, models and classes of the market (models.toml): spelling, ownership, comparable cars."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from seldenrijk.responder.stock.words import fold, squash

_BMW_SERIES = re.compile(r"^([1-8])(?:er| ?series?| ?serie)?(?: |$)|^m?([1-8])\d{2}[a-z]{0,2}\b")
_MERCEDES_CLASS = re.compile(
    r"^(a|b|c|e|g|s|v|x|m)(?: ?(?:klasse|class|class))?(?: |$)|^(a|b|c|e|s|v) ?\d{2,3}[a-z]?\b"
)


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    text = files("seldenrijk.responder.stock").joinpath("models.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _make_names() -> dict[str, str]:
    names: dict[str, str] = {}
    for make, others in _tables()["makes"].items():
        names |= {squash(name): make for name in (make, *others)}
    return names


@cache
def _model_names(make: str) -> dict[str, str]:
    """Squashed model name to canonical name; for an unknown make, nothing.

    Where the name repeats the make ("DS 3", "MG4"), what stands behind it will do as well.
    """
    names = {squash(name): name for name in _tables()["models"].get(make, [])}
    own = squash(make)
    return {name.removeprefix(own): full for name, full in names.items() if name != own} | names


@cache
def _owners() -> dict[str, frozenset[str]]:
    owners: dict[str, set[str]] = {}
    for make, models in _tables()["models"].items():
        for model in models:
            owners.setdefault(squash(model), set()).add(make)
    return {model: frozenset(makes) for model, makes in owners.items()}


def canonical_make(text: str) -> str:
    """Canonical spelling of a make ("vw", "SKODA"); an unknown make comes back as it was written."""
    return _make_names().get(squash(text), text)


def split_model(make: str, text: str) -> tuple[str, str]:
    """Split a feed's model into canonical model and the rest: "Golf VII 1.4 TSI" -> ("Golf", "VII 1.4 TSI").

    The longest known name wins ("C4 Cactus" before "C4"). An unknown model comes back whole.
    """
    words = text.split()
    if words and canonical_make(words[0]) == make and len(words) > 1:
        words = words[1:]  # "Volkswagen Golf" in the model column
    names = _model_names(make)
    for size in range(len(words), 0, -1):
        name = names.get(squash(" ".join(words[:size])))
        if name:
            return name, " ".join(words[size:])
    series = _series(make, " ".join(words))
    return series or (" ".join(words), "")


def _series(make: str, text: str) -> tuple[str, str] | None:
    """BMW and Mercedes-Benz families by their engine badge: "320d Touring" belongs to the 3-serie."""
    pattern, suffix = {"BMW": (_BMW_SERIES, "-serie"), "Mercedes-Benz": (_MERCEDES_CLASS, "-klasse")}.get(
        make, (None, "")
    )
    match = pattern.match(fold(text)) if pattern else None
    if match is None:
        return None
    family = (match.group(1) or match.group(2)).upper() + suffix
    rest = re.sub(r"^\S+[ -]?(?:klasse|class|series?)\b\s*", "", text, flags=re.IGNORECASE)
    return family, rest.strip()


def owners(model: str) -> frozenset[str]:
    """Makes that have a model of this name, canonical; empty for an unknown model."""
    return _owners().get(squash(model), frozenset())


@cache
def _classes_of() -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for name, cars in _tables()["classes"].items():
        for car in cars:
            make = max((m for m in _tables()["makes"] if car.startswith(f"{m} ")), key=len)
            found.setdefault((squash(make), squash(car.removeprefix(f"{make} "))), set()).add(name)
    return {car: frozenset(names) for car, names in found.items()}


def classes(make: str, model: str) -> frozenset[str]:
    """Names of the classes that a model stands in; empty for one that the file does not know."""
    return _classes_of().get((squash(make), squash(model)), frozenset())


@cache
def peers(make: str) -> frozenset[str]:
    """Makes comparable to this one, squashed, without itself."""
    mine = squash(make)
    groups = [{squash(name) for name in group} for group in _tables()["peers"].values()]
    return frozenset().union(*(group for group in groups if mine in group)) - {mine}
