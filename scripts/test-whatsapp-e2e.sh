#!/usr/bin/env bash
# The owner's five scenarios as signed webhooks through a running system, with a table of verdicts.
#
#   scripts/test-whatsapp-e2e.sh local      a system on this machine; started (and stopped) here if none runs
#   scripts/test-whatsapp-e2e.sh compose    the sandbox of `docker compose --profile sandbox up`
#   scripts/test-whatsapp-e2e.sh staging    guides a person with a real phone (needs METRICS_URL)
#
# Exit code: 0 all five passed, 1 one failed, 2 wrong use or nothing to test.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() { sed -n '2,8p' "$0" | sed 's/^# \{0,1\}//'; }
case "${1:-}" in
local | compose | staging) ;;
-h | --help)
	usage
	exit 0
	;;
*)
	usage >&2
	exit 2
	;;
esac
[ -x .venv/bin/python ] || make --no-print-directory install
exec .venv/bin/python scripts/whatsapp_scenarios.py "$@"
