"""Fixtures of the deployment's tests."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of images run where scripts/deploy-ci.sh has built them: DOCKER_TESTS=1, or -m docker."""
    if os.environ.get("DOCKER_TESTS") or config.option.markexpr:
        return
    here = Path(__file__).parent
    out = [item for item in items if item.get_closest_marker("docker") and here in item.path.parents]
    items[:] = [item for item in items if item not in out]
    config.hook.pytest_deselected(items=out)
