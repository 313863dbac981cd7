"""The shapes in which Chatwoot shows things: numbers in the REST API, names in webhooks."""

from datetime import datetime
from typing import Any

from seldenrijk.sandbox.clock import iso

from .model import TYPE_NAMES, Actor, Attachment, ChatMessage, Contact, ContactInbox, Conversation
from .store import ChatwootStore, Record


def epoch(moment: datetime | None) -> int:
    """Whole seconds; 0 where there is no moment."""
    return int(moment.timestamp()) if moment else 0


class Presenter:
    """Renders records of one account."""

    def __init__(self, store: ChatwootStore) -> None:
        self.store = store
        self.account = {"id": store.settings.chatwoot_account_id, "name": "Sandbox"}

    def contact(self, contact: Contact, *, inboxes: bool = True) -> Record:
        """A contact in the REST API."""
        shown: Record = {
            "id": contact.id,
            "name": contact.name,
            "email": contact.email,
            "phone_number": contact.phone_number,
            "identifier": contact.identifier,
            "blocked": contact.blocked,
            "thumbnail": "",
            "availability_status": "offline",
            "additional_attributes": contact.additional_attributes,
            "custom_attributes": contact.custom_attributes,
            "created_at": epoch(contact.created),
            "last_activity_at": epoch(contact.last_activity),
        }
        if inboxes:
            found = [ci for ci in self.store.contact_inboxes if ci.contact_id == contact.id]
            shown["contact_inboxes"] = [self.contact_inbox(ci) for ci in found]
        return shown

    def contact_inbox(self, link: ContactInbox) -> Record:
        """A contact's address in an inbox."""
        return {"source_id": link.source_id, "inbox": self.inbox_brief(link.inbox_id)}

    def inbox_brief(self, inbox_id: int) -> Record:
        """An inbox inside something else."""
        inbox = self.store.inboxes.get(inbox_id)
        return {key: inbox[key] for key in ("id", "name", "channel_type")} | {"avatar_url": ""}

    def contact_event(self, contact: Contact) -> Record:
        """A contact in a webhook."""
        shown = self.contact(contact, inboxes=False)
        dropped = ("availability_status", "created_at", "last_activity_at")
        kept = {key: value for key, value in shown.items() if key not in dropped}
        return kept | {"account": self.account, "avatar": ""}

    def sender(self, actor: Actor | None) -> Record | None:
        """Who wrote; a contact has no type in a webhook."""
        if actor is None:
            return None
        if actor.kind == "contact":
            contact = self.store.contacts.get(actor.id)
            return self.contact_event(contact) if contact else None
        shown: Record = {"id": actor.id, "name": actor.name, "type": actor.kind}
        if actor.kind == "user":
            shown["email"] = self.store.agents.get(actor.id)["email"]
        return shown

    def attachment(self, item: Attachment, message_id: int) -> Record:
        """A file of a message."""
        base = f"{self.store.settings.url}/chatwoot/rails/active_storage/blobs/{item.token}/{item.filename}"
        return {
            "id": item.id,
            "message_id": message_id,
            "file_type": item.file_type,
            "account_id": self.account["id"],
            "extension": None,
            "data_url": base,
            "thumb_url": base if item.file_type == "image" else "",
            "file_size": item.size,
        }

    def message(self, message: ChatMessage) -> Record:
        """A message in the REST API and inside a conversation: numeric type, epoch seconds."""
        shown: Record = {
            "id": message.id,
            "content": message.content,
            "account_id": self.account["id"],
            "inbox_id": message.inbox_id,
            "conversation_id": message.conversation_id,
            "message_type": message.message_type,
            "content_type": message.content_type,
            "content_attributes": message.content_attributes,
            "status": message.status,
            "private": message.private,
            "source_id": message.source_id,
            "created_at": epoch(message.created),
        }
        if message.echo_id:
            shown["echo_id"] = message.echo_id
        if message.sender:
            kind = "contact" if message.sender.kind == "contact" else message.sender.kind
            shown["sender"] = (self.sender(message.sender) or {}) | {"type": kind}
        if message.attachments:
            shown["attachments"] = [self.attachment(item, message.id) for item in message.attachments]
        return shown

    def message_event(self, message: ChatMessage) -> Record:
        """A message as the body of a webhook: type by name, ISO date, the conversation with it."""
        conversation = self.store.conversation(message.conversation_id)
        inbox = self.store.inboxes.get(message.inbox_id)
        shown: Record = {
            "id": message.id,
            "content": message.content,
            "content_type": message.content_type,
            "content_attributes": message.content_attributes,
            "additional_attributes": {},
            "message_type": TYPE_NAMES[message.message_type],
            "private": message.private,
            "source_id": message.source_id,
            "created_at": iso(message.created),
            "account": self.account,
            "inbox": {"id": inbox["id"], "name": inbox["name"]},
            "sender": self.sender(message.sender),
            "conversation": self.conversation_event(conversation, message),
        }
        if message.attachments:
            shown["attachments"] = [self.attachment(item, message.id) for item in message.attachments]
        return shown

    def conversation(self, conversation: Conversation) -> Record:
        """A conversation in the REST API."""
        last = conversation.messages[-1:]
        return self._common(conversation) | {
            "account_id": self.account["id"],
            "uuid": conversation.uuid,
            "messages": [self.message(message) for message in last],
            "muted": False,
            "last_non_activity_message": self._last_said(conversation),
            "last_activity_at": epoch(last[0].created if last else conversation.created),
            "meta": self.meta(conversation, rest=True),
        }

    def conversation_event(self, conversation: Conversation, message: ChatMessage | None = None) -> Record:
        """A conversation in a webhook."""
        shown = [message] if message else conversation.messages[-1:]
        contact_inbox = {
            "contact_id": conversation.contact_id,
            "inbox_id": conversation.inbox_id,
            "source_id": conversation.source_id,
        }
        return self._common(conversation) | {
            "channel": self.store.inboxes.get(conversation.inbox_id)["channel_type"],
            "contact_inbox": contact_inbox,
            "messages": [self.message(m) for m in shown],
            "meta": self.meta(conversation, rest=False),
        }

    def _common(self, conversation: Conversation) -> Record:
        return {
            "id": conversation.id,
            "inbox_id": conversation.inbox_id,
            "status": conversation.status,
            "priority": conversation.priority,
            "labels": conversation.labels,
            "custom_attributes": conversation.custom_attributes,
            "additional_attributes": conversation.additional_attributes,
            "can_reply": self.store.can_reply(conversation),
            "snoozed_until": conversation.snoozed_until,
            "unread_count": 0,
            "agent_last_seen_at": 0,
            "contact_last_seen_at": 0,
            "first_reply_created_at": epoch(conversation.first_reply),
            "waiting_since": epoch(conversation.waiting_since),
            "timestamp": epoch(conversation.updated),
            "created_at": epoch(conversation.created),
            "updated_at": conversation.updated.timestamp(),
        }

    def meta(self, conversation: Conversation, *, rest: bool) -> Record:
        """Who is in a conversation: the contact, whoever has it, the team."""
        contact = self.store.contacts.get(conversation.contact_id)
        sender = None
        if contact:
            sender = self.contact(contact, inboxes=False) if rest else self.contact_event(contact)
        team = self.store.teams.rows.get(conversation.team_id or 0)
        kind, assignee = None, None
        if conversation.assignee_id:
            kind, assignee = "User", self.sender(self.store.user(conversation.assignee_id))
        elif conversation.agent_bot_id:
            kind, assignee = "AgentBot", self.sender(self.store.bot(conversation.agent_bot_id))
        shown: Record = {"sender": sender, "assignee": assignee, "assignee_type": kind, "team": team}
        if rest:
            shown["channel"] = self.store.inboxes.get(conversation.inbox_id)["channel_type"]
        return shown | {"hmac_verified": False}

    def _last_said(self, conversation: Conversation) -> Record | None:
        said = (m for m in reversed(conversation.messages) if TYPE_NAMES[m.message_type] != "activity")
        found = next(said, None)
        return self.message(found) if found else None


def agent(row: Record, account: int) -> dict[str, Any]:
    """A member of staff in the REST API."""
    return {
        "id": row["id"],
        "account_id": account,
        "name": row["name"],
        "available_name": row["name"],
        "email": row["email"],
        "role": row["role"],
        "availability_status": "online",
        "auto_offline": True,
        "confirmed": True,
        "thumbnail": "",
    }
