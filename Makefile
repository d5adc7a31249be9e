# make run and make test are all that a newcomer needs; the rest is for daily work. Needs Python 3.11-3.13 and make.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help

.PHONY: help run test lint bench simulate lock pictures rasa clean

help:
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: .venv/installed ## start everything in demo mode: no account, no key
	@$(BIN)/sidedoor demo

test: .venv/developing ## run the whole suite
	-@$(BIN)/python tools/find_browser --all >/dev/null
	$(BIN)/python -m pytest -q -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: .venv/developing ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/developing ## timings, as ratios in one run
	tools/bench

SEEDS ?= 1-4
PEOPLE ?= 2000
DAYS ?= 396
simulate: .venv/developing ## thirteen months of many lives; SEEDS=1-20 PEOPLE=200
	$(BIN)/python -m tests.simulation --seeds $(SEEDS) --people $(PEOPLE) --days $(DAYS) $(WITH)

lock: ## make the hashed lock files again (needs uv)
	tools/lock

pictures: .venv/developing ## take the README's pictures of the running product
	$(BIN)/python tools/pictures

rasa: .venv/installed ## an optional Rasa server, trained on flows/ (needs Python 3.10)
	@$(BIN)/python tools/rasa/build.py

clean: ## remove the environments and all caches; data in var/ stays
	rm -rf .venv .rasa .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info

.venv/bin/python:
	@$(PYTHON) tools/check_python
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/developing: requirements-dev.txt .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
