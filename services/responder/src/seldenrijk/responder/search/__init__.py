"""Finding cars for a wish: filter, rank, relax one criterion at a time, and say what was done."""

from seldenrijk.responder.search.engine import search, unavailable
from seldenrijk.responder.search.index import index_of
from seldenrijk.responder.search.rank import Order
from seldenrijk.responder.search.result import Difference, Field, Offer, SearchResult, Step

__all__ = [
    "Difference",
    "Field",
    "Offer",
    "Order",
    "SearchResult",
    "Step",
    "index_of",
    "search",
    "unavailable",
]
