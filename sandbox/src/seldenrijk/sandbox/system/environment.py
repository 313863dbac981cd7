"""The environment of a local system: addresses, secrets made for this run, ports that are free."""

import os
import secrets
import socket
from dataclasses import dataclass, field
from typing import Final

from seldenrijk.chassis.permissions import OPERATORS, password_variable
from seldenrijk.chassis.testing import free_port
from seldenrijk.contracts.topology import SERVICES

PREFERRED: Final = {
    "nats": 4222,
    "gateway": 8080,
    "router": 8081,
    "extractor": 8082,
    "responder": 8083,
    "chatwoot-sync": 8084,
    "sandbox": 8090,
}


@dataclass
class Ports:
    """The port of each process; ``moved`` tells where a usual port was taken."""

    of: dict[str, int] = field(default_factory=dict)
    moved: dict[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def choose(cls, preferred: bool) -> "Ports":
        """The usual ports where they are free (``preferred``), any free ones otherwise."""
        ports = cls()
        for name, usual in PREFERRED.items():
            ports.of[name] = usual if preferred and is_free(usual) else free_port()
            if preferred and ports.of[name] != usual:
                ports.moved[name] = (usual, ports.of[name])
        return ports

    def __getitem__(self, name: str) -> int:
        return self.of[name]


def is_free(port: int) -> bool:
    """Whether nobody listens on this port, on IPv4 or IPv6."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                sock.bind((address, port))
        except OSError as error:
            if error.errno == 98:
                return False
    return True


def url(port: int) -> str:
    """A loopback address."""
    return f"http://127.0.0.1:{port}"


def passwords() -> dict[str, str]:
    """A NATS password for every user, made for this run.

    They begin with a letter: the server parses a variable's value as configuration, and one that
    begins with a digit as a number.
    """
    return {user: f"p{secrets.token_hex(16)}" for user in (*SERVICES, *OPERATORS)}


def server_environment(users: dict[str, str]) -> dict[str, str]:
    """The variables that the NATS server's configuration refers to."""
    return {password_variable(user): password for user, password in users.items()}


def claude_environment(sandbox: str) -> dict[str, str]:
    """The stand-in for Claude, with a key that opens nothing."""
    return {"ANTHROPIC_API_KEY": "sandbox-key", "ANTHROPIC_BASE_URL": f"{sandbox}/claude"}


def trace_environment(sandbox: str) -> dict[str, str]:
    """The sandbox as the collector of spans, sent soon enough for a page that is being looked at."""
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": f"{sandbox}/otlp", "OTEL_BSP_SCHEDULE_DELAY": "400"}


def environment(ports: Ports, key: str, token: str) -> dict[str, str]:
    """What all processes share; the vendors are the sandbox."""
    sandbox = url(ports["sandbox"])
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", ""),
        "LANG": os.environ.get("LANG", "C.UTF-8"),
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        "NATS_URL": f"nats://127.0.0.1:{ports['nats']}",
        "HOST": "127.0.0.1",
        "PUBLIC_URL": url(ports["gateway"]),
        "GATEWAY_URL": url(ports["gateway"]),
        "SANDBOX_URL": sandbox,
        "IDENTITY_KEY": key,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": token,
        "TWILIO_WHATSAPP_NUMBER": "+31850000000",
        "TWILIO_API_BASE_URL": f"{sandbox}/twilio",
        "CHATWOOT_BASE_URL": f"{sandbox}/chatwoot",
        "CHATWOOT_ACCOUNT_ID": "1",
        "CHATWOOT_API_KEY": "sandbox-user-token",
        "CHATWOOT_BOT_TOKEN": "sandbox-bot-token",  # nosec B105
        "CHATWOOT_WEBHOOK_URL": f"{url(ports['chatwoot-sync'])}/api/webhooks/chatwoot",
    }
