"""The dealer, as the configuration states it: what is not stated here is not claimed."""

import os
import tomllib
from collections.abc import Mapping
from datetime import date, time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from seldenrijk.contracts.messages import Language

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Topic = Literal["warranty", "delivery", "deposit", "interest", "payment"]
DEALER_FILE = "DEALER_FILE"


class DealerError(Exception):
    """The dealer file cannot be used; the text names the file's place that is wrong."""


class Hours(BaseModel):
    """Opening hours of a day, local time; a day that crosses midnight does not exist."""

    model_config = ConfigDict(frozen=True)

    opens: time
    closes: time

    @model_validator(mode="after")
    def _order(self) -> "Hours":
        if self.opens >= self.closes:
            raise ValueError("opens after it closes")
        return self


def _hours(value: object) -> object:
    if value is None or (isinstance(value, str) and value.strip().lower() in {"closed", "gesloten", ""}):
        return None
    if isinstance(value, str):
        opens, dash, closes = value.partition("-")
        if not dash:
            raise ValueError('hours look like "09:00-18:00" or "closed"')
        return {"opens": opens.strip(), "closes": closes.strip()}
    return value


DayHours = Annotated[Hours | None, BeforeValidator(_hours)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class WeekHours(_Part):
    """Opening hours by weekday, and single days that deviate from them."""

    monday: DayHours = None
    tuesday: DayHours = None
    wednesday: DayHours = None
    thursday: DayHours = None
    friday: DayHours = None
    saturday: DayHours = None
    sunday: DayHours = None
    deviating: dict[date, DayHours] = {}

    def of(self, weekday: int) -> Hours | None:
        """Hours of a weekday, Monday is 0; None: closed."""
        hours: Hours | None = getattr(self, WEEKDAYS[weekday])
        return hours


class HolidayRules(_Part):
    """Which public holidays (Dutch names of the ``holidays`` package) and other days are closed."""

    country: str = "NL"
    closed: tuple[str, ...] = ()
    extra_closed: tuple[date, ...] = ()


class KindRules(_Part):
    """What is narrower for one kind of appointment than for the others."""

    days: tuple[Weekday, ...] = WEEKDAYS  # type: ignore[assignment]
    from_: time = Field(default=time(0), alias="from")
    until: time = time(23, 59)
    lead_minutes: int | None = Field(default=None, ge=0)


class Booking(_Part):
    """How appointments may be proposed. Minutes and days."""

    slot_minutes: int = Field(default=30, ge=5, le=240)
    lead_minutes: int = Field(default=120, ge=0)
    days_ahead: int = Field(default=21, ge=1, le=120)
    margin_minutes: int = Field(default=60, ge=0)
    kinds: dict[Literal["proefrit", "bezichtiging", "terugbellen", "werkplaats"], KindRules] = {}


class Services(_Part):
    """What the dealer does; None is not stated."""

    trade_in: bool | None = None
    test_drive: bool | None = None
    workshop: bool | None = None
    financing: bool | None = None


class Tone(_Part):
    """Form of address for a customer who has shown no preference."""

    formal: bool = False
    formal_german: bool = True


class Identity(_Part):
    """Name, address and ways to reach the dealer."""

    name: str = Field(min_length=1)
    street: str = Field(min_length=1)
    postcode: str = Field(min_length=1)
    city: str = Field(min_length=1)
    phone: str = Field(pattern=r"^[+0-9][0-9 ()-]{6,20}$")
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$")
    website: str | None = Field(default=None, pattern=r"^https?://\S+$")
    time_zone: str = "Europe/Amsterdam"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("is no time zone") from None
        return value


class Dealer(_Part):
    """The whole dealer file."""

    identity: Identity = Field(alias="dealer")
    hours: WeekHours
    holidays: HolidayRules = HolidayRules()
    booking: Booking = Booking()
    services: Services = Services()
    financing: dict[Language, tuple[str, ...]] = {}
    claims: dict[Topic, dict[Language, str]] = {}
    teams: dict[str, str] = {}
    tone: Tone = Tone()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The dealer's time zone."""
        return ZoneInfo(self.identity.time_zone)

    @property
    def name(self) -> str:
        """Trade name."""
        return self.identity.name

    @property
    def address(self) -> str:
        """Address on one line."""
        i = self.identity
        return f"{i.street}, {i.postcode} {i.city}"

    def statement(self, topic: Topic, language: Language) -> str | None:
        """What the dealer lets us say about a topic, or None: then a colleague answers."""
        return self.claims.get(topic, {}).get(language)

    def formal(self, wish: bool | None, language: Language) -> bool:
        """Whether to write u or Sie, given what the customer has shown."""
        if wish is not None:
            return wish
        return self.tone.formal_german if language == "de" else self.tone.formal


def load_dealer(path: str | Path | None = None, environ: Mapping[str, str] = os.environ) -> Dealer:
    """Load the dealer file at ``path``, or the one that DEALER_FILE names.

    Raises DealerError, whose text is one line and names the field.
    """
    place = str(path or environ.get(DEALER_FILE, ""))
    if not place:
        raise DealerError(f"{DEALER_FILE} is not set")
    try:
        raw: dict[str, Any] = tomllib.loads(Path(place).read_text("utf-8"))
    except OSError as error:
        raise DealerError(f"{place}: {error.strerror or 'cannot be read'}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DealerError(f"{place}: no valid TOML ({error})") from None
    try:
        return Dealer.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DealerError(f"{place}: {where}: {first['msg']}") from None
