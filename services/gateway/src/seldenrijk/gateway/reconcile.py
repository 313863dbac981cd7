"""Sends whose fate is unknown: looked for in Twilio's list, and in the end given to a person."""

from collections.abc import Callable
from datetime import datetime, timedelta

from seldenrijk.contracts import Event

from . import records
from .channel import Channel
from .delivery import CHECKS, Delivery, Effects
from .ledger import Entry, GatewayState, Part

UNCERTAIN = "Onzeker of dit bericht de klant heeft bereikt: Twilio gaf geen antwoord."


class Reconciler:
    """Looks for unknown parts; a status callback may be faster, and is believed as well."""

    def __init__(self, channel: Channel, delivery: Delivery, clock: Callable[[], datetime]) -> None:
        self._channel = channel
        self._delivery = delivery
        self._clock = clock

    async def look(self, state: GatewayState, entry: Entry, cause: Event, effects: Effects) -> None:
        """Look for an entry's unknown part in Twilio's list; after the last look a person gets it."""
        for part in [p for p in entry.parts if p.status == "unknown"]:
            if (sid := await self._find(state, part)) is not None:
                self._delivery.accepted(state, entry, part, sid, cause, effects)
            elif entry.checks + 1 < len(CHECKS):
                entry.checks += 1
                at = self._clock() + timedelta(seconds=CHECKS[entry.checks])
                effects.timers.append(records.due(entry, "reconcile", entry.checks, at, cause.conversation))
            else:
                self._give_to_person(state, entry, cause, effects)

    async def _find(self, state: GatewayState, part: Part) -> str | None:
        if state.address is None or part.started is None:
            return None
        known = {p.sid for e in state.entries for p in e.parts if p.sid}
        listed = await self._channel.sent_to(state.address, part.started) or []
        fresh = (m for m in listed if m.text == part.text and m.channel_message_id not in known)
        return next((m.channel_message_id for m in fresh), None)

    @staticmethod
    def _give_to_person(state: GatewayState, entry: Entry, cause: Event, effects: Effects) -> None:
        entry.closed = True
        state.answered(entry.answers)
        effects.events.append(records.failed(entry, None, UNCERTAIN, cause.conversation, uncertain=True))
        summary = f"{UNCERTAIN} Het is niet opnieuw verstuurd."
        effects.events.append(records.handover(entry, "uncertain_delivery", summary, cause.conversation))
