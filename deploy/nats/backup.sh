#!/usr/bin/env bash
# Back up NATS while it runs (all streams and buckets, with the positions of the consumers), or restore.
#   deploy/nats/backup.sh local FILE              # NATS_URL, NATS_USER, NATS_PASSWORD from the environment
#   deploy/nats/backup.sh compose FILE
#   deploy/nats/backup.sh railway ENVIRONMENT FILE
# and deploy/nats/restore.sh with the same arguments: it puts back the streams that do not exist.
# A backup holds what customers wrote: keep it encrypted, delete it after the retention time (30 days).
set -euo pipefail
umask 077
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
script=$root/deploy/nats/snapshot.py
action=${NATS_BACKUP_ACTION:-backup}

usage() {
	sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
	exit 2
}

# Runs the script inside a container that has nats-py: its text goes in by argument (base64: it passes through
# several shells), the tar by stdin or stdout.
text=$(base64 <"$script" | tr -d '\n')
inside=(python -c "import base64;exec(base64.b64decode('$text'))" "$action" -)

place=${1:-}
case $place in
local)
	[ $# = 2 ] || usage
	exec "${PYTHON:-$root/.venv/bin/python}" "$script" "$action" "$2"
	;;
compose)
	[ $# = 2 ] || usage
	file=$2
	command=(docker compose -f "$root/docker-compose.yml" run --rm --no-deps -T provision "${inside[@]}")
	;;
railway)
	[ $# = 3 ] || usage
	file=$3
	: "${NATS_PASSWORD_PROVISION:?the password of the NATS user provision, see docs/runbook.md}"
	# The password travels on stdin, not in a command line; base64, because ssh gives no clean binary stream.
	remote='read -r NATS_PASSWORD; export NATS_PASSWORD NATS_USER=provision; '
	command=(railway ssh --environment "$2" --service router -- sh -c)
	work=$(printf '%q ' "${inside[@]}")
	if [ "$action" = backup ]; then
		printf '%s\n' "$NATS_PASSWORD_PROVISION" | "${command[@]}" "$remote$work | base64" | tr -d '\r' | base64 -d >"$file"
	else
		{ printf '%s\n' "$NATS_PASSWORD_PROVISION" && base64 "$file"; } | "${command[@]}" "${remote}base64 -d | $work"
	fi
	exit
	;;
*) usage ;;
esac
if [ "$action" = backup ]; then "${command[@]}" >"$file"; else "${command[@]}" <"$file"; fi
