"""Chatwoot's rules: what follows from a message, an assignment, a status; used by API and staff alike."""

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .errors import ChatwootError, missing
from .events import Events
from .model import ACTIVITY, INCOMING, OUTGOING, Actor, ChatMessage, Conversation, Priority, Status
from .present import Presenter
from .store import ChatwootStore

if TYPE_CHECKING:
    from seldenrijk.sandbox.world import World

PER_MINUTE = 200
RANKS = {"sent": 0, "delivered": 1, "read": 2}


class Actions:
    """Everything that changes a conversation."""

    def __init__(self, world: "World", store: ChatwootStore) -> None:
        self.world = world
        self.store = store
        self.present = Presenter(store)
        self.events = Events(world, self.present)

    def open_conversation(self, conversation: Conversation, actor: Actor) -> Conversation:
        """A new conversation; where a bot is connected it starts with the bot, pending."""
        inbox = self.store.inboxes.get(conversation.inbox_id)
        if inbox["agent_bot"]:
            conversation.status = "pending"
            if conversation.assignee_id is None:
                conversation.agent_bot_id = inbox["agent_bot"]
        self.store.add_conversation(conversation)
        if conversation.assignee_id:
            self._activity(conversation, f"Assigned by {actor.name}")
        self.events.conversation("conversation_created", conversation)
        return conversation

    def add_message(self, message: ChatMessage) -> ChatMessage:
        """A new message with all that it brings about. Raises ChatwootError 429 above 200 a minute."""
        conversation = self.store.conversation(message.conversation_id)
        self._limit(conversation)
        self.store.add_message(message)
        conversation.updated = message.created
        if message.message_type == INCOMING:
            self._customer_wrote(conversation, message)
        elif message.message_type == OUTGOING and not message.private and message.sender:
            self._answered(conversation, message)
        self.events.message("message_created", message)
        return message

    def _limit(self, conversation: Conversation) -> None:
        minute_ago = self.store.clock.now() - timedelta(minutes=1)
        recent = deque(conversation.messages, maxlen=PER_MINUTE)
        if len(recent) == PER_MINUTE and recent[0].created > minute_ago:
            raise ChatwootError(422, {"message": "Too many messages", "attributes": ["base"]})

    def _customer_wrote(self, conversation: Conversation, message: ChatMessage) -> None:
        contact = self.store.contacts.get(conversation.contact_id)
        if contact:
            contact.last_activity = message.created
        conversation.waiting_since = conversation.waiting_since or message.created
        if conversation.status == "snoozed":
            self.set_status(conversation, "open", message.sender)
        elif conversation.status == "resolved":
            inbox = self.store.inboxes.get(conversation.inbox_id)
            self.set_status(conversation, "pending" if inbox["agent_bot"] else "open", message.sender)

    def _answered(self, conversation: Conversation, message: ChatMessage) -> None:
        if message.sender and message.sender.kind == "user":
            conversation.first_reply = conversation.first_reply or message.created
            conversation.waiting_since = None

    def _activity(self, conversation: Conversation, text: str) -> None:
        message = ChatMessage(
            id=self.store.next_id("message"),
            conversation_id=conversation.id,
            inbox_id=conversation.inbox_id,
            content=text,
            message_type=ACTIVITY,
            created=self.store.clock.now(),
        )
        self.store.add_message(message)
        self.events.message("message_created", message)

    def toggle_status(self, conversation: Conversation, wanted: Status | None, actor: Actor) -> None:
        """Set the status, or toggle it where none is asked for; a bot that opens hands over."""
        if wanted is None:
            wanted = "resolved" if conversation.status == "open" else "open"
        if actor.kind == "agent_bot" and conversation.status == "pending" and wanted == "open":
            conversation.waiting_since = self.store.clock.now()
            conversation.agent_bot_id = None
            self.set_status(conversation, "open", actor)
            return
        self.set_status(conversation, wanted, actor)
        if conversation.status == "open" and actor.kind == "user":
            conversation.agent_bot_id = None
            if actor.role == "agent":
                self.assign(conversation, assignee_id=actor.id, by=actor)

    def set_status(self, conversation: Conversation, status: Status, actor: Actor | None) -> None:
        """Change the status and tell; with a bot connected, pending gives the conversation to it."""
        before = conversation.status
        if before == status:
            return
        bot_before = conversation.agent_bot_id
        conversation.status = status
        conversation.updated = self.store.clock.now()
        if status == "pending" and conversation.assignee_id is None:
            conversation.agent_bot_id = self.store.inboxes.get(conversation.inbox_id)["agent_bot"]
        self._activity(
            conversation, f"Conversation was marked {status} by {actor.name if actor else 'system'}"
        )
        changed: dict[str, Any] = {"status": (before, status)}
        if bot_before != conversation.agent_bot_id:
            changed["assignee_agent_bot_id"] = (bot_before, conversation.agent_bot_id)
        self.events.conversation("conversation_status_changed", conversation, changed)
        self.events.conversation("conversation_updated", conversation, changed)
        if status in ("open", "resolved"):
            word = "opened" if status == "open" else "resolved"
            self.events.conversation(f"conversation_{word}", conversation, changed)

    def assign(
        self,
        conversation: Conversation,
        *,
        by: Actor,
        assignee_id: int | None = None,
        bot_id: int | None = None,
    ) -> None:
        """Give it to a person (which takes it from the bot), to a bot, or to nobody."""
        holder = self.store.bot(bot_id) if bot_id is not None else None
        if assignee_id is not None:
            holder = self.store.user(assignee_id)
        before = (conversation.assignee_id, conversation.agent_bot_id)
        conversation.assignee_id, conversation.agent_bot_id = assignee_id, bot_id
        conversation.updated = self.store.clock.now()
        after = (assignee_id, bot_id)
        if before == after:
            return
        self._activity(
            conversation, f"{'Assigned to ' + holder.name if holder else 'Unassigned'} by {by.name}"
        )
        fields = ("assignee_id", "assignee_agent_bot_id")
        changed = {
            field: (old, new) for field, old, new in zip(fields, before, after, strict=True) if old != new
        }
        self.events.conversation("conversation_updated", conversation, changed)

    def assign_team(self, conversation: Conversation, team_id: int | None, by: Actor) -> None:
        """Give it to a team. Raises ChatwootError 404."""
        if team_id and team_id not in self.store.teams.rows:
            raise missing()
        before, conversation.team_id = conversation.team_id, team_id or None
        if before != conversation.team_id:
            self._activity(conversation, f"Team changed by {by.name}")
            self.events.conversation("conversation_updated", conversation, {"team_id": (before, team_id)})

    def change(self, conversation: Conversation, field: str, value: Any) -> None:
        """Set labels, priority or attributes, and tell when that changed anything."""
        before = getattr(conversation, field)
        setattr(conversation, field, value)
        conversation.updated = self.store.clock.now()
        if before != value:
            name = "label_list" if field == "labels" else field
            self.events.conversation("conversation_updated", conversation, {name: (before, value)})

    def set_priority(self, conversation: Conversation, priority: Priority | None) -> None:
        """Priority, None for none."""
        self.change(conversation, "priority", priority)

    def set_message_status(self, message: ChatMessage, status: str, error: str | None) -> bool:
        """Delivery status of an outgoing message; False where it would go back."""
        if status in RANKS and RANKS.get(message.status, -1) > RANKS[status]:
            return False
        message.status = status
        if error:
            message.content_attributes = message.content_attributes | {"external_error": error}
        self.events.message("message_updated", message)
        return True

    def delete_message(self, message: ChatMessage) -> None:
        """Deletion leaves a marker, as Chatwoot does."""
        message.content = "This message was deleted"
        message.content_attributes = {"deleted": True}
        message.attachments = []
        self.events.message("message_updated", message)

    def bot_failed(self, conversation: Conversation) -> None:
        """The bot's webhook failed: the conversation goes to people."""
        if conversation.status == "pending":
            conversation.agent_bot_id = None
            self.set_status(conversation, "open", None)
