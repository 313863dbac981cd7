"""4. Understanding: the offline engine on one core."""

import csv
import time

from seldenrijk.nlu import engine

from .figures import Result, percentile, spread
from .machine import ROOT

LEAST = 200


def messages() -> list[str]:
    """The training file's utterances: what customers write, short and long."""
    with (ROOT / "libs/nlu/training/utterances.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) > 1]
    texts = [max(row, key=len) for row in rows]  # the text is the longest column
    assert len(texts) >= LEAST
    return texts


def run(quick: bool) -> Result:
    """All utterances, some times over, in one thread."""
    texts, times = messages()[: LEAST if quick else None], 2 if quick else 5
    engine.warm_up()
    rates: list[float] = []
    tails: list[float] = []
    for _ in range(times):
        took = []
        begun = time.process_time()
        for text in texts:
            started = time.process_time()
            engine.understand(text)
            took.append((time.process_time() - started) * 1000)
        rates.append(len(texts) / (time.process_time() - begun))
        tails.append(percentile(took, 0.99))
    result = Result("understanding", "Understanding", ["messages a second, one core", "p99 ms"])
    result.rows.append([spread(rates, 0), spread(tails)])
    result.notes.append(f"{len(texts)} utterances, {times} times, in processor time of one thread.")
    return result
