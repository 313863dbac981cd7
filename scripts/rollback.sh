#!/usr/bin/env bash
# Roll one service back to an earlier deployment on Railway:
#   scripts/rollback.sh gateway production            # to the one before, after a question
#   scripts/rollback.sh gateway production --list     # what there is
#   scripts/rollback.sh gateway production --to ID --yes
# Needs RAILWAY_API_TOKEN and RAILWAY_PROJECT_ID, or RAILWAY_TOKEN.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
[ -x "$python" ] || python=python3
exec "$python" deploy/rollback.py "$@"
