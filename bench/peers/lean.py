"""What a careful engineer would write on bare nats-py: confirmed publishes and gets over one inbox."""

import asyncio
from itertools import count
from typing import Any

import nats
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg


class Lean:
    """A connection with an acknowledgement collector (nats-py's own js.publish makes a task a call)."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._prefix = client.new_inbox()
        self._waiting: dict[str, asyncio.Future[Msg]] = {}
        self._numbers = count()

    @classmethod
    async def connect(cls, url: str) -> "Lean":
        """Connect and subscribe the inbox."""
        self = cls(await nats.connect(url))
        await self.client.subscribe(f"{self._prefix}.*", cb=self._arrived)
        return self

    async def _arrived(self, msg: Msg) -> None:
        future = self._waiting.pop(msg.subject.rpartition(".")[2], None)
        if future is not None and not future.done():
            future.set_result(msg)

    async def request(self, subject: str, data: bytes, headers: dict[str, str] | None = None) -> Msg:
        """Publish and wait for the answer."""
        token = str(next(self._numbers))
        future = self._waiting[token] = asyncio.get_running_loop().create_future()
        await self.client.publish(subject, data, f"{self._prefix}.{token}", headers)
        async with asyncio.timeout(8):
            return await future

    async def publish(self, subject: str, data: bytes, message_id: str) -> None:
        """Publish to a stream, confirmed."""
        self._must((await self.request(subject, data, {"Nats-Msg-Id": message_id})).data)

    async def get(self, bucket: str, key: str) -> tuple[bytes, int]:
        """A value and its revision; (b"", 0) where there is none."""
        msg = await self.request(f"$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.{key}", b"")
        headers = msg.headers or {}
        return (b"", 0) if headers.get("Status") == "404" else (msg.data, int(headers["Nats-Sequence"]))

    async def put(self, bucket: str, key: str, value: bytes, revision: int) -> int:
        """Replace a value by compare-and-set."""
        headers = {"Nats-Expected-Last-Subject-Sequence": str(revision)}
        return int(self._must((await self.request(f"$KV.{bucket}.{key}", value, headers)).data)["seq"])

    @staticmethod
    def _must(data: bytes) -> dict[str, Any]:
        answer: dict[str, Any] = orjson.loads(data)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer
