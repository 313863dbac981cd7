"""Proposing moments for a visit by the opening hours and the booking rules, and taking up a wanted one.

Nothing here is a promise: a moment becomes a request that staff confirm. Moments are aware and local.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from seldenrijk.contracts.messages import Language
from seldenrijk.contracts.slots import AppointmentKind

from .appointments_when import When
from .dealer import WEEKDAYS, Dealer, KindRules
from .hours import local, opening

Refusal = Literal["past", "closed_day", "closed_time", "soon", "far", "not_then"]
_OFFER = 3
_ANY = KindRules()
CANCEL = re.compile(
    r"\b(?:afzeggen|afmelden voor|annuleer|annuleren|cancel\w*|gaat niet door|niet doorgaan|kom toch niet"
    r"|absagen|stornieren|can't make it anymore)\b"
)


@dataclass(frozen=True)
class Plan:
    """What to say about an appointment.

    ``request`` is the moment to ask the staff for; otherwise ``proposals`` are up to three free moments,
    and ``refusal`` tells why the wanted one (``wanted`` is its day) was not taken.
    """

    kind: AppointmentKind | None = None
    request: datetime | None = None
    proposals: tuple[datetime, ...] = ()
    refusal: Refusal | None = None
    wanted: date | None = None
    on_day: date | None = None


def fitting(dealer: Dealer, kind: AppointmentKind | None, now: datetime, moment: datetime) -> Refusal | None:
    """Why a moment cannot be asked for, or None when it can."""
    here, rules = local(dealer, now), _rules(dealer, kind)
    span = opening(dealer, moment.date())
    if moment <= here:
        return "past"
    if span is None:
        return "closed_day"
    if moment.date() > here.date() + timedelta(days=dealer.booking.days_ahead):
        return "far"
    if WEEKDAYS[moment.weekday()] not in rules.days:
        return "not_then"
    if not span[0] <= moment <= span[1] - timedelta(minutes=dealer.booking.slot_minutes):
        return "closed_time"
    if not rules.from_ <= moment.time() <= rules.until:
        return "not_then"
    return "soon" if moment < here + timedelta(minutes=_lead(dealer, rules)) else None


def slots_on(dealer: Dealer, kind: AppointmentKind | None, now: datetime, day: date) -> list[datetime]:
    """All moments of a day that can be asked for, on whole steps of the booking rules."""
    span = opening(dealer, day)
    if span is None:
        return []
    step = timedelta(minutes=dealer.booking.slot_minutes)
    last = span[1] - timedelta(minutes=dealer.booking.margin_minutes)
    found: list[datetime] = []
    moment = span[0]
    while moment <= last:
        if fitting(dealer, kind, now, moment) is None:
            found.append(moment)
        moment += step
    return found


def plan(dealer: Dealer, kind: AppointmentKind | None, now: datetime, when: When) -> Plan:
    """Take up what was wanted: a request when day and time are clear and possible, else proposals."""
    here = local(dealer, now)
    if when.past:
        return _instead(dealer, kind, here, When(), "past", None)
    if len(when.days) == 1 and when.at is not None:
        moment = datetime.combine(when.days[0], when.at, tzinfo=dealer.zone)
        refusal = fitting(dealer, kind, here, moment)
        if refusal is None:
            return Plan(kind, request=moment, wanted=when.days[0])
        same_day = When(when.days, after=_earlier(when.at)) if refusal not in ("past", "far") else When()
        return _instead(dealer, kind, here, same_day, refusal, when.days[0])
    return _proposals(dealer, kind, here, when)


def _proposals(dealer: Dealer, kind: AppointmentKind | None, here: datetime, when: When) -> Plan:
    if when.days:
        found = [slot for day in when.days for slot in _within(slots_on(dealer, kind, here, day), when)]
        if found:
            one = when.days[0] if len(when.days) == 1 else None
            return Plan(kind, proposals=spread(found, len(when.days)), wanted=one, on_day=one)
        return _instead(dealer, kind, here, When(at=when.at, after=when.after, before=when.before),
                        _why_empty(dealer, kind, here, when), when.days[0])  # fmt: skip
    found = _coming(dealer, kind, here, when)
    if not found and (when.at or when.after or when.before):
        return Plan(kind, proposals=spread(_coming(dealer, kind, here, When()), 0), refusal="not_then")
    return Plan(kind, proposals=spread(found, 0))


def _why_empty(dealer: Dealer, kind: AppointmentKind | None, here: datetime, when: When) -> Refusal:
    """Why a day has no moment left."""
    day = when.days[0]
    if opening(dealer, day) is None:
        return "closed_day"
    if day > here.date() + timedelta(days=dealer.booking.days_ahead):
        return "far"
    if slots_on(dealer, kind, here, day):
        return "not_then"
    return "soon" if WEEKDAYS[day.weekday()] in _rules(dealer, kind).days else "not_then"


def _instead(
    dealer: Dealer,
    kind: AppointmentKind | None,
    here: datetime,
    when: When,
    refusal: Refusal,
    wanted: date | None,
) -> Plan:
    """Other moments than the wanted one: the same day, then the days after it, then the first to come."""
    found = [slot for day in when.days for slot in _within(slots_on(dealer, kind, here, day), when)]
    if not found and len(when.days) == 1:  # too late in the day: whatever the day has
        found = slots_on(dealer, kind, here, when.days[0])
    on_day = when.days[0] if found and when.days else None
    if not found and wanted and wanted >= here.date() and refusal != "far":
        later = [wanted + timedelta(days=n) for n in range(1, 4)]
        found = [slot for day in later for slot in _within(slots_on(dealer, kind, here, day), when)]
    found = found or _coming(dealer, kind, here, When())
    return Plan(kind, proposals=spread(found, 0), refusal=refusal, wanted=wanted, on_day=on_day)


def _coming(dealer: Dealer, kind: AppointmentKind | None, here: datetime, when: When) -> list[datetime]:
    """Moments of the first four days that have any."""
    found: list[datetime] = []
    days = 0
    for ahead in range(dealer.booking.days_ahead + 1):
        slots = _within(slots_on(dealer, kind, here, here.date() + timedelta(days=ahead)), when)
        found += slots
        days += bool(slots)
        if days == 3:
            break
    return found


def _within(slots: list[datetime], when: When) -> list[datetime]:
    if when.at is not None:
        near = [s for s in slots if s.time() == when.at]
        return near or sorted(slots, key=lambda s: abs(_minutes(s.time()) - _minutes(when.at)))[:2]
    return [
        s
        for s in slots
        if (when.after is None or s.time() >= when.after) and (when.before is None or s.time() <= when.before)
    ]


def _minutes(moment: time | None) -> int:
    return moment.hour * 60 + moment.minute if moment else 0


def spread(slots: list[datetime], days: int) -> tuple[datetime, ...]:
    """At most three moments, spread over the days (or over the day, when there is but one)."""
    ordered = sorted(set(slots))
    dates = list(dict.fromkeys(slot.date() for slot in ordered))
    if len(dates) == 1 or days == 1:
        if len(ordered) <= _OFFER:
            return tuple(ordered)
        places = (1, len(ordered) // 2, len(ordered) - 2)
        return tuple(sorted({ordered[place] for place in places}))
    chosen: list[datetime] = []
    for turn in range(_OFFER):
        of_day = [s for s in ordered if s.date() == dates[turn % len(dates)] and s not in chosen]
        if of_day and len(chosen) < _OFFER:
            # A morning, a midday and an afternoon, so that one of them is likely to suit.
            place = (2, len(of_day) // 2, len(of_day) - 3)[turn]
            chosen.append(of_day[max(0, min(len(of_day) - 1, place))])
    return tuple(sorted(set(chosen)))


def _earlier(moment: time) -> time | None:
    """Lower bound of what to propose beside a refused time: from some hours before it."""
    return time(max(0, moment.hour - 3), 0) if moment.hour >= 12 else None


def _rules(dealer: Dealer, kind: AppointmentKind | None) -> KindRules:
    return dealer.booking.kinds.get(kind, _ANY) if kind else _ANY


def _lead(dealer: Dealer, rules: KindRules) -> int:
    return dealer.booking.lead_minutes if rules.lead_minutes is None else rules.lead_minutes


def to_iso(moments: tuple[datetime, ...]) -> tuple[str, ...]:
    """Local moments as they are remembered: ISO without zone, to the minute."""
    return tuple(moment.strftime("%Y-%m-%dT%H:%M") for moment in moments)


def from_iso(texts: tuple[str, ...], dealer: Dealer) -> tuple[datetime, ...]:
    """Remembered moments, aware again; what cannot be read is left out."""
    found: list[datetime] = []
    for text in texts:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            continue
        found.append(moment.replace(tzinfo=dealer.zone) if moment.tzinfo is None else local(dealer, moment))
    return tuple(found)


__all__ = ["CANCEL", "Language", "Plan", "fitting", "from_iso", "plan", "slots_on", "spread", "to_iso"]
