"""The staff's side, for the page and for tests: look, answer, take over, hand back."""

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, HTTPException
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from .chatwoot.errors import ChatwootError
from .chatwoot.model import OUTGOING, Attachment, ChatMessage, Conversation, Status

if TYPE_CHECKING:
    from .world import World


class File(BaseModel):
    """An attachment of an answer; ``data`` is base64."""

    filename: str
    content_type: str = "application/octet-stream"
    data: Base64Bytes


class StaffReply(BaseModel):
    """What a member of staff writes; private notes stay inside."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field("", max_length=150_000)
    private: bool = False
    agent_id: int = 2
    files: list[File] = []


class Assignment(BaseModel):
    """Who gets the conversation; None for nobody."""

    agent_id: int | None = 2


class StatusChange(BaseModel):
    """The status that a member of staff sets."""

    status: Status
    agent_id: int = 2


def staff_routes(world: "World") -> APIRouter:
    """Everything under ``/api/chatwoot``."""
    router = APIRouter(prefix="/chatwoot")
    router.include_router(_looking(world))
    router.include_router(_acting(world))
    return router


def _found(world: "World", id_: int) -> Conversation:
    try:
        return world.chatwoot.conversation(id_)
    except ChatwootError as error:
        raise HTTPException(404, "no such conversation") from error


def _looking(world: "World") -> APIRouter:
    router = APIRouter()

    @router.get("/conversations")
    async def conversations() -> list[dict[str, Any]]:
        """All conversations, the newest activity first."""
        found = sorted(world.chatwoot.conversations.values(), key=lambda c: c.updated, reverse=True)
        return [world.staff.present.conversation(conversation) for conversation in found[:500]]

    @router.get("/conversations/{id_}")
    async def conversation(id_: int) -> dict[str, Any]:
        """One conversation with its messages."""
        found = _found(world, id_)
        messages = [world.staff.present.message(message) for message in found.messages[-500:]]
        return world.staff.present.conversation(found) | {"messages": messages}

    @router.get("/contacts")
    async def contacts() -> list[dict[str, Any]]:
        """All contacts."""
        return [world.staff.present.contact(contact) for contact in world.chatwoot.contacts.values()]

    @router.get("/deliveries")
    async def deliveries() -> list[dict[str, Any]]:
        """Webhooks that were sent, and what became of them."""
        return list(world.chatwoot.deliveries)

    return router


def _acting(world: "World") -> APIRouter:
    router = APIRouter()

    @router.post("/conversations/{id_}/reply", status_code=201)
    async def reply(id_: int, body: StaffReply) -> dict[str, Any]:
        """Answer the customer, or leave a private note."""
        return world.staff.present.message(write_as_staff(world, _found(world, id_), body))

    @router.post("/conversations/{id_}/assign")
    async def assign(id_: int, body: Assignment) -> dict[str, Any]:
        """Take over, or let go."""
        conversation = _found(world, id_)
        by = world.chatwoot.user(body.agent_id or 1)
        world.staff.assign(conversation, assignee_id=body.agent_id, by=by)
        return world.staff.present.conversation(conversation)

    @router.post("/conversations/{id_}/status")
    async def status(id_: int, body: StatusChange) -> dict[str, Any]:
        """Set the status as a member of staff; opening assigns it to them."""
        conversation = _found(world, id_)
        world.staff.toggle_status(conversation, body.status, world.chatwoot.user(body.agent_id))
        return world.staff.present.conversation(conversation)

    @router.post("/conversations/{id_}/hand-back")
    async def hand_back(id_: int) -> dict[str, Any]:
        """Give the conversation back to the assistant: unassigned and pending."""
        conversation = _found(world, id_)
        give_back(world, conversation)
        return world.staff.present.conversation(conversation)

    return router


def give_back(world: "World", conversation: Conversation) -> None:
    """The conversation is the assistant's again."""
    by = world.chatwoot.user(2)
    bot = world.chatwoot.inboxes.get(conversation.inbox_id)["agent_bot"]
    world.staff.assign(conversation, bot_id=bot, by=by)
    world.staff.set_status(conversation, "pending", by)


def write_as_staff(world: "World", conversation: Conversation, body: StaffReply) -> ChatMessage:
    """An answer to the customer, or a private note."""
    return world.staff.add_message(_message(world, conversation, body))


def _message(world: "World", conversation: Conversation, body: StaffReply) -> ChatMessage:
    store = world.chatwoot
    message = ChatMessage(
        id=store.next_id("message"),
        conversation_id=conversation.id,
        inbox_id=conversation.inbox_id,
        content=body.text or None,
        message_type=OUTGOING,
        created=store.clock.now(),
        sender=store.user(body.agent_id),
        private=body.private,
    )
    for file in body.files:
        kind = file.content_type.split("/")[0]
        message.attachments.append(
            Attachment(
                id=store.next_id("attachment"),
                file_type=kind if kind in ("image", "audio", "video") else "file",
                content_type=file.content_type,
                filename=file.filename,
                size=len(file.data),
                token=store.keep_blob(file.content_type, file.data),
            )
        )
    return message
