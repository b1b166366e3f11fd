//! The parser on the inputs that are kept, and on random ones, without a fuzzer.

use std::{fs, path::Path};

use proptest::prelude::*;

#[test]
fn the_inputs_that_are_kept_are_parsed_as_the_standard_says() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let inputs: Vec<_> = fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(inputs.len() >= 10, "{inputs:?}");
    for input in inputs {
        println!("{}", input.display());
        agent_platform_fuzz::check(&fs::read(input).unwrap());
    }
}

/// What streams are made of, and what could be taken for it.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: &[&[u8]] = &[
        b"data",
        b"event",
        b"id",
        b"retry",
        b":",
        b" ",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\0",
        b"\xEF\xBB\xBF",
        b"\xF0\x9F",
        b"\xA6\x80",
        b"data: ",
        b"id: 7\n",
        b"event: message.delta\n",
        b"x",
        b": heartbeat\n\n",
    ];
    let piece = prop_oneof![
        8 => prop::sample::select(PIECES).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..20),
        1 => (any::<u8>(), 1..2000_usize).prop_map(|(byte, length)| vec![byte; length]),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn streams_are_parsed_as_the_standard_says(cut in any::<u8>(), stream in pieces()) {
        agent_platform_fuzz::check(&[&[cut][..], &stream].concat());
    }
}
