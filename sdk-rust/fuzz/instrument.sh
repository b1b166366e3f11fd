#!/bin/sh
# The compiler, for the crates of this workspace: optimized, and telling libFuzzer which branches were taken. These are
# the flags of cargo-fuzz, which would need a nightly compiler for what it adds to them: nothing that safe Rust needs.
exec "$@" -Copt-level=2 -Ccodegen-units=1 -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=3 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares
