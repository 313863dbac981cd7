"""The administrator's side of Chatwoot's API: inbox, bot, webhooks, labels, attributes, teams."""

from typing import Any

from .transport import Api

Json = dict[str, Any]


class Account:
    """Reads and changes an account's set-up with an administrator's token."""

    def __init__(self, api: Api, token: str, number: int) -> None:
        self._api = api
        self._token = token
        self._number = number

    async def _ask(self, operation: str, method: str, path: str, **request: Any) -> Any:
        return await self._api.call(operation, self._token, method, path, **request)

    async def inboxes(self) -> list[Json]:
        """All inboxes."""
        return rows(await self._ask("inbox.list", "GET", "/inboxes"))

    async def inbox(self, id_: int) -> Json:
        """One inbox. Raises Missing."""
        found: Json = await self._ask("inbox.show", "GET", f"/inboxes/{id_}")
        return found

    async def create_inbox(self, name: str, channel: Json) -> Json:
        """A new API inbox."""
        fields = {"name": name, "channel": {"type": "api", **channel}}
        made: Json = await self._ask("inbox.create", "POST", "/inboxes", json=fields)
        return made

    async def update_inbox(self, id_: int, channel: Json) -> Json:
        """Change an API inbox's channel."""
        changed: Json = await self._ask("inbox.update", "PATCH", f"/inboxes/{id_}", json={"channel": channel})
        return changed

    async def bots(self) -> list[Json]:
        """All agent bots, with their tokens."""
        return rows(await self._ask("bot.list", "GET", "/agent_bots"))

    async def create_bot(self, name: str, description: str) -> Json:
        """A new agent bot, with its token; without a webhook, since one that fails opens conversations."""
        fields = {"name": name, "description": description}
        made: Json = await self._ask("bot.create", "POST", "/agent_bots", json=fields)
        return made

    async def bot_of(self, inbox_id: int) -> int | None:
        """The bot that is connected to an inbox."""
        found = await self._ask("inbox.bot", "GET", f"/inboxes/{inbox_id}/agent_bot")
        bot = (found or {}).get("agent_bot") or {}
        return int(bot["id"]) if bot.get("id") else None

    async def connect_bot(self, inbox_id: int, bot_id: int) -> None:
        """Let new conversations of an inbox begin with the bot (pending)."""
        path = f"/inboxes/{inbox_id}/set_agent_bot"
        await self._ask("inbox.set_bot", "POST", path, json={"agent_bot": bot_id})

    async def webhooks(self) -> list[Json]:
        """The account's webhooks, with their secrets."""
        return rows(await self._ask("webhook.list", "GET", "/webhooks"), "webhooks")

    async def create_webhook(self, url: str, name: str, subscriptions: tuple[str, ...]) -> Json:
        """A new webhook, with its secret."""
        fields = {"url": url, "name": name, "subscriptions": list(subscriptions)}
        made = await self._ask("webhook.create", "POST", "/webhooks", json=fields)
        return row(made, "webhook")

    async def update_webhook(self, id_: int, url: str, subscriptions: tuple[str, ...]) -> Json:
        """Change what a webhook tells."""
        fields = {"url": url, "subscriptions": list(subscriptions)}
        return row(await self._ask("webhook.update", "PATCH", f"/webhooks/{id_}", json=fields), "webhook")

    async def labels(self) -> set[str]:
        """Titles of the account's labels."""
        return {str(label["title"]) for label in rows(await self._ask("label.index", "GET", "/labels"))}

    async def create_label(self, title: str, color: str) -> None:
        """A new label."""
        fields = {"title": title, "color": color, "show_on_sidebar": True}
        await self._ask("label.create", "POST", "/labels", json=fields)

    async def attributes(self, model_number: int) -> set[str]:
        """Keys of the custom attributes of conversations (0) or contacts (1)."""
        params = {"attribute_model": str(model_number)}
        found = await self._ask("attribute.list", "GET", "/custom_attribute_definitions", params=params)
        return {str(attribute["attribute_key"]) for attribute in rows(found)}

    async def create_attribute(self, model_number: int, key: str, title: str, display_type: int) -> None:
        """A new custom attribute."""
        fields = {
            "attribute_display_name": title,
            "attribute_display_type": display_type,
            "attribute_description": title,
            "attribute_key": key,
            "attribute_model": model_number,
        }
        await self._ask("attribute.create", "POST", "/custom_attribute_definitions", json=fields)

    async def teams(self) -> set[str]:
        """Names of the teams, in lower case as Chatwoot keeps them."""
        return {str(team["name"]).lower() for team in rows(await self._ask("team.list", "GET", "/teams"))}

    async def create_team(self, name: str) -> None:
        """A new team, whose conversations are assigned among its members."""
        fields = {"name": name, "allow_auto_assign": True}
        await self._ask("team.create", "POST", "/teams", json=fields)


def rows(answer: Any, inner: str | None = None) -> list[Json]:
    """The records of a listing, which come bare, in ``payload``, or deeper."""
    found = answer.get("payload", answer) if isinstance(answer, dict) else answer
    if inner and isinstance(found, dict):
        found = found.get(inner)
    return list(found or [])


def row(answer: Any, inner: str) -> Json:
    """One record, bare or in ``payload``."""
    found: Json = answer.get("payload", answer)
    record: Json = found.get(inner, found)
    return record
