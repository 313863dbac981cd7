"""Who may do what: a user's token everything, a bot's token only what Chatwoot lists."""

from typing import TYPE_CHECKING

from starlette.requests import Request

from .errors import ChatwootError
from .model import Actor

if TYPE_CHECKING:
    from seldenrijk.sandbox.world import World

FOR_BOTS = frozenset(
    {
        "conversations.show",
        "conversations.create",
        "conversations.update",
        "conversations.toggle_status",
        "conversations.toggle_priority",
        "conversations.toggle_typing",
        "conversations.custom_attributes",
        "messages.create",
        "assignments.create",
        "conversation_labels.list",
        "conversation_labels.create",
    }
)


def actor_of(world: "World", request: Request, operation: str) -> Actor:
    """The holder of the token. Raises ChatwootError 401, also for what bots may not do."""
    token = request.headers.get("api_access_token")
    if not token:
        raise ChatwootError(401, {"errors": ["You need to sign in or sign up before continuing."]})
    account = request.path_params.get("account")
    if token == world.settings.chatwoot_user_token.get_secret_value():
        actor = world.chatwoot.user(1)
    else:
        bot = world.chatwoot.bots.by("access_token", token)
        if bot is None:
            raise ChatwootError(401, {"error": "Invalid Access Token"})
        actor = world.chatwoot.bot(bot["id"])
        if operation not in FOR_BOTS:
            raise ChatwootError(401, {"error": "Access to this endpoint is not authorized for bots"})
    if account is not None and account != world.settings.chatwoot_account_id:
        raise ChatwootError(404, {"error": "Resource could not be found"})
    return actor
