"""A watchdog outside the event loop: a process that can no longer work ends itself, to be started again."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable

EXIT_CODE = 70
"""EX_SOFTWARE of sysexits.h: something inside is broken; a restart is the cure."""


class Watchdog:
    """Ends the process when the loop stood still for ``stall`` seconds or ``dead()`` tells a reason."""

    def __init__(
        self, stall: float, dead: Callable[[], str | None], end: Callable[[int], None] = os._exit
    ) -> None:
        self._stall = stall
        self._dead = dead
        self._end = end
        self._beat = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to watch the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._beats())
        self._thread.start()

    async def _beats(self) -> None:
        while True:
            self._beat = time.monotonic()
            await asyncio.sleep(0.5)

    def _watch(self) -> None:
        while not self._stop.wait(min(1.0, self._stall / 4)):
            stalled = time.monotonic() - self._beat
            reason = (
                f"the event loop stood still for {stalled:.0f} s" if stalled > self._stall else self._dead()
            )
            if reason is not None:
                sys.stderr.write(f"ERROR watchdog: {reason}; ending the process\n")
                sys.stderr.flush()
                self._end(EXIT_CODE)
                return

    def stop(self) -> None:
        """Watch no more."""
        self._stop.set()
        if self._task is not None:
            self._task.cancel()
