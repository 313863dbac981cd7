"""Chatwoot's application API as far as the mirror needs it: one method for each operation.

Ids of conversations are display ids. Posts of the assistant are made with the agent bot's token (with a
user's they would count as a person's), everything that a bot may not do with the administrator's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from .transport import Api

Json = dict[str, Any]
Status = Literal["open", "resolved", "pending", "snoozed"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to attach."""

    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to post. ``source_id`` is ours: it is how the message is found again."""

    content: str
    source_id: str
    incoming: bool = False
    private: bool = False
    in_reply_to: str | None = None
    uploads: tuple[Upload, ...] = ()

    @property
    def by_bot(self) -> bool:
        """Whether it stands in the assistant's name; customers' messages are put in by the account."""
        return not self.incoming

    def fields(self) -> Json:
        """The request's fields."""
        fields: Json = {
            "content": self.content,
            "message_type": "incoming" if self.incoming else "outgoing",
            "private": self.private,
            "source_id": self.source_id,
        }
        if self.in_reply_to:
            fields["content_attributes"] = {"in_reply_to_external_id": self.in_reply_to}
        return fields


class Chatwoot:
    """Operations on one account and its API inbox."""

    def __init__(self, api: Api, user_token: str, bot_token: str, inbox_id: int) -> None:
        self.api = api
        self._user = user_token
        self._bot = bot_token
        self.inbox_id = inbox_id

    async def reachable(self) -> bool:
        """Whether Chatwoot answers."""
        return await self.api.reachable(self._user)

    async def contacts_by(self, attribute: Literal["phone_number", "identifier"], value: str) -> list[Json]:
        """Contacts with exactly this value."""
        query = [{"attribute_key": attribute, "filter_operator": "equal_to", "values": [value]}]
        found = await self.api.call(
            "contact.filter", self._user, "POST", "/contacts/filter", json={"payload": query}
        )
        return list(found.get("payload") or [])

    async def create_contact(self, fields: Json) -> Json:
        """A new contact in our inbox. Raises Refused (422) where phone or identifier are taken."""
        made = await self.api.call(
            "contact.create", self._user, "POST", "/contacts", json={"inbox_id": self.inbox_id, **fields}
        )
        payload: Json = made.get("payload", made)
        contact: Json = payload.get("contact", payload)
        return contact

    async def update_contact(self, contact_id: int, fields: Json) -> None:
        """Change a contact; custom attributes are merged by Chatwoot."""
        await self.api.call("contact.update", self._user, "PUT", f"/contacts/{contact_id}", json=fields)

    async def link_contact(self, contact_id: int, source_id: str | None) -> str:
        """Give a contact an address in our inbox (None: a random one), and return it."""
        fields: Json = {"inbox_id": self.inbox_id} | ({"source_id": source_id} if source_id else {})
        path = f"/contacts/{contact_id}/contact_inboxes"
        made = await self.api.call("contact.link", self._user, "POST", path, json=fields)
        return str(made.get("payload", made)["source_id"])

    async def conversations_of(self, contact_id: int) -> list[Json]:
        """The contact's conversations in our inbox."""
        found = await self.api.call(
            "contact.conversations", self._user, "GET", f"/contacts/{contact_id}/conversations"
        )
        return [c for c in found.get("payload") or [] if c.get("inbox_id") == self.inbox_id]

    async def conversation(self, conversation_id: int) -> Json:
        """One conversation. Raises Missing."""
        shown: Json = await self.api.call(
            "conversation.show", self._user, "GET", f"/conversations/{conversation_id}"
        )
        return shown

    async def create_conversation(self, contact_id: int, source_id: str) -> int:
        """A new pending conversation (the assistant's), and its id."""
        fields = {"source_id": source_id, "inbox_id": self.inbox_id, "contact_id": contact_id}
        made = await self.api.call(
            "conversation.create", self._user, "POST", "/conversations", json=fields | {"status": "pending"}
        )
        return int(made["id"])

    async def recent_conversations(self, page: int) -> list[Json]:
        """Our inbox's conversations, the last active first, 25 a page."""
        params = {"inbox_id": self.inbox_id, "status": "all", "assignee_type": "all", "page": page}
        found = await self.api.call("conversation.list", self._user, "GET", "/conversations", params=params)
        return list(found.get("data", found).get("payload") or [])

    async def messages(self, conversation_id: int, before: int | None = None) -> list[Json]:
        """Twenty messages, oldest first: the newest, or those before the message ``before``."""
        found = await self.api.call(
            "message.list", self._user, "GET", f"/conversations/{conversation_id}/messages",
            params={"before": before} if before else None,
        )  # fmt: skip
        return list(found.get("payload") or [])

    async def post(self, conversation_id: int, draft: Draft) -> int:
        """Post a message, and its id. Chatwoot doesn't notice repetitions."""
        token = self._bot if draft.by_bot else self._user
        path = f"/conversations/{conversation_id}/messages"
        if draft.uploads:
            files = [("attachments[]", (u.filename, u.data, u.content_type)) for u in draft.uploads]
            made = await self.api.call(
                "message.create", token, "POST", path, data=form_of(draft.fields()), files=files
            )
        else:
            made = await self.api.call("message.create", token, "POST", path, json=draft.fields())
        return int(made["id"])

    async def set_message_status(
        self, conversation_id: int, message_id: int, status: str, error: str | None = None
    ) -> None:
        """Show a delivery status; ``error`` is shown to the staff beside a failed message."""
        fields: Json = {"status": status} | ({"external_error": error} if error else {})
        path = f"/conversations/{conversation_id}/messages/{message_id}"
        await self.api.call("message.status", self._user, "PATCH", path, json=fields)

    async def set_status(self, conversation_id: int, status: Status) -> None:
        """Open, resolve, or give to the assistant (pending)."""
        path = f"/conversations/{conversation_id}/toggle_status"
        await self.api.call("conversation.status", self._bot, "POST", path, json={"status": status})

    async def set_priority(self, conversation_id: int, priority: str) -> None:
        """Set the priority: urgent, high, medium or low."""
        path = f"/conversations/{conversation_id}/toggle_priority"
        await self.api.call("conversation.priority", self._bot, "POST", path, json={"priority": priority})

    async def assign_team(self, conversation_id: int, team_id: int) -> None:
        """Give a conversation to a team."""
        path = f"/conversations/{conversation_id}/assignments"
        await self.api.call("conversation.assign", self._bot, "POST", path, json={"team_id": team_id})

    async def labels(self, conversation_id: int) -> list[str]:
        """The labels on a conversation."""
        path = f"/conversations/{conversation_id}/labels"
        found = await self.api.call("label.list", self._user, "GET", path)
        return [str(label) for label in found.get("payload") or []]

    async def set_labels(self, conversation_id: int, labels: Sequence[str]) -> None:
        """Replace the labels: the list is the whole set."""
        path = f"/conversations/{conversation_id}/labels"
        await self.api.call("label.set", self._user, "POST", path, json={"labels": list(labels)})

    async def set_conversation_attributes(self, conversation_id: int, attributes: Json) -> None:
        """Set custom attributes. Older servers replace them all, newer ones merge when asked to."""
        path = f"/conversations/{conversation_id}/custom_attributes"
        fields = {"custom_attributes": attributes, "merge": True}
        await self.api.call("conversation.attributes", self._user, "POST", path, json=fields)

    async def teams(self) -> list[Json]:
        """The account's teams."""
        return list(await self.api.call("team.list", self._user, "GET", "/teams") or [])


def form_of(fields: Json) -> dict[str, str]:
    """Fields for a multipart form, as Chatwoot's own client sends them: nested ones as JSON."""
    form: dict[str, str] = {}
    for name, value in fields.items():
        if isinstance(value, dict | bool):
            form[name] = orjson.dumps(value).decode()
        else:
            form[name] = str(value)
    return form
