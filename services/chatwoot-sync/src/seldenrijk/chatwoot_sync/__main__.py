"""``python -m seldenrijk.chatwoot_sync``: the wiring of the service."""

from functools import partial

from seldenrijk.chassis import load, run
from seldenrijk.contracts.topology import CHATWOOT_SYNC

from .settings import ChatwootSettings
from .wiring import wire


def main() -> None:
    """Read the settings and run until told to stop."""
    settings = load(ChatwootSettings)
    run(CHATWOOT_SYNC, settings, partial(wire, settings))


if __name__ == "__main__":
    main()
