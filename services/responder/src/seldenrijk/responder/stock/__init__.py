"""The dealer's stock: sources, validation row by row, the snapshot refreshed in the background."""

from seldenrijk.responder.stock.model import Departed, Loaded, Problem, Snapshot, StockError
from seldenrijk.responder.stock.repository import StockRepository
from seldenrijk.responder.stock.sources import FileSource, Source, sample, source_from
from seldenrijk.responder.stock.validate import validate

__all__ = [
    "Departed",
    "FileSource",
    "Loaded",
    "Problem",
    "Snapshot",
    "Source",
    "StockError",
    "StockRepository",
    "sample",
    "source_from",
    "validate",
]
