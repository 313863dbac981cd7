#!/usr/bin/env bash
# Make Doppler's configurations for staging and production, asking for each secret (without echo):
#   scripts/doppler-setup.sh [staging] [production] [--again] [--project NAME]
# Needs the doppler command line, logged in. Without Doppler: sealed variables, docs/deployment-checklist.md.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
[ -x "$python" ] || python=python3
exec "$python" deploy/doppler.py "$@"
