#!/usr/bin/env bash
# Everything that `make bench` measures, in one run on this machine: the server, then each client.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=$PWD/.venv/bin
scratch=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$scratch"' EXIT

# A private PostgreSQL that ends with this script. Its commits are as durable as in production: they are measured.
NEXTEST_ENV=$scratch/cluster AGENT_PLATFORM_TEST_POSTGRES_DURABLE=1 reference-server/tests/postgres.sh
# shellcheck source=/dev/null
source "$scratch/cluster"
export AGENT_PLATFORM_TEST_POSTGRES

echo "== the server"
cargo bench --quiet --package agent-platform-server --bench executions
echo
echo "== the Rust client"
cargo bench --quiet --package agent-platform-sdk --bench client
echo

cargo build --quiet --release --package agent-platform-server --bin agent-platform
"${CARGO_TARGET_DIR:-target}/release/agent-platform" serve --bind 127.0.0.1:0 --database-url "sqlite://$scratch/bench.db" >"$scratch/ready" 2>/dev/null &
server=$!
until grep -q ready "$scratch/ready"; do kill -0 "$server"; sleep 0.1; done
url=$(grep -o 'http://[0-9.:]*' "$scratch/ready" | head -n 1)

echo "== the Python client"
"$bin/maturin" build --quiet --release --manifest-path sdk-python/Cargo.toml --out "$scratch/wheel"
"$bin/python" -m venv --system-site-packages "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --no-deps "$scratch"/wheel/*.whl
"$scratch/venv/bin/python" sdk-python/bench/bench.py "$url"
echo
echo "== the Node client"
(cd sdk-node && npm run --silent build:native -- --release && npm run --silent build:js && npm run --silent bench)
