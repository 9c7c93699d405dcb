# `make run` and `make test` are all one needs; `make help` lists the rest.

VENV ?= .venv
PY := $(VENV)/bin/python
export VENV PYTHON

.DEFAULT_GOAL := help
.PHONY: help run test test-fast coverage lint format bench lock docs migrations audit clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-12s %s\n' "$$name" "$$text"; done

$(VENV)/.run: requirements.lock pyproject.toml
	@tools/setup.sh requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml
	@tools/setup.sh requirements-dev.lock
	@touch $@ $(VENV)/.run

run: $(VENV)/.run ## open the casino at http://localhost:5011
	@exec $(VENV)/bin/imperio serve

test: $(VENV)/.dev ## everything that has to hold: style, types, tiers, tests (a quarter of an hour)
	@tools/needs.sh
	@$(MAKE) --no-print-directory lint
	@# Two cores under full load make a timing test late now and then: what failed is asked once more, alone. Failing
	@# twice is a failure; a test that needs its second chance stands in the log and has to be mended.
	$(PY) -m pytest -q -n 2 --dist loadfile -m "not slow" || \
		$(PY) -m pytest -q --last-failed --last-failed-no-failures none -m "not slow"

test-fast: $(VENV)/.dev ## the tests without browser and without several processes (five minutes)
	$(PY) -m pytest -q -n 2 --dist loadfile -m "not slow and not browser and not multi"

coverage: $(VENV)/.dev ## the tests, and how much of the code they reach
	@tools/needs.sh
	$(PY) -m pytest -q --cov --cov-report=term --cov-report=xml --cov-fail-under=80

lint: $(VENV)/.dev ## style, types and tiers
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: $(VENV)/.dev ## lay the Python files out anew
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: $(VENV)/.dev ## measure the money path and the fan-out
	@mkdir -p benchmarks/results
	$(PY) -m benchmarks.spins
	$(PY) -m benchmarks.live_app
	$(PY) -m benchmarks.boards
	$(PY) -m benchmarks.cache
	$(PY) -m benchmarks.tables
	$(PY) benchmarks/live_fanout.py --json benchmarks/results/live_fanout.json

lock: ## resolve the dependencies anew (make lock upgrade=1: take the newest)
	@test -x $(PY) || tools/setup.sh requirements-dev.lock
	@$(PY) -m pip --disable-pip-version-check install --quiet --root-user-action ignore "uv>=0.9"
	$(PY) tools/lock.py $(if $(upgrade),--upgrade)

docs: $(VENV)/.run ## write docs/settings.md from the settings themselves
	$(PY) -m tools.settings_doc

migrations: $(VENV)/.run ## write migrations for changed models (make migrations name=what_changed)
	@test -n "$(name)" || { echo "Say what changed: make migrations name=what_changed"; exit 2; }
	$(PY) -m imperio migrate --make "$(name)"

audit: $(VENV)/.dev ## known weaknesses in our code and in what we depend on
	$(VENV)/bin/bandit -q -r imperio -c pyproject.toml
	$(VENV)/bin/pip-audit --require-hashes --disable-pip -r requirements.lock

clean: ## take away what was made here; data in ./var stays
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
