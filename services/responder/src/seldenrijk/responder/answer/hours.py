"""When the dealer is open: pure functions of the dealer file and a moment that is handed in.

Moments are aware; days are local to the dealer. Daylight saving and public holidays are heeded.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays

from .dealer import Dealer, Hours

_SEARCH_DAYS = 60


@dataclass(frozen=True)
class Day:
    """One day at the dealer's. ``holiday`` is its Dutch name; ``hours`` None means closed."""

    date: date
    hours: Hours | None
    holiday: str | None = None
    deviates: bool = False


@lru_cache(maxsize=64)
def _public(country: str, year: int) -> dict[date, str]:
    found = holidays.country_holidays(country, years=year, language="nl" if country == "NL" else None)
    return dict(found.items())


def holiday_name(dealer: Dealer, day: date) -> str | None:
    """Dutch name of the public holiday, open or closed; None for a common day."""
    return _public(dealer.holidays.country, day.year).get(day)


def holidays_ahead(dealer: Dealer, today: date) -> list[tuple[date, str]]:
    """The public holidays of the year from ``today`` on, open or closed, with their Dutch names."""
    years = (today.year, today.year + 1)
    coming = sorted(pair for year in years for pair in _public(dealer.holidays.country, year).items())
    return [(day, name) for day, name in coming if today <= day < today + timedelta(days=366)]


def day_of(dealer: Dealer, day: date) -> Day:
    """What holds on a day: a deviating day first, then closed days and holidays, then the week."""
    holiday = holiday_name(dealer, day)
    deviating = dealer.hours.deviating
    if day in deviating:
        return Day(day, deviating[day], holiday, deviates=True)
    if day in dealer.holidays.extra_closed:
        return Day(day, None, holiday, deviates=True)
    if holiday and any(name.strip() in dealer.holidays.closed for name in holiday.split(";")):
        return Day(day, None, holiday, deviates=dealer.hours.of(day.weekday()) is not None)
    return Day(day, dealer.hours.of(day.weekday()), holiday)


def local(dealer: Dealer, now: datetime) -> datetime:
    """The dealer's local time. Raises ValueError for a moment without a time zone."""
    if now.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return now.astimezone(dealer.zone)


def opening(dealer: Dealer, day: date) -> tuple[datetime, datetime] | None:
    """Opening and closing moment of a day (aware, local), or None when closed."""
    hours = day_of(dealer, day).hours
    if hours is None:
        return None
    return (
        datetime.combine(day, hours.opens, tzinfo=dealer.zone),
        datetime.combine(day, hours.closes, tzinfo=dealer.zone),
    )


def is_open(dealer: Dealer, now: datetime) -> bool:
    """Whether somebody is there at this moment; at closing time nobody is."""
    here = local(dealer, now)
    span = opening(dealer, here.date())
    # Compared on the wall clock: both ends and the moment are of one local day.
    return span is not None and span[0] <= here < span[1]


def next_opening(dealer: Dealer, now: datetime) -> datetime | None:
    """The first opening after this moment (aware, local); None when there is none in two months."""
    here = local(dealer, now)
    for ahead in range(_SEARCH_DAYS + 1):
        span = opening(dealer, here.date() + timedelta(days=ahead))
        if span is not None and span[0] > here:
            return span[0]
    return None


def week(dealer: Dealer, now: datetime) -> tuple[Day, ...]:
    """The seven days from today on."""
    today = local(dealer, now).date()
    return tuple(day_of(dealer, today + timedelta(days=n)) for n in range(7))


def exceptions(dealer: Dealer, now: datetime, days: int = 14) -> tuple[Day, ...]:
    """Days within ``days`` from today on whose hours differ from those of their weekday."""
    today = local(dealer, now).date()
    coming = (day_of(dealer, today + timedelta(days=n)) for n in range(days))
    return tuple(day for day in coming if day.hours != dealer.hours.of(day.date.weekday()))
