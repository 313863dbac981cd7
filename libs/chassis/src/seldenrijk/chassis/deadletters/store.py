"""The dead letters as operators see them: listed, sent again, dropped, with an audit record of each act.

Audit records stand among the letters, under ``dead.audit.<conversation>``, where no service may write.
"""

import getpass
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from seldenrijk.chassis.bus.names import MSG_ID, REDRIVE_FOR, dead_subject
from seldenrijk.chassis.settings import NatsSettings
from seldenrijk.contracts import derived_id
from seldenrijk.contracts.topology import DEAD_PREFIX, DEAD_STREAM, STREAM

from . import event_name_in

AUDIT: Final = "audit"
Action = Literal["retry", "drop"]
Result = Literal["sent", "known", "refused"]


@dataclass(frozen=True)
class Letter:
    """One dead letter. ``seq`` is its number in the list, ``id`` its deterministic id."""

    seq: int
    id: str
    service: str
    conversation: str
    kind: str
    reason: str
    subject: str
    stream: str
    stream_seq: int
    attempts: int
    time: datetime
    headers: dict[str, str]
    data: bytes = field(repr=False)
    handled: str | None = None

    @property
    def event(self) -> str:
        """The event's name, or ``unknown``."""
        return event_name_in(self.subject)

    def names(self) -> set[str]:
        """Everything it may be asked for by: its number, its id, the event's ids."""
        ids = {self.id, self.headers.get("ce-id", ""), self.headers.get("Dead-Msg-Id", "")}
        return {str(self.seq)} | {i for i in ids if i}


class DeadLetters:
    """The DEAD_LETTERS stream, under an operator's NATS user."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._js: JetStreamContext = client.jetstream(timeout=10)

    async def all(self) -> list[Letter]:
        """Every letter, oldest first, with what has been done about it."""
        letters: dict[str, Letter] = {}
        done: dict[str, str] = {}
        async for subject, seq, headers, data in self._read():
            if subject.startswith(f"{DEAD_PREFIX}.{AUDIT}."):
                done[headers.get("Audit-Letter", "")] = (
                    f"{headers.get('Audit-Action')} {headers.get('Audit-Time')}"
                )
            elif "Dead-Service" in headers:
                found = _letter(subject, seq, headers, data)
                letters[found.id] = found
        return [_with(letter, done.get(letter.id)) for letter in letters.values()]

    async def _read(self) -> AsyncIterator[tuple[str, int, dict[str, str], bytes]]:
        config = ConsumerConfig(ack_policy=AckPolicy.NONE, deliver_policy=DeliverPolicy.ALL, mem_storage=True)
        pull = await self._js.pull_subscribe(f"{DEAD_PREFIX}.>", stream=DEAD_STREAM, config=config)
        left = (await pull.consumer_info()).num_pending
        while left:
            for msg in await pull.fetch(min(left, 500), timeout=10):
                left -= 1
                yield msg.subject, msg.metadata.sequence.stream, dict(msg.headers or {}), msg.data
        await pull.unsubscribe()

    async def retry(self, letter: Letter) -> Result:
        """Publish the original again, for the service that gave it up; the same letter only once.

        First the event, then the record: whoever is interrupted in between publishes under the same
        id again, which the bus (within an hour) and the service's own memory (later) know.
        """
        headers = {k: v for k, v in letter.headers.items() if not k.startswith(("Dead-", "Nats-"))}
        headers[MSG_ID] = derived_id(letter.id, "redrive")
        if letter.stream == STREAM:
            headers[REDRIVE_FOR] = letter.service
        try:
            stored = await self._js.publish(letter.subject, letter.data, headers=headers)
        except (nats.errors.Error, nats.js.errors.Error):
            return "refused"
        await self._audit(letter, "retry")
        return "known" if stored.duplicate else "sent"

    async def drop(self, letter: Letter) -> None:
        """Delete a letter for good; the record of it stays, without the body."""
        await self._audit(letter, "drop")
        await self._js.delete_msg(DEAD_STREAM, letter.seq)

    async def _audit(self, letter: Letter, action: Action) -> None:
        headers = {
            "Audit-Action": action,
            "Audit-Letter": letter.id,
            "Audit-Number": str(letter.seq),
            "Audit-Service": letter.service,
            "Audit-Kind": letter.kind,
            "Audit-Subject": letter.subject,
            "Audit-By": os.environ.get("OPERATOR") or getpass.getuser(),
            "Audit-Time": datetime.now(UTC).isoformat(timespec="seconds"),
            MSG_ID: derived_id(letter.id, "audit", action),
        }
        await self._js.publish(dead_subject(AUDIT, letter.conversation), b"", headers=headers)


def _letter(subject: str, seq: int, headers: dict[str, str], data: bytes) -> Letter:
    return Letter(
        seq=seq,
        id=headers.get(MSG_ID) or f"{DEAD_STREAM}/{seq}",
        service=headers["Dead-Service"],
        conversation=subject.rpartition(".")[2],
        kind=headers.get("Dead-Kind", "unknown"),
        reason=headers.get("Dead-Reason", ""),
        subject=headers.get("Dead-Subject", ""),
        stream=headers.get("Dead-Stream", ""),
        stream_seq=int(headers.get("Dead-Seq", "0")),
        attempts=int(headers.get("Dead-Attempts", "0")),
        time=datetime.fromisoformat(headers.get("Dead-Time", "1970-01-01T00:00:00+00:00")),
        headers=headers,
        data=data,
    )


def _with(letter: Letter, handled: str | None) -> Letter:
    return letter if handled is None else Letter(**{**letter.__dict__, "handled": handled})


@asynccontextmanager
async def opened(settings: NatsSettings) -> AsyncIterator[DeadLetters]:
    """Connect as an operator (NATS_USER, by default the provisioning user). Raises nats' errors, OSError."""
    client = Client()
    options = settings.connect_options(settings.nats_user or "provision")

    async def quiet(_: Exception) -> None:
        return

    await client.connect(
        **(options | {"allow_reconnect": False, "max_reconnect_attempts": 1}), error_cb=quiet
    )
    try:
        yield DeadLetters(client)
    finally:
        await client.close()
