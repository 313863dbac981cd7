"""``python -m seldenrijk.sandbox.system``: the whole system on this machine, until Ctrl-C."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from rich.console import Console

from .environment import Ports
from .processes import StartError
from .running import System

console = Console(highlight=False, soft_wrap=True)
DEMO = {"REPAIR_INTERVAL_SECONDS": "10"}  # nobody who tries a lost webhook waits five minutes


def main() -> int:
    """Start everything, say where, wait, stop everything."""
    arguments = _arguments()
    console.print(
        "[bold]Seldenrijk WhatsApp assistant[/] · local demo with stand-ins for Twilio and Chatwoot"
    )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    system = System(
        Path(arguments.folder), arguments.replicas, DEMO, preferred_ports=True, progress=_progress,
        claude=arguments.claude, traces=True, control=True,
    )  # fmt: skip
    _say_moved(system.ports)
    try:
        with system:
            _invite(system)
            if not arguments.once:
                _wait(system, stop)
            console.print("\nstopping …")
    except StartError as error:
        console.print(f"[red]not started:[/] {error}\nlogs: {arguments.folder}")
        return 1
    console.print("stopped; nothing is left running")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m seldenrijk.sandbox.system", description=__doc__)
    parser.add_argument("--folder", default=".run/demo", help="data and logs (default: %(default)s)")
    parser.add_argument(
        "--replicas", type=int, default=1, help="processes of each service (default: %(default)s)"
    )
    parser.add_argument("--claude", action="store_true", help="let the services ask the stand-in for Claude")
    parser.add_argument("--once", action="store_true", help="start, then stop again (a check)")
    return parser.parse_args()


def _progress(name: str, what: str) -> None:
    console.print(f"  [green]✓[/] {name:<15} {what}")


def _say_moved(ports: Ports) -> None:
    for name, (usual, now) in ports.moved.items():
        console.print(f"  [yellow]port {usual} is taken, {name} uses {now}[/]")


def _invite(system: System) -> None:
    port = system.ports["sandbox"]
    option = "" if port == 8090 else f" --url {system.sandbox_url}"
    console.print(f"\nPhone page:  [bold]{system.sandbox_url}/[/]")
    console.print(
        f'Try:         .venv/bin/python -m seldenrijk.sandbox say "Hallo, ik zoek een Golf"{option}'
    )
    console.print(f"Logs:        {system.folder}/*.log      Stop: Ctrl-C")
    sys.stdout.flush()


def _wait(system: System, stop: threading.Event) -> None:
    reported: set[str] = set()
    while not stop.wait(0.5):
        for name, process in system.processes.items():
            if process.alive:
                reported.discard(name)
            elif name not in reported and not (system.control and name in system.control.restarting):
                reported.add(name)
                console.print(f"[red]{name} ended with exit code {process.code}[/]; see {process.log}")


if __name__ == "__main__":
    sys.exit(main())
