"""Wiring of the gateway: ``python -m seldenrijk.gateway``."""

from seldenrijk.chassis import Wiring, load, run
from seldenrijk.chassis.bus import Bus
from seldenrijk.chassis.metrics import ChassisMetrics
from seldenrijk.contracts.topology import GATEWAY

from .breaker import Breaker
from .fence import StreamFence
from .handlers import GatewayHandler
from .ledger import GatewayState
from .metrics import GatewayMetrics
from .repair import Repair
from .settings import GatewaySettings
from .twilio_channel import TwilioChannel
from .webhooks import Webhooks


def main() -> None:
    """Run the gateway until it is told to stop."""
    settings = load(GatewaySettings)

    async def wire(bus: Bus, _: ChassisMetrics) -> Wiring[GatewayState]:
        metrics = GatewayMetrics()
        channel = TwilioChannel(settings)
        breaker = Breaker(channel, metrics.breaker_open)
        handler = GatewayHandler(
            channel,
            metrics,
            settings.reply_watchdog_seconds,
            template=settings.twilio_content_sid,
            fence=StreamFence(bus),
            breaker=breaker,
        )
        repair = Repair(
            bus,
            channel,
            settings.key,
            metrics,
            settings.repair_interval_seconds,
            settings.repair_settle_seconds,
        )
        return Wiring(
            state=GatewayState,
            handler=handler,
            app=Webhooks(bus, settings, metrics).app,
            background=(repair.run, breaker.run),
            opened=breaker.bind,
            close=channel.close,
        )

    run(GATEWAY, settings, wire)


if __name__ == "__main__":
    main()
