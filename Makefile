# Every target works on a fresh clone: it installs what it needs first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run cluster test soak ways lint lock format bench sure clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

run: $(VENV)/.runs ## the server with a demo card, on http://localhost:5000
	@tools/compile
	@PATH="$(CURDIR)/$(BIN):$$PATH" tools/run

cluster: $(VENV)/.checks ## two workers, Redis, PostgreSQL and nginx, on http://127.0.0.1:5000
	@tools/system-packages nginx
	@tools/compile
	@$(BIN)/python tools/cluster

# Two files at a time; what measures, or fills the machine, runs `alone`.
TWO := -n 2 --dist loadfile
test: $(VENV)/.checks ## all tests but the long ones
	@tools/system-packages
	@tools/compile
	$(BIN)/python -m pytest $(TWO) -m "not soak and not alone"
	$(BIN)/python -m pytest -m "alone and not soak"

# A journey of minutes on a machine that others use is tried a second time; the last line says how many were ("rerun").
AGAIN := --reruns 1
soak: $(VENV)/.checks ## the long journeys
	@tools/system-packages
	@tools/system-packages nginx
	@tools/system-packages bench
	@tools/compile
	$(BIN)/python -m pytest $(TWO) $(AGAIN) -m "soak and not alone"
	$(BIN)/python -m pytest $(AGAIN) -m "soak and alone"
	$(MAKE) --no-print-directory ways

# What a test's servers are not told by the test they take from here; one that serves otherwise fails it.
JOURNEYS := tests/journeys tests/browser/test_live_prices.py
ways: $(VENV)/.checks ## the short journeys on the other ways of a WebSocket: stock, and the send loop in Python
	WEBSOCKET_TRANSPORT=stock $(BIN)/python -m pytest $(TWO) $(AGAIN) -m "not soak and not alone" $(JOURNEYS)
	SEND_LOOP=python $(BIN)/python -m pytest $(TWO) $(AGAIN) -m "not soak and not alone" $(JOURNEYS)

# What serves, and what runs where it serves: not the tests and benchmarks.
SERVED := racing app.py wsgi.py server.py migrations tools/cluster tools/audit
lint: $(VENV)/.checks ## style, types, which way imports point, and holes: in our code and in what we pin
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml $(SERVED)
	@PATH="$(CURDIR)/$(BIN):$$PATH" tools/audit

lock: $(VENV)/.checks ## requirements*.txt anew from requirements*.in; UPGRADE=name: the newest of one package
	@PATH="$(CURDIR)/$(BIN):$$PATH" tools/lock

format: $(VENV)/.checks ## put the code in its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.checks ## fan-out beside Node's socket.io and the C limit, 15 minutes; BENCH=quick: 3; BENCH=one-write
	@tools/system-packages bench
	@tools/compile
	$(BIN)/python -m bench $(BENCH)

sure: lint test soak ## everything that CI runs

clean: ## away with what was installed and made
	rm -rf $(VENV) instance

$(VENV)/.runs: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.checks: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $(VENV)/.runs $@
