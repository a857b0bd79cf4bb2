# What a person or CI runs. Everything installed stays in .venv and js/node_modules; a second run does only what changed.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: setup build demo torch test check release lint vitest bench lock clean

# Without compiled modules each process that imports TensorFlow compiles 4,000 of them anew: 13 s of a core.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
STATIC := nnvis_widget/widgets/static
JS_SOURCES := js/build.mjs $(wildcard js/build/*.mjs) js/package.json js/tsconfig.json $(shell find js/src nnvis_widget/core/words -type f 2>/dev/null)

# $(call stage,name,command) says what it took; a failing stage ends the run with its name on the last line.
stage = echo "== $(1)"; SECONDS=0; $(2) || { echo "FAILED: $(1) after $$SECONDS s" >&2; exit 1; }; \
	echo "== $(1): $$SECONDS s"

# Two workers, each with one of the hosts; tests/conftest.py says what stays together.
PYTEST := $(BIN)/python -m pytest --numprocesses=2 --dist=loadgroup --no-loadscope-reorder \
	--durations=30 --durations-min=2

setup: .venv/.installed

build: $(STATIC)/.built

demo: setup
	$(BIN)/nnvis demo

torch: setup
	@$(BIN)/python -c "import torch" 2>/dev/null || \
		$(UV) pip install --python $(BIN)/python --torch-backend cpu "torch>=2.6"

test: setup
	@$(call stage,chromium,bash tests/browser/install_chromium.sh $(BIN)/python)
	@$(MAKE) --no-print-directory lint vitest
	@$(call stage,python and browser tests (pytest),$(PYTEST))

# What needs neither a trained model nor a browser.
check: lint vitest
	@$(call stage,python tests (pytest),$(PYTEST) tests/unit tests/property tests/contract tests/architecture \
		tests/planted/test_breaks.py::test_each_break_changes_one_place_of_the_product_of_today)

# What a run of all tests has no time for, beside it: hours.
PROGRAMS := 0 10000
release: setup
	@$(call stage,chromium,bash tests/browser/install_chromium.sh $(BIN)/python)
	@$(call stage,long runs (pytest),NNVIS_RELEASE=1 $(BIN)/python -m pytest \
		tests/dashboard/test_page_messages.py $(patsubst %,tests/browser/test_%.py,again_and_again openings mount))
	@for backend in tensorflow jax torch; do \
		$(BIN)/python -c "import $$backend" 2>/dev/null || { echo "without $$backend"; continue; }; \
		$(call stage,every model of Keras on $$backend,KERAS_BACKEND=$$backend JAX_PLATFORMS=cpu NNVIS_RELEASE=1 \
			$(BIN)/python -m pytest tests/keras/test_structure.py); done
	@$(call stage,planted breaks,$(BIN)/python -m tests.planted)
	@$(call stage,random programs,$(BIN)/python -m tests.differential $(PROGRAMS))

lint: setup
	@$(call stage,ruff check,$(BIN)/ruff check .)
	@$(call stage,ruff format,$(BIN)/ruff format --check .)
	@$(call stage,mypy,$(BIN)/mypy)
	@$(call stage,tsc and biome,(cd js && npm run --silent check))

vitest: setup
	@$(call stage,front end tests (vitest),(cd js && npm test))

bench: setup
	$(BIN)/python -m benchmarks

lock: .venv/.synced
	$(UV) pip compile pyproject.toml --all-extras --group dev --universal --generate-hashes \
		--no-header --no-emit-index-url --python-version 3.11 --quiet --output-file requirements.lock
	cd js && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund
	@cd js && npm ci --dry-run >/dev/null || { \
		echo "npm left builds of other systems out of js/package-lock.json: a package in js/package.json is too new here." >&2; \
		exit 1; }

clean:
	rm -rf .venv js/node_modules js/coverage js/demo/dist $(STATIC) dist build tests/browser/shots \
		.pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "nnvis_widget needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." \
			"Name another one: make setup PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep -oE '^uv==[^ ]+' requirements.lock)"
	@touch $@

.venv/.synced: requirements.lock | .venv/.created
	$(UV) pip sync --python $(BIN)/python --require-hashes requirements.lock
	@touch $@

js/node_modules/.installed: js/package-lock.json js/package.json
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { \
		echo "nnvis_widget is built with Node 20 or newer; found: $$(node --version 2>/dev/null || echo none)." >&2; exit 1; }
	cd js && npm ci --no-audit --no-fund
	@touch $@

$(STATIC)/.built: js/node_modules/.installed $(JS_SOURCES)
	cd js && npm run --silent build
	@test -s $(STATIC)/widget.js && test -s $(STATIC)/widget.css && test -s $(STATIC)/panel.js
	@touch $@

# Torch is not in the lock, which would hold 4 GB for GPUs: where a wheel for processors lies, the tests take it.
.venv/.torch: .venv/.synced
	@for wheel in $(wildcard $(PIP_FIND_LINKS:%=%/torch-*+cpu-*.whl)); do \
		$(UV) pip install --python $(BIN)/python --quiet "$$wheel" && break || echo "No torch from $$wheel." >&2; done
	@touch $@

# The sync removes what the lock does not hold, this package too: so it is installed after every sync.
.venv/.installed: .venv/.synced .venv/.torch $(STATIC)/.built pyproject.toml
	SKIP_JUPYTER_BUILDER=1 $(UV) pip install --python $(BIN)/python --no-deps --no-build-isolation --quiet -e .
	@touch $@
