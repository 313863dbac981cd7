"""The routes of a Chatwoot account."""

import json
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seldenrijk.sandbox.guard import Guarded, endpoint

from . import admin, contacts, conversations, messages
from .access import actor_of
from .call import Call, Handle, as_response, read
from .errors import ChatwootError, failure, invalid
from .model import Actor

if TYPE_CHECKING:
    from seldenrijk.sandbox.world import World

C = "/conversations/{conversation:int}"
ROUTES: tuple[tuple[str, str, str, Handle], ...] = (
    ("GET", "/contacts", "contacts.list", contacts.index),
    ("POST", "/contacts", "contacts.create", contacts.create),
    ("GET", "/contacts/search", "contacts.search", contacts.search),
    ("POST", "/contacts/filter", "contacts.filter", contacts.filtered),
    ("GET", "/contacts/{id:int}", "contacts.show", contacts.show),
    ("PUT", "/contacts/{id:int}", "contacts.update", contacts.update),
    ("DELETE", "/contacts/{id:int}", "contacts.delete", contacts.delete),
    ("GET", "/contacts/{id:int}/conversations", "contacts.conversations", contacts.conversations),
    ("GET", "/contacts/{id:int}/contactable_inboxes", "contacts.contactable", contacts.contactable),
    ("POST", "/contacts/{id:int}/contact_inboxes", "contact_inboxes.create", contacts.create_inbox),
    ("GET", "/contacts/{id:int}/labels", "contact_labels.list", contacts.labels),
    ("POST", "/contacts/{id:int}/labels", "contact_labels.create", contacts.labels),
    ("POST", "/actions/contact_merge", "contacts.merge", contacts.merge),
    ("GET", "/conversations", "conversations.list", conversations.index),
    ("POST", "/conversations", "conversations.create", conversations.create),
    ("GET", C, "conversations.show", conversations.show),
    ("PATCH", C, "conversations.update", conversations.update),
    ("POST", f"{C}/toggle_status", "conversations.toggle_status", conversations.toggle_status),
    ("POST", f"{C}/toggle_priority", "conversations.toggle_priority", conversations.toggle_priority),
    ("POST", f"{C}/toggle_typing_status", "conversations.toggle_typing", conversations.toggle_typing),
    ("POST", f"{C}/custom_attributes", "conversations.custom_attributes", conversations.custom_attributes),
    (
        "POST",
        f"{C}/destroy_custom_attributes",
        "conversations.destroy_attributes",
        conversations.destroy_attributes,
    ),
    ("POST", f"{C}/assignments", "assignments.create", conversations.assign),
    ("GET", f"{C}/labels", "conversation_labels.list", conversations.labels),
    ("POST", f"{C}/labels", "conversation_labels.create", conversations.labels),
    ("GET", f"{C}/messages", "messages.list", messages.index),
    ("POST", f"{C}/messages", "messages.create", messages.create),
    ("PATCH", f"{C}/messages/{{message:int}}", "messages.update", messages.update),
    ("DELETE", f"{C}/messages/{{message:int}}", "messages.delete", messages.delete),
    ("GET", "/inboxes", "inboxes.list", admin.inboxes),
    ("POST", "/inboxes", "inboxes.create", admin.create_inbox),
    ("GET", "/inboxes/{id:int}", "inboxes.show", admin.show_inbox),
    ("PATCH", "/inboxes/{id:int}", "inboxes.update", admin.update_inbox),
    ("GET", "/inboxes/{id:int}/agent_bot", "inboxes.agent_bot", admin.inbox_bot),
    ("POST", "/inboxes/{id:int}/set_agent_bot", "inboxes.set_agent_bot", admin.set_inbox_bot),
    ("GET", "/agent_bots", "agent_bots.list", admin.bots),
    ("POST", "/agent_bots", "agent_bots.create", admin.create_bot),
    ("GET", "/agent_bots/{id:int}", "agent_bots.show", admin.show_bot),
    ("PATCH", "/agent_bots/{id:int}", "agent_bots.update", admin.update_bot),
    ("GET", "/webhooks", "webhooks.list", admin.hooks),
    ("POST", "/webhooks", "webhooks.create", admin.create_hook),
    ("PATCH", "/webhooks/{id:int}", "webhooks.update", admin.update_hook),
    ("DELETE", "/webhooks/{id:int}", "webhooks.delete", admin.delete_hook),
    ("GET", "/labels", "labels.list", admin.labels),
    ("POST", "/labels", "labels.create", admin.create_label),
    ("GET", "/custom_attribute_definitions", "attributes.list", admin.attributes),
    ("POST", "/custom_attribute_definitions", "attributes.create", admin.create_attribute),
    ("GET", "/teams", "teams.list", admin.teams),
    ("POST", "/teams", "teams.create", admin.create_team),
    ("GET", "/agents", "agents.list", admin.agents),
)


def create_app(world: "World") -> Starlette:
    """One account under ``/api/v1/accounts/{id}``, the profile, and stored files."""

    def route(method: str, path: str, operation: str, handle: Handle, public: bool = False) -> Route:
        async def answer(request: Request) -> Response:
            try:
                return await _answer(world, request, operation, handle, public)
            except ChatwootError as error:
                world.journal.add("chatwoot.refused", operation=operation, status=error.status, **error.body)
                return error.response()

        return Route(path, Guarded(world, "chatwoot", operation, endpoint(answer), failure), methods=[method])

    prefix = "/api/v1/accounts/{account:int}"
    routes = [route(method, prefix + path, name, handle) for method, path, name, handle in ROUTES]
    routes.append(route("GET", "/api/v1/profile", "profile.show", admin.profile))
    blobs = "/rails/active_storage/blobs/{token}/{filename}"
    routes.append(route("GET", blobs, "blobs.show", messages.blob, public=True))
    return Starlette(routes=routes)


async def _answer(world: "World", request: Request, operation: str, handle: Handle, public: bool) -> Response:
    if public:
        return as_response(await handle(Call(world, request, Actor("contact", 0, "nobody"))))
    actor = actor_of(world, request, operation)
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    body, files = await read(request)
    reason = world.chatwoot_spec.refusal(request, path, await _presented(request, body))
    if reason:
        raise ChatwootError(422, {"message": reason, "error": "refused by Chatwoot's OpenAPI document"})
    try:
        return as_response(await handle(Call(world, request, actor, body, files)))
    except (KeyError, TypeError, ValueError) as error:
        raise invalid(f"{error.args[0] if error.args else error} is missing or invalid") from error


async def _presented(request: Request, body: dict[str, Any]) -> bytes:
    """The body for the vendor's document; a form is held against the stricter JSON schema, files aside."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return json.dumps({"content": ""} | body).encode()
    return await request.body()
