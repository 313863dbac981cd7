"""Looks on at the sandbox's journal: what each customer was sent and what the services said about it."""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from seldenrijk.contracts import MessageReceived, derived_id

Record = dict[str, Any]


@dataclass
class Seen:
    """What was seen of one customer, oldest first."""

    events: list[Record] = field(default_factory=list)
    sends: list[Record] = field(default_factory=list)

    def of(self, name: str, since: int = 0) -> list[Record]:
        """The events of a type, their data alone."""
        return [e["data"] for e in self.events[since:] if e["type"].startswith(f"{name}.v")]


def event_id(sid: str) -> str:
    """Id of the event that a message of the customer becomes."""
    return derived_id(sid, MessageReceived.type_name())


def moment(send: Record) -> float:
    """When a message of ours was accepted (POSIX seconds)."""
    return datetime.fromisoformat(send["created"]).timestamp()


class Watcher:
    """Follows ``/api/events`` in a task of its own; use as an asynchronous context manager."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._seen: dict[str, Seen] = defaultdict(Seen)
        self._news = asyncio.Condition()
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Watcher":
        self._task = asyncio.create_task(self._follow())
        await asyncio.wait_for(self._ready.wait(), 10)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def of(self, customer: str) -> Seen:
        """What is known of a customer's address."""
        return self._seen[customer]

    async def until(self, condition: Any, seconds: float) -> bool:
        """Wait until ``condition()`` holds; False when it did not in time."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not condition():
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return False
            async with self._news:
                try:
                    await asyncio.wait_for(self._news.wait(), min(left, 0.5))
                except TimeoutError:
                    continue
        return True

    async def _follow(self) -> None:
        async with (
            httpx.AsyncClient(trust_env=False, timeout=httpx.Timeout(10, read=60)) as http,
            http.stream("GET", f"{self._url}/api/events", params={"after": 0}) as response,
        ):
            self._ready.set()
            async for line in response.aiter_lines():
                if line.startswith("data: "):
                    await self._take(json.loads(line[6:]))

    async def _take(self, entry: Record) -> None:
        data = entry["data"]
        if entry["kind"] == "bus.event" and data.get("customer"):
            self._seen[data["customer"]].events.append(data)
        elif entry["kind"] == "twilio.send":
            self._seen[data["to"]].sends.append(data | {"created": entry["at"]})
        else:
            return
        async with self._news:
            self._news.notify_all()


def settled(seen: Seen, sids: list[str]) -> bool:
    """Whether each message was understood, and answered or explained."""
    answered: set[str] = set()
    for data in seen.of("reply.sent"):
        if data["part"] >= data["parts"]:
            answered.update(data["answers"])
    for data in (*seen.of("reply.suppressed"), *seen.of("reply.failed")):
        if data.get("reason") != "superseded":
            answered.update(data["answers"])
    understood = {data["message"]["message_id"] for data in seen.of("preferences.extracted")}
    return all(event_id(sid) in answered and sid in understood for sid in sids)
