"""Settings of the Claude client, from the environment."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

Effort = Literal["low", "medium", "high"]


class ClaudeSettings(BaseSettings):
    """Keys, models, deadlines and limits. Without ``ANTHROPIC_API_KEY`` there is no client.

    Each field is read from the variable of its name in capitals. Time in seconds, money in US dollars.
    """

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    anthropic_api_key: SecretStr | None = Field(
        default=None, description="Key of the Anthropic API; none: the offline engine and composer do it all"
    )
    anthropic_base_url: str = Field(
        default="https://api.anthropic.com", description="Where the Messages API is"
    )
    claude_understand_model: str = Field(
        default="claude-haiku-5-5", description="Model that labels messages the engine is unsure of"
    )
    claude_write_model: str = Field(default="claude-sonnet-5-5", description="Model that writes replies")
    claude_write_effort: Effort = Field(default="low", description="Effort of the writing model")
    claude_understand_seconds: float = Field(
        default=1.5, gt=0, le=30, description="Deadline for understanding; then the engine's answer stands"
    )
    claude_write_seconds: float = Field(
        default=6.0, gt=0, le=60, description="Deadline for writing; then the built-in composer answers"
    )
    claude_daily_budget_usd: float | None = Field(
        default=10.0,
        ge=0,
        description="US dollars a day (UTC) for each process that uses Claude; 0: no calls at all",
    )
    claude_understand_concurrency: int = Field(default=100, ge=1, description="Understanding calls at once")
    claude_write_concurrency: int = Field(default=500, ge=1, description="Writing calls at once")
    claude_breaker_failures: int = Field(
        default=5, ge=1, description="Failures in a row after which Claude is left alone for a while"
    )
    claude_breaker_seconds: float = Field(
        default=15.0, gt=0, description="How long Claude is left alone before one call tries again"
    )
    claude_auth_hold_seconds: float = Field(
        default=300.0, gt=0, description="How long after a refused key or an unpaid account"
    )
