"""Wiring of the extractor: ``python -m seldenrijk.extractor``."""

from seldenrijk.chassis import Wiring, load, run
from seldenrijk.chassis.bus import Bus
from seldenrijk.chassis.metrics import ChassisMetrics
from seldenrijk.claude import ClaudeClient, ClaudeSettings
from seldenrijk.contracts.topology import EXTRACTOR
from seldenrijk.nlu import engine

from .handlers import ExtractorHandler
from .metrics import ExtractorMetrics
from .settings import ExtractorSettings
from .state import ExtractorState


def main() -> None:
    """Run the extractor until it is told to stop."""
    settings = load(ExtractorSettings)
    claude_settings = load(ClaudeSettings)

    async def wire(_: Bus, __: ChassisMetrics) -> Wiring[ExtractorState]:
        engine.warm_up()
        claude = ClaudeClient.from_settings(claude_settings)
        handler = ExtractorHandler(claude, ExtractorMetrics())
        return Wiring(state=ExtractorState, handler=handler, close=claude.aclose if claude else None)

    run(EXTRACTOR, settings, wire)


if __name__ == "__main__":
    main()
