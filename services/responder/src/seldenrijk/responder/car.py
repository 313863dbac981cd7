"""A car in the dealer's stock, as every part of the responder sees it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Fuel = Literal["benzine", "diesel", "hybride", "plug-in hybride", "elektrisch", "lpg"]
Gearbox = Literal["automaat", "handgeschakeld"]
Body = Literal[
    "SUV", "hatchback", "sedan", "stationwagon", "coupé", "cabrio", "MPV", "bestelwagen", "pick-up"
]
CarStatus = Literal["available", "reserved", "sold", "withdrawn"]


class Car(BaseModel):
    """One car for sale; vocabulary of the labelling guide (canonical Dutch values).

    Prices are whole euros including VAT, mileage whole kilometres. A field that the stock
    does not state is None, and then nothing is claimed about it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1, max_length=64)
    make: str = Field(min_length=1, max_length=40)
    model: str = Field(min_length=1, max_length=60)
    version: str | None = None
    year: int = Field(ge=1950, le=2100)
    mileage: int = Field(ge=0, le=2_000_000)
    price: int = Field(gt=0, le=1_000_000)
    fuel_type: Fuel
    transmission: Gearbox
    body_type: Body | None = None
    color: str | None = None
    seats: int | None = Field(default=None, ge=1, le=9)
    doors: int | None = Field(default=None, ge=2, le=5)
    features: tuple[str, ...] = ()
    monthly: int | None = Field(default=None, gt=0)
    license_plate: str | None = None
    url: str | None = None
    status: CarStatus = "available"
