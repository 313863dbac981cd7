"""A stand-in for Claude that takes its time and little of the cores; its drafts hold true facts only."""

import asyncio
import json
import math
import random
import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast

import httptools

INTRODUCTION = (
    "Hoi! Je spreekt met de automatische assistent van Seldenrijk Auto; "
    "je kunt altijd om een medewerker vragen."
)
CAR = re.compile(r"^\[SA\d+\] (.+?) \| ", re.MULTILINE)
CHARACTERS = 3.5
"""Characters of Dutch for each token, roughly."""


@dataclass
class Delay:
    """Seconds at the median, and the sigma of their logarithm (0: always the same)."""

    seconds: float
    spread: float = 0.0

    def drawn(self, chance: random.Random) -> float:
        """One call's time."""
        return self.seconds * math.exp(chance.gauss(0.0, self.spread))


@dataclass
class Claude:
    """How long calls take, and what they counted: ``understand`` where JSON is asked for, else ``write``."""

    understand: Delay = field(default_factory=lambda: Delay(0.4, 0.25))
    write: Delay = field(default_factory=lambda: Delay(1.8, 0.25))
    calls: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(1)
        self._cached: set[str] = set()
        self._numbers = count(1)

    async def serve(self, port: int) -> asyncio.Server:
        """Listen on loopback."""
        return await asyncio.get_running_loop().create_server(lambda: _Protocol(self), "127.0.0.1", port)

    def answer(self, body: bytes) -> tuple[float, bytes]:
        """Seconds to wait, and the answer."""
        self.calls += 1
        asked = json.loads(body)
        schema = b"json_schema" in body
        delay = self.understand if schema else self.write
        text = (
            json.dumps({"intent": "car_inquiry", "also": [], "language": "nl", "slots": []})
            if schema
            else _draft(asked)
        )
        answer = {
            "id": f"msg_{next(self._numbers)}",
            "type": "message",
            "role": "assistant",
            "model": asked["model"],
            "content": [{"type": "text", "text": text}],
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "usage": self._usage(asked, text),
        }
        return delay.drawn(self._chance), json.dumps(answer).encode()

    def _usage(self, asked: dict[str, Any], text: str) -> dict[str, int]:
        """Tokens: the system blocks are cached after their first use, as the API does when asked to."""
        system = json.dumps(asked.get("system", ""), ensure_ascii=False)
        fixed, known = int(len(system) / CHARACTERS), system in self._cached
        cacheable = "cache_control" in system
        self._cached.add(system)
        said = int(len(json.dumps(asked["messages"], ensure_ascii=False)) / CHARACTERS)
        return {
            "input_tokens": said + (0 if cacheable else fixed),
            "cache_read_input_tokens": fixed if cacheable and known else 0,
            "cache_creation_input_tokens": fixed if cacheable and not known else 0,
            "output_tokens": int(len(text) / CHARACTERS),
        }


def _draft(asked: dict[str, Any]) -> str:
    """A reply that names the first car of the prompt as the prompt does, or asks what is wanted."""
    content = asked["messages"][-1]["content"]
    prompt = content if isinstance(content, str) else "\n".join(block.get("text", "") for block in content)
    car = CAR.search(prompt)
    return f"{INTRODUCTION}\n" + (f"1. {car[1]}" if car else "Waar kan ik je mee helpen?")


class _Protocol(asyncio.Protocol):
    def __init__(self, claude: Claude) -> None:
        self._claude = claude
        self._parser = httptools.HttpRequestParser(self)
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        seconds, answer = self._claude.answer(b"".join(self._body))
        self._body = []
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(
            answer
        )
        asyncio.get_running_loop().call_later(seconds, self._transport.write, head + answer)
