"""Chatwoot's webhooks: signed, five seconds, once; agent bots get two more tries."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

import orjson

from seldenrijk.sandbox.faults import DELIVERY_KINDS
from seldenrijk.sandbox.outgoing import NoAnswerError, NoConnectionError

from .model import ACTIVITY, ChatMessage, Conversation
from .present import Presenter
from .store import Record

if TYPE_CHECKING:
    from seldenrijk.sandbox.world import World

TIMEOUT = 5.0
BOT_TRIES, BOT_PAUSE = 3, 3.0
Target = Literal["account", "inbox", "bot"]
BOT_EVENTS = (
    "message_created",
    "message_updated",
    "conversation_opened",
    "conversation_resolved",
    "conversation_status_changed",
    "conversation_updated",
)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """``sha256=`` and the HMAC over timestamp, a dot and the raw body."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class Events:
    """Tells the outside what happened."""

    def __init__(self, world: "World", presenter: Presenter) -> None:
        self.world = world
        self.present = presenter

    def message(self, event: str, message: ChatMessage) -> None:
        """``message_created`` or ``message_updated``; activity lines are not told."""
        payload = self.present.message_event(message) | {"event": event}
        self.world.journal.add(
            "chatwoot.message", event=event, conversation=message.conversation_id, **_line(payload, message)
        )
        if message.message_type != ACTIVITY:
            self._emit(event, payload, message.inbox_id, message)

    def conversation(self, event: str, conversation: Conversation, changed: Record | None = None) -> None:
        """An event about the conversation itself; ``changed`` maps a field to (before, after)."""
        shown = self.present.conversation_event(conversation)
        changes = [
            {key: {"previous_value": before, "current_value": after}}
            for key, (before, after) in (changed or {}).items()
        ]
        payload = shown | {"event": event, "changed_attributes": changes or None}
        self.world.journal.add(
            "chatwoot.conversation",
            event=event,
            conversation=conversation.id,
            status=conversation.status,
            assignee_type=shown["meta"]["assignee_type"],
            labels=conversation.labels,
        )
        self._emit(event, payload, conversation.inbox_id, None)

    def plain(self, event: str, payload: Record) -> None:
        """An event that belongs to no inbox (contacts)."""
        self._emit(event, payload | {"event": event}, None, None)

    def _emit(self, event: str, payload: Record, inbox_id: int | None, message: ChatMessage | None) -> None:
        body = orjson.dumps(payload)  # as it is now: later changes are other events
        for target, url, secret in self._targets(event, inbox_id):
            self.world.tasks.start(self._deliver(target, event, url, secret, body, message))

    def _targets(self, event: str, inbox_id: int | None) -> Iterator[tuple[Target, str, str]]:
        store = self.world.chatwoot
        for hook in store.hooks:
            if event in hook["subscriptions"]:
                yield "account", hook["url"], hook["secret"]
        if inbox_id is None:
            return
        inbox = store.inboxes.get(inbox_id)
        if inbox["webhook_url"] and event not in ("conversation_opened", "conversation_resolved"):
            yield "inbox", inbox["webhook_url"], inbox["secret"]
        bot = store.bots.rows.get(inbox["agent_bot"] or 0)
        if bot and bot["outgoing_url"] and event in BOT_EVENTS:
            yield "bot", bot["outgoing_url"], bot["secret"]

    async def _deliver(
        self, target: Target, event: str, url: str, secret: str, body: bytes, message: ChatMessage | None
    ) -> None:
        about = body.decode()
        hit = self.world.faults.take("chatwoot", "webhook", DELIVERY_KINDS, f"{event} {about}")
        kinds = {fault.kind: fault for fault in hit}
        delivery = str(uuid4())
        if "drop" in kinds:
            self._note(target, event, url, delivery, None, "dropped")
            return
        await self.world.faults.delays(hit)
        if "reorder" in kinds:
            await asyncio.sleep(kinds["reorder"].seconds)
        copies = kinds["duplicate"].count if "duplicate" in kinds else 1
        posts = [self._tries(target, event, url, secret, body, delivery) for _ in range(copies)]
        results = await asyncio.gather(*posts)
        if not any(results) and event.startswith("message_"):
            self._failed(target, message)

    async def _tries(
        self, target: Target, event: str, url: str, secret: str, body: bytes, delivery: str
    ) -> bool:
        for attempt in range(BOT_TRIES if target == "bot" else 1):
            if attempt:
                await asyncio.sleep(BOT_PAUSE)
            status, error = await self._post(url, secret, body, delivery)
            self._note(target, event, url, delivery, status, error)
            if status is not None and status < 400:
                return True
            if status not in (429, 500):
                return False
        return False

    async def _post(self, url: str, secret: str, body: bytes, delivery: str) -> tuple[int | None, str | None]:
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "X-Chatwoot-Timestamp": timestamp,
            "X-Chatwoot-Signature": signature(secret, timestamp, body),
            "X-Chatwoot-Delivery": delivery,
        }
        try:
            answer = await self.world.outgoing.post(url, body, headers, TIMEOUT, TIMEOUT)
        except (NoConnectionError, NoAnswerError) as error:
            return None, str(error)
        return answer.status, None

    def _note(
        self, target: Target, event: str, url: str, delivery: str, status: int | None, error: str | None
    ) -> None:
        line = {"target": target, "event": event, "url": url, "delivery": delivery, "status": status}
        self.world.chatwoot.deliveries.append(line | {"error": error})

    def _failed(self, target: Target, message: ChatMessage | None) -> None:
        """What Chatwoot does when nobody took a message's webhook."""
        if message is None:
            return
        actions = self.world.staff
        if target == "inbox" and message.message_type == 1 and message.status != "failed":
            actions.set_message_status(message, "failed", "webhook failed")
        if target == "bot":
            actions.bot_failed(self.world.chatwoot.conversation(message.conversation_id))


def _line(payload: Record, message: ChatMessage) -> Record:
    sender = message.sender
    return {
        "id": message.id,
        "content": message.content,
        "message_type": payload["message_type"],
        "private": message.private,
        "status": message.status,
        "sender": {"kind": sender.kind, "name": sender.name} if sender else None,
    }
