# Tradewind's daily commands. `make` alone lists them.
#
# Needs Python 3.11+ and make. Everything else lands in .venv, .build and web/node_modules; a stamp file marks each
# finished step, so a second run does only what changed. Options: PYTHON=python3.12, ARGS="--port 9000", WORKERS=4.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:

# The first interpreter that runs and is new enough; a shim that only prints an error does not count.
NEW_ENOUGH := import sys, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11 python; do \
	$$candidate -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && { echo $$candidate; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python
NPM := $(BIN)/python scripts/web.py npm
SITE := src/tradewind/static/index.html
WEB_SOURCES := $(shell find web -name node_modules -prune -o -type f -print 2>/dev/null)
WORKERS ?= 2
ARGS ?=
# One order of the tests for a state of the code, so that what was green stays green; another number tries another one.
SEED ?= 20261121

# Where this is set, every process would compile all it imports anew: two seconds of each start, and of each test that
# starts a program.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup up test test-python test-web lint lint-style lint-types lint-imports lint-web coverage bench bench-forecast lock clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(VENV)/.package $(VENV)/.compiled $(SITE) ## Install into .venv and build the web app, nothing more

up: setup ## Start the product with demo data; prints the address and the login
	@exec $(BIN)/tradewind up --demo $(ARGS)

test: setup $(VENV)/.dev ## Install what is needed and run all tests, the web app's first
	@$(MAKE) test-web
	@$(MAKE) test-python

test-python: $(VENV)/.dev $(SITE) ## Run the Python tests; ARGS go to pytest
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder --randomly-seed=$(SEED) $(ARGS)

test-web: web/node_modules/.installed ## Run the web app's tests
	@$(NPM) run --silent test

# What is checked in one thread each is checked side by side, once all that it needs is there.
lint: $(VENV)/.dev web/node_modules/.installed ## Check style, types, imports between rooms, and the web app
	@$(MAKE) --jobs=$(WORKERS) --output-sync=target lint-types lint-style lint-imports lint-web

lint-style: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

lint-types: $(VENV)/.dev
	@$(BIN)/mypy

lint-imports: $(VENV)/.dev
	@$(BIN)/lint-imports --no-logo --cache-dir .build/import-linter

lint-web: web/node_modules/.installed
	@$(NPM) run --silent lint

coverage: $(VENV)/.dev $(SITE) ## Run the Python tests and report the lines and branches they reach
	@rm -f .build/coverage*
	@$(BIN)/coverage run -m pytest $(ARGS)
	@$(BIN)/coverage combine --quiet && $(BIN)/coverage report

bench: setup $(VENV)/.dev ## Measure speed and recovery on this machine, beside the engine's own limits
	@$(BIN)/python -m bench $(ARGS)

bench-forecast: setup $(VENV)/.dev ## Measure forecasts against their bars, on public demand
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.forecast $(ARGS)

# --- Locked dependencies: hashes only, no address of any registry ----------------------------------------------------

COMPILE = env -u PIP_FIND_LINKS -u UV_FIND_LINKS $(BIN)/uv pip compile --quiet --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header

lock: $(VENV)/.bootstrap ## Lock the dependencies anew; UPGRADE=1 takes the newest that fit
	$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml -o requirements.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group pyproject.toml:bootstrap -c requirements-dev.lock -o requirements-bootstrap.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group pyproject.toml:node -o requirements-node.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group pyproject.toml:peers --override bench/peers_without.txt -o requirements-peers.lock
	@! grep -nE 'https?://|--index-url|--find-links' requirements*.lock || { echo "A lock names an address; remove it."; exit 1; }

# --- Steps, each with a stamp ----------------------------------------------------------------------------------------

$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "Tradewind needs Python 3.11 or newer with its venv module (on Debian: apt install python3-venv)." >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.bootstrap: $(VENV)/pyvenv.cfg requirements-bootstrap.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	@touch $@

$(VENV)/.runtime: $(VENV)/.bootstrap requirements.lock
	@echo "Installing what Tradewind runs on"
	@$(UV) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.package: $(VENV)/.runtime pyproject.toml hatch_build.py
	@$(UV) --no-deps --no-build-isolation --editable .
	@touch $@

# The bytecode of all that a start and a build of gold import, which the installer does not write: the first is as fast
# as the second.
$(VENV)/.compiled: $(VENV)/.package $(shell find src -name '*.py')
	@$(BIN)/python -m compileall -q src
	@$(BIN)/python -c 'import tradewind.cli.answering, tradewind.cli.server, tradewind.warehouse.dbt_process, alembic.command'
	@touch $@

$(VENV)/.dev: $(VENV)/.package requirements-dev.lock
	@echo "Installing the tools that test and check it"
	@$(UV) --require-hashes -r requirements-dev.lock
	@touch $@

web/node_modules/.installed: web/package-lock.json | $(VENV)/.bootstrap
	@echo "Installing what the web app is built with"
	@$(NPM) ci --silent --no-audit --no-fund
	@touch $@

$(SITE): $(WEB_SOURCES) web/node_modules/.installed
	@echo "Building the web app"
	@$(NPM) run --silent build -- --logLevel warn
	@touch $@

clean: ## Remove all that was installed or built here; data folders stay
	@rm -rf $(VENV) .build dist web/node_modules web/dist src/tradewind/static .hypothesis .pytest_cache
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
