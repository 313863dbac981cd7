"""From a feed's words to the canonical vocabulary: fuel, gearbox, body, colour, status."""

import re
from functools import lru_cache
from typing import cast

from seldenrijk.responder.car import Body, CarStatus, Fuel, Gearbox
from seldenrijk.responder.stock.words import fold

Rules = tuple[tuple[str, str], ...]

# The first pattern that matches the folded text wins, so the specific ones stand first.
_FUEL: Rules = (
    (r"plug ?in|phev|stekker", "plug-in hybride"),
    (r"waterstof|hydrogen|cng|aardgas|ethanol|e85|bio", ""),
    (
        r"hybrid|hev\b|(benzine|petrol|diesel)\W+(en )?(elektr|electr)"
        r"|(elektr|electr)\w*\W+(en )?(benzine|petrol|diesel)",
        "hybride",
    ),
    (r"lpg|autogas|^g3?$|^gas$", "lpg"),
    (r"elektr|electr|^b?ev$|^e$|stroom", "elektrisch"),
    (r"diesel|mazout|^d$", "diesel"),
    (r"benzin|petrol|gasoline|essence|^b$", "benzine"),
)
_GEARBOX: Rules = (
    (
        r"handgesch|handmatig|manual|manueel|manuell|handbak|handschakel|geschakeld|^schakel|schaltgetriebe"
        r"|^h$|^m$|^mt$",
        "handgeschakeld",
    ),
    (r"auto|dsg|cvt|s tronic|tiptronic|steptronic|edc|powershift|^a$|^at$", "automaat"),
)
_BODY: Rules = (
    (r"pick ?up", "pick-up"),
    (r"cabrio|roadster|spider|spyder|convertible|^open", "cabrio"),
    (r"station|break|estate|combi\b|kombi\b|touring|avant|variant|wagon|tourer", "stationwagon"),
    (r"personenbus|mpv|monovolume|ruimtewagen|minivan|people carrier", "MPV"),
    (r"bestel|bedrijfs|gesloten|^bus\b|^van\b|commercial|transporter|dubbele cabine", "bestelwagen"),
    (r"suv|crossover|terrein|off ?road|^4x4$|jeep", "SUV"),
    (r"coup", "coupé"),
    (r"hatch|liftback|fastback|^(3|5) ?d(eu)?rs?", "hatchback"),
    (r"sedan|saloon|limousine|berline", "sedan"),
)
_COLOR: Rules = (
    (r"bordeaux|rood|red\b|rot\b|rouge|wijn", "rood"),
    (r"zwart|black|schwarz|noir", "zwart"),
    (r"grijs|gr[ae]y|grau|antraciet|anthracite|gris", "grijs"),
    (r"zilver|silver|silber|argent", "zilver"),
    (r"blauw|blue|blau\b|bleu|turquoise|petrol", "blauw"),
    (r"groen|green|grun|vert\b", "groen"),
    (r"geel|yellow|gelb|jaune", "geel"),
    (r"oranje|orange|koper", "oranje"),
    (r"beige|creme|ivoor|zand", "beige"),
    (r"bruin|brown|braun|brons|bronze|brun", "bruin"),
    (r"paars|purple|lila|violet|aubergine", "paars"),
    (r"goud|gold|champagne", "goud"),
    (r"wit|white|weiss|blanc", "wit"),
)
_STATUS: Rules = (
    (r"niet verkocht|niet gereserveerd|not sold", "available"),
    (
        r"niet (meer )?(beschikbaar|op voorraad|leverbaar|te koop)|unavailable|not available"
        r"|verwijderd|ingetrokken|withdrawn|offline",
        "withdrawn",
    ),
    (r"verkocht|sold|afgeleverd|verkauft", "sold"),
    (r"gereserveerd|reserved|onder optie|in optie|reservering|reserviert", "reserved"),
    (
        r"beschikbaar|available|te koop|op voorraad|in stock|voorraad|actief|active|online"
        r"|nieuw binnen|verwacht",
        "available",
    ),
)


@lru_cache(maxsize=1024)
def _first(rules: Rules, value: str, what: str) -> str:
    folded = fold(value)
    for pattern, canonical in rules:
        if re.search(pattern, folded):
            if canonical:
                return canonical
            break
    raise ValueError(f"is not a known {what}")


def fuel(value: str) -> Fuel:
    """Canonical fuel; both of "benzine/elektrisch" make a hybrid. Raises ValueError for hydrogen or CNG."""
    return cast("Fuel", _first(_FUEL, value, "fuel"))


def gearbox(value: str) -> Gearbox:
    """Canonical gearbox; "semi-automaat" and DSG are automaat."""
    return cast("Gearbox", _first(_GEARBOX, value, "gearbox"))


def body(value: str) -> Body:
    """Canonical body type."""
    return cast("Body", _first(_BODY, value, "body type"))


@lru_cache(maxsize=1024)
def color(value: str) -> str:
    """Base colour: "Donkerblauw metallic" is blauw; in a Dutch compound the last colour counts."""
    folded = fold(value)
    hits = [
        (m.end(), name) for pattern, name in _COLOR for m in re.finditer(pattern, folded.split(" met ")[0])
    ]
    if not hits:
        raise ValueError("is not a known colour")
    return max(hits)[1]


def status(value: str) -> CarStatus:
    """Status of the car; an empty cell means available."""
    return cast("CarStatus", _first(_STATUS, value, "status")) if value else "available"
