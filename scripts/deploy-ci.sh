#!/usr/bin/env bash
# Builds the images, runs the system in containers, and checks both; on a machine that may be fresh.
#   scripts/deploy-ci.sh            # images, compose with the sandbox, tests marked docker, clean up
#   scripts/deploy-ci.sh --keep     # leave the containers running
# Installs docker.io on Debian where there is no engine, and starts one where none runs (never a second one).
# Where no image registry is reachable, ../shared/docker/offline-images.sh (or $OFFLINE_IMAGES) makes the bases.
set -euo pipefail
cd "$(dirname "$0")/.."
keep=${1:-}
offline=${OFFLINE_IMAGES:-../shared/docker/offline-images.sh}
started=
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
say() { printf '== %s\n' "$*"; }

finish() {
	code=$?
	if [ "$keep" != --keep ]; then
		[ $code = 0 ] || docker compose --profile sandbox logs --tail 20 2>/dev/null || true
		docker compose --profile sandbox --profile observability down --volumes --timeout 10 >/dev/null 2>&1 || true
		if [ -n "$started" ]; then kill "$started" 2>/dev/null || true; fi
	fi
	exit $code
}
trap finish EXIT

engine() {
	docker info >/dev/null 2>&1 && return
	if ! command -v dockerd >/dev/null; then
		say "installing docker.io"
		as_root apt-get update -qq
		DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends docker.io iptables >/dev/null
	fi
	if pgrep -x dockerd >/dev/null; then
		echo "dockerd runs, but this user may not use it" >&2
		return 1
	fi
	say "starting dockerd"
	mkdir -p .run
	as_root dockerd >.run/dockerd.log 2>&1 </dev/null &
	started=$!
	for _ in $(seq 60); do
		docker info >/dev/null 2>&1 && return
		sleep 0.5
	done
	tail -5 .run/dockerd.log >&2
	return 1
}

base_images() {
	local image
	for image in python:3.13-slim nats:2-alpine; do
		docker image inspect "$image" >/dev/null 2>&1 && continue
		timeout 60 docker pull -q "$image" 2>/dev/null && continue
		[ -x "$offline" ] || {
			echo "no $image, no registry, and no $offline" >&2
			return 1
		}
		say "making base images"
		"$offline" --python 3.13
		break
	done
	local home=${OFFLINE_HOME:-$HOME/.cache/offline-images}
	if ! docker compose version >/dev/null 2>&1; then
		[ -f "$home/env.sh" ] || "$offline" --python 3.13
	fi
	if [ -f "$home/env.sh" ]; then
		# shellcheck disable=SC1091
		. "$home/env.sh"
	fi
}

engine
base_images
docker compose --profile sandbox --profile observability config -q
say "images, one at a time"
for service in nats gateway router extractor responder chatwoot-sync sandbox; do
	nice docker compose --profile sandbox build -q "$service"
done
say "the system"
docker compose --profile sandbox up --no-build --wait --wait-timeout 300
say "tests"
DOCKER_TESTS=1 .venv/bin/python -m pytest -q -m docker -p no:cacheprovider tests
scripts/validate-deployment.sh compose
[ ! -x scripts/test-whatsapp-e2e.sh ] || scripts/test-whatsapp-e2e.sh compose
say "ok: images, compose, ten checks, scenarios"
