# Every target stands alone: it makes the environment first where that is needed.
#   make demo    the whole way of a filing, on generated ones, with figures
#   make up      keep serving (Ctrl-C stops everything)
#   make test    all tests        make lint    style, types, architecture
#   make bench   every stage against its baseline (SCALE=small, STAGES=relay,project, PEERS=0)

.DEFAULT_GOAL := help
.PHONY: help setup demo up test bench bench-page lint docs lock clean
.DELETE_ON_ERROR:
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# What is measured against us, where it cannot share our environment.
PEERS_VENV := .venv-bench
PEERS_INSTALLED := $(PEERS_VENV)/.installed
# Each job starts a PostgreSQL and a broker of its own; one Apache Kafka is all that two cores can carry.
JOBS ?= $(if $(filter apache,$(LODESTONE_TEST_KAFKA)),0,2)
PACKAGES := application bench consumers domain infra interfaces projections tests
SCALE ?= full
STAGES ?=
PEERS ?= 1

help: ## say what there is
	@sed -n 's/^\([a-z][a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

setup: $(INSTALLED) ## make .venv with .venv/bin/lodestone

# --only-binary: no foreign build code runs, and nothing that is not in the lock file is fetched to build with.
$(INSTALLED): requirements/dev.txt pyproject.toml
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  for candidate in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	    if "$$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	      echo "making $(VENV) with $$candidate"; exec "$$candidate" -m venv --clear $(VENV); \
	    fi; \
	  done; \
	  echo "error: Python 3.11 or later with venv is needed (PYTHON=... names one)" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
# What pip does to packages that it copies: where nothing is cached (PYTHONDONTWRITEBYTECODE) every start would compile.
	@$(BIN)/python -m compileall -q $(PACKAGES)
	@touch $(INSTALLED)

demo: $(INSTALLED) ## the main job on generated filings, shown
	$(BIN)/lodestone demo $(ARGS)

up: $(INSTALLED) ## start everything and keep serving
	$(BIN)/lodestone up $(ARGS)

test: $(INSTALLED) ## all tests (ARGS="-k sale" narrows them, JOBS=0 runs them in one process)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(ARGS)

# The peers' packages are wheels only too: one that has none for this Python is a reason to run with PEERS=0.
$(PEERS_INSTALLED): requirements/bench-peers.txt $(INSTALLED)
	$(BIN)/python -m venv --clear $(PEERS_VENV)
	$(PEERS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/bench-peers.txt || { \
	  echo "error: the peers cannot be installed here (see above); make bench PEERS=0 measures the rest" >&2; exit 1; }
	@touch $(PEERS_INSTALLED)

bench: $(INSTALLED) $(if $(filter 0,$(PEERS)),,$(PEERS_INSTALLED)) ## measure every stage against its baseline (SCALE=small, STAGES=.., PEERS=0)
	$(BIN)/python -m bench --scale $(SCALE) $(if $(STAGES),--stages $(STAGES)) $(if $(filter 0,$(PEERS)),,--peers $(PEERS_VENV)/bin/python) $(ARGS)

bench-page: $(INSTALLED) ## write bench/out/results.json into docs/performance.md
	$(BIN)/python -m bench.page $(ARGS)

lint: $(INSTALLED) ## style, formatting, types, architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

docs: $(INSTALLED) ## write what comes from the models: docs/events.md, docs/schemas/
	$(BIN)/python -m interfaces.documents.write

lock: ## write the hash-locked requirements anew (needs uv)
	uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev -o requirements/dev.txt
	uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements/dev.txt -o requirements/runtime.txt
	uv pip compile -q --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements/dev.txt -o requirements/build.txt
	uv pip compile -q --group bench-peers --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/bench-peers.txt

clean: ## remove what was made, never a data directory
	rm -rf $(VENV) $(PEERS_VENV) bench/out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
