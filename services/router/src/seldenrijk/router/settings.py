"""Settings of the router."""

from pydantic import Field

from seldenrijk.chassis import ChassisSettings


class RouterSettings(ChassisSettings):
    """Environment of the router (Claude's own settings: seldenrijk.claude)."""

    claude_below_confidence: float = Field(
        default=0.9,
        ge=0,
        le=1,
        description="Below this confidence of the offline engine Claude is asked, if configured",
    )
