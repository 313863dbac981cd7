"""Who holds the conversation, as Chatwoot shows it: hand-over, take-over, hand-back."""

import structlog

from seldenrijk.contracts import ConversationReleased, ConversationTakenOver, HandoverRequested

from . import handover
from .chatwoot import Chatwoot
from .mirror import Mirror
from .rooms import Rooms
from .teams import Teams
from .transport import Refused
from .work import Work

log = structlog.get_logger(__name__)


class Control:
    """Brings Chatwoot's status, team and priority to what has been decided."""

    def __init__(self, chatwoot: Chatwoot, rooms: Rooms, mirror: Mirror, teams: Teams) -> None:
        self._chatwoot = chatwoot
        self._rooms = rooms
        self._mirror = mirror
        self._teams = teams

    async def handover(self, work: Work, request: HandoverRequested) -> None:
        """Give the conversation to the staff: note, priority, team, and status open last.

        The status comes last because it silences the assistant, which may still be telling the
        customer that a colleague takes over.
        """
        conversation = await self._rooms.enter(work)
        if conversation is None:
            log.warning("a hand-over of a customer who is not known here")
            return
        await self._mirror.note(work, handover.note(request, work.state), request.id)
        await self._chatwoot.set_priority(conversation, handover.priority_of(request))
        team = await self._teams.id_of(handover.team_for(request, work.state))
        if team is not None and not work.state.handed_over:
            await self._assign(conversation, team)
        if work.state.held_by == "bot" and not work.state.handed_over:
            await self._chatwoot.set_status(conversation, "open")
        work.set(handed_over=True)

    async def _assign(self, conversation: int, team: int) -> None:
        try:
            await self._chatwoot.assign_team(conversation, team)
        except Refused as error:
            log.error("team not assigned", status=error.status)
            self._teams.forget()

    async def taken_over(self, work: Work, event: ConversationTakenOver) -> None:
        """A person holds the conversation. It must show as open, or it could never be handed back."""
        known = work.state.held_by == "human" and work.state.shown_open
        work.set(held_by="human")
        if event.by != "status" and not known:
            conversation = await self._rooms.enter(work)
            if conversation is None:
                return
            shown = await self._chatwoot.conversation(conversation)
            if shown.get("status") == "pending":
                await self._chatwoot.set_status(conversation, "open")
        work.set(shown_open=True)

    async def released(self, work: Work, event: ConversationReleased) -> None:
        """The assistant has it again."""
        log.info("released", by=event.by)
        work.set(held_by="bot", handed_over=False, shown_open=False)
