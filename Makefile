# make        sets everything up in .venv and answers the first question
# make test   runs every check of the project
# make reference  writes the READMEs of ontology, shapes and queries anew
# make notebook  runs the notebook of examples and writes its outputs anew

PYTHON ?= python3
BIN := .venv/bin

.PHONY: all test lint bench reference notebook export clean

all: .venv/ready
	@$(BIN)/kg query leading-firms

.venv/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("kg needs Python 3.11 or later, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev --editable .
	@touch $@

test: lint
	@$(BIN)/python -m pytest -n auto

lint: .venv/ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: .venv/ready
	@$(BIN)/python benchmarks/query.py

reference: .venv/ready
	@$(BIN)/kg reference --markdown

notebook: .venv/ready
	@$(BIN)/python -m tests.test_notebook

clean:
	@rm -rf .venv dist build
