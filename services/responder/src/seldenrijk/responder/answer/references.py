"""What "die tweede", "de witte", "en goedkoper?" mean, given the cars that were offered."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from seldenrijk.contracts.replies import OfferedCar
from seldenrijk.contracts.slots import Slots
from seldenrijk.responder.stock.words import fold, squash

Wish = Literal["cheaper", "dearer", "newer", "fewer_km", "more"]

_ORDINALS = (
    r"eerste|1e|1ste|first|1st|erste[rns]?|bovenste",
    r"tweede|2e|2de|second|2nd|zweite[rns]?|middelste",
    r"derde|3e|3de|third|3rd|dritte[rns]?|onderste",
)
_LEAD = r"\b(?:de|die|dat|van|the|that|der|die|das|den|diese[rns]?|nummer|optie|auto|over|with)\s+"
_NOT_A_CAR = (
    r"(?!\s+(?:keer|keus|maal|instantie|paar|hands|eigenaar|sleutel|week|dag|time|owner|hand|afspraak"
    r"|kindje|plaats))"
)
_NUMBER = re.compile(
    r"\b(?:nummer|nr|no|number|nummero|optie|option|auto|car|die"
    r"|keuze)\s*(?P<n>[1-3])\b(?!\s*[-:.,]?\d|\s*(?:jaar|uur|km|k\b|deur|maand|years?|hours?))"
)
_BARE = re.compile(
    r"^(?:ja|doe|doe maar|graag|dan|yes|en|and|und|ok)?\s*(?P<n>[1-3])\s*(?:graag|aub|dan|please"
    r"|bitte|is mooi|lijkt me leuk)*$"
)
_COLORS = {
    "zwart": r"zwarte?|black|schwarze[rnsm]?",
    "wit": r"witte?|white|weisse[rnsm]?|weise[rnsm]?",
    "grijs": r"grijze?|grijs|gr[ae]y|graue[rnsm]?|antraciet",
    "zilver": r"zilvere?n?|silver|silberne?[rnsm]?",
    "blauw": r"(?:donker|licht)?blauwe?|blue|blaue[rnsm]?",
    "rood": r"rode|rood|red|rote[rnsm]?",
    "groen": r"groene?|green|grune[rnsm]?",
    "geel": r"gele|geel|yellow|gelbe[rnsm]?",
    "oranje": r"oranje|orange[rnsm]?",
    "bruin": r"bruine?|brown|braune[rnsm]?",
    "beige": r"beige[rnsm]?",
    "paars": r"paarse?|purple|lila",
    "goud": r"gouden?|gold(?:ene[rnsm]?)?",
}
_FUELS = {
    "diesel": r"diesel",
    "benzine": r"benzine|petrol|benziner",
    "hybride": r"hybride?|hybrid",
    "plug-in hybride": r"plug ?in(?: hybride?)?",
    "elektrisch": r"elektrische?|electric|elektro|ev",
    "lpg": r"lpg",
}
_GEARS = {
    "automaat": r"automaat|automatic|automatik",
    "handgeschakeld": r"handgeschakelde?|schakel|manual|schalter",
}
_EXTREMES: tuple[tuple[str, Callable[[OfferedCar], int]], ...] = (
    (
        r"goedkoopste?|voordeligste?|cheapest|gunstigste[rns]?|billigste[rns]?|laagste prijs",
        lambda car: car.price,
    ),
    (r"duurste|most expensive|teuerste[rns]?", lambda car: -car.price),
    (r"nieuwste|jongste|newest|youngest|neueste[rns]?|neuste[rns]?", lambda car: -car.year),
    (r"oudste|oldest|alteste[rns]?", lambda car: car.year),
    (
        r"minste (?:km|kilometers|kms)|laagste (?:km|kilometerstand)|lowest mileage|fewest (?:km"
        r"|kilometers)|wenigsten (?:km|kilometer)",
        lambda car: car.mileage,
    ),
)
_WISHES: tuple[tuple[Wish, str], ...] = (
    (
        "cheaper",
        r"\b(?:goedkoper[es]?|goedkopere|voordeliger|cheaper|gunstiger[es]?|billiger[es]?|minder duur"
        r"|less expensive)\b",
    ),
    ("dearer", r"\b(?:duurder[es]?|luxer[es]?|luxere|more expensive|teurer[es]?)\b"),
    ("newer", r"\b(?:nieuwere?|jongere?|recenter[es]?|newer|neuere[rs]?|junger[es]?)\b"),
    (
        "fewer_km",
        r"\b(?:minder (?:km|kilometers|kms)|lagere? (?:km|kilometerstand)|lower mileage|fewer (?:km"
        r"|kilometers)"
        r"|less mileage|weniger (?:km|kilometer))\b",
    ),
    (
        "more",
        r"\b(?:nog meer|meer opties|meer keus|andere auto s|nog andere|heb je meer|hebben jullie meer"
        r"|heeft u meer|iets anders"
        r"|any (?:others|more)|more options|something else|others|noch mehr|andere autos|weitere"
        r"|mehr davon|meer van die)\b",
    ),
)
_PRONOUN = re.compile(
    r"\b(?:hij|hem|ie|die|deze|dat|deze auto|die auto|die wagen|deze wagen|it|this one|that one"
    r"|this car|that car"
    r"|ihn|der wagen|das auto|dieser|diese|dieses|de auto|de wagen|the car|link|foto s?|er nog|erop"
    r"|er op|erin|er in)\b"
    r"|\bzit(?:ten)? er\b|\bheeft (?:hij|ie)\b|\bis (?:hij|ie)\b"
)


@dataclass(frozen=True)
class Reference:
    """The offered cars that are meant, in offered order, and a comparison that was asked for.

    ``explicit`` is True where the customer pointed at a car (a number, colour, name), False where only
    a pronoun says that one of the offered cars is meant.
    """

    cars: tuple[OfferedCar, ...] = ()
    wish: Wish | None = None
    explicit: bool = False


def resolve(text: str, offered: Sequence[OfferedCar], slots: Slots = Slots()) -> Reference:  # noqa: B008
    """Resolve a message against the offered cars. Nothing offered: nothing meant."""
    if not offered:
        return Reference()
    plain = fold(text)
    wish = next((name for name, pattern in _WISHES if re.search(pattern, plain)), None)
    pointed = _pointed(plain, offered)
    if pointed:
        return Reference(pointed, wish, explicit=True)
    named = _named(offered, plain, slots)
    if named:
        return Reference(named, wish, explicit=True)
    if wish:
        return Reference((), wish)
    described = _described(plain, offered)
    if described:
        return Reference(described, None, explicit=True)
    if _PRONOUN.search(plain):
        return Reference(tuple(offered))
    return Reference()


def focused(reference: Reference, last: str) -> Reference:
    """A pronoun means the one car that our last message spoke of, where it was one of several offered."""
    if reference.explicit or len(reference.cars) < 2:
        return reference
    spoken = [car for car in reference.cars if any(sign in last for sign in _signs(car))]
    return Reference((spoken[0],), reference.wish) if len(spoken) == 1 else reference


def _signs(car: OfferedCar) -> tuple[str, ...]:
    """What tells this car from others in a text of ours."""
    amounts = (f"{car.price:,}", f"{car.mileage:,}")
    signs = [sign for text in amounts for sign in (text, text.replace(",", "."))]
    return (*signs, f"{car.model} ({car.year})", *([car.url] if car.url else []))


def _pointed(plain: str, offered: Sequence[OfferedCar]) -> tuple[OfferedCar, ...]:
    """By number, ordinal or extreme."""
    found: list[OfferedCar] = []
    for match in (*_NUMBER.finditer(plain), *_BARE.finditer(plain)):
        place = int(match["n"]) - 1
        found += [offered[place]] if place < len(offered) else []
    for place, pattern in enumerate(_ORDINALS[: len(offered)]):
        if re.search(rf"{_LEAD}(?:{pattern})\b{_NOT_A_CAR}|^(?:{pattern})$", plain):
            found.append(offered[place])
    if re.search(rf"{_LEAD}(?:laatste|last|letzte[rns]?)\b{_NOT_A_CAR}", plain):
        found.append(offered[-1])
    for pattern, key in _EXTREMES:
        if re.search(rf"\b(?:{pattern})\b", plain):
            found.append(min(offered, key=key))
    return tuple(dict.fromkeys(found))


def _named(offered: Sequence[OfferedCar], plain: str, slots: Slots) -> tuple[OfferedCar, ...]:
    """By a model or make that stands in the message."""
    words = f" {plain} "
    models = [
        car
        for car in offered
        if f" {fold(car.model)} " in words or squash(car.model) in map(squash, slots.model)
    ]
    makes = [] if slots.model else [car for car in offered if f" {fold(car.make)} " in words]
    found = models or makes
    narrowed = [car for car in found if car in _described(plain, offered)] if len(found) > 1 else []
    return tuple(narrowed or found)


def _described(plain: str, offered: Sequence[OfferedCar]) -> tuple[OfferedCar, ...]:
    """By colour, fuel, gearbox or year: "die witte", "de diesel", "die uit 2019"."""
    found: list[OfferedCar] = []
    for table, field in ((_COLORS, "color"), (_FUELS, "fuel_type"), (_GEARS, "transmission")):
        # "de automaat" points at a car; "automaat graag" is a wish. A bare "witte" points.
        lead = r"^" if field == "color" and " " not in plain else _LEAD
        for value, pattern in table.items():
            if re.search(rf"{lead}(?:{pattern})\b", plain):
                found += [car for car in offered if getattr(car, field) == value]
    for match in re.finditer(
        r"\b(?:die|de|van|uit|the|from|der|den)\s+(?:uit|van|from|von|aus)?\s*(20\d\d|19\d\d)\b", plain
    ):
        found += [car for car in offered if car.year == int(match[1])]
    return tuple(dict.fromkeys(found))


def bounded(wish: Slots, reference: Reference, shown: Sequence[OfferedCar]) -> Slots:
    """The wish with the bound that "goedkoper", "duurder", "nieuwer" or "minder km" means."""
    pool = reference.cars or tuple(shown)
    if not pool:
        return wish
    match reference.wish:
        case "cheaper":
            return wish.model_copy(
                update={"max_price": min(car.price for car in pool) - 1, "min_price": None}
            )
        case "dearer":
            dearest = max(car.price for car in pool)
            return wish.model_copy(update={"min_price": dearest + 1, "max_price": None})
        case "newer":
            newest = max(car.year for car in pool)
            return wish.model_copy(update={"min_year": newest + 1, "max_year": None})
        case "fewer_km":
            return wish.model_copy(update={"max_mileage": max(0, min(car.mileage for car in pool) - 1)})
    return wish
