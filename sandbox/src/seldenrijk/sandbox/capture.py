"""A conversation on the phone as a recording."""

from typing import TYPE_CHECKING, Any

from .recordings import Recording, Turn, now
from .say import plain_slots

if TYPE_CHECKING:
    from .observer import BusEvent
    from .twilio.model import Message
    from .world import World

ROLES = {"bot": "bot", "system": "bot", "agent": "agent"}
MAX_PAUSE = 3_600.0


def capture(world: "World", customer: str, name: str) -> Recording | None:
    """Everything that this customer and the dealer said to each other; None where nobody said anything."""
    events = world.observer.of_customer(customer)
    authors = {
        e.data["channel_message_id"]: e.data.get("author", "bot")
        for e in events
        if e.type.startswith("reply.sent")
    }
    understood = _understood(events)
    turns: list[Turn] = []
    before = None
    for message in [m for m in world.twilio.messages.values() if m.customer == customer]:
        turn = _turn(message, authors, understood)
        pause = (message.created - before).total_seconds() if before else 0.0
        turn.after = round(min(max(pause, 0.0), MAX_PAUSE), 2)
        before = message.created
        turns.append(turn)
    if not turns:
        return None
    return Recording(name=name, recorded=now(), turns=_with_hand_backs(turns))


def _with_hand_backs(turns: list[Turn]) -> list[Turn]:
    """Where the assistant speaks after a colleague, the conversation must have been given back."""
    made: list[Turn] = []
    held = False
    for index, turn in enumerate(turns):
        answered = next((t.who for t in turns[index + 1 :] if t.who != "customer"), None)
        if turn.who == "agent":
            held = True
        elif held and turn.who == "customer" and answered == "bot":
            made.append(Turn(who="hand_back"))
            held = False
        made.append(turn)
    return made


def _understood(events: "list[BusEvent]") -> dict[str, dict[str, Any]]:
    """Intent and slots by the message's sid."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        if event.type.startswith("preferences.extracted"):
            sid = event.data["message"]["message_id"]
            slots = plain_slots(event.data.get("slots", {}))
            found[sid] = {"intent": event.data["understanding"]["intent"], "slots": slots}
    return found


def _turn(message: "Message", authors: dict[str, str], understood: dict[str, dict[str, Any]]) -> Turn:
    if message.direction == "inbound":
        known = understood.get(message.sid, {})
        return Turn(who="customer", text=message.body, kind=message.kind, **message.details, **known)
    return Turn(who=ROLES[authors.get(message.sid, "bot")], text=message.body)
