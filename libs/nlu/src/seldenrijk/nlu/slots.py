"""From a message and its context to slots: wanted car, own car, appointment, exclusions."""

import re
from collections.abc import Mapping, Sequence

from seldenrijk.nlu.ownership import Ownership
from seldenrijk.nlu.reading import Reading, read
from seldenrijk.nlu.slots_appointment import fill_appointment
from seldenrijk.nlu.slots_cars import Cars, fill_cars
from seldenrijk.nlu.slots_leftovers import cleared_fields, is_new_search, leftovers
from seldenrijk.nlu.slots_numbers import Numbers, fill_numbers
from seldenrijk.nlu.types import Evidence, SlotResult

SLOT_ORDER = (
    "make", "model", "fuel_type", "transmission", "body_type", "color", "min_price", "max_price",
    "max_monthly", "min_year", "max_year", "max_mileage", "min_seats", "doors", "features",
    "own_car", "appointment", "exclude",
)  # fmt: skip
_LISTED_PLATE = re.compile(
    r"\b(?:jullie|advertentie|te koop|op de site|die (?:grijze|zwarte|witte|blauwe|rode)|interesse)\b"
)
_OWN_PLATE = re.compile(r"\b(?:mijn|mn|m'n|onze|inruil\w*|apk|beurt|klaar|my|mein\w*)\b")


def extract(
    text: str,
    context: Sequence[Mapping[str, object]] | None = None,
    intent_hint: str | None = None,
    year: int | None = None,
) -> SlotResult:
    """Return the slots of a message by the labelling guide.

    `context` are earlier turns, oldest first, as in the guide. `intent_hint` is the intent where it is
    known: it decides whether a car is the customer's own and whether a moment is an appointment.
    `year` is the year in which the message was written: with it "max 5 jaar oud" gives a min_year.
    Never raises for any text or context; only the first 4096 characters are read.
    """
    reading = read(text, context, intent_hint, year)
    owners = Ownership(reading)
    appointment, busy = fill_appointment(reading)
    cars = fill_cars(reading, owners, appointment.get("kind") == "werkplaats")
    numbers = fill_numbers(reading, owners, busy)
    slots = _ordered(_merged(reading, cars, numbers, appointment))
    return SlotResult(
        slots=slots,
        evidence=tuple(sorted(reading.evidence, key=lambda e: (e.start, e.end, e.field))),
        leftovers=leftovers(reading, cars, numbers),
        cleared=cleared_fields(reading, cars),
        new_search=is_new_search(reading),
        moments=_moments(reading),
    )


def _moments(reading: Reading) -> tuple[Evidence, ...]:
    """Return every day and time of the message, for the cues; most are no appointment."""
    found = []
    for moment in reading.moments:
        start, end = reading.text.original(moment.start, moment.end)
        found.append(Evidence(start, end, f"{moment.kind}_text", reading.text.raw[start:end], "moment"))
    return tuple(found)


def _merged(reading: Reading, cars: Cars, numbers: Numbers, appointment: dict[str, str]) -> dict[str, object]:
    """Put the parts together; an appointment, own car or exclusion that is empty is absent."""
    slots: dict[str, object] = {**cars.slots, **numbers.slots}
    own = {**cars.own, **numbers.own}
    plate = _own_plate(reading)
    if plate:
        own["license_plate"] = plate
    if reading.hint in ("opt_out", "unclear"):
        return {}
    if own:
        slots["own_car"] = {
            k: own[k] for k in ("make", "model", "year", "mileage", "license_plate") if k in own
        }
    if appointment:
        slots["appointment"] = appointment
    if cars.exclude:
        slots["exclude"] = cars.exclude
    return slots


def _own_plate(reading: Reading) -> str | None:
    """Return the plate of the customer's car: the first one, unless it is of a car that the dealer sells."""
    if not reading.plates:
        return None
    listed = reading.hint in ("car_inquiry", "price_question", "financing_inquiry") or (
        reading.hint in (None, "appointment_request") and _LISTED_PLATE.search(reading.text.folded)
    )
    if listed and not _OWN_PLATE.search(reading.text.folded):
        return None
    plate = reading.plates[0]
    tokens = reading.text
    reading.note(
        tokens.index_at(plate.at),
        tokens.index_at(plate.until - 1),
        "own_car.license_plate",
        plate.text,
        "plate",
    )
    return plate.text


def _ordered(slots: dict[str, object]) -> dict[str, object]:
    return {name: slots[name] for name in SLOT_ORDER if name in slots}
