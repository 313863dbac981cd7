"""A plain reading of a customer's message by key words: plausible answers without a model.

For the understanding task of this project; it knows the common cases and leaves out what it does not know.
"""

import re
from typing import Any

MAKES = {
    "volkswagen": "Volkswagen", "vw": "Volkswagen", "audi": "Audi", "bmw": "BMW", "opel": "Opel",
    "ford": "Ford", "toyota": "Toyota", "peugeot": "Peugeot", "renault": "Renault", "kia": "Kia",
    "volvo": "Volvo", "mazda": "Mazda", "hyundai": "Hyundai", "skoda": "Škoda", "škoda": "Škoda",
    "seat": "Seat", "fiat": "Fiat", "tesla": "Tesla", "mercedes": "Mercedes-Benz", "citroen": "Citroën",
    "citroën": "Citroën", "nissan": "Nissan", "mini": "Mini",
}  # fmt: skip
MODELS = {
    "golf": ("Volkswagen", "Golf"), "polo": ("Volkswagen", "Polo"), "passat": ("Volkswagen", "Passat"),
    "clio": ("Renault", "Clio"), "yaris": ("Toyota", "Yaris"), "astra": ("Opel", "Astra"),
    "corsa": ("Opel", "Corsa"), "focus": ("Ford", "Focus"), "fiesta": ("Ford", "Fiesta"),
    "octavia": ("Škoda", "Octavia"), "v60": ("Volvo", "V60"), "qashqai": ("Nissan", "Qashqai"),
    "picanto": ("Kia", "Picanto"), "tucson": ("Hyundai", "Tucson"),
}  # fmt: skip
CHOICES: tuple[tuple[str, str, str], ...] = (
    (r"benzine|petrol", "fuel_type", "benzine"),
    (r"diesel", "fuel_type", "diesel"),
    (r"plug-?in", "fuel_type", "plug-in hybride"),
    (r"(?<!plug-in )hybride?", "fuel_type", "hybride"),
    (r"elektrische?|electric|ev", "fuel_type", "elektrisch"),
    (r"automaat|automatic|automatik", "transmission", "automaat"),
    (r"handgeschakeld|schakelbak|manual", "transmission", "handgeschakeld"),
    (r"suv", "body_type", "SUV"),
    (r"station(?:wagon|car|wagen)?|kombi|break", "body_type", "stationwagon"),
    (r"cabrio(?:let)?", "body_type", "cabrio"),
    (r"hatchback", "body_type", "hatchback"),
    (r"trekhaak|tow ?bar", "features", "trekhaak"),
    (r"navi(?:gatie)?", "features", "navigatie"),
    (r"zwarte?|black", "color", "zwart"),
    (r"witte?|white", "color", "wit"),
    (r"rode?|rood|red", "color", "rood"),
    (r"blauwe?|blue", "color", "blauw"),
    (r"proefrit|test drive|probefahrt", "appointment.kind", "proefrit"),
    (r"langskomen|komen kijken", "appointment.kind", "bezichtiging"),
)
INTENTS: tuple[tuple[str, str], ...] = (
    (r"ignore (?:all|previous)|negeer (?:alle|je)|system prompt", "unclear"),
    (r"geen berichten|afmelden|uitschrijven|unsubscribe|verwijder mijn gegevens", "opt_out"),
    (r"klacht|schandalig|geld terug|belachelijk|slechte? (?:service|zaak)", "complaint"),
    (r"medewerker|mens|iemand spreken|echt persoon|speak to (?:a|some)", "human_request"),
    (r"proefrit|afspraak|langskomen|test drive|termin", "appointment_request"),
    (r"inruil\w*|inruilen|trade", "trade_in_inquiry"),
    (r"financier\w*|lease\w*|per maand|bkr|lening", "financing_inquiry"),
    (r"apk|onderhoud|garantie|reparatie|beurt", "service_inquiry"),
    (r"open|openingstijden|adres|telefoonnummer|parkeren", "showroom_info"),
    (r"kost|prijs|korting|budget|bieden|price", "price_question"),
    (r"bedankt|hallo|goedemorgen|hoi|thanks|danke", "general_inquiry"),
)
_ENGLISH = re.compile(r"\b(?:the|you|have|with|looking|please|is there)\b", re.IGNORECASE)
_GERMAN = re.compile(r"\b(?:ich|und|haben|sie|suche|ist|noch)\b", re.IGNORECASE)
_MONEY = re.compile(
    r"(?:tot|max\w*|onder|budget|under|bis)\D{0,12}?€?\s?(\d{1,3}(?:\.\d{3})+|\d+)\s?(k|mille)?",
    re.IGNORECASE,
)
_KM = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{4,6})\s?(?:km|kilometer)", re.IGNORECASE)
_NOT = re.compile(r"\b(?:geen|niet|no|not|kein\w*)\s+$", re.IGNORECASE)


def reading(text: str) -> dict[str, Any]:
    """Intent, further intents, language and slots as field-value pairs."""
    slots = [*_names(text), *_choices(text), *_numbers(text)]
    asked = [intent for pattern, intent in INTENTS if re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE)]
    if slots and (not asked or asked[0] == "general_inquiry"):
        asked = ["car_inquiry"]
    if not asked:
        asked = ["general_inquiry" if re.search(r"[a-z]{3}", text, re.IGNORECASE) else "unclear"]
    also = [intent for intent in dict.fromkeys(asked[1:]) if intent != asked[0]]
    pairs = [{"field": field, "value": value} for field, value in slots]
    return {"intent": asked[0], "also": also, "language": language(text), "slots": pairs}


def language(text: str) -> str:
    """nl, en or de by some common words."""
    english, german = len(_ENGLISH.findall(text)), len(_GERMAN.findall(text))
    if max(english, german) < 2:
        return "nl"
    return "en" if english >= german else "de"


def _names(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for word in re.findall(r"[\w-]+", text.lower()):
        if word in MODELS:
            make, model = MODELS[word]
            found += [("make", make), ("model", model)]
        elif word in MAKES:
            found.append(("make", MAKES[word]))
    return list(dict.fromkeys(found))


def _choices(text: str) -> list[tuple[str, str]]:
    found = []
    for pattern, field, value in CHOICES:
        match = re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE)
        if match:
            refused = _NOT.search(text[: match.start()]) and "." not in field
            found.append((f"exclude.{field}" if refused else field, value))
    return found


def _numbers(text: str) -> list[tuple[str, int]]:
    found = []
    distance = _KM.search(text)
    if distance:
        found.append(("max_mileage", int(distance[1].replace(".", ""))))
        text = text.replace(distance[0], " ")
    money = _MONEY.search(text)
    if money:
        amount = int(money[1].replace(".", "")) * (1000 if money[2] else 1)
        if amount >= 500:
            found.append(("max_price", amount))
    return found
