# `make` builds the decks of notes/; `make test` passes the tests; `make docs` makes a site of docs/; `make bench` measures; `make release`
# builds what is published. All set up what they need in .venv.
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin

.PHONY: build test slow lint docs check bench release clean

build: .venv/requirements
	$(BIN)/python build.py $(ARGS)

test: .venv/requirements-dev
	$(BIN)/python -m pytest -n auto -m "not slow" $(ARGS)

slow: .venv/requirements-dev
	$(BIN)/python -m pytest -n auto -m slow $(ARGS)

lint: .venv/requirements-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/shellcheck -x action/*.sh .ci/*
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows docs/notedeck.yml

docs: .venv/requirements-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict

check: lint docs test slow

bench: .venv/requirements-bench
	$(BIN)/python benchmarks/speed.py --write $(ARGS)

release: .venv/requirements-dev
	.ci/release

clean:
	rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .hypothesis site

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/requirements: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/requirements-dev: requirements-dev.txt requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/requirements

.venv/requirements-docs: requirements-docs.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-docs.txt
	@touch $@

.venv/requirements-bench: benchmarks/requirements.txt requirements-dev.txt requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	@touch $@
