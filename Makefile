# Satu on a fresh machine: Python 3.11 or newer, make and a package index are all it needs.
#
#   make setup     the locked packages and `satu` into .venv
#   make demo      a sample company into ./workspace, and its first night
#   make test      what every change must pass

PYTHON    ?= python3
VENV      ?= .venv
CUSTOMERS ?= 20000
SIZE      ?=
WORKERS   ?= 2
PORT      ?= 3000
KILLS     ?= 500
HOUR      ?= 60

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
CODE := pipelines assets transforms data_quality warehouse sample_retailer

# Modules are compiled once: where this is set, every command would compile Great Expectations anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo ui test test-all check lint format bench bench-identity bench-value torture docs lock clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' Makefile

setup: ## Install the locked packages and satu into .venv (only when the lock changed)
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null || { \
	  echo "Satu needs Python 3.11 to 3.14, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1 | tail -n 1);" \
	       "name another with: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.12" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python could not make $(VENV); install its venv module (Debian: apt install python3-venv)" >&2; exit 2; }
	@wanted="$$($(BIN)/python -c 'import hashlib, platform, pathlib; print(platform.python_version(), hashlib.sha256(b"".join(pathlib.Path(p).read_bytes() for p in ("requirements.lock", "pyproject.toml"))).hexdigest())')"; \
	test "$$(cat $(VENV)/.installed 2>/dev/null)" = "$$wanted" || { \
	  echo "Installing the locked packages into $(VENV) (a minute or two, once) ..." >&2; \
	  $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; \
	  $(PIP) install --no-deps --no-compile --require-hashes -r requirements.lock && \
	  $(PIP) install --no-deps --no-build-isolation -e . && \
	  echo "$$wanted" > $(VENV)/.installed || { \
	    echo "The packages could not be installed; see the lines above, then run 'make setup' again" >&2; exit 1; }; }

demo: setup ## Make a sample company in ./workspace and run its first night (CUSTOMERS=20000)
	@$(BIN)/satu demo --customers $(CUSTOMERS)

ui: setup ## Open the Dagster UI on ./workspace (PORT=3000)
	@$(BIN)/satu ui --port $(PORT)

test: check ## Lint, types, import direction and the quick tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

test-all: check ## The same, and the slow tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m "slow or not slow"

check: setup ## Lint, format, types and import direction; no tests
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format --check -q . || { echo "Some files are not formatted; run 'make format'" >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@PYTHONPATH=. $(BIN)/lint-imports >.import-linter.out 2>&1 && rm -f .import-linter.out || { \
	  cat .import-linter.out >&2; rm -f .import-linter.out; exit 1; }

format: setup ## Put the code into the house's form
	@$(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .

bench: setup ## Time a night on sample data (SIZE=...)
	@$(BIN)/satu bench $(SIZE)

bench-identity: setup ## Measure matching beside Splink, goldenmatch and recordlinkage (hours)
	@$(BIN)/python -m benchmarks.identity

bench-value: setup ## Measure the purchase model beside lifetimes, clvkit and pymc-marketing (an hour)
	@$(BIN)/python -m benchmarks.value

torture: setup ## Kill nights, at least KILLS=500 of them and HOUR=60 minutes long, while readers look (hours)
	@$(BIN)/python -m benchmarks.torture --kills $(KILLS) --minutes $(HOUR)
	@$(BIN)/python -m pytest tests/reliability -m "slow or not slow"

docs: setup ## Write docs/data-dictionary.md from the contracts
	@$(BIN)/python -m pipelines.dictionary > docs/data-dictionary.md.new && mv docs/data-dictionary.md.new docs/data-dictionary.md

lock: setup ## Resolve requirements.lock anew (maintainers; the only thing that needs uv)
	@$(PIP) install uv
	@$(BIN)/uv pip compile pyproject.toml --extra dev --extra postgres --extra mysql --upgrade --universal --python-version 3.11 \
	  --fork-strategy fewest --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-strip-extras \
	  --no-header --quiet -o requirements.lock

clean: ## Remove .venv and every cache; workspaces stay
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info build dist
	@find $(CODE) tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
