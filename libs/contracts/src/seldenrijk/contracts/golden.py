"""One realistic example of each event, the same on every run: for tests, documents and other readers.

They tell one conversation: a customer asks for a Volkswagen Golf, gets an answer, wants a person.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import orjson

from . import conversations as c
from . import messages as m
from . import replies as r
from .base import Event, derived_id
from .catalog import EVENTS
from .identity import conversation_of
from .schemas import LIBRARY, pretty
from .slots import Appointment, Exclusions, OwnCar, Slots

GOLDEN: Final = LIBRARY / "golden"
START: Final = datetime(2026, 3, 10, 9, 15, 30, 250_000, tzinfo=UTC)
ADDRESS: Final = "whatsapp:+31612345678"
CONVERSATION: Final = conversation_of(ADDRESS, b"the key of the golden examples")
MESSAGE_SID: Final = "SM0123456789abcdef0123456789abcdef"
REPLY_SID: Final = "SMfedcba9876543210fedcba9876543210"
RECEIVED_ID: Final = derived_id(MESSAGE_SID, m.MessageReceived.type_name())
REPLY_ID: Final = derived_id(RECEIVED_ID, r.ReplyComposed.type_name())
TEXT: Final = "Ik zoek een Volkswagen Golf, benzine, tot 20.000 euro. Ik rijd nu een Polo uit 2014."
ANSWER: Final = (
    "Goedemorgen! Ik ben de automatische assistent van Seldenrijk Auto; vraag gerust naar een collega.\n"
    "Deze Golf past bij uw vraag: Volkswagen Golf 1.0 TSI, 2019, 68.500 km, benzine, "
    "handgeschakeld, € 16.950.\nWilt u een proefrit maken?"
)

MESSAGE: Final = m.Message(message_id=MESSAGE_SID, text=TEXT, received_at=START)
MEDIA: Final = m.Media(url="https://media.example/polo.jpg", content_type="image/jpeg", filename="polo.jpg")
SLOTS: Final = Slots(
    make=("Volkswagen",), model=("Golf",), fuel_type=("benzine",), max_price=20_000,
    own_car=OwnCar(make="Volkswagen", model="Polo", year=2014),
)  # fmt: skip
PREFERENCES: Final = SLOTS.model_copy(
    update={
        "exclude": Exclusions(color=("geel",)),
        "appointment": Appointment(kind="proefrit", day_text="zaterdag", time_text="een uur of elf"),
    }
)
UNDERSTOOD: Final = m.Understanding(
    intent="car_inquiry", secondary=("price_question",), confidence=0.94, priority="medium", formal=True
)
TURNS: Final = (
    m.Turn(role="customer", text="Goedemorgen", at=START - timedelta(seconds=40)),
    m.Turn(role="bot", text="Goedemorgen! Waarmee kan ik u helpen?", at=START - timedelta(seconds=37)),
)
LEAD: Final = m.Lead(score=55, quality="warm", stage="information-gathering", signals=("model", "budget"))
CAR: Final = r.OfferedCar(
    id="vw-golf-1234", title="Volkswagen Golf 1.0 TSI Comfortline", make="Volkswagen", model="Golf",
    color="wit", price=16_950, year=2019, mileage=68_500, fuel_type="benzine", transmission="handgeschakeld",
    url="https://www.seldenrijk.nl/aanbod/vw-golf-1234",
)  # fmt: skip
CLAIM: Final = r.Claim(kind="price", text="€ 16.950", fact="vw-golf-1234.price")
MODEL: Final = r.ModelUse(
    model="claude-sonnet",
    input_tokens=1_850,
    output_tokens=140,
    cached_tokens=1_600,
    cost=0.0031,
    latency_ms=1_240,
)
UNDERSTANDING_FIELDS: Final[dict[str, Any]] = {
    "message": MESSAGE, "customer_name": "Sanne", "understanding": UNDERSTOOD, "turns": TURNS,
    "first_contact": True,
}  # fmt: skip
ANSWERS: Final = {"answers": (RECEIVED_ID,)}

FIELDS: Final[dict[type[Event], dict[str, Any]]] = {
    m.MessageReceived: {
        "customer": m.Customer(
            address=ADDRESS, phone="+31612345678", wa_id="31612345678", profile_name="Sanne"
        ),
        "business_address": "whatsapp:+31341799554",
        "message": MESSAGE.model_copy(
            update={
                "media": (MEDIA,),
                "location": m.Location(latitude=52.3506, longitude=5.6178, label="Harderwijk"),
                "reply_to": m.Reply(message_id=REPLY_SID, sender="whatsapp:+31341799554"),
                "referral": m.Referral(source_type="ad", source_id="120210", headline="Golf-weken"),
            }
        ),
        "extra": {"SmsStatus": "received"},
    },
    m.MessageRouted: UNDERSTANDING_FIELDS,
    m.PreferencesExtracted: {
        **UNDERSTANDING_FIELDS,
        "slots": SLOTS,
        "preferences": PREFERENCES,
        "evidence": (m.Evidence(start=23, end=27, field="model", value="Golf", why="a model of Volkswagen"),),
        "lead": LEAD,
    },
    r.MessageOverdue: {"message_event_id": RECEIVED_ID, "received_at": START},
    r.ReplyDue: {"version": 1},
    r.ReplyRequested: {
        "version": 1,
        "messages": (
            r.UnansweredMessage(event_id=RECEIVED_ID, message=MESSAGE, understanding=UNDERSTOOD, slots=SLOTS),
        ),
        "preferences": PREFERENCES,
        "turns": TURNS,
        "customer_name": "Sanne",
        "formal": True,
        "first_contact": True,
        "lead": LEAD,
        "deadline": START + timedelta(seconds=5),
    },
    r.ReplyDrafted: {
        "version": 1, "text": ANSWER, "offered": (CAR,), "claims": (CLAIM,), "considered": (CAR.id,),
        "engine": "claude", "model_use": (MODEL,),
    },
    r.ReplyComposed: {
        "author": "bot", "text": ANSWER, **ANSWERS, "offered": (CAR,), "claims": (CLAIM,),
        "considered": (CAR.id,), "engine": "claude", "model_use": (MODEL,), "lead": LEAD,
        "preferences": PREFERENCES, "expires_at": START + timedelta(hours=24),
    },
    r.ReplySuppressed: {"reply_id": REPLY_ID, "reason": "superseded", **ANSWERS},
    r.ReplySent: {
        "reply_id": REPLY_ID, "author": "bot", "text": ANSWER, **ANSWERS, "channel_message_id": REPLY_SID,
        "offered": (CAR,),
    },
    r.ReplyFailed: {
        "reply_id": REPLY_ID, "author": "bot", "code": 63016, "text": ANSWER, **ANSWERS,
        "reason_nl": "Het venster van 24 uur is gesloten: alleen een goedgekeurd sjabloon mag nog.",
    },
    r.ReplyStatus: {
        "channel_message_id": REPLY_SID, "status": "delivered",
        "attempt": derived_id(REPLY_ID, "attempt", 1),
    },
    r.DeliveryDue: {"reply_id": REPLY_ID, "action": "reconcile", "attempt": 1},
    c.HandoverRequested: {
        "reason": "human_request", "priority": "high", "requested_by": "router", **ANSWERS, "formal": True,
        "summary": "Zoekt een Golf op benzine tot € 20.000, ruilt een Polo in, wil een collega spreken.",
    },
    c.ConversationTakenOver: {"by": "message", "agent_id": 7},
    c.ConversationReleased: {"by": "status"},
    c.CustomerOptedOut: {"source": "message"},
    c.CustomerOptedIn: {"source": "message"},
}  # fmt: skip


def example(event: type[Event]) -> Event:
    """The golden example. Raises KeyError for an event without one: add it to ``FIELDS``."""
    cause = MESSAGE_SID if event is m.MessageReceived else RECEIVED_ID
    seconds = list(FIELDS).index(event) * 0.35
    return event.of(cause, CONVERSATION, time=START + timedelta(seconds=seconds), **FIELDS[event])


def files() -> dict[Path, str]:
    """The golden files as they should be: the event's own body, indented and sorted."""
    return {GOLDEN / f"{e.type_name()}.json": pretty(orjson.loads(example(e).to_json())) for e in EVENTS}
