#!/usr/bin/env bash
# Make the virtual environment: pinned, hashed requirements, then our packages as editable ones.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1 venv=$2
shift 2

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
	echo "Python 3.11 or newer is needed; $python is $("$python" -V 2>&1). Try: make PYTHON=python3.12 ..." >&2
	exit 2
fi
echo "installing into $venv (once; about half a minute)"
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "uv>=0.9"
"$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --require-hashes -r requirements-dev.txt
editable=()
for package in "$@"; do editable+=(-e "$package"); done
"$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation "${editable[@]}"
