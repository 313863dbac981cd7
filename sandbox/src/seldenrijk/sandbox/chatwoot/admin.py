"""What an administrator sets up: inboxes, bots, webhooks, labels, attributes, teams."""

import re
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import Response

from .call import Call
from .errors import ChatwootError, invalid
from .present import agent
from .store import Record, Table

LABEL = re.compile(r"^[\w-]+$")
DISPLAY_TYPES = ("text", "number", "currency", "percent", "link", "date", "list", "checkbox")
MODELS = ("conversation_attribute", "contact_attribute")
EVENTS = frozenset(
    {
        "conversation_status_changed", "conversation_updated", "conversation_created", "contact_created",
        "contact_updated", "message_created", "message_updated", "webwidget_triggered", "inbox_created",
        "inbox_updated", "conversation_typing_on", "conversation_typing_off",
    }
)  # fmt: skip


def _free(table: Table, field: str, value: Any, own: Record | None = None) -> None:
    taken = table.by(field, value)
    if taken is not None and taken is not own:
        raise invalid(f"{field.replace('_', ' ').capitalize()} has already been taken", field)


def _inbox(row: Record) -> Record:
    return {key: value for key, value in row.items() if key != "agent_bot"} | {
        "avatar_url": "",
        "enable_auto_assignment": True,
        "greeting_enabled": False,
        "working_hours_enabled": False,
        "allow_messages_after_resolved": True,
        "timezone": "UTC",
    }


async def inboxes(call: Call) -> Any:
    """GET inboxes."""
    return {"payload": [_inbox(row) for row in call.store.inboxes]}


async def create_inbox(call: Call) -> Any:
    """POST inboxes."""
    if not call.text("name"):
        raise invalid("Name can't be blank", "name")
    return _inbox(call.store.add_inbox(call.body))


async def show_inbox(call: Call) -> Any:
    """GET inboxes/{id}."""
    return _inbox(call.store.inboxes.get(call.number("id")))


async def update_inbox(call: Call) -> Any:
    """PATCH inboxes/{id}, with its channel's webhook address and attributes."""
    row = call.store.inboxes.get(call.number("id"))
    channel = call.body.get("channel") or {}
    row["name"] = call.body.get("name", row["name"])
    row["webhook_url"] = channel.get("webhook_url", row["webhook_url"])
    row["additional_attributes"] = row["additional_attributes"] | (channel.get("additional_attributes") or {})
    lock = call.body.get("lock_to_single_conversation", row["lock_to_single_conversation"])
    row["lock_to_single_conversation"] = lock
    return _inbox(row)


async def inbox_bot(call: Call) -> Any:
    """GET inboxes/{id}/agent_bot."""
    row = call.store.inboxes.get(call.number("id"))
    return {"agent_bot": _bot(call, call.store.bots.get(row["agent_bot"])) if row["agent_bot"] else {}}


async def set_inbox_bot(call: Call) -> Any:
    """POST inboxes/{id}/set_agent_bot; null disconnects."""
    row = call.store.inboxes.get(call.number("id"))
    wanted = call.body.get("agent_bot")
    row["agent_bot"] = call.store.bots.get(int(wanted))["id"] if wanted else None
    return Response(status_code=204)


def _bot(call: Call, row: Record) -> Record:
    return row | {"account_id": call.store.settings.chatwoot_account_id, "system_bot": False, "thumbnail": ""}


async def bots(call: Call) -> Any:
    """GET agent_bots."""
    return [_bot(call, row) for row in call.store.bots]


async def create_bot(call: Call) -> Any:
    """POST agent_bots; an administrator sees its token and secret."""
    if not call.text("name"):
        raise invalid("Name can't be blank", "name")
    return _bot(call, call.store.add_bot(call.body))


async def show_bot(call: Call) -> Any:
    """GET agent_bots/{id}."""
    return _bot(call, call.store.bots.get(call.number("id")))


async def update_bot(call: Call) -> Any:
    """PATCH agent_bots/{id}."""
    row = call.store.bots.get(call.number("id"))
    row.update({key: call.body[key] for key in ("name", "description", "outgoing_url") if key in call.body})
    return _bot(call, row)


def _hook(call: Call, row: Record) -> Record:
    return row | {"account_id": call.store.settings.chatwoot_account_id}


async def hooks(call: Call) -> Any:
    """GET webhooks."""
    return {"payload": {"webhooks": [_hook(call, row) for row in call.store.hooks]}}


def _check_hook(call: Call, own: Record | None) -> None:
    url = call.text("url") or (own or {}).get("url", "")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise invalid("Url is invalid", "url")
    _free(call.store.hooks, "url", url, own)
    if not set(call.body.get("subscriptions") or []) <= EVENTS:
        raise invalid("Subscriptions Invalid events", "subscriptions")


async def create_hook(call: Call) -> Any:
    """POST webhooks; the answer tells the secret."""
    _check_hook(call, None)
    row = call.store.hooks.add(
        url=call.text("url"),
        name=call.text("name"),
        subscriptions=call.body.get("subscriptions") or sorted(EVENTS),
        secret=token_urlsafe(24),
    )
    return {"payload": {"webhook": _hook(call, row)}}


async def update_hook(call: Call) -> Any:
    """PATCH webhooks/{id}."""
    row = call.store.hooks.get(call.number("id"))
    _check_hook(call, row)
    row.update({key: call.body[key] for key in ("url", "name", "subscriptions") if key in call.body})
    return {"payload": {"webhook": _hook(call, row)}}


async def delete_hook(call: Call) -> Any:
    """DELETE webhooks/{id}."""
    call.store.hooks.get(call.number("id"))
    del call.store.hooks.rows[call.number("id")]


async def labels(call: Call) -> Any:
    """GET labels."""
    return {"payload": list(call.store.labels)}


async def create_label(call: Call) -> Any:
    """POST labels: lower case, letters, digits, dash and underscore."""
    title = (call.text("title") or "").lower()
    if not LABEL.match(title):
        raise invalid("Title is invalid", "title")
    _free(call.store.labels, "title", title)
    return call.store.labels.add(
        title=title,
        description=call.text("description"),
        color=call.text("color") or "#1f93ff",
        show_on_sidebar=bool(call.body.get("show_on_sidebar", True)),
    )


async def attributes(call: Call) -> Any:
    """GET custom_attribute_definitions of conversations (0) or contacts (1)."""
    wanted = MODELS[int(call.request.query_params.get("attribute_model", "0"))]
    return [row for row in call.store.attributes if row["attribute_model"] == wanted]


async def create_attribute(call: Call) -> Any:
    """POST custom_attribute_definitions; a key is unique per model."""
    body = call.body
    key, model = call.text("attribute_key"), MODELS[int(body.get("attribute_model") or 0)]
    if not key or not call.text("attribute_display_name"):
        raise invalid("Attribute key can't be blank", "attribute_key")
    if any((r["attribute_key"], r["attribute_model"]) == (key, model) for r in call.store.attributes):
        raise invalid("Attribute key has already been taken", "attribute_key")
    return call.store.attributes.add(
        attribute_key=key,
        attribute_model=model,
        attribute_display_name=call.text("attribute_display_name"),
        attribute_display_type=DISPLAY_TYPES[int(body.get("attribute_display_type") or 0)],
        attribute_description=call.text("attribute_description") or "",
        attribute_values=body.get("attribute_values") or [],
        default_value=None,
    )


def _team(call: Call, row: Record) -> Record:
    return row | {"account_id": call.store.settings.chatwoot_account_id, "is_member": False}


async def teams(call: Call) -> Any:
    """GET teams."""
    return [_team(call, row) for row in call.store.teams]


async def create_team(call: Call) -> Any:
    """POST teams; names are kept in lower case."""
    name = (call.text("name") or "").lower()
    if not name:
        raise invalid("Name can't be blank", "name")
    _free(call.store.teams, "name", name)
    description, auto = call.text("description"), bool(call.body.get("allow_auto_assign", True))
    row = call.store.teams.add(name=name, description=description, allow_auto_assign=auto)
    return _team(call, row)


async def agents(call: Call) -> Any:
    """GET agents."""
    return [agent(row, call.store.settings.chatwoot_account_id) for row in call.store.agents]


async def profile(call: Call) -> Any:
    """GET profile of the token's holder."""
    account = call.store.settings.chatwoot_account_id
    if call.actor.kind != "user":
        raise ChatwootError(401, {"error": "Access to this endpoint is not authorized for bots"})
    shown = agent(call.store.agents.get(call.actor.id), account)
    role = shown["role"]
    return shown | {"accounts": [{"id": account, "name": "Sandbox", "role": role, "status": "active"}]}
