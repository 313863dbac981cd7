"""The only module that talks to Anthropic: understanding and writing, with deadlines and a budget."""

from .breaker import Rules
from .budget import DailyBudget
from .client import ClaudeClient
from .evidence import supported
from .merge import merge_understanding
from .metrics import ClaudeMetrics
from .proposal import UnderstandingProposal, read_proposal
from .result import Purpose, Reason, Result
from .settings import ClaudeSettings
from .writing import CarFact, Draft, WriteRequest

__all__ = [
    "CarFact",
    "ClaudeClient",
    "ClaudeMetrics",
    "ClaudeSettings",
    "DailyBudget",
    "Draft",
    "Purpose",
    "Reason",
    "Result",
    "Rules",
    "UnderstandingProposal",
    "WriteRequest",
    "merge_understanding",
    "read_proposal",
    "supported",
]
