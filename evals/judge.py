"""Verdicts on a played conversation: the script's own expectations, and what must hold of every reply."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import text as reading
from .calendar import Calendar, fill
from .play import Outcome, Played
from .script import Anyof, Cars, Expect
from .text import Car

_LISTED = ("make", "model", "fuel_type", "transmission", "body_type", "color")


@dataclass(frozen=True)
class Fault:
    """Something that should not be so. ``kind`` groups faults; ``step`` counts from 1."""

    step: int
    kind: str
    says: str


def judge(played: Played, stock: list[Car], calendar: Calendar) -> list[Fault]:
    """All faults of a conversation. ``stock`` holds the cars of the run at its start."""
    found = [Fault(0, "trouble", text) for text in played.trouble]
    if len(played.outcomes) < len(played.script.turns) and not played.trouble:
        found.append(Fault(0, "trouble", "was not played to its end"))
    said: list[str] = []
    unavailable = {car.id for car in stock if car.status != "available"}
    for n, outcome in enumerate(played.outcomes, start=1):
        said += outcome.said
        found += [Fault(n, *fault) for fault in _expected(outcome, stock, calendar)]
        found += [Fault(n, *fault) for fault in _always(outcome, stock, unavailable, said)]
        unavailable |= {*outcome.step.sell, *outcome.step.reserve}
    return found


Pair = tuple[str, str]


def _expected(outcome: Outcome, stock: list[Car], calendar: Calendar) -> Iterable[Pair]:
    e, text = outcome.step.expect, "\n".join(outcome.replies)
    values = calendar.values()
    yield from _count(outcome)
    must = [*e.must_mention, *([] if calendar.open_now else e.must_mention_when_closed)]
    for pattern in must:
        if not _found(pattern, text, values):
            yield "missing", f"does not mention {pattern!r}"
    for pattern in e.must_not_mention:
        if _found(pattern, text, values):
            yield "unwanted", f"mentions {pattern!r}"
    if e.cars is not None:
        yield from _cars(e.cars, reading.cars_in(text, stock))
    yield from _understood(e, outcome)
    yield from _handover(e, outcome)
    yield from _form(e, text)
    yield from _request(e, outcome, values)


def _count(outcome: Outcome) -> Iterable[Pair]:
    e, answers = outcome.step.expect, [b for b in outcome.by if b != "agent"]
    if not outcome.step.customer:
        wanted = e.replies or 0
    elif e.silence is not None:
        wanted = 0
        reasons = {data["reason"] for data in outcome.suppressed}
        if not reasons & set(e.silence):
            yield "silence", f"silent because of {sorted(reasons) or 'nothing'}, not {e.silence}"
    else:
        wanted = 1 if e.replies is None else e.replies
    if not outcome.settled:
        yield "unanswered", f"neither answered nor explained in time; last event: {outcome.last_event}"
    if len(answers) != wanted:
        yield "replies", f"{len(answers)} replies instead of {wanted}"


def _found(pattern: Anyof, text: str, values: dict[str, str]) -> bool:
    if isinstance(pattern, list):
        return any(_found(one, text, values) for one in pattern)
    filled = fill(pattern, values)
    if len(filled) > 2 and filled.startswith("/") and filled.endswith("/"):
        return re.search(filled[1:-1], text, re.IGNORECASE) is not None
    return filled.casefold() in text.casefold()


def _cars(wanted: Any, cars: list[Car]) -> Iterable[Pair]:
    if wanted == "none":
        if cars:
            yield "cars", f"offers {[c.id for c in cars]}, should offer none"
        return
    if wanted == "any" or not isinstance(wanted, Cars):
        if not cars:
            yield "cars", "offers no car"
        return
    if wanted.ids is not None and {c.id for c in cars} != set(wanted.ids):
        yield "cars", f"offers {[c.id for c in cars]} instead of {wanted.ids}"
    if len(cars) < wanted.count:
        yield "cars", f"offers {len(cars)} cars, at least {wanted.count} were expected"
    for car in cars:
        for name in _unmet(wanted, car):
            yield "cars", f"{car.id} ({car.make} {car.model}, {car.year}, € {car.price}) breaks {name}"


def _unmet(wanted: Cars, car: Car) -> Iterable[str]:
    for name in _LISTED:
        allowed = getattr(wanted, name)
        if allowed is not None and getattr(car, name) not in allowed:
            yield name
    bounds = {
        "min_price": car.price >= (wanted.min_price or 0),
        "max_price": wanted.max_price is None or car.price <= wanted.max_price,
        "min_year": car.year >= (wanted.min_year or 0),
        "max_mileage": wanted.max_mileage is None or car.mileage <= wanted.max_mileage,
        "min_seats": car.seats >= (wanted.min_seats or 0),
        "features": set(wanted.features or ()) <= set(car.features),
    }
    yield from (name for name, held in bounds.items() if not held)


def _understood(e: Expect, outcome: Outcome) -> Iterable[Pair]:
    if e.intent is not None:
        intents = [data["understanding"]["intent"] for data in outcome.extracted]
        if not set(intents) & set(e.intent):
            yield "intent", f"understood as {intents}, not {e.intent}"
    if e.slots and not outcome.extracted:
        yield "slots", "nothing was extracted"
    elif e.slots:
        known = outcome.extracted[-1]["preferences"]
        for name, wanted in e.slots.items():
            if _plain(_at(known, name)) != _plain(wanted):
                yield "slots", f"{name} is {_at(known, name)!r}, not {wanted!r}"


def _at(known: Any, name: str) -> Any:
    for part in name.split("."):
        known = (known or {}).get(part)
    return known


def _plain(value: Any) -> Any:
    if value in (None, [], (), {}):
        return None
    return sorted(map(str, value)) if isinstance(value, list | tuple) else [str(value)]


def _handover(e: Expect, outcome: Outcome) -> Iterable[Pair]:
    reasons = [data["reason"] for data in outcome.handovers]
    if e.handover is False and reasons:
        yield "handover", f"handed over ({reasons}), should not be"
    elif isinstance(e.handover, list) and not set(reasons) & set(e.handover):
        yield "handover", f"handed over for {reasons or 'no reason at all'}, not for {e.handover}"


def _form(e: Expect, text: str) -> Iterable[Pair]:
    if e.language is not None and text and reading.language_of(text) != e.language:
        yield "language", f"reads as {reading.language_of(text)}, not {e.language}"
    if e.formal is not None and text:
        formal, familiar = reading.addresses(text, reading.language_of(text))
        if (familiar and e.formal) or (formal and not e.formal):
            yield "address", "addresses the customer the wrong way"
    if e.emoji is not None and bool(reading.emojis(text)) != e.emoji:
        yield "emoji", "has an emoji" if reading.emojis(text) else "has no emoji"


def _request(e: Expect, outcome: Outcome, values: dict[str, str]) -> Iterable[Pair]:
    asked = "\n".join(data["appointment_request"] or "" for data in outcome.composed).strip()
    if e.appointment_request == "none":
        if asked:
            yield "appointment", f"asks staff for {asked!r}"
        return
    for pattern in e.appointment_request or ():
        if not asked or not _found(pattern, asked, values):
            yield "appointment", f"the request to staff is {asked or None!r}, without {pattern!r}"


def _always(outcome: Outcome, stock: list[Car], gone: set[str], said: list[str]) -> Iterable[Pair]:
    """What holds of every reply of the assistant, whatever the script says."""
    e = outcome.step.expect
    for text, by in zip(outcome.replies, outcome.by, strict=True):
        if by == "agent":
            continue
        for url in reading.unknown_links(text, stock):
            yield "invented", f"link to nowhere: {url}"
        for wrong in reading.untrue_lines(text, stock):
            yield "untrue", wrong
        for car in reading.cars_in(text, stock):
            if car.id in gone:
                yield "sold", f"offers {car.id}, which is not for sale"
        yield from _amounts(text, stock, said, outcome)
        yield from _size(e, text)
    if outcome.first and outcome.replies and outcome.by[0] == "bot" and outcome.step.customer:
        opted = any(c["purpose"] == "opt_out_confirmation" for c in outcome.composed)
        if not opted and not re.search(r"automat|assist[ae]nt", outcome.replies[0], re.IGNORECASE):
            yield "disclosure", "the first reply does not say that it is an automatic assistant"


def _size(e: Expect, text: str) -> Iterable[Pair]:
    if reading.lines(text) > e.max_lines:
        yield "length", f"{reading.lines(text)} lines, at most {e.max_lines}"
    if reading.questions(text) > e.max_questions:
        yield "questions", f"{reading.questions(text)} questions, at most {e.max_questions}"
    if reading.emojis(text) > 1:
        yield "emoji", "more than one emoji"
    if reading.emojis(text) and reading.amounts(text):
        yield "emoji", "an emoji about money"
    if re.search(r"[{}]|\bNone\b|\bnull\b|\[\]|  +\S|\.\.(?!\.)|\s[,.?!](?:\s|$)", text):
        yield "blemish", "a leftover of a template, a double space or a stray sign"
    if re.search(r"^[a-zà-ÿ]", text):
        yield "blemish", "begins with a small letter"


def _amounts(text: str, stock: list[Car], said: list[str], outcome: Outcome) -> Iterable[Pair]:
    """Every amount is a price in stock, or was named by the customer, or is the difference of the two."""
    prices = {car.price for car in stock}
    named = {reading.number(found) for found in re.findall(r"\d[\d.,]*", " ".join(said))}
    for data in outcome.extracted[-1:]:
        bounds = (data["preferences"].get(name) for name in ("min_price", "max_price", "max_monthly"))
        named |= {bound for bound in bounds if bound}
    named |= {n * 1000 for n in named if n < 1000}
    allowed = prices | named | {abs(price - bound) for price in prices for bound in named}
    for amount in reading.amounts(text):
        if amount not in allowed:
            yield "invented", f"€ {amount} is nowhere in the stock or in the customer's words"
