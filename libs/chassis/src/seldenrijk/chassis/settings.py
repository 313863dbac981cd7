"""Settings from the environment; a wrong one stops the start with one clear line naming it."""

import ssl
import sys
from typing import Any, Literal, NoReturn, TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class NatsSettings(BaseSettings):
    """How to reach NATS. Either user and password or an nkey seed; none for a server without accounts."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    nats_url: str = Field(default="nats://127.0.0.1:4222", description="NATS servers, comma-separated")
    nats_user: str | None = Field(default=None, description="NATS user (default: the service's name)")
    nats_password: SecretStr | None = Field(default=None, description="Password of the NATS user")
    nats_nkey_seed: SecretStr | None = Field(default=None, description="nkey seed, instead of a password")
    nats_ca_file: str | None = Field(default=None, description="CA certificate for TLS to NATS (PEM file)")
    nats_replicas: int = Field(
        default=1, ge=1, le=5, description="Replicas of each stream: 1 alone, 3 in a cluster"
    )

    def inbox_prefix(self, name: str) -> str:
        """An inbox prefix of the service's own, or any service could read the others' replies."""
        return f"_INBOX_{name}"

    def connect_options(self, name: str) -> dict[str, Any]:
        """Options for nats-py: reconnect for ever, notice a dead link within seconds."""
        options: dict[str, Any] = {
            "servers": [url.strip() for url in self.nats_url.split(",")],
            "name": name,
            "inbox_prefix": self.inbox_prefix(name),
            "max_reconnect_attempts": -1,
            "reconnect_time_wait": 0.25,
            "connect_timeout": 2,
            "ping_interval": 5,
            "max_outstanding_pings": 2,
            "pending_size": 8 * 1024 * 1024,
            "skip_subject_validation": True,
        }
        if self.nats_nkey_seed:
            options["nkeys_seed_str"] = self.nats_nkey_seed.get_secret_value()
        elif self.nats_password:
            options |= {"user": self.nats_user or name, "password": self.nats_password.get_secret_value()}
        if self.nats_ca_file:
            options["tls"] = ssl.create_default_context(cafile=self.nats_ca_file)
        return options


class ChassisSettings(NatsSettings):
    """What every service reads from the environment."""

    port: int = Field(
        default=8080, ge=1, le=65535, description="HTTP port of health and metrics (and webhooks)"
    )
    host: str = Field(default="::", description="Address to listen on; :: is IPv6 and IPv4")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least level logged"
    )
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto", description="auto: JSON unless a terminal"
    )
    otel_exporter_otlp_endpoint: str | None = Field(
        default=None, description="OTLP/HTTP collector for traces; none: traces are not exported"
    )
    job_limit: int = Field(default=128, ge=1, description="Slow calls at once by this process")
    drain_seconds: float = Field(default=25.0, gt=0, description="Time to finish what is in hand at SIGTERM")
    loop_stall_seconds: float = Field(
        default=30.0, gt=0, description="A loop that stands still longer is ended"
    )


T = TypeVar("T", bound=BaseSettings)


def load(model: type[T]) -> T:
    """Read settings, or end the process with exit code 2 and one line that names what is wrong."""
    try:
        return model()
    except ValidationError as error:
        fail(describe(error))


def describe(error: ValidationError) -> str:
    """One line naming each wrong variable, without its value (it may be a secret)."""
    parts = [f"{'.'.join(map(str, e['loc'])).upper() or 'settings'}: {e['msg']}" for e in error.errors()]
    return "configuration error: " + "; ".join(parts) + " (see .env.example)"


def fail(message: str) -> NoReturn:
    """Say it on stderr and stop with exit code 2."""
    sys.stderr.write(f"ERROR {message}\n")
    raise SystemExit(2)
