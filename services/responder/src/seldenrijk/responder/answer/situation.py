"""Everything that a reply is written from, gathered once: the request, the cars it is about, the moment."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from seldenrijk.contracts.messages import Intent, MessageKind
from seldenrijk.contracts.replies import OfferedCar, ReplyRequested
from seldenrijk.contracts.slots import Appointment, OwnCar, Slots
from seldenrijk.responder.car import Car
from seldenrijk.responder.search import Order, SearchResult, search, unavailable
from seldenrijk.responder.stock.model import Snapshot

from . import asks
from .appointments import CANCEL, Plan, from_iso, plan
from .appointments_choice import Choice, agrees, choose
from .appointments_when import When, again, parse_when
from .dealer import Dealer
from .describe import seed_of
from .hours import is_open, local
from .implied import implied
from .references import Reference, bounded, focused, resolve
from .wording import Words

_SPOKEN: tuple[MessageKind, ...] = ("text", "button", "list_reply", "unknown")
_CRITERIA = (
    "make",
    "model",
    "fuel_type",
    "transmission",
    "body_type",
    "color",
    "min_price",
    "max_price",
    "min_year",
    "max_year",
    "max_mileage",
    "min_seats",
    "doors",
    "features",
    "max_monthly",
)
_ORDER: dict[str, Order] = {
    "cheaper": "price",
    "dearer": "price-descending",
    "newer": "year",
    "fewer_km": "mileage",
}


@dataclass(frozen=True)
class Situation:
    """The request with everything derived from it. ``now`` is the dealer's local time."""

    request: ReplyRequested
    dealer: Dealer
    snapshot: Snapshot
    now: datetime

    @cached_property
    def words(self) -> Words:
        """Wordings in the customer's language and form of address."""
        r = self.request
        newest = r.messages[-1].event_id if r.messages else r.id
        formal = self.dealer.formal(r.formal, r.language)
        return Words(r.language, formal, seed_of(r.conversation, newest, str(len(r.turns))))

    @cached_property
    def text(self) -> str:
        """What the customer wrote since the last reply, one message a line."""
        return "\n".join(m.message.text.strip() for m in self.request.messages if m.message.text.strip())

    @cached_property
    def intents(self) -> tuple[Intent, ...]:
        """Every intent of the unanswered messages, primary ones first; noise dropped beside substance."""
        found = [
            m.understanding.intent
            for m in self.request.messages
            if self._speaks(m.message.kind, m.message.text)
        ]
        found += [i for m in self.request.messages for i in m.understanding.secondary]
        unique = list(dict.fromkeys(found))
        substance = [i for i in unique if i not in ("unclear", "general_inquiry")]
        extra = [i for i in unique if i == "general_inquiry" and self._general_matters]
        return tuple(dict.fromkeys([*substance, *extra])) if substance else tuple(unique)

    def _speaks(self, kind: MessageKind, text: str) -> bool:
        return kind in _SPOKEN or bool(text.strip())

    @cached_property
    def _general_matters(self) -> bool:
        """Whether a general remark beside a real question deserves an answer of its own."""
        return bool(
            self.topics & {"delivery", "export", "reserve", "payment", "deposit", "papers", "job", "robot"}
        )

    @cached_property
    def kinds(self) -> tuple[MessageKind, ...]:
        """The kinds of the unanswered messages."""
        return tuple(dict.fromkeys(m.message.kind for m in self.request.messages))

    @cached_property
    def topics(self) -> frozenset[str]:
        """Topics that the unanswered messages touch."""
        return asks.topics(self.text)

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """What is asked about a car."""
        return asks.about_car(self.text)

    @cached_property
    def said(self) -> Slots:
        """Slots of the unanswered messages together; a later message wins."""
        merged: dict[str, object] = {}
        for unanswered in self.request.messages:
            for name in Slots.model_fields:
                value = getattr(unanswered.slots, name)
                if value not in (None, (), OwnCar(), Appointment()):
                    merged[name] = value
        return Slots.model_validate(merged)

    @cached_property
    def searches(self) -> bool:
        """Whether a criterion for a car was named in these messages."""
        return any(getattr(self.said, name) not in (None, ()) for name in _CRITERIA)

    @cached_property
    def reference(self) -> Reference:
        """What the messages mean of what was offered."""
        return focused(resolve(self.text, self.request.offered, self.said), self.last_bot_text)

    @cached_property
    def wish(self) -> Slots:
        """What to search for: the preferences, bounded by "goedkoper", "nieuwer" or "minder km"."""
        return bounded(self.request.preferences, self.reference, self.request.offered)

    @cached_property
    def result(self) -> SearchResult:
        """The search for the wish; cars shown before are left out where more were asked for."""
        order = _ORDER.get(self.reference.wish or "", "best")
        shown = [car.id for car in self.request.offered] if self.reference.wish else []
        words = [turn.text for turn in self.request.turns if turn.role == "customer"]
        return search(self.snapshot, implied(self.wish, [*words, self.text]), 3, order=order, skip=shown)

    @cached_property
    def wants_nothing(self) -> bool:
        """Whether nothing is known of the wish."""
        wish = self.wish
        return all(getattr(wish, name) in (None, ()) for name in _CRITERIA)

    @cached_property
    def named(self) -> tuple[Car, ...]:
        """Cars of the make and model that these messages name and that are for sale."""
        if not self.said.model:
            return ()
        found = search(self.snapshot, self._identity, 4)
        return found.cars if found.exact else ()

    @cached_property
    def gone(self) -> tuple[Car, ...]:
        """Reserved, sold or withdrawn cars that these messages ask for by model."""
        if not self.said.model:
            return ()
        return unavailable(self.snapshot, self._identity)

    @cached_property
    def _identity(self) -> Slots:
        said = self.said
        return Slots(
            make=said.make, model=said.model, color=said.color, min_year=said.min_year, max_year=said.max_year
        )

    @cached_property
    def meant(self) -> tuple[Car, ...]:
        """The offered cars that are meant, as they are in the stock now (sold ones included)."""
        found = (self.snapshot.by_id.get(car.id) for car in self.reference.cars)
        return tuple(car for car in found if car is not None)

    @cached_property
    def vanished(self) -> tuple[OfferedCar, ...]:
        """Offered cars that are meant and of which the stock knows nothing any more."""
        return tuple(car for car in self.reference.cars if car.id not in self.snapshot.by_id)

    @cached_property
    def open_now(self) -> bool:
        """Whether staff are there."""
        return is_open(self.dealer, self.now)

    @cached_property
    def slots_offered(self) -> tuple[datetime, ...]:
        """The moments that were proposed, aware."""
        return from_iso(self.request.slots_offered, self.dealer)

    @cached_property
    def choice(self) -> Choice:
        """What the messages choose among the proposed moments."""
        for unanswered in reversed(self.request.messages):
            found = choose(unanswered.message.text, self.slots_offered, self.now, self.request.language)
            if found.kind != "none":
                return found
        return Choice("none")

    @cached_property
    def appointment(self) -> Appointment:
        """Kind and words of the wanted appointment; the kind may come from earlier messages."""
        said, before = self.said.appointment, self.request.preferences.appointment
        return said.model_copy(update={"kind": said.kind or before.kind})

    @cached_property
    def when(self) -> When:
        """The wanted moment in these messages."""
        said = self.said.appointment
        words = " ".join(part for part in (said.day_text, said.time_text) if part)
        found = parse_when(words, self.now, self.request.language) if words else When()
        found = found if found.said else parse_when(self.text, self.now, self.request.language)
        return (
            found if self.slots_offered else again(found, self.last_bot_text, self.now, self.request.language)
        )

    @cached_property
    def plan(self) -> Plan:
        """What can be said about the appointment."""
        kind = self.appointment.kind
        if self.choice.kind == "picked" and self.choice.moment is not None:
            chosen = self.choice.moment
            return plan(
                self.dealer, kind, self.now, When((chosen.date(),), chosen.time().replace(tzinfo=None))
            )
        return plan(self.dealer, kind, self.now, self.choice.when if self.choice.when.said else self.when)

    @cached_property
    def cancels(self) -> bool:
        """Whether an appointment is called off."""
        return bool(CANCEL.search(self.text.lower()))

    @cached_property
    def last_bot_text(self) -> str:
        """The assistant's latest turn."""
        return next((turn.text for turn in reversed(self.request.turns) if turn.role == "bot"), "")

    @cached_property
    def agrees(self) -> bool:
        """Whether the customer just says yes."""
        return bool(self.request.messages) and agrees(self.request.messages[-1].message.text)


def gather(request: ReplyRequested, dealer: Dealer, snapshot: Snapshot, now: datetime) -> Situation:
    """Gather the situation of a request at a moment (aware)."""
    return Situation(request, dealer, snapshot, local(dealer, now))
