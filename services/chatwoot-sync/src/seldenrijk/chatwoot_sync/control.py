"""Who holds the conversation, as Chatwoot shows it: hand-over, take-over, hand-back."""

from datetime import UTC, datetime

import structlog

from seldenrijk.contracts import (
    ConversationReleased,
    ConversationTakenOver,
    Event,
    HandoverRequested,
    ReplyComposed,
    ReplyFailed,
    ReplySent,
    ReplySuppressed,
)

from . import handover
from .chatwoot import Chatwoot
from .mirror import Mirror
from .opening import Opener
from .rooms import Rooms
from .teams import Teams
from .transport import Refused
from .work import Work

log = structlog.get_logger(__name__)


class Control:
    """Brings Chatwoot's status, team and priority to what has been decided."""

    def __init__(
        self, chatwoot: Chatwoot, rooms: Rooms, mirror: Mirror, teams: Teams, opener: Opener
    ) -> None:
        self._chatwoot = chatwoot
        self._rooms = rooms
        self._mirror = mirror
        self._teams = teams
        self._opener = opener

    async def handover(self, work: Work, request: HandoverRequested) -> None:
        """Give the conversation to the staff: note, priority, team, and status open last."""
        conversation = await self._rooms.enter(work)
        if conversation is None:
            log.warning("a hand-over of a customer who is not known here")
            return
        await self._mirror.note(work, handover.note(request, work.state), request.id)
        await self._chatwoot.set_priority(conversation, handover.priority_of(request))
        team = await self._teams.id_of(handover.team_for(request, work.state))
        if team is not None and not work.state.handed_over:
            await self._assign(conversation, team)
        if work.state.held_by == "bot":
            await self._show(work, conversation, request)
        work.set(handed_over=True)

    async def _show(self, work: Work, conversation: int, request: HandoverRequested) -> None:
        """Open it for the staff; for a mere question to a colleague the assistant goes on beside it."""
        soft = request.reason in handover.SOFT
        if not work.state.handed_over:
            work.set(soft_open=soft)
            await work.checkpoint()  # the webhook of our own opening must find whose it is
            await self._open(work, conversation, wait=request.notice)
        elif work.state.soft_open and not soft:
            work.set(soft_open=False)
            work.events.append(ConversationTakenOver.of(request.id, request.conversation, by="status"))

    async def _open(self, work: Work, conversation: int, *, wait: bool) -> None:
        if wait and self._opener.seconds > 0:
            work.set(opening_since=datetime.now(UTC))
            self._opener.later(conversation)
        else:
            await self._opener.open(conversation)

    async def after(self, work: Work, event: Event) -> None:
        """Open what waits for the customer to be told, once that is done or has come to nothing."""
        match event:
            case ReplyComposed(purpose="handover_notice"):
                work.set(notice_id=event.id)
            case ReplySent() if event.part < event.parts:
                return
            case ReplySent() | ReplyFailed() | ReplySuppressed() if event.reply_id == work.state.notice_id:
                conversation = work.state.conversation_id
                if work.state.opening_since is not None and conversation is not None:
                    work.set(opening_since=None)
                    await self._opener.open(conversation)
            case _:
                return

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
            await self._opener.open(conversation)
        work.set(shown_open=True, soft_open=False, opening_since=None)

    async def released(self, work: Work, event: ConversationReleased) -> None:
        """The assistant has it again."""
        log.info("released", by=event.by)
        work.set(held_by="bot", handed_over=False, soft_open=False, shown_open=False, opening_since=None)
