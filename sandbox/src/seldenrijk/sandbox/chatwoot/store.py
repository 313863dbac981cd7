"""The stand-in's memory: records by id, bounded, and a usual set-up to begin with."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from itertools import count
from secrets import token_urlsafe
from typing import Any

from seldenrijk.sandbox.clock import Clock
from seldenrijk.sandbox.settings import SandboxSettings

from .errors import missing
from .model import Actor, ChatMessage, Contact, ContactInbox, Conversation

MAX_BLOBS = 500
MAX_CONVERSATIONS = 20_000
MAX_MESSAGES_EACH = 5_000

USUAL_EVENTS = (
    "message_created",
    "message_updated",
    "conversation_status_changed",
    "conversation_updated",
    "conversation_created",
)

Record = dict[str, Any]


class Table:
    """Records with ids that are never given twice."""

    def __init__(self) -> None:
        self.rows: dict[int, Record] = {}
        self._ids = count(1)

    def add(self, **fields: Any) -> Record:
        """A new record."""
        row = {"id": next(self._ids), **fields}
        self.rows[row["id"]] = row
        return row

    def get(self, id_: int) -> Record:
        """One record. Raises ChatwootError 404."""
        row = self.rows.get(id_)
        if row is None:
            raise missing()
        return row

    def by(self, field: str, value: Any) -> Record | None:
        """The first record with this value."""
        return next((row for row in self.rows.values() if row.get(field) == value), None)

    def __iter__(self) -> Any:
        return iter(list(self.rows.values()))


class ChatwootStore:
    """One account."""

    def __init__(self, clock: Clock, settings: SandboxSettings) -> None:
        self.clock = clock
        self.settings = settings
        self.clear()

    def clear(self) -> None:
        """Forget everything and lay out the usual set-up."""
        self.contacts: dict[int, Contact] = {}
        self.contact_inboxes: list[ContactInbox] = []
        self.conversations: OrderedDict[int, Conversation] = OrderedDict()
        self.blobs: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self.inboxes, self.bots, self.hooks, self.labels = Table(), Table(), Table(), Table()
        self.teams, self.attributes, self.agents = Table(), Table(), Table()
        self.deliveries: deque[Record] = deque(maxlen=2_000)
        self.searches: deque[datetime] = deque(maxlen=200)
        self.ids = {name: count(1) for name in ("contact", "conversation", "message", "attachment")}
        self._staff()
        if self.settings.chatwoot_seed:
            self._usual()

    def _staff(self) -> None:
        for name, role in (("Beheer", "administrator"), ("Verkoop", "agent"), ("Werkplaats", "agent")):
            self.agents.add(name=name, role=role, email=f"{name.lower()}@dealer.example")

    def _usual(self) -> None:
        """An API inbox with its bot, and a webhook where one is configured."""
        settings = self.settings
        bot = self.add_bot({"name": "Assistent"})
        inbox = self.add_inbox({"name": "WhatsApp", "channel": {"type": "api"}})
        inbox["additional_attributes"] = {"agent_reply_time_window": 24}
        inbox["agent_bot"] = bot["id"]
        if settings.chatwoot_webhook_url:
            self.hooks.add(
                url=settings.chatwoot_webhook_url,
                name="assistent",
                subscriptions=list(USUAL_EVENTS),
                secret=settings.webhook_secret or token_urlsafe(24),
            )

    def add_bot(self, fields: Record) -> Record:
        """A bot with token and secret; the first one gets the configured token."""
        first = self.settings.chatwoot_bot_token.get_secret_value()
        return self.bots.add(
            name=fields.get("name"),
            description=fields.get("description"),
            outgoing_url=fields.get("outgoing_url"),
            bot_type="webhook",
            bot_config=fields.get("bot_config") or {},
            access_token=token_urlsafe(18) if self.bots.rows else first,
            secret=token_urlsafe(24),
        )

    def add_inbox(self, fields: Record) -> Record:
        """An inbox; only API channels get a webhook address and a secret."""
        channel = fields.get("channel") or {}
        api = channel.get("type") == "api"
        return self.inboxes.add(
            name=fields.get("name"),
            channel_type="Channel::Api" if api else "Channel::WebWidget",
            webhook_url=channel.get("webhook_url") if api else None,
            secret=token_urlsafe(24) if api else None,
            hmac_token=token_urlsafe(18),
            inbox_identifier=token_urlsafe(16),
            additional_attributes=channel.get("additional_attributes") or {},
            lock_to_single_conversation=bool(fields.get("lock_to_single_conversation")),
            agent_bot=None,
        )

    def next_id(self, kind: str) -> int:
        """A fresh id."""
        return next(self.ids[kind])

    def contact(self, id_: int) -> Contact:
        """One contact. Raises ChatwootError 404."""
        if id_ not in self.contacts:
            raise missing()
        return self.contacts[id_]

    def conversation(self, id_: int) -> Conversation:
        """By display id. Raises ChatwootError 404."""
        if id_ not in self.conversations:
            raise missing()
        return self.conversations[id_]

    def message(self, conversation: Conversation, id_: int) -> ChatMessage:
        """A message of a conversation. Raises ChatwootError 404."""
        found = next((message for message in conversation.messages if message.id == id_), None)
        if found is None:
            raise missing()
        return found

    def add_conversation(self, conversation: Conversation) -> None:
        """Remember it; the oldest makes room."""
        self.conversations[conversation.id] = conversation
        if len(self.conversations) > MAX_CONVERSATIONS:
            self.conversations.popitem(last=False)

    def add_message(self, message: ChatMessage) -> None:
        """Append to its conversation; the oldest makes room."""
        messages = self.conversations[message.conversation_id].messages
        messages.append(message)
        del messages[:-MAX_MESSAGES_EACH]

    def keep_blob(self, content_type: str, data: bytes) -> str:
        """Keep a file's bytes; the token that finds them."""
        token = token_urlsafe(24)
        self.blobs[token] = (content_type, data)
        if len(self.blobs) > MAX_BLOBS:
            self.blobs.popitem(last=False)
        return token

    def user(self, id_: int) -> Actor:
        """Staff. Raises ChatwootError 404."""
        row = self.agents.get(id_)
        return Actor("user", row["id"], row["name"], row["role"])

    def bot(self, id_: int) -> Actor:
        """An agent bot. Raises ChatwootError 404."""
        row = self.bots.get(id_)
        return Actor("agent_bot", row["id"], row["name"])

    def can_reply(self, conversation: Conversation) -> bool:
        """Whether the inbox's reply window is open."""
        inbox = self.inboxes.get(conversation.inbox_id)
        hours = inbox["additional_attributes"].get("agent_reply_time_window")
        if not hours:
            return True
        last = conversation.last_incoming
        return last is not None and self.clock.now() - last < timedelta(hours=float(hours))
