"""Which customer a conversation id of Chatwoot stands for: shared by all replicas, in a bucket of its own."""

from typing import Final

import orjson

from seldenrijk.chassis import Conflict
from seldenrijk.chassis.bus import Bus

BUCKET: Final = "chatwoot-sync-ids"


class Directory:
    """Display id and contact id to pseudonym, for one account."""

    def __init__(self, bus: Bus, account: int) -> None:
        self._bus = bus
        self._account = account

    def _key(self, conversation_id: int) -> str:
        return f"conversation.{self._account}.{conversation_id}"

    async def remember(self, conversation_id: int, conversation: str, contact_id: int | None) -> None:
        """Note whose conversation this is. Raises BusUnavailable."""
        value = orjson.dumps({"conversation": conversation, "contact": contact_id})
        entry = await self._bus.get(BUCKET, self._key(conversation_id))
        if entry is not None and entry.value == value:
            return
        try:
            await self._bus.put(BUCKET, self._key(conversation_id), value, entry.revision if entry else 0)
        except Conflict:
            return  # another replica is noting the same

    async def find(self, conversation_id: int, contact_id: int | None) -> str | None:
        """The pseudonym, if the conversation still belongs to the contact that it was noted with."""
        entry = await self._bus.get(BUCKET, self._key(conversation_id))
        if entry is None:
            return None
        noted = orjson.loads(entry.value)
        return (
            str(noted["conversation"]) if contact_id is not None and noted["contact"] == contact_id else None
        )
