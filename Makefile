# make help lists the verbs. Needs Python 3.11 or newer; the rest goes into .venv.
HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run dev test test-long lint format schema bench clean

help: ## list the verbs
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

run: .venv/.runtime ## serve the site on HOST and PORT (127.0.0.1:8000), the worker beside it
	@exec $(BIN)/python manage.py serve --host $(HOST) --port $(PORT)

dev: .venv/.development ## the reloading server of a developer, with DEBUG
	@DEBUG=1 exec $(BIN)/python manage.py serve --reload --host $(HOST) --port $(PORT)

test: .venv/.development ## lint, types, contracts, migrations and every test, on both databases
	@$(BIN)/python -m tests.run

test-long: .venv/.development ## the tests that take longer
	@$(BIN)/python -m tests.run --long

lint: .venv/.development ## what runs no test: lint, types, contracts, migrations
	@$(BIN)/python -m tests.run --lint

format: .venv/.development ## put every file into its one form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schema: .venv/.development ## write the committed OpenAPI document anew; BREAKING=1 where it breaks callers
	@DEBUG=1 $(BIN)/python manage.py spectacular --format openapi-json --file docs/openapi.json.new
	@$(if $(BREAKING),:,$(BIN)/python -m tests.api.breaking docs/openapi.json docs/openapi.json.new \
		|| (rm docs/openapi.json.new; exit 1))
	@mv docs/openapi.json.new docs/openapi.json

bench: .venv/.development ## measure ratios against bare Django pages on the same server
	@$(BIN)/python -m benchmarks.run
	@$(BIN)/python -m benchmarks.saves
	@$(BIN)/python -m benchmarks.outlines
	@$(BIN)/python -m benchmarks.progress
	@$(BIN)/python -m benchmarks.api --events 50000

clean: ## remove what can be made again; var/ with its database stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An interrupted installation leaves no stamp, so the next run takes it up again.
.venv/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@echo "Installing what requirements.txt pins ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

.venv/.development: requirements-dev.txt .venv/.runtime
	@echo "Installing what requirements-dev.txt pins ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@
