"""The local system on a cluster of three nats-servers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import httpx

from seldenrijk.chassis.permissions import authorization
from seldenrijk.chassis.testing import free_port, nats_server_binary
from seldenrijk.sandbox.system.environment import server_environment
from seldenrijk.sandbox.system.processes import Process
from seldenrijk.sandbox.system.running import _connects

from .system import ChaosSystem
from .world import World

NODES: Final = ("n1", "n2", "n3")


class ClusterSystem(ChaosSystem):
    """Three servers, each with a store of its own, behind the same services."""

    def __init__(self, copies: int) -> None:
        super().__init__({"NATS_REPLICAS": str(copies)})
        self._ports = {name: (free_port(), free_port()) for name in NODES}
        self.nodes = list(NODES)
        self.servers: dict[str, Process] = {}
        self.env["NATS_URL"] = ",".join(f"nats://127.0.0.1:{client}" for client, _ in self._ports.values())

    def _start_nats(self) -> None:
        for name in NODES:
            self.servers[name] = self._server(name)
            self.servers[name].start()
        for name, server in self.servers.items():
            port = self._ports[name][0]
            server.wait_for(lambda port=port: _connects(port), 20)  # type: ignore[misc]

    def _server(self, name: str) -> Process:
        client, route = self._ports[name]
        routes = ", ".join(f'"nats://127.0.0.1:{r}"' for _, r in self._ports.values())
        store = f'store_dir: "{self.folder / name}", sync_interval: always, max_file_store: 4GB'
        text = (
            f'listen: "127.0.0.1:{client}"\nserver_name: {name}\njetstream {{ {store} }}\n'
            f'cluster {{ name: c, listen: "127.0.0.1:{route}", routes: [{routes}] }}\n{authorization()}'
        )
        config = self.folder / f"{name}.conf"
        config.write_text(text)
        env = {"PATH": self.env["PATH"]} | server_environment(self.users)
        return Process(name, [nats_server_binary(), "-c", str(config)], env, self.folder / f"{name}.log")

    def stop(self) -> dict[str, int | None]:
        """The services first, then the servers."""
        codes = super().stop()
        for server in self.servers.values():
            server.kill()
        return codes


@asynccontextmanager
async def cluster_running(seed: int, copies: int) -> AsyncIterator[tuple[World, ClusterSystem]]:
    """A whole system on three nodes."""
    import asyncio  # noqa: PLC0415

    system = ClusterSystem(copies)
    try:
        await asyncio.to_thread(system.start)
        async with httpx.AsyncClient(
            base_url=f"{system.sandbox_url}/api", timeout=60, trust_env=False
        ) as api:
            yield World(system, seed, api), system
    finally:
        await asyncio.to_thread(system.stop)
