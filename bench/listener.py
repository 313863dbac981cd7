"""5d. What one more service on the stream costs the others."""

import asyncio
from urllib.parse import urlsplit

import nats
import uvloop

from .figures import Result, percentile, ratios, spread
from .ours import Ours, ours
from .provisioning import lanes
from .running import stage

READS = ("message.received", "reply.sent")


async def _provision(system: Ours) -> None:
    users = system.system.users
    url = system.system.env["NATS_URL"]
    client = await nats.connect(url, user="provision", password=users["provision"])
    await lanes(client, "listener", READS)
    await client.close()


def run(quick: bool) -> Result:
    """The same system with and without a sixth reader, in turn."""
    seconds, times = (4.0, 1) if quick else (12.0, 3)
    rates: dict[bool, list[float]] = {False: [], True: []}
    middles: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(times):
        for more in (False, True):
            with ours() as system, stage() as on:
                system.stop_mirror()
                if more:
                    asyncio.run(_provision(system))
                    host = urlsplit(system.system.env["NATS_URL"]).netloc
                    url = f"nats://sandbox:{system.system.users['sandbox']}@{host}"
                    listener = on.peer("chain_listener", {"NATS_URL": url, "READS": ",".join(READS)})
                    listener.wait_for(lambda p=listener: "ready" in p.tail(), 30)  # type: ignore[misc]
                flow = uvloop.run(system.driver().run(64, seconds, 10.0, seconds))
            rates[more].append(flow.rate)
            middles[more].append(percentile(flow.latencies, 0.5))
    result = Result("listener", "One more service on the stream", ["", "messages a second", "p50 ms at 10/s"])
    for more, name in (
        (False, "five services"),
        (True, "and one that reads two events of each conversation"),
    ):
        result.rows.append([name, spread(rates[more], 1), spread(middles[more], 1)])
    cost = [spread(ratios(rates[True], rates[False])), spread(ratios(middles[True], middles[False]))]
    result.rows.append(["with / without", *cost])
    result.notes.append(f"{times} interleaved runs of {seconds:g} s; 64 consumers more, one a lane.")
    return result
