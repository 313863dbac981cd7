"""The mirror's steps: what each event of the bus changes in Chatwoot."""

from typing import Final

import structlog

from seldenrijk.contracts import (
    CustomerOptedIn,
    CustomerOptedOut,
    MessageReceived,
    PreferencesExtracted,
    ReplyComposed,
    ReplyFailed,
    ReplySent,
    ReplyStatus,
    ReplySuppressed,
)

from . import delivery, labels, words
from .chatwoot import Chatwoot, Draft, Upload
from .identity import source_id_of
from .media import Downloads, NotFetched
from .posting import Poster
from .rooms import Rooms
from .state import Shown, newest
from .transport import Missing, Refused
from .work import Work

log = structlog.get_logger(__name__)
EARLY_LIMIT: Final = 20


class Mirror:
    """Shows messages, statuses, labels and attributes."""

    def __init__(
        self, chatwoot: Chatwoot, rooms: Rooms, poster: Poster, downloads: Downloads, key: bytes
    ) -> None:
        self._chatwoot = chatwoot
        self._rooms = rooms
        self._poster = poster
        self._downloads = downloads
        self._key = key

    async def received(self, work: Work, event: MessageReceived) -> None:
        """A customer's message, with its attachments."""
        source_id = source_id_of(event.customer, event.conversation, self._key)
        work.set(customer=event.customer, source_id=source_id)
        await self._rooms.enter(work, customer_wrote=True)
        message = event.message
        uploads, missing = await self._fetched(event)
        draft = Draft(
            words.shown(message, missing),
            source_id=message.message_id,
            incoming=True,
            in_reply_to=message.reply_to.message_id if message.reply_to else None,
            uploads=uploads,
        )
        try:
            await self._poster.post_once(work, draft)
        except Missing:
            raise
        except Refused:
            if not uploads:
                raise
            # a file that Chatwoot doesn't take must not cost the message
            text = words.shown(message, (*missing, "Bijlage geweigerd door Chatwoot."))
            await self._poster.post_once(work, Draft(text, message.message_id, incoming=True))

    async def _fetched(self, event: MessageReceived) -> tuple[tuple[Upload, ...], tuple[str, ...]]:
        uploads, missing = [], []
        for number, media in enumerate(event.message.media, 1):
            try:
                uploads.append(await self._downloads.fetch(media, number))
            except NotFetched as error:
                missing.append(str(error))
        return tuple(uploads), tuple(missing)

    async def composed(self, work: Work, event: ReplyComposed) -> None:
        """Remember what is on its way; nothing is shown before it has been sent."""
        if event.author == "agent" and event.chatwoot_message_id is not None:
            known = {**work.state.staff_messages, event.chatwoot_message_id: event.time}
            work.set(staff_messages=newest(known))
        elif event.author == "bot":
            work.set(
                offered=event.offered or work.state.offered,
                appointment_request=event.appointment_request or work.state.appointment_request,
            )

    async def sent(self, work: Work, event: ReplySent) -> None:
        """The channel has taken a message: show the assistant's, mark the staff's own."""
        if await self._rooms.enter(work) is None:
            log.warning("a reply to a customer who is not known here")
            return
        sid = event.channel_message_id
        message_id = event.chatwoot_message_id
        if message_id is None:
            content = event.text or "📎 Bijlage"
            message_id = await self._poster.post_once(work, Draft(content, source_id=sid))
        early = work.state.early.get(sid)
        entry = Shown(message_id=message_id)
        work.set(
            deliveries=newest({**work.state.deliveries, sid: entry}),
            early={k: v for k, v in work.state.early.items() if k != sid},
            offered=event.offered or work.state.offered,
        )
        if event.author == "agent":
            await self.show(work, message_id, "sent", None)
        if early is not None:
            await self._move(work, sid, early, None)

    async def status(self, work: Work, event: ReplyStatus) -> None:
        """The channel's report on a message, in whatever order reports come."""
        status = delivery.status_in_chatwoot(event)
        if status is None:
            return
        if event.channel_message_id not in work.state.deliveries:
            known = work.state.early.get(event.channel_message_id, "")
            if not known or delivery.later(known, status):
                early = {**work.state.early, event.channel_message_id: status}
                work.set(early=newest(early, EARLY_LIMIT))
            return
        await self._move(work, event.channel_message_id, status, delivery.reason(event))

    async def _move(self, work: Work, sid: str, status: str, reason: str | None) -> None:
        entry = work.state.deliveries[sid]
        if not delivery.later(entry.status, status):
            return
        entry = Shown(message_id=entry.message_id, status=status)
        parts = {**work.state.deliveries, sid: entry}
        before = _whole(work.state.deliveries, entry.message_id)
        work.set(deliveries=parts)
        if (whole := _whole(parts, entry.message_id)) != before:
            await self.show(work, entry.message_id, whole, reason)

    async def show(self, work: Work, message_id: int, status: str, reason: str | None) -> None:
        """Bring a message's delivery status to Chatwoot; a message that is gone is passed by."""
        if await self._rooms.enter(work) is None or work.state.conversation_id is None:
            return
        error = (reason or "WhatsApp kon dit bericht niet afleveren.") if status == delivery.FAILED else None
        try:
            await self._chatwoot.set_message_status(work.state.conversation_id, message_id, status, error)
        except Refused as refusal:
            # the message was deleted, or Chatwoot knows better already
            log.info("status not shown", status=refusal.status)

    async def failed(self, work: Work, event: ReplyFailed) -> None:
        """A message will not arrive, or nobody can know: the staff read why."""
        what = "Onzeker of dit bericht is aangekomen" if event.uncertain else "Niet afgeleverd"
        text = f"⚠️ **{what}:** {event.reason_nl}"
        if event.chatwoot_message_id is not None:
            await self.show(work, event.chatwoot_message_id, delivery.FAILED, event.reason_nl)
        elif event.text:
            text += f"\n\n> {event.text}"
        await self.note(work, text, event.id)

    async def suppressed(self, work: Work, event: ReplySuppressed) -> None:
        """Something was not sent: whoever wrote it as staff is told at once."""
        if event.author != "agent" or event.reason == "duplicate":
            return
        reason = delivery.suppressed(event)
        if event.chatwoot_message_id is not None:
            await self.show(work, event.chatwoot_message_id, delivery.FAILED, reason)
        await self.note(work, f"⚠️ {reason}", event.id)

    async def understood(self, work: Work, event: PreferencesExtracted) -> None:
        """What the customer wants, as labels and attributes."""
        work.state = labels.understood_with(work.state, event.understanding)
        work.set(preferences=event.preferences, lead=event.lead)
        await self.describe(work)

    async def opted(self, work: Work, event: CustomerOptedOut | CustomerOptedIn) -> None:
        """Whether the customer may be written to."""
        out = isinstance(event, CustomerOptedOut)
        work.set(do_not_contact=out)
        await self.describe(work)
        told = (
            "De klant heeft zich afgemeld: stuur geen berichten meer."
            if out
            else "De klant wil weer berichten."
        )
        await self.note(work, f"ℹ️ {told}", event.id)

    async def describe(self, work: Work) -> None:
        """Bring labels and attributes to what is known now; what is unchanged isn't asked for."""
        if await self._rooms.enter(work) is None or work.state.conversation_id is None:
            return
        conversation, contact = work.state.conversation_id, work.state.contact_id
        wanted = labels.labels_of(work.state)
        if wanted != work.state.labels:
            present = await self._chatwoot.labels(conversation)
            if (full := labels.merged(present, wanted)) != sorted(present):
                await self._chatwoot.set_labels(conversation, full)
            work.set(labels=wanted)
        about = labels.contact_attributes(work.state)
        if about != work.state.contact_attributes and contact is not None:
            await self._chatwoot.update_contact(contact, {"custom_attributes": about})
            work.set(contact_attributes=about)
        about = labels.conversation_attributes(work.state)
        if about != work.state.conversation_attributes:
            shown = await self._chatwoot.conversation(conversation)
            theirs = shown.get("custom_attributes") or {}
            await self._chatwoot.set_conversation_attributes(conversation, {**theirs, **about})
            work.set(conversation_attributes=about)

    async def note(self, work: Work, text: str, event_id: str) -> None:
        """A private note of the assistant's; nothing where the customer is unknown."""
        if await self._rooms.enter(work) is not None:
            await self._poster.post_once(work, Draft(text, source_id=f"note:{event_id}", private=True))


def _whole(parts: dict[str, Shown], message_id: int) -> str:
    return delivery.of_all(entry.status for entry in parts.values() if entry.message_id == message_id)
