# One command for each thing that is done here; CI runs the very same ones. Works with GNU Make 3.81.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Only `make lock` needs it.
UV ?= $(firstword $(wildcard $(BIN)/uv) uv)
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-emit-index-url --no-emit-find-links
PORT ?= 8000
ENGINE ?= micropython
TESTS ?=
# How many processes share the tests: one a processor.
WORKERS ?= auto

ENGINES := static/vendor/manifest.json
SERVER := $(VENV)/.server
DEVELOPMENT := $(VENV)/.development
BYTECODE := static/vendor/bytecode.json
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PACKAGES := node_modules/.package-lock.json
FRAMEWORKS := e2e/frameworks/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help demo test browsers lint format types bench lock build clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(SERVER) $(BYTECODE) ## Store, checkout and sandboxes on this machine (PORT=8000 ENGINE=micropython)
	@$(BIN)/checkout-ui demo --port $(PORT) --engine $(ENGINE)

test: $(DEVELOPMENT) $(BYTECODE) $(FRAMEWORKS) browsers ## All tests, in real browsers too (TESTS="tests/cli -k demo" for some)
	$(BIN)/pytest -n $(WORKERS) $(TESTS)

browsers: $(DEVELOPMENT)
	@$(BIN)/python scripts/browsers.py

lint: $(DEVELOPMENT) ## Style and mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(DEVELOPMENT) ## Rewrite into the one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(DEVELOPMENT) ## mypy, strict
	$(BIN)/mypy

bench: $(DEVELOPMENT) $(BYTECODE) browsers ## What a checkout costs: time, bytes, requests
	$(BIN)/python -m bench

# All of it first; what the server needs and what builds it are then the same versions.
lock: $(DEVELOPMENT) ## Pin everything anew, with hashes
	$(COMPILE) --upgrade pyproject.toml --extra server --extra dev --output-file requirements/dev.txt
	$(COMPILE) -c requirements/dev.txt pyproject.toml --extra server --output-file requirements/server.txt
	$(COMPILE) -c requirements/dev.txt requirements/build.in --output-file requirements/build.txt
	npm update --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund
	npm --prefix e2e/frameworks update --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

build: $(DEVELOPMENT) $(BYTECODE) ## sdist and wheel, into dist/
	$(BIN)/python -m build

clean: ## Everything that was made here
	rm -rf $(VENV) node_modules e2e/frameworks/node_modules static/vendor dist build artifacts demo-data
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: what is up to date is not done again, so that a second `make demo` starts in seconds.
# The server comes first, the tools on top of it: the locks agree, so in whichever order nothing is taken back.
$(SERVER): requirements/build.txt requirements/server.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.13 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements/build.txt -r requirements/server.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): $(SERVER) requirements/dev.txt
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

$(PACKAGES): package-lock.json package.json
	@command -v npm >/dev/null || { echo "Node.js with npm is needed once, to fetch the browser engines."; exit 1; }
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# React, Vue and HTMX, whose pages the tests put the checkout into.
$(FRAMEWORKS): e2e/frameworks/package-lock.json e2e/frameworks/package.json
	@command -v npm >/dev/null || { echo "Node.js with npm is needed, to fetch the frameworks of the tests."; exit 1; }
	npm --prefix e2e/frameworks ci --no-audit --no-fund --loglevel=error
	@touch $@

$(ENGINES): $(PACKAGES) $(wildcard scripts/engines/*)
	node scripts/engines/build.mjs
	@touch $@

# Our own Python for the browser, compiled: what is served is checked against the source, so a stale file only costs time.
$(BYTECODE): $(SERVER) $(ENGINES) $(wildcard checkout_ui/*.py checkout_ui/providers/*.py scripts/bytecode/*)
	$(BIN)/python scripts/bytecode/build.py
	@touch $@
