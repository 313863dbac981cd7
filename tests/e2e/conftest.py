"""The whole system as processes, for the tests that need all of it."""

from collections.abc import Iterator

import httpx
import pytest

from seldenrijk.sandbox.system import System


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """One replica of everything, with the quiet periods that customers get."""
    with System() as running:
        yield running


@pytest.fixture
def control(system: System) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{system.sandbox_url}/api", timeout=60, trust_env=False) as client:
        yield client
