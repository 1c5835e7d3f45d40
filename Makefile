# One command for each thing that is done here; CI runs the very same ones. Works with GNU Make 3.81.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Only `make lock` needs it.
UV ?= $(firstword $(wildcard $(BIN)/uv) uv)
PORT ?= 8000
ENGINE ?= micropython
TESTS ?=

ENGINES := static/vendor/manifest.json
INSTALLED := $(VENV)/.installed
PACKAGES := node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help demo test browsers lint format types bench lock build clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(INSTALLED) $(ENGINES) ## Store, checkout and sandboxes on this machine (PORT=8000 ENGINE=micropython)
	@$(BIN)/checkout-ui demo --port $(PORT) --engine $(ENGINE)

test: $(INSTALLED) $(ENGINES) browsers ## All tests, in real browsers too (TESTS="tests/cli -k demo" for some)
	$(BIN)/pytest $(TESTS)

browsers: $(INSTALLED)
	@$(BIN)/python scripts/browsers.py

lint: $(INSTALLED) ## Style and mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(INSTALLED) ## Rewrite into the one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(INSTALLED) ## mypy, strict
	$(BIN)/mypy

bench: $(INSTALLED) $(ENGINES) browsers ## What a checkout costs: time, bytes, requests
	$(BIN)/python -m bench

lock: $(INSTALLED) ## Pin everything anew, with hashes
	$(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --extra server --extra dev --upgrade --no-header --no-emit-index-url --no-emit-find-links \
	  --output-file requirements/dev.txt
	npm update --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

build: $(INSTALLED) $(ENGINES) ## sdist and wheel, into dist/
	$(BIN)/python -m build

clean: ## Everything that was made here
	rm -rf $(VENV) node_modules static/vendor dist build artifacts demo-data
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: what is up to date is not done again, so that a second `make demo` starts in seconds.
$(INSTALLED): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.13 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(PACKAGES): package-lock.json package.json
	@command -v npm >/dev/null || { echo "Node.js with npm is needed once, to fetch the browser engines."; exit 1; }
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(ENGINES): $(PACKAGES) $(wildcard scripts/engines/*)
	node scripts/engines/build.mjs
	@touch $@
