#!/usr/bin/env bash
# All tests that need neither Docker nor Node: those within one process or with a real server of their
# own first (on all cores), then those that start the whole system, and the browser, one after the other.
# Arguments go to pytest of both runs.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
export PYTHONUTF8=1
seed=${SEED:-$RANDOM}
echo "order of the tests: SEED=$seed (set SEED to replay it)"
"$bin/coverage" erase
"$bin/python" -m pytest -q -n auto --dist loadfile -m "not e2e and not browser and not docker" \
	--cov=seldenrijk --cov-report= --randomly-seed="$seed" "$@" tests
"$bin/python" -m pytest -q -m "(e2e or browser) and not docker" --randomly-seed="$seed" "$@" tests
"$bin/coverage" report --include='libs/*,services/*' --skip-covered --sort=cover --fail-under=90 | tail -20
