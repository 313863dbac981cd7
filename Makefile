# The verbs, one line each. `make help` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := libs/contracts libs/chassis libs/nlu libs/claude services/gateway services/router \
	services/extractor services/responder services/chatwoot-sync sandbox
SOURCES := libs services sandbox tests scripts
STAMP := $(VENV)/.installed

.PHONY: help demo test browser check eval eval-replies bench chaos images requirements install e2e services clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(STAMP) ## the whole system on this machine, until Ctrl-C
	@exec $(BIN)/python -m seldenrijk.sandbox.system

test: $(STAMP) ## all tests that need neither Docker nor Node
	@scripts/test.sh

browser: $(STAMP) ## the phone page in a real Chromium (apt-get install chromium)
	@$(BIN)/python -m pytest -q --reruns 1 tests/browser

check: $(STAMP) ## format, lint, types, boundaries, security, stale requirements
	@scripts/check.sh

e2e: $(STAMP) ## the owner's five scenarios through a running system
	@scripts/test-whatsapp-e2e.sh local

services: $(STAMP) ## each service's imports and tests in an environment of its own requirements
	@scripts/test-services-alone.sh

eval: $(STAMP) ## understanding: the scorer's report and the reliability of the confidence
	@$(if $(filter claude,$(ENGINE)),scripts/eval-claude.sh,$(BIN)/python -m seldenrijk.nlu eval)

eval-replies: $(STAMP) ## scripted conversations through the real services, judged
	@$(BIN)/python -m evals replies

bench: $(STAMP) ## figures and ratios beside those of peers
	@$(BIN)/python -m bench

chaos: $(STAMP) ## faults and crashes, by number: make chaos S="8 12"
	@$(BIN)/python -m chaos $(S)

images: $(STAMP) ## container images, compose, and their tests (needs Docker)
	@scripts/deploy-ci.sh

requirements: $(STAMP) ## compile all requirements files anew
	@$(BIN)/python scripts/requirements.py write

install: $(STAMP) ## the environment in .venv

$(STAMP): requirements-dev.txt $(PACKAGES:%=%/pyproject.toml)
	@scripts/install.sh $(PYTHON) $(VENV) $(PACKAGES)
	@touch $@

clean: ## remove what was made
	rm -rf $(VENV) .run .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache htmlcov .coverage*
