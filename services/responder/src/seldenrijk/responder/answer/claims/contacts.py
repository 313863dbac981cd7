"""Links, e-mail addresses, telephone numbers, places and number plates in a text."""

import re

from seldenrijk.responder.stock.words import squash

from .numbers import fold_keeping
from .page import Page

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'*_)\]]+", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:nl|com|be|de|eu|net|org|xyz|info|io|shop|app|co|uk|fr|me|ly|ru"
    r"|cn|biz|online|site|auto|cars|link|click|store)(?![\w])(?:/[^\s<>\"')*]*)?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w€])(?:\+|00)\d{2}[\d\s().\-/]{6,16}\d(?!\w)"
    r"|(?<![\w€.,])\(?0\d{1,3}\)?[\s\-./]?\d[\d\s\-./]{4,12}\d(?![\w])"
)
_POSTCODE = re.compile(r"\b[1-9]\d{3}\s?[a-z]{2}\b(?!\s*(?:km|€))")
_STREET = re.compile(
    r"\b[A-ZÀ-Ž][\w'’.-]*(?:straat|weg|laan|plein|breedte|dijk|kade|singel|gracht|park|hof|pad|steeg"
    r"|wal|baan|markt|dreef|boulevard|ring|plantsoen|oord|"
    r"strasse|straße|allee|gasse|platz)\s+\d+[a-z]?\b|\b\d+\s+[A-Z]\w+\s+(?:Street|Road|Avenue|Lane|Drive)\b"
)
_CITY = re.compile(
    r"\b(?:zitten|gevestigd|vestiging(?:en)?|showroom|locatie|filiaal|vind je ons|vindt u ons"
    r"|vindt ons|vind ons|te vinden|staan|based|located|find us|branch|sitzen|ansassig|filiale"
    r"|finden sie uns|findest du uns)"
    r"\s+(?:\w+\s+){0,2}(?:in|te)\s+(?P<c>[A-Z][\w-]+)"
)
_PLATE = re.compile(r"\b(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]{1,3}-[A-Z0-9]{2,3}-[A-Z0-9]{1,2}\b")
_IBAN = re.compile(
    r"\b[A-Z]{2}\d{2}\s?[A-Z]{4}[\d\s]{8,}\b|\b(?:kvk|kamer van koophandel|btw-nummer|iban)\W+\w*\d{4,}",
    re.IGNORECASE,
)
_TOWNS = re.compile(
    r"\b(?:amsterdam|rotterdam|utrecht|eindhoven|groningen|tilburg|almere|breda|nijmegen|apeldoorn"
    r"|haarlem|arnhem|enschede|amersfoort|zaandam|den bosch|zwolle|zoetermeer|leiden|leeuwarden"
    r"|maastricht"
    r"|dordrecht|ede|alphen|alkmaar|emmen|delft|deventer|helmond|hilversum|heerlen|lelystad|purmerend"
    r"|hoorn|vlaardingen|nijkerk|ermelo|putten|nunspeet|zeewolde|elburg|barneveld|epe|hoevelaken"
    r"|dronten|kampen"
    r"|veenendaal|wageningen|bussum|huizen|gouda|woerden|assen|antwerpen|brussel|gent|keulen"
    r"|dusseldorf|duisburg)\b"
)
_TAIL = ".,;:!?)]}*_'\""


def check_contacts(page: Page) -> None:
    """Prove or reject everything by which somebody could be reached or found, and blank it."""
    _literals(page)
    _urls(page)
    _emails(page)
    _phones(page)
    _places(page)
    _plates(page)


def _literals(page: Page) -> None:
    """The dealer file's own words: name, statements, forms of financing; whatever they say is stated."""
    d = page.facts.dealer
    stated = [text for texts in d.claims.values() for text in texts.values()]
    options = [option for options in d.financing.values() for option in options]
    for kind, text in [
        ("dealer", d.name),
        *(("statement", t) for t in stated),
        *(("financing", o) for o in options),
    ]:
        for match in re.finditer(re.escape(text), page.text):
            page.prove(kind, match.start(), match.end(), text)


def _bare(url: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", url.lower()).rstrip("/")


def _urls(page: Page) -> None:
    facts = page.facts
    site = _bare(facts.dealer.identity.website or "")
    cars = {_bare(car.url): car for car in facts.cars if car.url}
    spans = [(m.start(), m.start() + len(m.group(0).rstrip(_TAIL))) for m in _URL.finditer(page.text)]
    spans += [
        (m.start(), m.start() + len(m.group(0).rstrip(_TAIL)))
        for m in _DOMAIN.finditer(page.text)
        if not any(a <= m.start() < b for a, b in spans) and page.text[m.start() - 1 : m.start()] != "@"
    ]
    for start, end in spans:
        url = _bare(page.text[start:end])
        if url in cars:
            page.url_cars.append((start, cars[url].id))
            page.prove("url", start, end, cars[url].id)
        elif site and url == site:
            page.prove("url", start, end, "dealer.website")
        else:
            page.reject("url", start, end, "deze link staat niet in de feiten")


def _emails(page: Page) -> None:
    for match in _EMAIL.finditer(page.text):
        if match.group(0).lower().rstrip(".") == page.facts.dealer.identity.email.lower():
            page.prove("email", match.start(), match.end(), "dealer.email")
        elif page.left[match.start() : match.end()].strip():
            page.reject("email", match.start(), match.end(), "dit e-mailadres staat niet in de feiten")


def _digits(phone: str) -> str:
    """National form: "+31 (0)341-799554" and "0341 799554" are equal."""
    digits = re.sub(r"\D", "", phone.replace("(0)", ""))
    if phone.strip().startswith("+31") or digits.startswith("0031"):
        digits = "0" + re.sub(r"^(?:0031|31)0?", "", digits)
    return digits


def _phones(page: Page) -> None:
    own = _digits(page.facts.dealer.identity.phone)
    for match in _PHONE.finditer(page.left):
        digits = _digits(match.group(0))
        if not 8 <= len(digits) <= 15 or re.fullmatch(r"0?\d[:.]\d\d.*", match.group(0).strip()):
            continue
        if digits == own:
            page.prove("phone", match.start(), match.end(), "dealer.phone")
        else:
            page.reject("phone", match.start(), match.end(), "dit telefoonnummer staat niet in de feiten")
    for match in re.finditer(r"(?<![\d€.,])\d{8,}(?![\d.,])", page.left):
        page.reject("phone", match.start(), match.end(), "dit nummer staat niet in de feiten")


def _places(page: Page) -> None:
    identity = page.facts.dealer.identity
    street = identity.street.rsplit(" ", 1)[0]
    for text, fact in (
        (identity.street, "dealer.street"),
        (identity.postcode, "dealer.postcode"),
        (identity.postcode.replace(" ", ""), "dealer.postcode"),
    ):
        for match in re.finditer(re.escape(text) + r"(?!\d)", page.text, re.IGNORECASE):
            page.prove("address", match.start(), match.end(), fact)
    for match in re.finditer(re.escape(street) + r"\s+\d+\w*", page.text):
        if page.left[match.start() : match.end()].strip():
            page.reject("address", match.start(), match.end(), "dit adres staat niet in de feiten")
    for match in _STREET.finditer(page.text):
        if page.left[match.start() : match.end()].strip():
            page.reject("address", match.start(), match.end(), "dit adres staat niet in de feiten")
    for match in _POSTCODE.finditer(page.left):
        if not re.match(
            r"(?:19|20)\d\d\s(?:en|of|is|in|te|op|as|at|an|am|we|de|or|to|zu|er|je|km|ik|hy|nu|ab|om|al"
            r"|pk|ps|hp|my|so|it|by|no)\b",
            match.group(0),
        ):
            page.reject("address", match.start(), match.end(), "deze postcode staat niet in de feiten")
    for match in re.finditer(
        re.escape(identity.street)
        + r"[\s,]*(?:in|te|,)\s*(?P<c>[A-Z][\w-]+)|"
        + re.escape(identity.postcode)
        + r"[\s,]+(?P<c2>[A-Z][\w-]+)",
        page.text,
    ):
        group = "c" if match["c"] else "c2"
        if match[group].lower() != identity.city.lower():
            page.reject(
                "address", match.start(group), match.end(group), "daar zit de dealer niet volgens de feiten"
            )
    for match in _TOWNS.finditer(page.plain):
        if match.group(0) != identity.city.lower() and match.group(0) not in fold_keeping(
            page.facts.said.text
        ):
            page.reject("address", match.start(), match.end(), "deze plaats staat niet in de feiten")
    for match in _CITY.finditer(page.text):
        if match["c"].lower() != identity.city.lower() and match["c"].lower() not in (
            "nederland",
            "ons",
            "onze",
            "de",
            "het",
        ):
            page.reject(
                "address", match.start("c"), match.end("c"), "daar zit de dealer niet volgens de feiten"
            )
    for match in _IBAN.finditer(page.text):
        page.reject("account", match.start(), match.end(), "dit nummer staat niet in de feiten")


def _plates(page: Page) -> None:
    facts = page.facts
    known = {squash(car.license_plate) for car in facts.cars if car.license_plate}
    said = squash(facts.said.text) + squash(facts.said.own_car.license_plate or "")
    for match in _PLATE.finditer(page.text):
        if not page.left[match.start() : match.end()].strip():
            continue
        plate = squash(match.group(0))
        if plate in known or plate in said:
            page.prove("plate", match.start(), match.end(), plate.upper())
        else:
            page.reject("plate", match.start(), match.end(), "dit kenteken staat niet in de feiten")
