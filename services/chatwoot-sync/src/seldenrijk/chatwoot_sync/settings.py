"""What chatwoot-sync reads from the environment."""

from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from seldenrijk.chassis import ChassisSettings

TWILIO_API: Final = "https://api.twilio.com"


class ChatwootSettings(ChassisSettings):
    """Settings of the mirror. Without CHATWOOT_API_KEY it starts, says so once, and only consumes."""

    chatwoot_base_url: str = Field(
        default="https://app.chatwoot.com", description="Address of Chatwoot, without a path"
    )
    chatwoot_account_id: int = Field(default=1, ge=1, description="Chatwoot account")
    chatwoot_api_key: SecretStr | None = Field(
        default=None, description="Access token of a Chatwoot administrator; none: nothing is mirrored"
    )
    chatwoot_bot_token: SecretStr | None = Field(
        default=None,
        description="Access token of the agent bot, in whose name the assistant's messages stand",
    )
    chatwoot_inbox_id: int | None = Field(default=None, ge=1, description="The API inbox (made by setup)")
    chatwoot_webhook_secrets: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(), description="Secrets of the webhooks, comma-separated; each webhook has its own"
    )
    chatwoot_reopen_days: int = Field(
        default=14, ge=0, description="A resolved conversation younger than this is reopened, else a new one"
    )
    chatwoot_release_on_resolve: bool = Field(
        default=True, description="Resolving a conversation gives it back to the assistant"
    )
    chatwoot_notice_seconds: float = Field(
        default=2.5, ge=0, description="At a hand-over the customer is told first: wait this long at most"
    )
    chatwoot_timeout_seconds: float = Field(
        default=20.0, gt=0, description="For an answer of Chatwoot; longer than its own limit of 15 s"
    )
    chatwoot_poll_seconds: float = Field(
        default=60.0, ge=0, description="Looks for missed webhooks this often; 0: never"
    )
    chatwoot_webhook_url: str | None = Field(
        default=None, description="Address under which Chatwoot reaches this service's webhook (for setup)"
    )
    identity_key: SecretStr | None = Field(default=None, description="Key of the conversations' pseudonyms")
    twilio_account_sid: str | None = Field(default=None, description="For customers' attachments")
    twilio_auth_token: SecretStr | None = Field(default=None, description="For customers' attachments")
    twilio_api_base_url: str = Field(
        default=TWILIO_API, description="The only origin that gets the credentials"
    )
    media_max_bytes: int = Field(default=16_000_000, gt=0, description="Larger attachments are not copied")

    @field_validator("chatwoot_webhook_secrets", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(SecretStr(part.strip()) for part in value.split(",") if part.strip())
        return value

    @field_validator("chatwoot_base_url", "twilio_api_base_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be an address such as https://app.chatwoot.com")
        return value.rstrip("/")

    @property
    def configured(self) -> bool:
        """Whether there is a Chatwoot to mirror to."""
        return self.chatwoot_api_key is not None

    @property
    def missing(self) -> tuple[str, ...]:
        """Variables that a mirror can't do without and that are not set."""
        needed = {"CHATWOOT_INBOX_ID": self.chatwoot_inbox_id, "IDENTITY_KEY": self.identity_key}
        return tuple(name for name, value in needed.items() if value is None)

    @property
    def key(self) -> bytes:
        """The pseudonyms' key; empty where it isn't set."""
        return self.identity_key.get_secret_value().encode() if self.identity_key else b""
