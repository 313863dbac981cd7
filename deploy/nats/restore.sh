#!/usr/bin/env bash
# Put back what a backup holds: streams that exist are left alone. Arguments as for backup.sh.
# Stop the services first (they would write to streams that are being filled), start them afterwards.
set -euo pipefail
NATS_BACKUP_ACTION=restore exec "$(dirname "$0")/backup.sh" "$@"
