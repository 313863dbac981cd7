"""scripts/doppler-setup.sh with a stand-in for Doppler's command line."""

import json
import os
import re
import runpy
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from deploy_support import ROOT

Json = dict[str, Any]
SID, TOKEN = "AC" + "a" * 32, "b" * 32
ANSWERS = ["wrong", SID, TOKEN, "+31850000000", "", "", "", "", "", "", ""]
"""One answer a secret, in the order of deploy/secrets.toml; the first is not a SID and is asked for again."""


class Doppler:
    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "state.json"
        self.file.write_text('{"railway": {"environments": {}}}')

    def setup(self, *arguments: str, answers: list[str]) -> subprocess.CompletedProcess[str]:
        env = os.environ | {
            "PATH": f"{ROOT}/tests/deploy/standins:{os.environ['PATH']}",
            "STANDIN_STATE": str(self.file),
        }
        done = subprocess.run(
            [str(ROOT / "scripts" / "doppler-setup.sh"), *arguments],
            env=env, input="".join(f"{answer}\n" for answer in answers),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert TOKEN not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    @property
    def configs(self) -> dict[str, dict[str, str]]:
        state: Json = json.loads(self.file.read_text())
        found: dict[str, dict[str, str]] = state["doppler"]["projects"]["seldenrijk-whatsapp"]
        return found

    @property
    def calls(self) -> str:
        return (self.folder / "doppler.calls").read_text()


@pytest.fixture
def doppler(tmp_path: Path) -> Doppler:
    return Doppler(tmp_path)


def test_both_configurations_are_filled(doppler: Doppler) -> None:
    done = doppler.setup(answers=[*ANSWERS, *ANSWERS])
    assert done.returncode == 0, done.stderr
    assert "does not look right" in done.stderr
    staging, production = doppler.configs["stg"], doppler.configs["prd"]
    assert staging["TWILIO_ACCOUNT_SID"] == SID
    assert staging["TWILIO_AUTH_TOKEN"] == TOKEN
    assert "ANTHROPIC_API_KEY" not in staging, "an optional one that was left empty"
    assert set(staging) == set(production)
    made = [name for name in staging if name.startswith("NATS_PASSWORD_")]
    assert len(made) == 6
    for name in (*made, "IDENTITY_KEY"):
        assert staging[name] != production[name]
        assert re.fullmatch(r"[a-z][0-9a-z]+", staging[name])


def test_no_value_stands_in_a_command_line(doppler: Doppler) -> None:
    doppler.setup("staging", answers=ANSWERS)
    assert TOKEN not in doppler.calls
    assert all(value not in doppler.calls for value in doppler.configs["stg"].values())


def test_a_second_run_asks_for_nothing(doppler: Doppler) -> None:
    doppler.setup("staging", answers=ANSWERS)
    before = doppler.configs["stg"]
    again = doppler.setup("staging", answers=["", "", "", "", "", ""])
    assert again.returncode == 0
    assert "staging: 0 set" in again.stdout
    assert doppler.configs["stg"] == before


def test_the_rest_of_the_input_is_missing(doppler: Doppler) -> None:
    done = doppler.setup("staging", answers=[SID])
    assert done.returncode == 1
    assert "the input ended" in done.stderr


def test_nobody_logged_in(doppler: Doppler) -> None:
    doppler.file.write_text('{"railway": {}, "doppler": {"logged_out": true, "projects": {}}}')
    done = doppler.setup(answers=[])
    assert (done.returncode, done.stderr) == (1, "ERROR Doppler Error: you must provide a token\n")


def test_the_developers_file_names_the_same_project() -> None:
    bound = yaml.safe_load((ROOT / "doppler.yaml").read_text())["setup"]
    assert bound == [{"project": "seldenrijk-whatsapp", "config": "dev"}]


def test_every_secret_of_the_settings_is_listed() -> None:
    """A secret that a service reads but nobody is asked for would be forgotten at the first deployment."""
    from seldenrijk.chatwoot_sync.settings import ChatwootSettings
    from seldenrijk.claude import ClaudeSettings
    from seldenrijk.gateway.settings import GatewaySettings
    from seldenrijk.responder.settings import ResponderSettings

    listed = runpy.run_path(str(ROOT / "deploy" / "doppler.py"))["wanted"]()
    elsewhere = {"NATS_PASSWORD", "NATS_NKEY_SEED", "TWILIO_SHARED_KEY"}
    for model in (GatewaySettings, ResponderSettings, ChatwootSettings, ClaudeSettings):
        for name, field in model.model_fields.items():
            if "Secret" in str(field.annotation) and name.upper() not in elsewhere:
                assert name.upper() in listed
