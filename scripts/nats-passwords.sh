#!/usr/bin/env bash
# A new password for each NATS user, as NAME=value lines: scripts/nats-passwords.sh >> .env
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python deploy/nats/keys.py passwords
