# tracegraph. The two commands to know: `make demo` and `make test`. Both set up what they need in $(VENV).

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

# Any Python from 3.11 on; the first of these that runs. Choose another with `make PYTHON=/path/to/python3.13 test`.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
	if "$$name" -c '$(NEW_ENOUGH)' 2>/dev/null; then echo "$$name"; break; fi; done)
# The versions that `make test-pythons` looks for; a path to an interpreter is as good as a name.
PYTHONS ?= python3.11 python3.12 python3.13

VENV ?= .venv
# Where make bench keeps events, stores and results.
BENCH ?= bench-data
# The wheel, installed as a user gets it, into a folder of its own. Types and import rules are checked there.
WHEEL := $(VENV)/wheel
PIP := -m pip --disable-pip-version-check --quiet
BUILD_FILES := pyproject.toml setup.py Makefile
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Tests start many processes; each would compile the package anew where Python may not keep what it compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help:  ## show this
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-13s %s\n", $$1, $$2 }'

.PHONY: demo
demo: $(VENV)/runtime.installed  ## capture a real outbreak and trace it (about a minute, nothing to set up)
	@$(VENV)/bin/tracegraph demo

.PHONY: test
test: check unit  ## everything that this machine can run; says at its end what it could not
	@echo "Beyond this run: make test-pythons, make test-lowest (other versions), make worlds (300 simulated worlds), make torture, make mutation."

.PHONY: check
check: lint types  ## style, types and import rules, without the tests

.PHONY: lint
lint: $(VENV)/dev.installed
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .

.PHONY: types
types: $(VENV)/dev.installed
	@rm -rf $(WHEEL)
	@$(VENV)/bin/python -m tests.wheel $(WHEEL)/dist
	@$(VENV)/bin/python $(PIP) install --no-deps --no-compile --target $(WHEEL)/installed $(WHEEL)/dist/*.whl
	@# What lies there is found before the checkout, in which tracegraph.api is beside the package.
	@MYPYPATH=$(WHEEL)/installed $(VENV)/bin/mypy $(WHEEL)/installed/tracegraph tests benchmarks conftest.py
	@PYTHONPATH=$(WHEEL)/installed $(VENV)/bin/lint-imports --no-cache --no-logo

.PHONY: unit
unit: $(VENV)/dev.installed  ## the tests alone (PYTEST="-k words tests/trace" for a part)
	@$(VENV)/bin/python -m pytest --numprocesses 2 $(PYTEST)

.PHONY: test-pythons
test-pythons:  ## the tests on every other Python found (PYTHONS="python3.12 /path/to/python3.13")
	@for python in $(PYTHONS); do \
		version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) \
			|| { echo "not run: $$python is not on this machine; name one by its path in PYTHONS"; continue; }; \
		echo "== Python $$version"; \
		$(MAKE) --no-print-directory unit PYTHON="$$python" VENV=".venv/python$$version"; \
	done

.PHONY: test-lowest
test-lowest: $(VENV)/dev.installed  ## the tests on the oldest versions of all dependencies that pyproject.toml admits
	@$(VENV)/bin/python -m venv .venv/lowest
	@$(VENV)/bin/python -m tests.lowest > .venv/lowest/constraints.txt
	@.venv/lowest/bin/python $(PIP) install --constraint .venv/lowest/constraints.txt --editable '.[test]'
	@.venv/lowest/bin/python -m pytest --numprocesses 2 $(PYTEST)

.PHONY: test-neo4j
test-neo4j: $(VENV)/dev.installed  ## the tests that need Neo4j, on another version (NEO4J_VERSION=2026.08.1, with a Java for it)
	@$(if $(NEO4J_VERSION),TRACEGRAPH_TEST_NEO4J_VERSION="$(NEO4J_VERSION)") \
		$(VENV)/bin/python -m pytest --numprocesses 2 -k "neo4j or compose" $(PYTEST)

.PHONY: worlds
worlds: $(VENV)/dev.installed  ## 300 simulated worlds, asked through the command line, compared with what truly happened
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(VENV)/bin/python -m tests.simulator --worlds 300 --shuffle

.PHONY: bench
bench: $(VENV)/dev.installed  ## benchmarks at 1 M legs in bench-data/ (BENCH=folder); minutes and disk: docs/benchmarks.md
	@$(VENV)/bin/python -m benchmarks usual --folder "$(BENCH)" --publish

.PHONY: bench-large
bench-large: $(VENV)/dev.installed  ## benchmarks at 10 M legs, a long run
	@$(VENV)/bin/python -m benchmarks large --folder "$(BENCH)" --publish

.PHONY: torture
torture: $(VENV)/dev.installed  ## kill, damage, fuzz: about ten minutes (ROUNDS=20 SEED=7 TORTURE="killed_in_capture" for a part)
	@$(VENV)/bin/python -m tests.torture $(TORTURE) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SEED),--seed $(SEED)) --json torture.json

.PHONY: deliveries
deliveries: $(VENV)/dev.installed  ## webhooks under kills, outages and lost replies (ROUNDS=30 SEED=1): minutes
	@$(VENV)/bin/python -m tests.api.epcis.outage $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SEED),--seed $(SEED))

.PHONY: conformance
conformance: $(VENV)/dev.installed  ## schemathesis over the whole HTTP interface (EXAMPLES=200 SEED=1 STORE=URL of an empty one)
	@$(VENV)/bin/python -m tests.api.conformance $(if $(EXAMPLES),--examples $(EXAMPLES)) $(if $(SEED),--seed $(SEED)) $(if $(STORE),--store $(STORE))

.PHONY: load
load: $(VENV)/dev.installed  ## the service under load on both stores, ten minutes each (MINUTES=10); needs wrk
	@$(VENV)/bin/python -m benchmarks.load --folder "$(BENCH)" $(if $(MINUTES),--minutes $(MINUTES))

.PHONY: mutation
mutation: $(VENV)/dev.installed  ## mutation testing of timeline and trace, claims and schemes (hours; MUTANTS="--sample 300 trace" for a part)
	@$(VENV)/bin/python $(PIP) install --editable '.[dev,mutation]'
	@$(VENV)/bin/python -m tests.mutation $(MUTANTS)
	@$(VENV)/bin/mutmut results
	@$(VENV)/bin/mutmut export-cicd-stats
	@cat mutants/mutmut-cicd-stats.json

.PHONY: format
format: $(VENV)/dev.installed  ## put the source in order
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

.PHONY: clean
clean:  ## remove environments, caches and builds
	rm -rf $(VENV) build dist mutants *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "tracegraph needs Python 3.11 or newer; install it, or name it: make PYTHON=/path/to/python3.13"; exit 1; }
	@$(PYTHON) -c '$(NEW_ENOUGH)' || { echo "$(PYTHON) is not Python 3.11 or newer; name another: make PYTHON=/path/to/python3.13"; exit 1; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/runtime.installed: $(BUILD_FILES) | $(VENV)/bin/python
	@$(VENV)/bin/python $(PIP) install --editable .
	@touch $@

$(VENV)/dev.installed: $(BUILD_FILES) | $(VENV)/bin/python
	@echo "Installing what the tests need ..."
	@$(VENV)/bin/python $(PIP) install --no-compile --editable '.[dev]'
	@# As pip would, but on all processors; some packages bring files that are not for this Python.
	@$(VENV)/bin/python -m compileall -qq -j 0 $(VENV)/lib || true
	@touch $@ $(VENV)/runtime.installed
