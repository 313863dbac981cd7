"""The whole system on one machine: nats-server, provisioning, the five services, the sandbox."""

from .environment import Ports, environment
from .processes import Process, StartError
from .running import System

__all__ = ["Ports", "Process", "StartError", "System", "environment"]
