"""Who publishes, reads and owns what: the one table behind provisioning, permissions and documents."""

from dataclasses import dataclass, field
from typing import Final

from . import conversations as c
from . import messages as m
from . import replies as r
from .base import Event

STREAM: Final = "CONVERSATIONS"
FAMILIES: Final = ("message", "preferences", "reply", "conversation", "handover", "customer")
DEAD_STREAM: Final = "DEAD_LETTERS"
DEAD_PREFIX: Final = "dead"


@dataclass(frozen=True)
class ServiceTopology:
    """One service's place on the bus.

    ``jobs`` are slow calls that this service asks of itself (a work queue of its own);
    ``timers`` are events that it schedules for itself (a stream of its own);
    ``bucket`` holds its conversations' state, one key each;
    ``looks_up`` are events whose newest one it reads directly, ahead of its lane.
    """

    name: str
    reads: tuple[type[Event], ...]
    writes: tuple[type[Event], ...]
    jobs: tuple[type[Event], ...] = ()
    timers: tuple[type[Event], ...] = ()
    buckets: tuple[str, ...] = field(default=())
    stray_watch: bool = False
    looks_up: tuple[type[Event], ...] = ()

    @property
    def bucket(self) -> str:
        """KV bucket of the conversations' state."""
        return f"{self.name}-state"

    @property
    def all_buckets(self) -> tuple[str, ...]:
        """The state bucket and any further ones."""
        return (self.bucket, *self.buckets)

    @property
    def jobs_stream(self) -> str:
        """Work-queue stream of this service's slow calls."""
        return f"JOBS_{self.name.upper().replace('-', '_')}"

    @property
    def timers_stream(self) -> str:
        """Stream of this service's scheduled messages."""
        return f"TIMERS_{self.name.upper().replace('-', '_')}"

    def durable(self, partition: int) -> str:
        """Consumer of one lane."""
        return f"{self.name}-p{partition}"


GATEWAY: Final = ServiceTopology(
    name="gateway",
    reads=(
        m.MessageReceived, r.MessageOverdue, r.ReplyComposed, r.ReplySuppressed, r.ReplyStatus, r.DeliveryDue,
        c.HandoverRequested, c.ConversationTakenOver, c.ConversationReleased, c.CustomerOptedOut,
        c.CustomerOptedIn,
    ),
    writes=(
        m.MessageReceived, r.MessageOverdue, r.ReplyStatus, r.ReplySent, r.ReplyFailed, r.ReplySuppressed,
        r.DeliveryDue, c.HandoverRequested, c.CustomerOptedOut,
    ),
    timers=(r.DeliveryDue, r.MessageOverdue),
    buckets=("gateway-sids",),
    looks_up=(c.ConversationTakenOver, c.ConversationReleased),
)  # fmt: skip
ROUTER: Final = ServiceTopology(
    name="router",
    reads=(
        m.MessageReceived, r.ReplySent, c.ConversationTakenOver, c.ConversationReleased, c.HandoverRequested,
        c.CustomerOptedOut, c.CustomerOptedIn,
    ),
    writes=(m.MessageRouted, c.HandoverRequested, c.CustomerOptedOut, c.CustomerOptedIn),
)  # fmt: skip
EXTRACTOR: Final = ServiceTopology(
    name="extractor",
    reads=(m.MessageRouted, r.ReplySent),
    writes=(m.PreferencesExtracted, c.HandoverRequested),
)
RESPONDER: Final = ServiceTopology(
    name="responder",
    reads=(
        m.PreferencesExtracted, r.ReplyDue, r.ReplyDrafted, r.ReplySent, c.HandoverRequested,
        c.ConversationTakenOver, c.ConversationReleased, c.CustomerOptedOut, c.CustomerOptedIn,
    ),
    writes=(r.ReplyDue, r.ReplyDrafted, r.ReplyComposed, r.ReplySuppressed, c.HandoverRequested),
    jobs=(r.ReplyRequested,),
    timers=(r.ReplyDue,),
)  # fmt: skip
CHATWOOT_SYNC: Final = ServiceTopology(
    name="chatwoot-sync",
    reads=(
        m.MessageReceived, m.MessageRouted, m.PreferencesExtracted, r.ReplyComposed, r.ReplySent,
        r.ReplyFailed, r.ReplySuppressed, r.ReplyStatus, c.HandoverRequested, c.ConversationTakenOver,
        c.ConversationReleased, c.CustomerOptedOut, c.CustomerOptedIn,
    ),
    writes=(r.ReplyComposed, c.ConversationTakenOver, c.ConversationReleased, c.HandoverRequested),
    buckets=("chatwoot-sync-ids",),
    stray_watch=True,
)  # fmt: skip

SERVICES: Final[dict[str, ServiceTopology]] = {
    s.name: s for s in (GATEWAY, ROUTER, EXTRACTOR, RESPONDER, CHATWOOT_SYNC)
}
