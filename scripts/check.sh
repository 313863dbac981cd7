#!/usr/bin/env bash
# Everything that can be checked without running the system, strictest settings.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
bin=.venv/bin
failed=()

step() {
	local name=$1
	shift
	if output=$("$@" 2>&1); then
		printf '  ok    %s\n' "$name"
	else
		printf '  FAIL  %s\n%s\n' "$name" "$output"
		failed+=("$name")
	fi
}

step "format (ruff)" "$bin/ruff" format --check -q .
step "lint (ruff)" "$bin/ruff" check -q .
step "types (mypy --strict)" "$bin/mypy" libs/*/src services/*/src sandbox/src
step "NATS users are those of the topology" "$bin/python" deploy/nats/users.py check
step "dashboards are generated" "$bin/python" deploy/grafana/generate.py check
step "boundaries (import-linter)" "$bin/lint-imports"
step "security (bandit)" "$bin/bandit" -q -c pyproject.toml -r libs services sandbox
step "contracts" "$bin/python" -m seldenrijk.contracts check
step "requirements are compiled" "$bin/python" scripts/requirements.py check
if command -v shellcheck >/dev/null; then
	step "shell scripts (shellcheck)" shellcheck scripts/*.sh deploy/nats/*.sh .ci/run
fi
if [ ${#failed[@]} -gt 0 ]; then
	echo "failed: ${failed[*]}"
	exit 1
fi
echo "all checks passed"
