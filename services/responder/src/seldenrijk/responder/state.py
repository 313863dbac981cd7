"""What the responder remembers of a conversation."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel

from seldenrijk.contracts import Lead, OfferedCar, Slots, Turn, UnansweredMessage


class ResponderState(BaseModel):
    """What still has to be answered, and what the next answer must know.

    ``version`` counts the messages to answer: a draft for an older version has been overtaken.
    """

    version: int = 0
    waiting: tuple[UnansweredMessage, ...] = ()
    waiting_since: AwareDatetime | None = None
    preferences: Slots = Slots()
    lead: Lead = Lead()
    turns: tuple[Turn, ...] = ()
    offered: tuple[OfferedCar, ...] = ()
    slots_offered: tuple[str, ...] = ()
    customer_name: str | None = None
    language: Literal["nl", "en", "de"] = "nl"
    formal: bool | None = None
    introduced: bool = False
    taken_over: bool = False
    opted_out: bool = False
    replies_without_emoji: int = 3
    last_notice: AwareDatetime | None = None
