#!/usr/bin/env bash
# All tests that need neither Docker, Node nor a browser: those within one process or with a real server of
# their own first (on all cores), then those that start the whole system. `make browser` drives the page in
# Chromium, `make eval-replies` holds the scripted conversations.
# A test of real processes that fails is tried once more, and told as rerun: on a busy machine a browser
# or a start can miss its time. Arguments go to pytest of both runs.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
export PYTHONUTF8=1
seed=${SEED:-$RANDOM}
echo "order of the tests: SEED=$seed (set SEED to replay it)"
"$bin/coverage" erase
"$bin/python" -m pytest -q -n auto --dist loadfile -m "not e2e and not browser and not docker" \
	--cov=seldenrijk --cov-report= --reruns 1 --only-rerun "Timeout|not ready|not in time" --randomly-seed="$seed" "$@" tests
"$bin/python" -m pytest -q --reruns 1 --randomly-seed="$seed" "$@" tests/e2e
"$bin/coverage" report --include='libs/*,services/*' --skip-covered --sort=cover --fail-under=90 | tail -20
