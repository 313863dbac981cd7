"""Settings of the extractor."""

from seldenrijk.chassis import ChassisSettings


class ExtractorSettings(ChassisSettings):
    """Environment of the extractor (Claude's own settings: seldenrijk.claude)."""
