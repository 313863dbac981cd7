"""Reading a reply as a stranger would: its cars, language, form of address. Knows only the stock file."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

_URL = re.compile(r"https?://\S+?(?=[\s)]|$)")
_EURO = re.compile(r"(?:€\s?|EUR\s?)(\d[\d.,]*\d|\d)|(\d[\d.,]*\d|\d)\s?(?:€|euro\b)", re.IGNORECASE)
_WORDS = {
    "nl": "de het een je u van met we ik op voor niet is kan aan dat collega",
    "en": "the a you your of with we i for not is can and to colleague this",
    "de": "der die das ein eine sie ihnen ihr mit wir ich für nicht ist und kollege",
}
_FORMAL = {"nl": r"\b(?:u|uw)\b", "de": r"\b(?:Sie|Ihnen|Ihre?[mnrs]?)\b"}
_FAMILIAR = {"nl": r"\b(?:je|jij|jou|jouw)\b", "de": r"\b(?:du|dir|dich|deine?[mnrs]?)\b"}


@dataclass(frozen=True)
class Car:
    """A row of the stock file."""

    id: str
    make: str
    model: str
    year: int
    mileage: int
    price: int
    fuel_type: str
    transmission: str
    body_type: str
    color: str
    seats: int
    features: tuple[str, ...]
    url: str
    status: str


def read_stock(path: Path) -> list[Car]:
    """The stock file of a run."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_car(row) for row in csv.DictReader(file)]


def _car(row: dict[str, str]) -> Car:
    numbers = {name: int(row[name] or 0) for name in ("year", "mileage", "price", "seats")}
    names = ("id", "make", "model", "fuel_type", "transmission", "body_type", "color", "url", "status")
    features = tuple(feature.strip() for feature in row["features"].split(";"))
    return Car(**{name: row[name] for name in names}, **numbers, features=features)  # type: ignore[arg-type]


def number(text: str) -> int:
    """Digits with thousands signs: "15.950" and "15,950" are 15950; cents are dropped."""
    return int(re.sub(r"\D", "", re.sub(r"[.,]\d{2}$", "", text)) or 0)


def amounts(text: str) -> list[int]:
    """Amounts in euros, in the order of the text; links don't count."""
    return [number(a or b) for a, b in _EURO.findall(_URL.sub(" ", text))]


def cars_in(text: str, stock: list[Car]) -> list[Car]:
    """Cars that a text offers: by link, or by model with its price on the same line."""
    found: list[Car] = []
    for line in text.splitlines():
        urls, prices = set(_URL.findall(line)), set(amounts(line))
        found += [c for c in stock if c.url in urls or (_named(c, line) and c.price in prices)]
    return list(dict.fromkeys(found))


def _named(car: Car, line: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(car.model)}(?!\w)", line) is not None and str(car.year) in line


def unknown_links(text: str, stock: list[Car]) -> list[str]:
    """Links that belong to no car of the stock."""
    known = {car.url for car in stock}
    return [url for url in _URL.findall(text) if url.rstrip(".") not in known]


def untrue_lines(text: str, stock: list[Car]) -> list[str]:
    """Lines that give a car (by its link) another price, year or mileage than the stock does."""
    by_url = {car.url: car for car in stock}
    wrong = []
    for line in text.splitlines():
        for url in _URL.findall(line):
            car = by_url.get(url.rstrip("."))
            if car is not None and (why := _differs(car, _URL.sub(" ", line))):
                wrong.append(f"{car.id}: {why}")
    return wrong


def _differs(car: Car, line: str) -> str | None:
    prices, km = amounts(line), [number(x) for x in re.findall(r"(\d[\d.,]*)\s?km", line)]
    if prices and car.price not in prices:
        return f"price {prices} is not {car.price}"
    if km and car.mileage not in km:
        return f"mileage {km} is not {car.mileage}"
    years = {int(y) for y in re.findall(r"\((\d{4})\)", line)}
    return f"year {years} is not {car.year}" if years and car.year not in years else None


def language_of(text: str) -> str:
    """The language that most small words belong to; "?" for a text without any."""
    words = re.findall(r"[a-zà-ÿ]+", _URL.sub(" ", text).lower())
    counts = {code: sum(word in small.split() for word in words) for code, small in _WORDS.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] else "?"


def addresses(text: str, language: str) -> tuple[bool, bool]:
    """Whether a text says u or Sie, and whether it says je or du."""
    if language not in _FORMAL:
        return False, False
    flags = re.IGNORECASE if language == "nl" else 0
    return (
        re.search(_FORMAL[language], text, flags) is not None,
        re.search(_FAMILIAR[language], text, re.IGNORECASE) is not None,
    )


def questions(text: str) -> int:
    """Question marks outside links."""
    return len(re.findall(r"\?+", _URL.sub(" ", text)))


def lines(text: str) -> int:
    """Lines with something on them."""
    return sum(bool(line.strip()) for line in text.splitlines())


def emojis(text: str) -> int:
    """How many emoji a text has."""
    return sum(0x1F300 <= ord(c) <= 0x1FAFF or 0x2600 <= ord(c) <= 0x27BF for c in text)
