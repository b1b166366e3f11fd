#!/usr/bin/env bash
# Fuzzes the parser of event streams for so many seconds: `run.sh 60`. Given a file instead, tries that input alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
what=${1:-60}
command -v c++ >/dev/null || .ci/apt-install g++

# With the workspace's features: what `make build` has built is not built again.
target=${CARGO_TARGET_DIR:-target}
CXXFLAGS="-O2 ${CXXFLAGS-}" RUSTC_WORKSPACE_WRAPPER=$PWD/sdk-rust/fuzz/instrument.sh \
    cargo build --workspace --bin fuzz-event-stream --features agent-platform-fuzz/libfuzzer

if [ -e "$what" ]; then
    exec "$target/debug/fuzz-event-stream" "$what"
fi
# What it finds on the way stays beside the build; corpus/ holds what was chosen.
found=$target/fuzz
mkdir -p "$found/corpus"
exec "$target/debug/fuzz-event-stream" -max_total_time="$what" -max_len=4096 -timeout=10 -rss_limit_mb=1024 \
    -dict=sdk-rust/fuzz/event_stream.dict -artifact_prefix="$found/" "$found/corpus" sdk-rust/fuzz/corpus
