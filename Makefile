# Each word makes what it needs: a virtual environment in .venv, with the versions of .constraints.txt.
# Nothing is installed again until pyproject.toml or .constraints.txt changes.
.DEFAULT_GOAL := help
.PHONY: help demo test check bench soak

VENV := .venv
PYTHON_HERE := $(VENV)/bin/python
PYTEST := $(PYTHON_HERE) -m pytest

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile

demo: $(VENV)/.runs ## the bot on your desk, with a chat page in the browser (REPORT=path, PORT=8080)
	@$(VENV)/bin/policybot demo $(if $(REPORT),--report "$(REPORT)") $(if $(PORT),--port "$(PORT)")

test: $(VENV)/.tests ## all tests in their quick form (browser tests need chromium)
	@$(PYTEST) -n 2

check: $(VENV)/.tests ## style, types, floors of the house, spelling
	@failed=0; for tool in "ruff check" "ruff format --check" mypy lint-imports codespell; do \
	  $(VENV)/bin/$$tool || failed=1; \
	done; exit $$failed

bench: $(VENV)/.bench ## the figures of README, measured here and now
	@$(PYTHON_HERE) -m tests.benchmarks
	@$(PYTEST) -q -s -m benchmark tests/benchmarks/bench_*.py
	@$(PYTHON_HERE) tests/benchmarks/lookup.py
	@for file in tests/gold/measure_*.py; do echo "== $$file"; $(PYTHON_HERE) $$file || exit 1; done

soak: $(VENV)/.tests ## the long forms of the tests: more kills, more inputs, more hours
	@$(PYTEST) -m soak -s -o faulthandler_timeout=0

# --- the environment ---

INSTALL = $(PYTHON_HERE) -m pip install --quiet --disable-pip-version-check --constraint .constraints.txt

$(VENV)/.runs: pyproject.toml .constraints.txt | $(VENV)/bin/python
	@echo "installing the bot (once) …" >&2
	@$(INSTALL) --editable '.[speed]' && touch $@

$(VENV)/.tests: pyproject.toml .constraints.txt | $(VENV)/bin/python
	@echo "installing the bot and its tests (once) …" >&2
	@$(INSTALL) --editable '.[dev]' && touch $@ $(VENV)/.runs

$(VENV)/.bench: pyproject.toml .constraints.txt | $(VENV)/bin/python
	@echo "installing the bot, its tests and those it is measured against (once) …" >&2
	@$(INSTALL) --editable '.[bench]' && touch $@ $(VENV)/.tests $(VENV)/.runs

# The first Python that is new enough; PYTHON=/path/to/python chooses another.
$(VENV)/bin/python:
	@found=; for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && found=$$python && break; \
	done; \
	if [ -z "$$found" ]; then echo "error: Python 3.11 or newer is needed (Debian: apt install python3)" >&2; exit 2; fi; \
	if ! $$found -c 'import venv, ensurepip' 2>/dev/null; then echo "error: $$found has no venv module (Debian: apt install python3-venv)" >&2; exit 2; fi; \
	$$found -m venv $(VENV)
