"""What a message says about the wanted car, the customer's own car and a wanted moment.

The vocabulary is that of the labelling guide for Dutch car-dealer messages; values that
an engine could not bring into it never get this far.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

type_config = ConfigDict(frozen=True, extra="ignore")

Fuel = Literal["benzine", "diesel", "hybride", "plug-in hybride", "elektrisch", "lpg"]
Gearbox = Literal["automaat", "handgeschakeld"]
Body = Literal[
    "SUV", "hatchback", "sedan", "stationwagon", "coupé", "cabrio", "MPV", "bestelwagen", "pick-up"
]
AppointmentKind = Literal["proefrit", "bezichtiging", "terugbellen", "werkplaats"]


class OwnCar(BaseModel):
    """The customer's own car, whatever the reason for naming it. Mileage in kilometres."""

    model_config = type_config

    make: str | None = None
    model: str | None = None
    year: int | None = None
    mileage: int | None = None
    license_plate: str | None = None


class Appointment(BaseModel):
    """A wanted appointment; the day and time are the customer's own words."""

    model_config = type_config

    kind: AppointmentKind | None = None
    day_text: str | None = None
    time_text: str | None = None


class Exclusions(BaseModel):
    """What the customer does not want, by field."""

    model_config = type_config

    make: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    fuel_type: tuple[Fuel, ...] = ()
    transmission: tuple[Gearbox, ...] = ()
    body_type: tuple[Body, ...] = ()
    color: tuple[str, ...] = ()
    features: tuple[str, ...] = ()


class Slots(BaseModel):
    """Slots of one message, or the preferences accumulated over a conversation.

    Alternatives are tuples ("diesel of lpg" gives two). Prices in whole euros, ``max_monthly``
    in euros a month, mileage in kilometres. None or an empty tuple means: not said.
    """

    model_config = type_config

    make: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    fuel_type: tuple[Fuel, ...] = ()
    transmission: tuple[Gearbox, ...] = ()
    body_type: tuple[Body, ...] = ()
    color: tuple[str, ...] = ()
    min_price: int | None = None
    max_price: int | None = None
    max_monthly: int | None = None
    min_year: int | None = None
    max_year: int | None = None
    max_mileage: int | None = None
    min_seats: int | None = None
    doors: int | None = None
    features: tuple[str, ...] = ()
    own_car: OwnCar = OwnCar()
    appointment: Appointment = Appointment()
    exclude: Exclusions = Exclusions()
