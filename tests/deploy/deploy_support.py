"""Paths and helpers that the deployment's tests share."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SERVICES = ("gateway", "router", "extractor", "responder", "chatwoot-sync")
