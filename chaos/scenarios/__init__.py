"""All scenarios; importing them registers them."""

from . import cluster, crashes, customers, edge, operators, vendors

__all__ = ["cluster", "crashes", "customers", "edge", "operators", "vendors"]
