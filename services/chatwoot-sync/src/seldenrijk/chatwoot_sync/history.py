"""Reading events of the past from the stream, one after the other, without a consumer of one's own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

import orjson
from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeout

from seldenrijk.chassis import BusUnavailable
from seldenrijk.contracts import BadEvent, Event, MessageReceived, parse, partition_of
from seldenrijk.contracts.topology import STREAM

GET: Final = f"$JS.API.DIRECT.GET.{STREAM}"
WAIT: Final = 5.0


@dataclass(frozen=True, slots=True)
class Past:
    """A stored event and when the stream took it."""

    event: Event
    stored_at: datetime


class History(Protocol):
    """What a repair needs of the past."""

    def of(self, conversation: str, since: datetime) -> AsyncIterator[Past]:
        """A conversation's events since then, oldest first."""
        ...

    def conversations(self, since: datetime) -> AsyncIterator[str]:
        """Pseudonyms of the customers who have written since then, each once."""
        ...


class StreamHistory:
    """The past in JetStream, by direct gets (ADR-31 of NATS): the next message of a subject, and so on."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def of(self, conversation: str, since: datetime) -> AsyncIterator[Past]:
        """A conversation's events since then, oldest first. Raises BusUnavailable."""
        subject = f"*.*.{partition_of(conversation)}.{conversation}"
        async for past in self._from(subject, since):
            yield past

    async def conversations(self, since: datetime) -> AsyncIterator[str]:
        """Pseudonyms of the customers who have written since then, each once. Raises BusUnavailable."""
        seen: set[str] = set()
        async for past in self._from(f"{MessageReceived.name}.>", since):
            if past.event.conversation not in seen:
                seen.add(past.event.conversation)
                yield past.event.conversation

    async def _from(self, subject: str, since: datetime) -> AsyncIterator[Past]:
        request: dict[str, object] = {
            "start_time": since.astimezone(UTC).isoformat(),
            "next_by_subj": subject,
        }
        while True:
            try:
                msg = await self._client.request(GET, orjson.dumps(request), timeout=WAIT)
            except (NatsTimeout, NoRespondersError):
                raise BusUnavailable("the stream could not be read") from None
            headers = msg.headers or {}
            if headers.get("Status") == "404":
                return
            if "Nats-Sequence" not in headers:
                raise BusUnavailable(f"the stream refused: {headers.get('Description', 'no reason given')}")
            request = {"seq": int(headers["Nats-Sequence"]) + 1, "next_by_subj": subject}
            try:
                event = parse(headers["Nats-Subject"], msg.data)
            except BadEvent:
                continue
            yield Past(event, datetime.fromisoformat(headers["Nats-Time-Stamp"][:19] + "+00:00"))
