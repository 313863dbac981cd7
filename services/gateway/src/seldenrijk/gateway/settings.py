"""Settings of the gateway."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from seldenrijk.chassis import ChassisSettings


class GatewaySettings(ChassisSettings):
    """Environment of the gateway; all Twilio secrets live here and nowhere else."""

    channel: Literal["twilio"] = Field(default="twilio", description="The WhatsApp channel in use")
    public_url: str = Field(description="Public base URL that Twilio calls, without trailing slash")
    identity_key: SecretStr = Field(
        min_length=16, description="Key of the customers' pseudonyms; the same everywhere"
    )
    twilio_account_sid: str = Field(pattern=r"^AC[0-9a-fA-F]{32}$", description="Twilio account")
    twilio_auth_token: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        min_length=1,
        description="Twilio auth token; during a rotation the new and the old one, comma-separated",
    )
    twilio_whatsapp_number: str = Field(
        pattern=r"^(whatsapp:)?\+[1-9]\d{6,14}$", description="The dealer's WhatsApp number"
    )
    twilio_api_base_url: str = Field(default="https://api.twilio.com", description="Twilio's API")
    twilio_messaging_base_url: str | None = Field(
        default=None,
        description="Twilio's messaging API (default: messaging.twilio.com, or the API's stand-in)",
    )
    twilio_shared_key: SecretStr | None = Field(
        default=None, description="Webhook SharedKey, if Twilio signs with one (HMAC-SHA256)"
    )
    twilio_content_sid: str | None = Field(
        default=None, description="Template to send when the 24-hour window is closed"
    )
    twilio_send_timeout: float = Field(
        default=10.0, gt=0, description="Seconds to wait for Twilio to accept a message"
    )
    reply_watchdog_seconds: float = Field(
        default=60.0, gt=0, description="After this a person gets an unanswered message"
    )
    webhook_max_bytes: int = Field(default=65_536, gt=0, description="Largest webhook body that is read")
    repair_interval_seconds: float = Field(
        default=300.0, ge=0, description="How often Twilio's list is searched for missed messages; 0: never"
    )
    repair_settle_seconds: float = Field(
        default=60.0, ge=0, description="Younger messages are left to their webhook by that search"
    )

    @field_validator("twilio_auth_token", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError("must start with https:// (or http:// on this machine)")
        return value.rstrip("/")

    @property
    def sender(self) -> str:
        """The dealer's number in Twilio's form."""
        return "whatsapp:" + self.twilio_whatsapp_number.removeprefix("whatsapp:")

    @property
    def key(self) -> bytes:
        """The pseudonyms' key."""
        return self.identity_key.get_secret_value().encode()
