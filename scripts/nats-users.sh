#!/usr/bin/env bash
# Who may do what on NATS, written anew from the topology; `scripts/nats-users.sh check` only compares.
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python deploy/nats/users.py "$@"
