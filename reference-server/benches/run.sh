#!/usr/bin/env bash
# Everything that `make bench` measures, in one run on this machine: the server, then each client.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=$PWD/.venv/bin
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# A private PostgreSQL that ends with this script. Its commits are as durable as in production: they are measured.
NEXTEST_ENV=$scratch/cluster AGENT_PLATFORM_TEST_POSTGRES_DURABLE=1 reference-server/tests/postgres.sh
# shellcheck source=/dev/null
source "$scratch/cluster"
export AGENT_PLATFORM_TEST_POSTGRES

echo "== the server"
cargo bench --quiet --package agent-platform-server --bench executions
echo
echo "== many tenants"
cargo bench --quiet --package agent-platform-server --bench tenants
echo
echo "== the Rust client"
cargo bench --quiet --package agent-platform-sdk --bench client
echo

# One server for both, which answers the same bytes to every client. It ends when this script does.
coproc clients_server { cargo bench --quiet --package agent-platform-sdk --bench client -- --serve; }
read -r url <&"${clients_server[0]}"

echo "== the Python client"
"$bin/maturin" build --quiet --release --manifest-path sdk-python/Cargo.toml --out "$scratch/wheel"
"$bin/python" -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --requirement sdk-python/bench/requirements.txt "$scratch"/wheel/*.whl
"$scratch/venv/bin/python" sdk-python/bench/bench.py "$url"
echo
echo "== the Node client"
(cd sdk-node && npm run --silent build:native -- --release && npm run --silent build:js)
(cd sdk-node/bench && npm ci --no-audit --no-fund --silent && node bench.mjs --base-url "$url")
