#!/usr/bin/env bash
# All tests that need neither Docker nor Node: those within one process or with a real server of their
# own first (on all cores), then those that start the whole system, and the browser, one after the other.
# Arguments go to pytest of both runs; the seed of the random order is printed, `scripts/test.sh
# --randomly-seed=N` replays it.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
export PYTHONUTF8=1
"$bin/coverage" erase
"$bin/python" -m pytest -q -n auto --dist loadfile -m "not e2e and not browser and not docker" \
	--cov=seldenrijk --cov-report= "$@" tests
"$bin/python" -m pytest -q -m "(e2e or browser) and not docker" "$@" tests
"$bin/coverage" report --include='libs/*,services/*' --skip-covered --sort=cover --fail-under=90 | tail -20
