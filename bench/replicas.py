"""5b. Throughput with one and two replicas of each service."""

import uvloop

from .figures import Result, percentile, ratios, spread
from .ours import ours


def run(quick: bool) -> Result:
    """Interleaved: one, two, one, two."""
    seconds, times = (4.0, 1) if quick else (12.0, 3)
    rates: dict[int, list[float]] = {1: [], 2: []}
    tails: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(times):
        for replicas, found in rates.items():
            with ours(replicas=replicas) as system:
                system.stop_mirror()
                flow = uvloop.run(system.driver().run(64, seconds, 10.0, seconds))
            found.append(flow.rate)
            tails[replicas].append(percentile(flow.latencies, 0.95))
    result = Result(
        "replicas", "One and two replicas", ["replicas", "messages a second", "p95 ms at 10/s", "ratio"]
    )
    for replicas, found in rates.items():
        cells = [spread(found, 1), spread(tails[replicas], 1), spread(ratios(found, rates[1]))]
        result.rows.append([str(replicas), *cells])
    result.notes.append(
        f"{times} interleaved runs of {seconds:g} s, without the staff's mirror. The machine has two "
        "cores, so a "
        "second replica adds processes and no processor: this shows what sharing costs, not what it brings."
    )
    return result
