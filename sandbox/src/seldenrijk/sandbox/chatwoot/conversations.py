"""Conversations: open, show, status, priority, labels, attributes, assignment."""

from typing import Any

from .call import Call
from .errors import invalid, missing
from .model import Actor, Conversation, Priority, Status
from .present import agent

PAGE = 25


async def create(call: Call) -> Any:
    """POST conversations; an inbox that locks to one conversation gives the last one again."""
    contact = call.store.contact(int(call.body["contact_id"]))
    inbox = call.store.inboxes.get(int(call.body["inbox_id"]))
    source = call.text("source_id")
    links = call.store.contact_inboxes
    key = (contact.id, inbox["id"], source)
    if not any((link.contact_id, link.inbox_id, link.source_id) == key for link in links):
        raise missing()
    if inbox["lock_to_single_conversation"]:
        known = [c for c in call.store.conversations.values() if c.source_id == source]
        if known:
            return call.actions.present.conversation(known[-1])
    now = call.store.clock.now()
    conversation = Conversation(
        id=call.store.next_id("conversation"),
        contact_id=contact.id,
        inbox_id=inbox["id"],
        source_id=source or "",
        created=now,
        updated=now,
        status=call.body.get("status") or "open",
        assignee_id=_known_user(call, call.body.get("assignee_id")),
        team_id=call.body.get("team_id"),
        custom_attributes=dict(call.body.get("custom_attributes") or {}),
        additional_attributes=dict(call.body.get("additional_attributes") or {}),
    )
    call.actions.open_conversation(conversation, call.actor)
    return call.actions.present.conversation(conversation)


def _known_user(call: Call, id_: Any) -> int | None:
    return call.store.user(int(id_)).id if id_ else None


async def index(call: Call) -> Any:
    """GET conversations: open ones unless another status is asked for, newest first."""
    query = call.request.query_params
    status, inbox, page = query.get("status", "open"), query.get("inbox_id"), int(query.get("page", "1"))

    def fits(conversation: Conversation) -> bool:
        right_status = status in ("all", conversation.status)
        return right_status and (inbox is None or conversation.inbox_id == int(inbox))

    found = [c for c in call.store.conversations.values() if fits(c)]
    found.sort(key=lambda conversation: conversation.updated, reverse=True)
    shown = [call.actions.present.conversation(c) for c in found[(page - 1) * PAGE : page * PAGE]]
    assigned = sum(c.assignee_id is not None for c in found)
    meta = {"mine_count": 0, "unassigned_count": len(found) - assigned, "assigned_count": assigned}
    return {"data": {"meta": meta | {"all_count": len(found)}, "payload": shown}}


async def show(call: Call) -> Any:
    """GET conversations/{id}."""
    return call.actions.present.conversation(call.conversation)


async def update(call: Call) -> Any:
    """PATCH conversations/{id}: the priority."""
    if "priority" in call.body:
        _prioritise(call)
    return call.actions.present.conversation(call.conversation)


async def toggle_status(call: Call) -> Any:
    """POST toggle_status; without a status it toggles."""
    conversation = call.conversation
    wanted: Status | None = call.body.get("status")
    if wanted not in (None, "open", "resolved", "pending", "snoozed"):
        raise invalid("status is invalid", "status")
    conversation.snoozed_until = call.body.get("snoozed_until")
    call.actions.toggle_status(conversation, wanted, call.actor)
    payload = {
        "success": True,
        "conversation_id": conversation.id,
        "current_status": conversation.status,
        "snoozed_until": conversation.snoozed_until,
    }
    return {"meta": {}, "payload": payload}


def _prioritise(call: Call) -> None:
    asked = call.body.get("priority")
    priority: Priority | None = None if asked in (None, "none", "") else asked
    if priority not in (None, "urgent", "high", "medium", "low"):
        raise invalid("priority is invalid", "priority")
    call.actions.set_priority(call.conversation, priority)


async def toggle_priority(call: Call) -> Any:
    """POST toggle_priority."""
    _prioritise(call)


async def toggle_typing(call: Call) -> Any:
    """POST toggle_typing_status: staff and other listeners see the dots."""
    state = call.body.get("typing_status")
    call.actions.events.conversation(f"conversation_typing_{state}", call.conversation)


async def labels(call: Call) -> Any:
    """GET or POST labels; a POST replaces the whole list."""
    conversation = call.conversation
    if call.request.method == "POST":
        wanted = list(dict.fromkeys(call.body["labels"]))
        call.actions.change(conversation, "labels", wanted)
    return {"payload": conversation.labels}


async def custom_attributes(call: Call) -> Any:
    """POST custom_attributes: replaces them, with ``merge`` adds to them."""
    conversation = call.conversation
    wanted = dict(call.body["custom_attributes"])
    if call.body.get("merge"):
        wanted = conversation.custom_attributes | wanted
    call.actions.change(conversation, "custom_attributes", wanted)
    return {"custom_attributes": conversation.custom_attributes}


async def destroy_attributes(call: Call) -> Any:
    """POST destroy_custom_attributes."""
    gone = set(call.body["custom_attributes"])
    kept = {k: v for k, v in call.conversation.custom_attributes.items() if k not in gone}
    call.actions.change(call.conversation, "custom_attributes", kept)
    return {"custom_attributes": kept}


async def assign(call: Call) -> Any:
    """POST assignments: a person, a bot, a team, or nobody."""
    conversation, body = call.conversation, call.body
    if "assignee_id" not in body and "team_id" in body:
        call.actions.assign_team(conversation, body["team_id"], call.actor)
        return call.store.teams.rows.get(conversation.team_id or 0)
    id_ = int(body["assignee_id"]) if body.get("assignee_id") else None
    if body.get("assignee_type") == "AgentBot" and id_ is not None:
        call.actions.assign(conversation, bot_id=id_, by=call.actor)
        bot: Actor = call.store.bot(id_)
        return {"id": bot.id, "name": bot.name}
    call.actions.assign(conversation, assignee_id=id_, by=call.actor)
    return agent(call.store.agents.get(id_), call.store.settings.chatwoot_account_id) if id_ else None
