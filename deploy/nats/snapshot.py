"""Back up and restore NATS over its own protocol, while the system runs: messages, buckets, consumers.

``snapshot.py backup FILE`` writes one tar with a snapshot of each stream (buckets are streams too);
``snapshot.py restore FILE`` puts back the streams that do not exist; ``snapshot.py list FILE`` shows what a
file holds. FILE may be ``-``. The connection comes from NATS_URL, NATS_USER (default: provision) and
NATS_PASSWORD or NATS_NKEY_SEED. Needs nats-py, which every service's image has.
"""

import asyncio
import io
import json
import os
import sys
import tarfile
from collections.abc import AsyncIterator, Iterator
from typing import IO, Any

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg

Json = dict[str, Any]
CHUNK = 128 * 1024
TIMEOUT = 30.0


class SnapshotError(Exception):
    """The server refused, or the file is not a backup of ours."""


async def connect() -> Client:
    """A connection from the environment; its inbox prefix is the one that the services' rights leave free."""
    options: Json = {"servers": os.environ.get("NATS_URL", "nats://127.0.0.1:4222").split(",")}
    if seed := os.environ.get("NATS_NKEY_SEED"):
        options["nkeys_seed_str"] = seed
    elif password := os.environ.get("NATS_PASSWORD"):
        options |= {"user": os.environ.get("NATS_USER", "provision"), "password": password}
    return await nats.connect(**options, connect_timeout=5, max_reconnect_attempts=3, error_cb=_quiet)


async def _quiet(_: Exception) -> None:
    """The caller's exception tells it; nats-py would print a traceback besides."""


async def api(client: Client, subject: str, body: Json) -> Json:
    """One JetStream API call. Raises SnapshotError with the server's reason."""
    answer: Json = json.loads(
        (await client.request(f"$JS.API.{subject}", json.dumps(body).encode(), TIMEOUT)).data
    )
    if "error" in answer:
        raise SnapshotError(f"{subject}: {answer['error'].get('description', 'refused')}")
    return answer


async def stream_names(client: Client) -> list[str]:
    """Names of all streams, in order."""
    names: list[str] = []
    while True:
        page = await api(client, "STREAM.NAMES", {"offset": len(names)})
        names += page.get("streams") or []
        if len(names) >= page["total"] or not page.get("streams"):
            return sorted(names)


async def snapshot(client: Client, stream: str) -> tuple[Json, bytes]:
    """Configuration and state of a stream, and its content as the server packs it."""
    inbox = client.new_inbox()
    queue: asyncio.Queue[Msg] = asyncio.Queue()
    subscription = await client.subscribe(inbox, cb=queue.put)
    body = {"deliver_subject": inbox, "chunk_size": CHUNK, "jsck": True, "no_consumers": False}
    head = await api(client, f"STREAM.SNAPSHOT.{stream}", body)
    content = b"".join([chunk async for chunk in _chunks(queue)])
    await subscription.unsubscribe()
    return {"config": head["config"], "state": head["state"]}, content


async def _chunks(queue: asyncio.Queue[Msg]) -> AsyncIterator[bytes]:
    while True:
        msg = await asyncio.wait_for(queue.get(), TIMEOUT)
        if not msg.data:
            status = (msg.headers or {}).get("Status", "204")
            if status not in {"200", "204"}:
                raise SnapshotError(f"the snapshot broke off (status {status})")
            return
        yield msg.data
        if msg.reply:
            await msg.respond(b"")  # flow control: the server sends some chunks ahead, then waits


async def restore(client: Client, head: Json, content: bytes) -> None:
    """Put one stream back. Raises SnapshotError, also when it exists already."""
    name = head["config"]["name"]
    start = await api(client, f"STREAM.RESTORE.{name}", head)
    for position in range(0, len(content), CHUNK):
        await _send(client, start["deliver_subject"], content[position : position + CHUNK])
    await _send(client, start["deliver_subject"], b"")


async def _send(client: Client, subject: str, chunk: bytes) -> None:
    answer = await client.request(subject, chunk, timeout=TIMEOUT)
    if answer.data and "error" in (said := json.loads(answer.data)):
        raise SnapshotError(f"restore: {said['error'].get('description', 'refused')}")


async def back_up(target: IO[bytes]) -> list[str]:
    """Write all streams to a tar; returns a line for each."""
    client = await connect()
    lines = []
    with tarfile.open(fileobj=target, mode="w|") as tar:
        for name in await stream_names(client):
            head, content = await snapshot(client, name)
            _add(tar, f"{name}/backup.json", json.dumps(head).encode())
            _add(tar, f"{name}/stream.tar.s2", content)
            lines.append(f"{name}: {head['state']['messages']} messages, {len(content)} bytes")
    await client.close()
    return lines


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))


def entries(source: IO[bytes]) -> Iterator[tuple[Json, bytes]]:
    """The streams of a backup. Raises SnapshotError for a file that is not one."""
    found: dict[str, dict[str, bytes]] = {}
    try:
        with tarfile.open(fileobj=source, mode="r|") as tar:
            for member in tar:
                stream, _, part = member.name.partition("/")
                content = tar.extractfile(member)
                parts = found.setdefault(stream, {})
                parts[part] = content.read() if content else b""
                if {"backup.json", "stream.tar.s2"} <= parts.keys():
                    yield json.loads(parts["backup.json"]), parts["stream.tar.s2"]
    except (tarfile.TarError, ValueError) as error:
        raise SnapshotError(f"this is no backup, or a broken one ({error})") from error


async def put_back(source: IO[bytes]) -> list[str]:
    """Restore the streams that do not exist; returns a line for each."""
    client = await connect()
    there = set(await stream_names(client))
    lines = []
    for head, content in entries(source):
        name = head["config"]["name"]
        if name in there:
            lines.append(f"{name}: exists, left alone")
            continue
        await restore(client, head, content)
        lines.append(f"{name}: {head['state']['messages']} messages restored")
    await client.close()
    return lines


def work(action: str, file: str) -> list[str]:
    """Do what was asked and tell it in lines. Raises SnapshotError, OSError."""
    if action == "backup":
        with sys.stdout.buffer if file == "-" else open(file, "wb") as target:  # noqa: PTH123
            return asyncio.run(back_up(target))
    with sys.stdin.buffer if file == "-" else open(file, "rb") as source:  # noqa: PTH123
        if action == "restore":
            return asyncio.run(put_back(source))
        return [
            f"{head['config']['name']}: {head['state']['messages']} messages" for head, _ in entries(source)
        ]


def main() -> None:
    """Backup, restore or list; what was done goes to stderr."""
    if len(sys.argv) != 3 or sys.argv[1] not in {"backup", "restore", "list"}:
        sys.exit(__doc__)
    try:
        lines = work(sys.argv[1], sys.argv[2])
    except (SnapshotError, OSError, TimeoutError, nats.errors.Error) as error:
        sys.exit(f"ERROR {sys.argv[1]}: {error or type(error).__name__}")
    sys.stderr.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
