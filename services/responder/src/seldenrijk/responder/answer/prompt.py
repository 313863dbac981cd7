"""The facts of a reply as Claude gets them: lines that state everything that may be said."""

from seldenrijk.claude import CarFact, WriteRequest
from seldenrijk.claude.prompt import resource
from seldenrijk.responder.car import Car
from seldenrijk.responder.search import Offer

from .claims import Facts
from .compose.place import week_in_words
from .describe import differences, line, wish_in_words
from .hours import exceptions, next_opening, opening
from .situation import Situation
from .wording import Words

_STATUS = {
    "available": "beschikbaar",
    "reserved": "gereserveerd",
    "sold": "verkocht",
    "withdrawn": "niet meer in aanbod",
}
SECRET = resource("write.md")


def write_request(s: Situation, facts: Facts, rejected: tuple[str, str] | None = None) -> WriteRequest:
    """The task for Claude; ``rejected`` is an earlier draft with the reason why it failed the check."""
    r = s.request
    return WriteRequest(
        messages=tuple(_message(m.message.kind, m.message.text) for m in r.messages),
        intents=s.intents,
        dealer=_dealer(s),
        cars=tuple(CarFact(id=car.id, line=_car(s.words, car)) for car in facts.cars),
        facts=_facts(s),
        preferences=r.preferences,
        turns=r.turns,
        customer_name=r.customer_name,
        language=r.language,
        formal=s.words.formal,
        first_contact=r.first_contact,
        emoji_allowed=r.replies_without_emoji >= 2 and not s.words.formal,
        rejected_draft=rejected[0] if rejected else None,
        rejected_because=rejected[1] if rejected else None,
    )


def _message(kind: str, text: str) -> str:
    return text if kind == "text" else f"[{kind}] {text}".strip()


def _car(words: Words, car: Car) -> str:
    """One line with everything that may be said of a car."""
    more = [_STATUS[car.status], car.version, words.value(car.body_type) if car.body_type else None]
    more += [words.value(car.color) if car.color else None]
    more += [f"{car.doors} {words.word('doors')}" if car.doors else None]
    more += [f"{car.seats} {words.word('seats')}" if car.seats else None]
    more += [f"{words.euro(car.monthly)} {words.word('per_month')}" if car.monthly else None]
    more += [words.value(feature) for feature in car.features]
    return f"{line(words, car)} | {', '.join(part for part in more if part)}"


def _dealer(s: Situation) -> tuple[str, ...]:
    d, words = s.dealer, Words(s.request.language)
    lines = [d.name, d.address, f"tel. {d.identity.phone}", d.identity.email]
    lines += [d.identity.website] if d.identity.website else []
    options = d.financing.get(s.request.language, ())
    if options and d.services.financing:
        lines.append(
            f"financiering: {words.join(list(options))}; rente, looptijd en bedragen alleen van een collega"
        )
    services = {
        "inruil": d.services.trade_in,
        "proefrit": d.services.test_drive,
        "werkplaats": d.services.workshop,
    }
    lines += [f"{name}: ja" for name, offered in services.items() if offered]
    lines += [stated for topic in d.claims for stated in [d.statement(topic, s.request.language)] if stated]
    unset = [t for t in ("warranty", "delivery", "deposit", "interest", "payment") if t not in d.claims]
    if unset:
        lines.append(f"niet bekend, een collega antwoordt: {', '.join(unset)}, korting, inruilwaarde")
    return (*lines, f"openingstijden: {week_in_words(s)}")


def _facts(s: Situation) -> tuple[str, ...]:
    w = s.words
    lines = [f"nu: {w.moment(s.now)}", _open(s)]
    lines += [
        f"afwijkend: {w.day(day.date)} {'gesloten' if day.hours is None else day.hours}"
        for day in exceptions(s.dealer, s.now)
    ]
    lines.append(f"gezocht: {wish_in_words(w, s.wish)}; precies passend: {s.result.exact}")
    lines += [f"{car.id}: {_STATUS[car.status]}" for car in s.gone]
    lines += [text for offer in s.result.offers for text in _difference(w, offer)]
    lines += [
        f"eerder aangeboden {n}: {car.title} [{car.id}]" for n, car in enumerate(s.request.offered, start=1)
    ]
    if "appointment_request" in s.intents or s.choice.kind != "none":
        lines += _appointment(s)
    return tuple(lines)


def _difference(w: Words, offer: Offer) -> list[str]:
    told = differences(w, offer.differences)
    return [f"[{offer.car.id}] wijkt af: {told}"] if told else []


def _open(s: Situation) -> str:
    span = opening(s.dealer, s.now.date())
    if s.open_now and span:
        return f"nu open tot {s.words.clock(span[1])}"
    following = next_opening(s.dealer, s.now)
    return f"nu gesloten; weer open {s.words.moment(following, s.now.date())}" if following else "nu gesloten"


def _appointment(s: Situation) -> list[str]:
    if s.plan.request is not None:
        return [f"aanvraag genoteerd, nog te bevestigen door een collega: {s.words.moment(s.plan.request)}"]
    refused = [f"het gevraagde moment kan niet: {s.plan.refusal}"] if s.plan.refusal else []
    slots = [f"mogelijk moment {n}: {s.words.moment(m)}" for n, m in enumerate(s.plan.proposals, start=1)]
    return refused + slots
