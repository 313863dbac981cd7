#!/usr/bin/env bash
# All tests that need neither Docker nor Node: fast ones first, then those with real servers and processes.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
export PYTHONUTF8=1 COVERAGE_CORE=sysmon
"$bin/coverage" erase
"$bin/coverage" run -m pytest -q "$@" tests
"$bin/coverage" combine -q
"$bin/coverage" report --skip-covered --sort=cover | tail -25
