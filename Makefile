# Toàn Cảnh. `make demo` runs the sample province, `make test` the tests; both install what they need first.
PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TEST_READY := $(VENV)/.test-ready
# Compiled files are kept: without them every start compiles the product, and every test run all tests, again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help assets demo serve test test-all bench check clean
.DEFAULT_GOAL := help

help:
	@echo "make demo [PORT=8000]   the sample province with live feeds"
	@echo "make serve [HOST=0.0.0.0] [PORT=8000]   a centre of your own, see docs/operate.md"
	@echo "make test               the quick tests"
	@echo "make check              lint, types, import contracts, migrations"
	@echo "make bench              speed and memory, written to docs/performance.md"

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(TEST_READY): requirements-dev.txt $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

assets: $(READY)
	@$(BIN)/python -m toancanh.ui.assets.static_build

demo: assets
	@TOANCANH_DATA=$${TOANCANH_DATA:-var/demo} $(BIN)/toancanh demo --host $(HOST) --port $(PORT)

serve: assets
	@$(BIN)/toancanh serve --host $(HOST) --port $(PORT)

test: $(TEST_READY) assets
	$(BIN)/python -m pytest -n 2 -m "not slow and not browser and not service"

test-all: $(TEST_READY) assets
	$(BIN)/python -m pytest

bench: $(TEST_READY) assets
	$(BIN)/python -m benchmarks

check: $(TEST_READY)
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy src/toancanh
	$(BIN)/lint-imports
	$(BIN)/python -m toancanh.ui.assets.static_build --check
	TOANCANH_DATA=$$(mktemp -d) $(BIN)/python -m toancanh.site.migrations_check

clean:
	rm -rf var build dist src/*.egg-info
