"""Write .env.example from the settings classes, so that it names every variable: ``write`` or ``check``."""

import sys
from pathlib import Path
from typing import Any

from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from seldenrijk.chassis import ChassisSettings
from seldenrijk.chassis.provision import ProvisionSettings
from seldenrijk.chatwoot_sync.settings import ChatwootSettings
from seldenrijk.claude import ClaudeSettings
from seldenrijk.extractor.settings import ExtractorSettings
from seldenrijk.gateway.settings import GatewaySettings
from seldenrijk.responder.settings import ResponderSettings
from seldenrijk.router.settings import RouterSettings

TARGET = Path(__file__).resolve().parent.parent / ".env.example"
GROUPS: tuple[tuple[str, type[BaseSettings]], ...] = (
    ("Every service", ChassisSettings),
    ("gateway (IDENTITY_KEY and the Twilio account also chatwoot-sync)", GatewaySettings),
    ("router", RouterSettings),
    ("router, extractor, responder: Claude (all of it optional)", ClaudeSettings),
    ("extractor", ExtractorSettings),
    ("responder", ResponderSettings),
    ("chatwoot-sync", ChatwootSettings),
    ("python -m seldenrijk.chassis.provision", ProvisionSettings),
)
EXAMPLES = {
    "PUBLIC_URL": "https://gateway-production.up.railway.app",
    "IDENTITY_KEY": "",
    "TWILIO_ACCOUNT_SID": "",
    "TWILIO_AUTH_TOKEN": "",
    "TWILIO_WHATSAPP_NUMBER": "+31850000000",
}
HEADER = """\
# Every environment variable of every service, with its default. Required ones stand without '#'.
# Written by `python scripts/env_example.py write` from the settings classes; a test holds it complete.
# Secrets belong in Doppler or in Railway's sealed variables, never in a committed file.
"""


def variables(model: type[BaseSettings]) -> dict[str, Any]:
    """Environment names of a settings class and their fields."""
    return {name.upper(): field for name, field in model.model_fields.items()}


def line(name: str, field: Any) -> str:
    """One variable: what it is, and how it is set."""
    required = field.is_required()
    default = field.get_default() if field.default is not PydanticUndefined else ""
    shown = EXAMPLES.get(name, "" if default is None or default == () else default)
    text = f"# {field.description}\n" if field.description else ""
    return f"{text}{'' if required else '#'}{name}={shown}\n"


def render() -> str:
    """The whole file."""
    seen: set[str] = set()
    parts = [HEADER]
    for title, model in GROUPS:
        new = {name: field for name, field in variables(model).items() if name not in seen}
        seen |= set(new)
        if new:
            parts.append(f"\n# --- {title} ---\n" + "".join(line(name, field) for name, field in new.items()))
    return "".join(parts)


def main() -> int:
    """Write the file, or say that it is stale."""
    if sys.argv[1:] == ["write"]:
        TARGET.write_text(render())
        return 0
    if TARGET.exists() and TARGET.read_text() == render():
        return 0
    sys.stderr.write(".env.example is stale: run `.venv/bin/python scripts/env_example.py write`\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
