"""The facts that a text may state: what was found, what the dealer file says, what the customer said."""

from dataclasses import dataclass
from datetime import date, datetime, time

from seldenrijk.contracts.messages import Language
from seldenrijk.contracts.slots import OwnCar, Slots
from seldenrijk.responder.answer.dealer import Dealer
from seldenrijk.responder.car import Car


@dataclass(frozen=True)
class Said:
    """What the customer said himself; it may be echoed, never turned into a fact about a car for sale.

    ``amounts`` are euros, kilometres and other numbers of his messages and preferences; ``wish`` is what he
    looks for, ``own_car`` his own; ``days`` and ``times`` are moments that he named; ``text`` is all
    he wrote.
    """

    amounts: frozenset[int] = frozenset()
    wish: Slots = Slots()  # noqa: RUF009 - frozen
    own_car: OwnCar = OwnCar()  # noqa: RUF009 - frozen
    days: frozenset[date] = frozenset()
    times: frozenset[time] = frozenset()
    text: str = ""
    name: str | None = None


@dataclass(frozen=True)
class Facts:
    """Everything that an outgoing text may say. ``now`` is local to the dealer.

    ``cars`` may be spoken of, each with its status; ``listed`` are ids in the order in which they are shown
    or were offered ("nummer 2"); ``counts`` are true counts of cars; ``moments`` are proposed or requested
    appointments; ``formal`` is the form of address.
    """

    dealer: Dealer
    now: datetime
    language: Language = "nl"
    cars: tuple[Car, ...] = ()
    listed: tuple[str, ...] = ()
    counts: frozenset[int] = frozenset()
    moments: tuple[datetime, ...] = ()
    days: frozenset[date] = frozenset()
    said: Said = Said()
    secret: str = ""

    def by_id(self, id_: str) -> Car | None:
        """A car by its id."""
        return next((car for car in self.cars if car.id == id_), None)
