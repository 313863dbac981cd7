#!/usr/bin/env bash
# Certificates and nkeys for a cluster: scripts/nats-cluster-keys.sh FOLDER nats-1 nats-2 nats-3
set -euo pipefail
if [ $# -lt 2 ]; then
	echo "usage: scripts/nats-cluster-keys.sh FOLDER HOST..." >&2
	exit 2
fi
folder=$(realpath -m "$1")
shift
cd "$(dirname "$0")/.."
.venv/bin/python deploy/nats/keys.py cluster "$folder" "$@"
echo "written to $folder: servers.env, cert.pem, key.pem, ca.pem for the servers; *.seed and ca.pem for the services"
