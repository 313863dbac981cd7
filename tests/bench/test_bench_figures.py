"""What the benchmarks compute and write, and that their parts at both ends of a system work."""

import asyncio
import json
import math
import random
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from bench.__main__ import NAMES, main
from bench.claude import Claude, Delay
from bench.figures import Result, percentile, ratios, spread
from bench.webhooks import Signer, numbers
from bench.wire import Pool, Twilio, saturate
from twilio.request_validator import RequestValidator

from bench import profile, report
from seldenrijk.chassis.testing import free_port
from seldenrijk.gateway.signature import Verifier, parse_form


def test_percentile_is_the_nearest_rank() -> None:
    values = list(range(1, 101))
    assert [percentile(values, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert percentile([7.0], 0.99) == 7.0
    assert math.isnan(percentile([], 0.5))


def test_spread_and_ratios() -> None:
    assert spread([2.0, 1.0, 3.0]) == "2.00 (1.00 to 3.00)"
    assert spread([1234.5], 1) == "1,234.5"
    assert spread([]) == "none"
    assert ratios([3.0, 4.0, 5.0], [2.0, 4.0, 0.0]) == [1.5, 1.0]


def test_a_target_is_judged_by_its_median() -> None:
    result = Result("x", "X", ["a"])
    result.target("at least 1", [0.5, 1.2, 1.1], 1.0)
    result.target("at most 1", [0.5, 1.2, 1.1], 1.0, at_least=False)
    result.target("nothing was measured", [], 1.0)
    assert [t.held for t in result.targets] == [True, False, False]


def _result() -> Result:
    result = Result("gateway", "Gateway", ["who", "figure"], [["ours", "1.0"]], notes=["A note."])
    result.target("at least 1", [2.0], 1.0)
    return result


def test_the_document_holds_results_and_remarks(tmp_path: Path) -> None:
    report.keep(_result(), quick=False, folder=tmp_path)
    document = report.write(tmp_path, tmp_path / "docs" / "performance.md").read_text()
    assert "## Gateway" in document
    assert "| ours | 1.0 |" in document
    assert "| at least 1 | 2.00 | yes |" in document
    assert "`python -m bench gateway`" in document
    assert document.startswith("# Performance")


def test_a_quick_result_never_replaces_a_full_one(tmp_path: Path) -> None:
    report.keep(_result(), quick=False, folder=tmp_path)
    report.keep(Result("gateway", "Quick", ["a"]), quick=True, folder=tmp_path)
    assert json.loads((tmp_path / "gateway.json").read_text())["title"] == "Gateway"


def test_every_measurement_has_remarks_only_for_names_that_exist() -> None:
    assert set(report.remarks()) <= {"", *NAMES}


def test_the_gateway_takes_the_signed_requests() -> None:
    head, _, body = Signer("http://127.0.0.1:1", "token").request("+31651234567").partition(b"\r\n\r\n")
    signature = next(line for line in head.decode().split("\r\n") if line.startswith("X-Twilio-Signature"))
    verifier = Verifier("http://127.0.0.1:1", ["token"])
    url = verifier.url("/api/webhooks/twilio", "")
    assert verifier.valid(url, parse_form(body), signature.partition(": ")[2])
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    assert len(fields) == 17
    assert RequestValidator("token").validate(url, fields, signature.partition(": ")[2])


def test_customers_differ() -> None:
    found = numbers()
    assert len({next(found) for _ in range(500)}) == 500


async def test_both_ends_meet() -> None:
    port, twilio = free_port(), Twilio()
    server = await twilio.serve(port)
    body = b"To=whatsapp%3A%2B31651234567&Body=Hallo"
    request = b"POST /Messages.json HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    try:
        waiting = twilio.expect("+31651234567")
        assert await Pool(port, 2).send(request) == 201
        await asyncio.wait_for(waiting, 5)
        rate, times = await saturate(port, iter(lambda: request, None), 4, 0.2, warm_up=0.05)
        assert rate > 0
        assert len(times) > 0
    finally:
        server.close()


def _asked(text: str, schema: bool = False) -> bytes:
    asked = {"model": "m", "system": [{"text": "rules", "cache_control": {}}], "messages": [
        {"role": "user", "content": text}]}  # fmt: skip
    return json.dumps(asked | ({"output": {"type": "json_schema"}} if schema else {})).encode()


def test_the_stand_in_names_the_first_car_and_counts() -> None:
    claude = Claude(Delay(0.1), Delay(0.2))
    seconds, answer = claude.answer(
        _asked("[SA1] Volkswagen Golf (2015), € 1 | beschikbaar, wit\n[SA2] Polo | x")
    )
    first = json.loads(answer)
    assert seconds == pytest.approx(0.2)
    assert "1. Volkswagen Golf (2015), € 1" in first["content"][0]["text"]
    assert "beschikbaar" not in first["content"][0]["text"]
    second = json.loads(claude.answer(_asked("niets"))[1])
    assert first["usage"]["cache_creation_input_tokens"] == second["usage"]["cache_read_input_tokens"] > 0
    assert claude.answer(_asked("x", schema=True))[0] == pytest.approx(0.1)


def test_delays_are_around_their_median() -> None:
    chance = random.Random(3)
    drawn = sorted(Delay(2.0, 0.25).drawn(chance) for _ in range(999))
    assert drawn[499] == pytest.approx(2.0, rel=0.1)
    assert drawn[0] > 0


STACKS = """main (gateway/__main__.py:1);Runner.run (asyncio/runners.py:1);Lanes (chassis/lanes.py:1);span (chassis/telemetry.py:2) 3
main (gateway/__main__.py:1);Runner.run (asyncio/runners.py:1);Lanes (chassis/lanes.py:1);loads (json/x.py:2) 4
main (gateway/__main__.py:1);Runner.run (asyncio/runners.py:1) 5
_watch (chassis/watchdog.py:3);wait (threading.py:4) 100
"""


def test_a_sample_counts_for_the_innermost_area() -> None:
    stacks = profile.read(STACKS)
    areas: Counter[str] = Counter()
    for stack, number in stacks.items():
        areas[profile.area_of(stack)] += number
    assert areas == {"tracing": 3, "lanes and jobs": 4, "event loop, and waiting for a core": 5}
    assert dict(profile.hottest(stacks, 9))["Lanes (chassis/lanes.py)"] == pytest.approx(7 / 12)


def test_the_command_line_names_what_it_can_measure(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(name in said for name in NAMES)
