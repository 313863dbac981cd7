"""Wiring of the responder: ``python -m seldenrijk.responder``."""

import asyncio

from seldenrijk.chassis import Wiring, load, run
from seldenrijk.chassis.bus import Bus
from seldenrijk.chassis.metrics import ChassisMetrics
from seldenrijk.chassis.settings import fail
from seldenrijk.claude import ClaudeClient, ClaudeSettings
from seldenrijk.contracts.topology import RESPONDER

from .answer.dealer import Dealer, DealerError, load_dealer
from .answer.notices import DealerNotices
from .handlers import ResponderHandler
from .health import DatabaseHealth
from .metrics import ResponderMetrics
from .search import index_of
from .settings import ResponderSettings
from .state import ResponderState
from .stock import Source, StockError, StockRepository, source_from
from .timing import Quiet
from .writing import Writing

METRIC_SECONDS = 5.0


def main() -> None:
    """Run the responder until it is told to stop."""
    settings = load(ResponderSettings)
    claude_settings = load(ClaudeSettings)
    dealer = _dealer(settings.dealer_file)
    source = _source(settings)

    async def wire(_: Bus, __: ChassisMetrics) -> Wiring[ResponderState]:
        metrics = ResponderMetrics()
        claude = ClaudeClient.from_settings(claude_settings)
        stock = StockRepository(source, interval=settings.stock_refresh_seconds, prepare=index_of)
        await stock.start()
        quiet = Quiet(settings.quiet_seconds, settings.quiet_fragment_seconds, settings.quiet_cap_seconds)
        handler = ResponderHandler(quiet, DealerNotices(dealer), metrics, settings.overtaken_cap_seconds)

        async def close() -> None:
            await stock.stop()
            if claude is not None:
                await claude.aclose()

        return Wiring(
            state=ResponderState,
            handler=handler,
            job_handler=Writing(stock, dealer, claude, metrics),
            app=DatabaseHealth(stock, settings.reads_database).app,
            background=[lambda: _watch_stock(stock, metrics)],
            close=close,
        )

    run(RESPONDER, settings, wire)


def _dealer(path: str) -> Dealer:
    try:
        return load_dealer(path)
    except DealerError as error:
        fail(str(error))


def _source(settings: ResponderSettings) -> Source:
    database = settings.database_url.get_secret_value() if settings.database_url else None
    try:
        return source_from(settings.stock_url, database)
    except StockError as error:
        fail(f"STOCK_URL or DATABASE_URL: {error}")


async def _watch_stock(stock: StockRepository, metrics: ResponderMetrics) -> None:
    while True:
        metrics.stock_age.set(stock.age_seconds)
        metrics.stock_cars.set(stock.cars)
        metrics.stock_bad_rows.set(stock.bad_rows)
        await asyncio.sleep(METRIC_SECONDS)


if __name__ == "__main__":
    main()
