"""Settings of the responder."""

from pydantic import Field, SecretStr

from seldenrijk.chassis import ChassisSettings


class ResponderSettings(ChassisSettings):
    """Environment of the responder (Claude's own settings: seldenrijk.claude)."""

    stock_url: str | None = Field(
        default=None,
        description="Stock: CSV or JSON file, or https feed; default: the sample that ships with it",
    )
    database_url: SecretStr | None = Field(
        default=None, description="PostgreSQL with the stock, instead of STOCK_URL"
    )
    stock_refresh_seconds: float = Field(default=60.0, gt=0, description="How often the stock is read again")
    dealer_file: str = Field(default="deploy/dealer.toml", description="The dealer's facts (TOML)")
    quiet_seconds: float = Field(default=0.7, ge=0, description="Wait after a message that looks complete")
    quiet_fragment_seconds: float = Field(
        default=2.5, ge=0, description="Wait after a message that looks unfinished"
    )
    quiet_cap_seconds: float = Field(
        default=6.0, ge=0, description="Longest wait from the first unanswered message"
    )
    overtaken_cap_seconds: float = Field(
        default=20.0, ge=0, description="After this a draft is sent even though the customer goes on writing"
    )

    @property
    def reads_database(self) -> bool:
        """Whether the stock comes from a database (STOCK_URL, if set, wins)."""
        address = (self.stock_url or "").strip()
        if address:
            return address.startswith(("postgres://", "postgresql://"))
        return self.database_url is not None
