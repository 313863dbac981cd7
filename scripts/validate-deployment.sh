#!/usr/bin/env bash
# The ten checks of the deployment checklist, each of them able to fail:
#   scripts/validate-deployment.sh staging|production|local|compose [--json] [--url URL] [--secrets doppler|sealed]
# staging and production need the railway command line, logged in and linked; local and compose a running system.
# Exit code: 0 all passed, 1 some failed, 2 wrong use or nothing to check. No value of a secret is printed.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
[ -x "$python" ] || python=python3 # the checks need nothing beside Python 3.11 and openssl
exec "$python" deploy/checks "$@"
