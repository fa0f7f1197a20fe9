# Each target names what it does after two hashes; `make help` prints them.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench screenshots verify-pdf references lock format clean

BIN := .venv/bin
PYTEST := $(BIN)/pytest
WORKERS ?= 4 # of the tests; much of their time they wait for browsers, servers and children

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install whatever is missing, for running, testing and checking
	@.ci/setup --dev

demo: ## play the demonstration year and serve it; SERVE=0 stops before serving, OUT=dir, PORT=n
	@.ci/setup
	@$(BIN)/registry demo $(if $(filter 0,$(SERVE)),--no-serve) $(if $(OUT),--out "$(OUT)") $(if $(PORT),--port $(PORT))

test: setup ## run every test, on SQLite and on PostgreSQL
	@$(PYTEST) -n $(WORKERS) --dist worksteal

check: setup ## ruff, mypy --strict, import contracts, migration drift on both databases
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(PYTEST) -q --durations=0 tests/architecture/test_migrations.py

bench: setup ## run the benchmarks; docs/benchmarks.md keeps their ratios
	@$(PYTEST) --benchmark-enable -s tests/benchmarks

screenshots: setup ## a picture of every page, at desk and at phone width, into out/screenshots
	@$(BIN)/python -m tests.browser.screenshots out/screenshots

verify-pdf: ## judge one paper of every kind by a validator of PDF/A (installs Java)
	@.ci/setup --verify
	@.ci/verify-pdf

references: setup ## draw the pictures of papers that look different and write their schemas; look before committing
	@$(BIN)/python -m tests.reports.references
	@$(BIN)/python -m tests.reports.schemas

lock: setup ## choose the newest allowed packages again and write the lock files
	@.ci/lock

format: setup ## put the code into the house's format
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

clean: ## remove what set-up and tools made; never var/, where a book may be, nor out/
	@rm -rf .venv .assets node_modules build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
