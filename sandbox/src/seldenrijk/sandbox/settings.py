"""Settings of the sandbox, from the environment; it starts without any of them set."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

REAL_VENDORS = ("twilio.com", "chatwoot.com", "anthropic.com")
WEBHOOK_PATH = "/api/webhooks/twilio"


class RealVendorError(ValueError):
    """The environment points at a real vendor: a stand-in has no business there."""


class SandboxSettings(BaseSettings):
    """Where the sandbox listens, whom it speaks to, and the secrets both sides share.

    ``gateway_url`` is where the gateway can be reached; ``public_url`` is the address that it
    believes to have, so webhooks are signed for it (None: the same). Delays are seconds.
    ``validate_requests`` holds requests against the vendors' OpenAPI documents in ``specs``: some
    milliseconds each, which measurements may want to save. ``recordings`` is where the page saves
    conversations, ``scripted`` are folders (with ``:`` between them) of conversations that it opens too;
    ``system_url`` is the control of the process that started everything (None: there is none).
    """

    model_config = SettingsConfigDict(populate_by_name=True, extra="ignore", env_ignore_empty=True)

    host: str = Field("127.0.0.1", validation_alias="SANDBOX_HOST")
    port: int = Field(8090, validation_alias="PORT", ge=0, le=65535)
    own_url: str | None = Field(None, validation_alias="SANDBOX_URL")
    gateway_url: str = Field("http://127.0.0.1:8080", validation_alias="GATEWAY_URL")
    public_url: str | None = Field(None, validation_alias="PUBLIC_URL")

    account_sid: str = Field("AC" + "0" * 32, validation_alias="TWILIO_ACCOUNT_SID")
    auth_token: SecretStr = Field(SecretStr("sandbox-auth-token"), validation_alias="TWILIO_AUTH_TOKEN")
    business_number: str = Field("whatsapp:+31850000000", validation_alias="TWILIO_WHATSAPP_NUMBER")
    enforce_window: bool = Field(True, validation_alias="SANDBOX_ENFORCE_WINDOW")
    sent_after: float = Field(0.05, validation_alias="SANDBOX_SENT_AFTER", ge=0)
    delivered_after: float = Field(0.2, validation_alias="SANDBOX_DELIVERED_AFTER", ge=0)
    read_after: float = Field(0.6, validation_alias="SANDBOX_READ_AFTER", ge=0)

    chatwoot_account_id: int = Field(1, validation_alias="CHATWOOT_ACCOUNT_ID")
    chatwoot_user_token: SecretStr = Field(
        SecretStr("sandbox-user-token"),
        validation_alias="CHATWOOT_API_KEY",
    )
    chatwoot_bot_token: SecretStr = Field(
        SecretStr("sandbox-bot-token"),
        validation_alias="CHATWOOT_BOT_TOKEN",
    )
    chatwoot_webhook_secrets: SecretStr | None = Field(None, validation_alias="CHATWOOT_WEBHOOK_SECRETS")
    chatwoot_webhook_url: str | None = Field(None, validation_alias="CHATWOOT_WEBHOOK_URL")

    chatwoot_seed: bool = Field(True, validation_alias="SANDBOX_CHATWOOT_SEED")

    nats_url: str | None = Field(None, validation_alias="NATS_URL")
    nats_user: str | None = Field(None, validation_alias="NATS_USER")
    nats_password: SecretStr | None = Field(None, validation_alias="NATS_PASSWORD")

    specs: Path = Field(Path("../shared/specs"), validation_alias="SHARED_SPECS")
    validate_requests: bool = Field(True, validation_alias="SANDBOX_VALIDATE")
    faults: str = Field("[]", validation_alias="SANDBOX_FAULTS")
    seed: int = Field(0, validation_alias="SANDBOX_SEED")
    max_messages: int = Field(100_000, validation_alias="SANDBOX_MAX_MESSAGES", ge=100)

    recordings: Path = Field(Path(".run/recordings"), validation_alias="SANDBOX_RECORDINGS")
    scripted: str = Field(
        "services/responder/eval:tests/responder/conversations", validation_alias="SANDBOX_CONVERSATIONS"
    )
    system_url: str | None = Field(None, validation_alias="SANDBOX_SYSTEM_URL")
    system_token: SecretStr | None = Field(None, validation_alias="SANDBOX_SYSTEM_TOKEN")

    twilio_api_base_url: str | None = Field(None, validation_alias="TWILIO_API_BASE_URL")
    chatwoot_base_url: str | None = Field(None, validation_alias="CHATWOOT_BASE_URL")
    anthropic_base_url: str | None = Field(None, validation_alias="ANTHROPIC_BASE_URL")

    @property
    def tokens(self) -> list[str]:
        """Twilio's auth tokens; the first one signs, during a rotation both are taken."""
        return [token.strip() for token in self.auth_token.get_secret_value().split(",") if token.strip()]

    @property
    def webhook_secret(self) -> str | None:
        """Secret of the seeded Chatwoot webhook; the first of several."""
        secrets = self.chatwoot_webhook_secrets
        return secrets.get_secret_value().split(",")[0].strip() if secrets else None

    @property
    def claude_plays(self) -> bool:
        """Whether the services ask this sandbox's Claude."""
        return (self.anthropic_base_url or "").startswith(f"{self.url}/claude")

    @field_validator("business_number")
    @classmethod
    def _whatsapp_address(cls, value: str) -> str:
        return "whatsapp:" + value.removeprefix("whatsapp:")

    @property
    def url(self) -> str:
        """Base address under which others reach this sandbox, without a slash at the end."""
        return (self.own_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def webhook_target(self) -> str:
        """Where inbound webhooks are posted; a bare ``gateway_url`` gets the usual path."""
        parts = urlsplit(self.gateway_url)
        return self.gateway_url if parts.path.strip("/") else self.gateway_url.rstrip("/") + WEBHOOK_PATH

    @property
    def webhook_signed_url(self) -> str:
        """The URL that inbound webhooks are signed for."""
        if not self.public_url:
            return self.webhook_target
        target = urlsplit(self.webhook_target)
        options = f"#{target.fragment}" if target.fragment else ""
        return self.public_url.rstrip("/") + target.path + options

    @property
    def media_url(self) -> str:
        """Base address of attachments' bytes: another origin than the API's, as at Twilio."""
        if "127.0.0.1" in self.url:
            return self.url.replace("127.0.0.1", "localhost", 1)
        return self.url.replace("localhost", "127.0.0.1", 1)

    @model_validator(mode="after")
    def _no_real_vendor(self) -> "SandboxSettings":
        for name, url in (
            ("TWILIO_API_BASE_URL", self.twilio_api_base_url),
            ("CHATWOOT_BASE_URL", self.chatwoot_base_url),
        ):
            host = (urlsplit(url).hostname or "") if url else ""
            if any(host == vendor or host.endswith("." + vendor) for vendor in REAL_VENDORS):
                raise RealVendorError(f"{name} points to {host}: the sandbox never runs beside a real vendor")
        return self
