"""What the whole suite shares: tools that come from the system's packages, not from this project.

CI installs all of them and runs every test. On a machine that has none, `make test` leaves out the
tests that need them and says which package brings them; nothing else is ever left out.
"""

import os
import shutil
from pathlib import Path

import hypothesis  # noqa: F401  (late, at the end of a run, Python 3.11 may fail to parse it: gh-106905)
import pytest

NEEDS = {
    "tests/browser/": ("chromium", "chromium"),
    "tests/responder/test_stock_database.py": ("initdb", "postgresql"),
    "tests/deploy/test_deploy_grafana": ("promtool", "prometheus"),
    "tests/deploy/test_deploy_metrics": ("prometheus", "prometheus"),
}
"""Tests by the start of their path, the program they run, and Debian's package of it."""


def installed(program: str) -> bool:
    """Whether a program can be run; PostgreSQL's own programs are not on PATH in Debian."""
    return shutil.which(program) is not None or any(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what can't run here, loudly; never in CI."""
    if os.environ.get("CI"):
        return
    missing = {start: package for start, (program, package) in NEEDS.items() if not installed(program)}
    left_out = [i for i in items if any(i.nodeid.startswith(start) for start in missing)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
        packages = " ".join(sorted(set(missing.values())))
        config.stash[NOTICE] = f"{len(left_out)} tests left out: apt-get install {packages}"


NOTICE = pytest.StashKey[str]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say at the end what was left out."""
    if (notice := config.stash.get(NOTICE, None)) is not None:
        terminalreporter.write_line(notice, yellow=True)
