//! `make fuzz`: libFuzzer, which follows the branches that an input takes to the next one.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| agent_platform_fuzz::check(input));
