"""What the router remembers of a conversation."""

from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel

from seldenrijk.contracts import Turn

TURNS: Final = 20
TURN_LENGTH: Final = 600
SIDS: Final = 100
"""Message ids remembered: a webhook replayed a week later is known again."""


class RouterState(BaseModel):
    """Memory of the conversation: turns, who holds it, what was last understood."""

    turns: tuple[Turn, ...] = ()
    sids: tuple[str, ...] = ()
    held_by: Literal["bot", "human"] = "bot"
    opted_out: bool = False
    unclear_in_row: int = 0
    slots: dict[str, Any] = {}
    language: Literal["nl", "en", "de"] = "nl"

    def with_turn(
        self, role: Literal["customer", "bot", "agent"], text: str, at: AwareDatetime
    ) -> "RouterState":
        """The state after one more line of the conversation."""
        if not text.strip():
            return self
        turn = Turn(role=role, text=text[:TURN_LENGTH], at=at)
        return self.model_copy(update={"turns": (*self.turns, turn)[-TURNS:]})

    def knows(self, message_id: str) -> bool:
        """Whether this message has been routed before."""
        return message_id[-16:] in self.sids

    def with_message(self, message_id: str) -> "RouterState":
        """The state with this message noted."""
        return self.model_copy(update={"sids": (*self.sids, message_id[-16:])[-SIDS:]})
