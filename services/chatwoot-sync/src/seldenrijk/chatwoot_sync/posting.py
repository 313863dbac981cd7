"""Posting a message once: the intention is stored before, Chatwoot's id after."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import structlog

from seldenrijk.chassis.failpoints import Point, failpoint

from .breaker import GIVE_UP
from .chatwoot import Chatwoot, Draft
from .state import Posted, newest
from .transport import NotDone, Refused, Uncertain
from .work import Work

log = structlog.get_logger(__name__)

SETTLED: Final = 20.0
"""Seconds after which a request that nobody answered has either been done or never will be."""
PAGES: Final = 10
"""Pages of twenty messages to look back for one of ours."""


class Poster:
    """Posts drafts into a conversation, each exactly once as far as can be known."""

    def __init__(
        self,
        chatwoot: Chatwoot,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._chatwoot = chatwoot
        self._now = now

    async def post_once(self, work: Work, draft: Draft) -> int:
        """Post unless it stands there already, and return Chatwoot's id.

        Raises Retry where Chatwoot can't be used or it isn't known yet what became of an earlier
        attempt, Missing where the conversation is gone, Refused where Chatwoot doesn't take it.
        """
        earlier = work.state.posted.get(draft.source_id)
        if earlier is not None and earlier.id is not None:
            return earlier.id
        found = await self._look_again(work, draft, earlier) if earlier is not None else None
        if found is None:
            found = await self._post(work, draft)
        self._note(work, draft.source_id, Posted(planned_at=self._now(), id=found))
        return found

    async def _post(self, work: Work, draft: Draft) -> int:
        self._note(work, draft.source_id, Posted(planned_at=self._now()))
        await work.checkpoint()
        failpoint(Point.SEND_BEFORE)
        try:
            made = await self._chatwoot.post(self._conversation(work), draft)
        except (NotDone, Refused):
            # it is certain that nothing was posted: the next attempt needn't look
            work.set(posted={k: v for k, v in work.state.posted.items() if k != draft.source_id})
            await work.checkpoint()
            raise
        failpoint(Point.SEND_AFTER)
        return made

    async def _look_again(self, work: Work, draft: Draft, earlier: Posted) -> int | None:
        found = await find(self._chatwoot, self._conversation(work), draft.source_id, earlier.planned_at)
        age = (self._now() - earlier.planned_at).total_seconds()
        if found is None and age < SETTLED:
            wait = min(5.0, SETTLED - age + 0.1)
            raise Uncertain("an earlier attempt may still be on its way", after=wait, give_up_after=GIVE_UP)
        log.info("found again" if found else "posting anew", message_id=found)
        return found

    @staticmethod
    def _conversation(work: Work) -> int:
        if work.state.conversation_id is None:
            raise RuntimeError("a conversation is needed before a message can be posted")
        return work.state.conversation_id

    @staticmethod
    def _note(work: Work, source_id: str, entry: Posted) -> None:
        work.set(posted=newest({**work.state.posted, source_id: entry}))


async def find(chatwoot: Chatwoot, conversation_id: int, source_id: str, since: datetime) -> int | None:
    """The id of our message ``source_id``, looking back no further than some time before ``since``."""
    before: int | None = None
    for _ in range(PAGES):
        page = await chatwoot.messages(conversation_id, before)
        for message in page:
            if message.get("source_id") == source_id:
                return int(message["id"])
        if len(page) < 20 or page[0]["created_at"] < since.timestamp() - 300:
            return None
        before = int(page[0]["id"])
    return None
