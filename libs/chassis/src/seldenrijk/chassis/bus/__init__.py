"""The bus as the chassis needs it: a port, JetStream behind it, and a twin in memory."""

from .port import Bus, Delivery, Entry, Headers, OutMessage, Pull, Stored

__all__ = ["Bus", "Delivery", "Entry", "Headers", "OutMessage", "Pull", "Stored"]
