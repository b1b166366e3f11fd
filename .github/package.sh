#!/usr/bin/env bash
# Builds what a release publishes for one platform of sdk-node/platforms.json: the wheels, and the npm package with the
# native module. `package.sh linux-arm64-musl target/packages`; needs .github/requirements.txt, rustup and Node.
#
# For Linux the C library's version counts, not the machine's: Zig links against glibc 2.17 or musl, on any Linux.
set -euo pipefail
platform=$1
mkdir -p "$2"
out=$(cd "$2" && pwd)
cd "$(dirname "$0")/.."

rust=$(node -p 'require("./sdk-node/platforms.json").find(({ name }) => name === process.argv[1]).rust' "$platform")
rustup target add "$rust"
built=${CARGO_TARGET_DIR:-target}/$rust/release
case $rust in
*-linux-gnu) wheel=(--zig --compatibility manylinux_2_17) module=(zigbuild --target "$rust.2.17") ;;
*-linux-musl)
    wheel=(--zig --compatibility musllinux_1_2) module=(zigbuild --target "$rust")
    # A library of musl's is loaded into a process that has it already.
    export CARGO_TARGET_"$(tr 'a-z-' 'A-Z_' <<<"$rust")"_RUSTFLAGS="-C target-feature=-crt-static"
    ;;
*) wheel=() module=(build --target "$rust") ;;
esac

# What the development build sets would make a wheel of the one kind under the name of the other.
unset PYO3_CONFIG_FILE
# One wheel for every Python from 3.10, and one for the builds of 3.14 that have no global lock.
for interpreter in "" python3.14t; do
    maturin build --release --manifest-path sdk-python/Cargo.toml --target "$rust" ${wheel[@]+"${wheel[@]}"} \
        ${interpreter:+--interpreter "$interpreter"} --out "$out/wheels"
done

cargo "${module[@]}" --release --package agent-platform-node
for library in "$built"/libagent_platform_node.{so,dylib} "$built/agent_platform_node.dll"; do
    if [ -e "$library" ]; then node sdk-node/scripts/release.mjs platform "$platform" "$library" "$out/npm"; fi
done
