"""Values that depend on the dealer file and on now, for scripts that must hold on any day and at any hour.

Computed from the TOML and the ``holidays`` package alone, apart from the responder's own code.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAGEN = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MAANDEN = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
           "november", "december")  # fmt: skip
ENGLISH = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def read_dealer(path: Path) -> dict[str, Any]:
    """The dealer file as plain tables."""
    return tomllib.loads(path.read_text("utf-8"))


@dataclass(frozen=True)
class Calendar:
    """The dealer's days, seen from one moment (aware)."""

    dealer: dict[str, Any]
    at: datetime

    @property
    def now(self) -> datetime:
        """Local time at the dealer's."""
        return self.at.astimezone(ZoneInfo(self.dealer["dealer"]["time_zone"]))

    def hours(self, day: date) -> tuple[str, str] | None:
        """Opening and closing time of a day as written, or None when closed."""
        table = self.dealer["hours"]
        if self.holiday(day) in self.dealer["holidays"]["closed"]:
            return None
        if day.isoformat() in self.dealer["holidays"].get("extra_closed", []):
            return None
        text = table.get("deviating", {}).get(day.isoformat(), table[WEEKDAYS[day.weekday()]])
        if text == "closed":
            return None
        opens, _, closes = text.partition("-")
        return opens, closes

    def holiday(self, day: date) -> str | None:
        """Dutch name of a public holiday."""
        return holidays.country_holidays("NL", years=day.year, language="nl").get(day)

    @property
    def open_now(self) -> bool:
        """Whether somebody is there."""
        hours = self.hours(self.now.date())
        return hours is not None and hours[0] <= f"{self.now:%H:%M}" < hours[1]

    def workday(self, skip: int = 0) -> date:
        """The first open Monday to Friday at least two days ahead; ``skip`` takes a later one."""
        days = (self.now.date() + timedelta(days=n) for n in range(2, 40))
        return [d for d in days if d.weekday() < 5 and self.hours(d)][skip]

    def next_day(self, weekday: int) -> date:
        """The next such day of the week, today not counted (Monday is 0)."""
        today = self.now.date()
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)

    def closed_holiday(self, after_days: int = 1) -> date:
        """The next public holiday on which the dealer is closed although that weekday is open."""
        today = self.now.date()
        for n in range(after_days, 400):
            day = today + timedelta(days=n)
            usually = self.dealer["hours"][WEEKDAYS[day.weekday()]] != "closed"
            if usually and self.holiday(day) in self.dealer["holidays"]["closed"]:
                return day
        raise ValueError("no closed holiday within a year")

    def values(self) -> dict[str, str]:
        """What may stand in braces in a script."""
        identity = self.dealer["dealer"]
        found = {
            name: str(identity[name]) for name in ("name", "street", "postcode", "city", "phone", "email")
        }
        days = {
            "workday": self.workday(),
            "workday2": self.workday(1),
            "saturday": self.next_day(5),
            "sunday": self.next_day(6),
            "yesterday": self.now.date() - timedelta(days=1),
            "today": self.now.date(),
            "holiday": self.closed_holiday(),
            "far": self.now.date() + timedelta(days=60),
        }
        for name, day in days.items():
            found |= self._day(name, day)
        return found

    def _day(self, name: str, day: date) -> dict[str, str]:
        hours = self.hours(day)
        return {
            name: DAGEN[day.weekday()],
            f"{name}_date": f"{DAGEN[day.weekday()]} {day.day} {MAANDEN[day.month - 1]}",
            f"{name}_short": f"{day.day} {MAANDEN[day.month - 1]}",
            f"{name}_english": f"{day.day} {ENGLISH[day.month - 1]}",
            f"{name}_opens": hours[0] if hours else "gesloten",
            f"{name}_closes": hours[1] if hours else "gesloten",
            f"{name}_name": self.holiday(day) or "",
        }


def fill(text: str, values: dict[str, str]) -> str:
    """Put values in the place of ``{names}``; braces of anything else stay."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
