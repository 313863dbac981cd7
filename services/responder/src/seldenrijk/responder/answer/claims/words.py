"""Words that say something of a car, or that change what a sentence says. On folded text."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from seldenrijk.responder.stock.features import FEATURES

NEGATION = re.compile(
    r"\b(?:geen|niet|niets|nee|helaas|zonder|no|not|none|nothing|don't|doesn't|isn't|haven't|can't"
    r"|cannot|unfortunately|without|kein\w*|nicht|nichts|leider|ohne|nein"
    r"|nooit|nog geen|never|nie|verkocht|sold|verkauft|uitverkocht|anders dan|behalve|in plaats van"
    r"|instead of|statt|ipv|noch)\b"
)
ECHO = re.compile(
    r"\b(?:zoek\w*|gezocht\w*|wens\w*|wil\w*|vroeg|vraagt?|gevraagd\w*|noemde|noem\w*|voorkeur\w*"
    r"|liever|liefst|interesse|looking|searching|search\w*|asked|wish|want\w*|prefer\w*"
    r"|mentioned|suchst|suchen|suche|gesucht\w*|gewunscht\w*|mochte\w*|genannt\w*|lieber|binnenkomt"
    r"|binnenkrijg\w*|comes in|reinkommt|hereinkommt|past bij|passen bij|fit|fits"
    r"|jullie|inruil\w*|trade|noteer\w*|genoteerd|noted|notiert|doorgegeven|passed on)\b"
)
OWN = re.compile(
    r"\b(?:je|jouw|uw|u|jullie|your|you|dein\w*|ihr\w*|sie|du|inruil\w*|inruilen|inruilauto|trade\w*"
    r"|genoteerd|noted|notiert|inzahlung\w*|kenteken|plate|kennzeichen)\b"
)
UNSURE = re.compile(
    r"\b(?:niet vermeld|niet bekend|niet zeker|weet ik niet|geen gegevens|nakijken|nazoeken|uitzoeken"
    r"|zoekt .{0,20}uit|kijkt .{0,20}na|navragen|of de|of het|of er|of hij|not listed|not known"
    r"|not sure"
    r"|don't know|can't say|check|whether|find out|nicht aufgefuhrt|nicht angegeben|nicht sicher"
    r"|weiss ich nicht|nachsehen|nachschau\w*|klaren|klart|ob)\b"
)
DEFERRAL = re.compile(
    r"\b(?:collega|collega's|verkoper|medewerker|colleague|colleagues|staff|sales ?person|kollege\w*"
    r"|mitarbeiter\w*|verkaufer\w*|werkplaats|workshop|werkstatt|doorgeven|doorgegeven|geef ik door"
    r"|geef .{1,20} door|pass .{1,20} on"
    r"|zet .{1,30} door|weitergeben|gebe .{1,30} weiter)\b"
)
NOT_KNOWN = re.compile(
    r"\b(?:weet ik niet|kan ik niets|niets zeggen|niets toezeggen|zelf niets|niet toezeggen"
    r"|kan ik niet|kan ik je niet|kan ik u niet|mag ik niet|noem ik niet|noem ik zelf niet"
    r"|heb ik niet|heb ik geen|staat niet|doe ik geen|geen uitspraak\w*|geen bedragen|niets over"
    r"|zelf niet"
    r"|don't know|can't (?:say|tell|promise|quote|judge|negotiate)|cannot|don't have|no data|not able"
    r"|don't quote|kann ich nicht|weiss ich nicht|habe ich nicht|habe ich keine|nenne ich"
    r"|nicht sicher|alleen een collega|only a colleague|nur ein kollege)\b"
)
FUELS: tuple[tuple[str, frozenset[str]], ...] = (
    (r"plug[- ]?in(?:[- ]hybrid\w*)?|phev", frozenset({"plug-in hybride"})),
    (r"(?:full |mild |zelfopladende )?hybri[de]+\w*", frozenset({"hybride", "plug-in hybride"})),
    (r"benzine\w*|petrol|benzin\w*|gasoline", frozenset({"benzine"})),
    (r"diesel\w*", frozenset({"diesel"})),
    (
        r"(?:volledig )?elektrisch\w*|electric|elektroauto|elektro|full ?electric|ev",
        frozenset({"elektrisch"}),
    ),
    (r"lpg|autogas|g3", frozenset({"lpg"})),
)
GEARS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        r"automaat\w*|automatic|automatik\w*|dsg|cvt|automatische (?:versnellings)?bak"
        r"|automatische transmissie",
        frozenset({"automaat"}),
    ),
    (
        r"handgeschakeld\w*|schakelbak|schakelauto|handbak|handmatig\w* (?:versnellings)?bak|manual"
        r"|schaltgetriebe|schalter|handschaltung|stick shift",
        frozenset({"handgeschakeld"}),
    ),
)
BODIES: tuple[tuple[str, frozenset[str]], ...] = (
    (r"suv", frozenset({"SUV"})),
    (r"hatchback|schragheck", frozenset({"hatchback"})),
    (r"sedan|limousine|saloon", frozenset({"sedan"})),
    (r"station(?:wagon|wagen|car)?|estate|kombi|combi", frozenset({"stationwagon"})),
    (r"coupe", frozenset({"coupé"})),
    (r"cabrio\w*|convertible", frozenset({"cabrio"})),
    (r"mpv|minivan", frozenset({"MPV"})),
    (r"bestelwagen|bestelbus\w*|transporter|panel van", frozenset({"bestelwagen"})),
    (r"pick-?up", frozenset({"pick-up"})),
)
COLORS: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (pattern, frozenset({name}))
    for name, pattern in (
        ("zwart", r"zwarte?|black|schwarz\w{0,2}"),
        ("wit", r"wit|witte|white|weiss\w{0,2}|wei(?:ss|s)e\w?"),
        ("grijs", r"grijze?|gr[ae]y|grau\w{0,2}|antraciet\w*"),
        ("zilver", r"zilver\w*|silver|silber\w*"),
        ("blauw", r"(?:donker|licht)?blauwe?|blue|blau\w{0,2}"),
        ("rood", r"(?:donker)?rood|rode|red|rot|rote\w?"),
        ("groen", r"(?:donker)?groene?|green|grun\w{0,2}"),
        ("geel", r"geel|gele|yellow|gelb\w{0,2}"),
        ("oranje", r"oranje"),
        ("bruin", r"bruine?|brown|braun\w{0,2}"),
        ("paars", r"paarse?|purple|lila"),
        ("goud", r"goud(?:en|kleurig\w*)?|gold(?:en|farben)"),
        ("beige", r"beige\w{0,2}"),
    )
)
EQUIPMENT: tuple[tuple[str, frozenset[str]], ...] = (
    *(
        (re.sub(r"\^|\$", "", pattern), frozenset({name}))
        for name, pattern in FEATURES.items()
        if name != "leder"
    ),
    (
        r"(?:lederen|leren|leder(?:en)? |leer|leder)\s?(?:bekleding|interieur|stoelen)?|leather(?: seats"
        r"| interior)?|lederausstattung|ledersitze",
        frozenset({"leder"}),
    ),
    (r"klimaanlage|airconditioning", frozenset({"airco"})),
    (r"vierwielaandrijving|four-wheel drive|allradantrieb", frozenset({"4x4"})),
    (r"ruckfahrkamera|reversing camera|achteruitrijcamera", frozenset({"achteruitrijcamera"})),
    (r"anhangerkupplung|tow ?bar|trekhaak", frozenset({"trekhaak"})),
    (r"panoramadach|panoramic roof|panoramadak|schuifdak", frozenset({"panoramadak"})),
    (r"navigatiesysteem|navi(?:gatie|gation)?|sat ?nav|navigationssystem", frozenset({"navigatie"})),
)


def finders(
    table: tuple[tuple[str, frozenset[str]], ...],
) -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
    """The table's patterns, bounded by words."""
    return tuple(
        (re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])"), values) for pattern, values in table
    )


@cache
def vocabulary() -> dict[str, Any]:
    """The lists of vocabulary.toml."""
    place = files("seldenrijk.responder.answer.claims").joinpath("vocabulary.toml")
    return tomllib.loads(place.read_text("utf-8"))
