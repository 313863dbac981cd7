"""The pieces that a reply is laid out from."""

from dataclasses import dataclass

from seldenrijk.contracts.messages import HandoverReason
from seldenrijk.contracts.replies import OfferedCar


@dataclass(frozen=True)
class Block:
    """The answer to one thing that was asked. ``questions`` come in order of importance.

    ``slots`` are ISO local moments that the lines propose; ``money`` keeps emoji away.
    """

    lines: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    offered: tuple[OfferedCar, ...] = ()
    slots: tuple[str, ...] = ()
    handover: HandoverReason | None = None
    appointment_request: str | None = None
    money: bool = False
    cheerful: bool = False


@dataclass(frozen=True)
class Composed:
    """A reply as the built-in composer writes it; ``text`` None: nothing needs to be said."""

    text: str | None
    offered: tuple[OfferedCar, ...] = ()
    slots: tuple[str, ...] = ()
    handover: HandoverReason | None = None
    appointment_request: str | None = None
