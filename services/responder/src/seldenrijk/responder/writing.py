"""The responder's job: write one checked reply, however long a model takes over it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from seldenrijk.chassis import Reject
from seldenrijk.claude import ClaudeClient
from seldenrijk.contracts import Event, ReplyRequested

from .answer.dealer import Dealer
from .answer.writer import write_reply
from .metrics import ResponderMetrics
from .stock.repository import StockRepository


class Writing:
    """Implements :class:`seldenrijk.chassis.JobHandler` for the responder."""

    def __init__(
        self, stock: StockRepository, dealer: Dealer, claude: ClaudeClient | None, metrics: ResponderMetrics,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self._stock = stock
        self._dealer = dealer
        self._claude = claude
        self._metrics = metrics
        self._clock = clock

    async def __call__(self, job: Event) -> tuple[Event, ...]:
        """Write the reply; it comes back as ``reply.drafted`` through the conversation's lane."""
        if not isinstance(job, ReplyRequested):
            raise Reject("not a request for a reply")
        started = time.monotonic()
        now = self._clock()
        self._metrics.job_wait.observe(max(0.0, (now - job.time).total_seconds()))
        draft = await write_reply(job, stock=self._stock, dealer=self._dealer, claude=self._claude, now=now)
        self._metrics.write_seconds.labels(draft.engine).observe(time.monotonic() - started)
        answers = tuple(message.event_id for message in job.messages)
        return (draft.model_copy(update={"answers": answers}),)
