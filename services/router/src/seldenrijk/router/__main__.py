"""Wiring of the router: ``python -m seldenrijk.router``."""

from seldenrijk.chassis import Wiring, load, run
from seldenrijk.chassis.bus import Bus
from seldenrijk.chassis.metrics import ChassisMetrics
from seldenrijk.claude import ClaudeClient, ClaudeSettings
from seldenrijk.contracts.topology import ROUTER
from seldenrijk.nlu import engine

from .handlers import RouterHandler
from .metrics import RouterMetrics
from .settings import RouterSettings
from .state import RouterState
from .understand import Understander


def main() -> None:
    """Run the router until it is told to stop."""
    settings = load(RouterSettings)
    claude_settings = load(ClaudeSettings)

    async def wire(_: Bus, __: ChassisMetrics) -> Wiring[RouterState]:
        engine.warm_up()
        claude = ClaudeClient.from_settings(claude_settings)
        understander = Understander(claude, settings.claude_below_confidence)
        handler = RouterHandler(understander, RouterMetrics())
        return Wiring(state=RouterState, handler=handler, close=claude.aclose if claude else None)

    run(ROUTER, settings, wire)


if __name__ == "__main__":
    main()
