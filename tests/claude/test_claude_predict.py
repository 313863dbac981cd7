"""The evaluation command, against the stand-in, in a process of its own."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from seldenrijk.claude.predict import predict

ROWS = [
    {"id": "a", "text": "Zoek een diesel SUV tot 15.000", "context": None},
    {"id": "b", "text": "hallo", "context": [{"role": "bot", "text": "Waarmee kan ik helpen?"}]},
]


def jsonl(path: Path, rows: list[Any]) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    return path


async def run(*arguments: str, **environment: str) -> tuple[int, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ANTHROPIC", "CLAUDE"))}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "seldenrijk.claude", *arguments,
        env=clean | environment, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, err = await process.communicate()
    return process.returncode or 0, err.decode()


async def test_a_file_is_labelled(api: Any, tmp_path: Path) -> None:
    source, target = jsonl(tmp_path / "in.jsonl", ROWS), tmp_path / "out.jsonl"
    key = "sk-ant-test-key-never-logged"
    environment = {"ANTHROPIC_API_KEY": key, "ANTHROPIC_BASE_URL": api.url}
    code, err = await run("predict", str(source), str(target), **environment)
    assert code == 0, err
    first, second = (json.loads(line) for line in target.read_text("utf-8").splitlines())
    assert first["slots"] == {"fuel_type": "diesel", "body_type": "SUV", "max_price": 15_000}
    assert second["intent"] == "general_inquiry"
    assert "ok=2" in err
    assert "cost $0.00" in err


async def test_without_a_key_it_says_so(tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", ROWS)
    code, err = await run("predict", str(source), str(tmp_path / "out.jsonl"))
    assert code == 2
    assert "ANTHROPIC_API_KEY" in err


async def test_claude_is_asked_only_where_the_engine_is_unsure(api: Any, client: Any) -> None:
    engine = {
        "a": {"id": "a", "intent": "price_question", "slots": {"fuel_type": "diesel"}, "confidence": 0.3},
        "b": {"id": "b", "intent": "general_inquiry", "slots": {}, "confidence": 0.99},
    }
    predictions, report = await predict(client, ROWS, engine, 0.8)
    assert len(api.bodies) == 1
    assert predictions[0]["intent"] == "car_inquiry"
    assert predictions[0]["slots"] == {"fuel_type": "diesel", "body_type": "SUV", "max_price": 15_000}
    assert predictions[1] == engine["b"]
    assert report.reasons == {"ok": 1}


async def test_where_claude_fails_the_engine_stands(api: Any, client: Any) -> None:
    api.plan("overloaded")
    engine = {
        "a": {"id": "a", "intent": "price_question", "slots": {"fuel_type": "diesel"}, "confidence": 0.3}
    }
    predictions, report = await predict(client, ROWS, engine, 0.8)
    assert predictions[0] == engine["a"]
    assert predictions[1]["intent"] == "unclear"
    assert "overloaded=2" in str(report)
