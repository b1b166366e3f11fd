#!/usr/bin/env bash
# What the release workflow does, for the machine at hand and without publishing. `make package`
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH=$PWD/.venv/bin:$PATH
out=${CARGO_TARGET_DIR:-target}/packages
rm -rf "$out"
.venv/bin/pip install --quiet --requirement .github/requirements.txt
platform=$(node -p '
    const libc = process.platform === "linux" ? (process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl") : undefined;
    require("./sdk-node/platforms.json").find((p) => p.os === process.platform && p.cpu === process.arch && p.libc === libc).name')

.github/package.sh "$platform" "$out"
(cd sdk-node && npm run --silent build:js)
node sdk-node/scripts/release.mjs main "$out/npm"
PYTHON=$PWD/.venv/bin/python .github/smoke/python.sh "$out/wheels"
.github/smoke/node.sh "$out/npm"

maturin sdist --manifest-path sdk-python/Cargo.toml --out "$out/source"
twine check --strict "$out"/wheels/* "$out"/source/*
# Built from what is in it alone: the workspace is not around it any more.
pip wheel --quiet --no-deps --wheel-dir "$out/built" "$out"/source/*.tar.gz
PYTHON=$PWD/.venv/bin/python .github/smoke/python.sh "$out/built"

# Uncommitted changes are no release, but may be tried.
cargo publish --dry-run --allow-dirty --package agent-platform-sdk
ls -l "$out/wheels" "$out/source" "$out/npm"
