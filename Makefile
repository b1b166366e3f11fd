# Each target sets up what it needs, in the tree: .venv, node_modules, target. Needed beforehand: Rust with a C compiler, Python
# 3.10 or later, Node 20 or later. PostgreSQL and Redis, for the tests, are installed with apt where they are missing and apt is there.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
SERVER := target/debug/agent-platform
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The same for cargo and for maturin, so that neither builds again what the other has built.
export PYO3_CONFIG_FILE := $(CURDIR)/sdk-python/pyo3.config

.PHONY: help demo serve test lint spec fuzz bench package build python-sdk node-sdk nextest postgres redis clean

help: ## Says what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: build python-sdk node-sdk ## Sets everything up and shows it: three tenants, three SDKs, one server
	@$(BIN)/python examples/demo.py

serve: ## Runs the server on port 8000 and says what to do next
	@cargo build --release --package agent-platform-server --bin agent-platform
	@echo
	@echo "Next, in another terminal:"
	@echo "  curl -s localhost:8000/signup -H 'Content-Type: application/json' -d '{\"email\": \"you@example.com\", \"tier\": \"starter\"}'"
	@echo "  open http://localhost:8000/docs"
	@echo
	@exec target/release/agent-platform serve

test: build nextest postgres redis python-sdk node-sdk ## Runs every test in every language
	cargo nextest run --workspace
	cargo test --workspace --doc --quiet
	cd sdk-python && $(BIN)/python -m pytest -q
	cd sdk-node && npm test
	$(BIN)/python -m pytest -q examples/tests

lint: build $(VENV)/installed sdk-node/node_modules ## Checks formats, lints, types, and that generated code is current
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- --deny warnings
	cargo check --quiet --package agent-platform-sdk --no-default-features
	$(SERVER) openapi | diff -u openapi/openapi.json - || { echo "openapi/openapi.json is out of date: run make spec"; exit 1; }
	target/debug/agent-platform-codegen --check
	$(BIN)/ruff format --check sdk-python examples && $(BIN)/ruff check sdk-python examples
	cd sdk-python && $(BIN)/mypy
	cd examples && $(BIN)/mypy
	cd sdk-node && npm run --silent lint
	node .github/lint.mjs
	for package in sdk-rust sdk-python; do cmp LICENSE $$package/LICENSE; done

spec: build ## Writes openapi/openapi.json from the server, and the three clients from it
	$(SERVER) openapi > target/openapi.json && mv target/openapi.json openapi/openapi.json
	target/debug/agent-platform-codegen

FUZZ_SECONDS ?= 60
fuzz: build ## Feeds the parser of event streams what a fuzzer thinks of, for FUZZ_SECONDS
	sdk-rust/fuzz/run.sh $(FUZZ_SECONDS)

bench: postgres redis $(VENV)/installed sdk-node/node_modules ## Measures the server and the SDKs in one run on this machine
	reference-server/benches/run.sh

package: $(VENV)/installed sdk-node/node_modules ## Builds what a release publishes for this machine, installs it and uses it
	.github/package-here.sh

# One build for everything in Rust: the server, the generator, the examples and both native modules.
build:
	cargo build --workspace

# The wheel, installed as a user would.
python-sdk: build $(VENV)/installed
	@$(BIN)/maturin build --quiet --profile dev --manifest-path sdk-python/Cargo.toml --out target/wheels
	@$(BIN)/pip install --quiet --force-reinstall --no-deps --no-index --find-links target/wheels agent-platform-sdk

node-sdk: build sdk-node/node_modules
	@cd sdk-node && npm run --silent build

$(VENV)/installed: sdk-python/requirements-dev.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or later is needed; name one with PYTHON=…")'
	$(PYTHON) -m venv $(VENV) || { .ci/apt-install python3-venv && $(PYTHON) -m venv $(VENV); }
	$(BIN)/pip install --quiet --requirement $<
	@touch $@

sdk-node/node_modules: sdk-node/package-lock.json
	cd sdk-node && npm ci --no-audit --no-fund --silent
	@touch $@

nextest:
	@cargo nextest --version >/dev/null 2>&1 || cargo install --locked cargo-nextest

postgres:
	@reference-server/tests/postgres.sh --find >/dev/null || { .ci/apt-install postgresql && reference-server/tests/postgres.sh --find >/dev/null; }

redis:
	@command -v redis-server >/dev/null || .ci/apt-install redis-server

clean: ## Removes what was built and installed in the tree
	rm -rf target $(VENV) sdk-node/node_modules sdk-node/dist sdk-node/*.node
