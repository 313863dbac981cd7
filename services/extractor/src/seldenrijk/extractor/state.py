"""What the extractor remembers of a conversation."""

from pydantic import BaseModel

from seldenrijk.contracts import Slots

from .lead import Signals


class ExtractorState(BaseModel):
    """Accumulated preferences and the signals of the lead score."""

    preferences: Slots = Slots()
    signals: Signals = Signals()
