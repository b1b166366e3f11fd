//! Takes the o200k vocabulary out of the crate `tiktoken` and puts it into the binary in the plainest form: each token, by
//! rank, as one byte of length and its bytes. `tiktoken` itself stays out of the server: unpacking it at run time takes
//! 110 ms and leaves 22 MB behind.

use std::path::PathBuf;
use std::{env, fs};

/// The ordinary tokens; beyond them come marks that text never becomes.
const TOKENS: u32 = 199_998;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // They are read at compile time, and cargo does not see a new one otherwise.
    println!("cargo::rerun-if-changed=migrations");
    let vocabulary = tiktoken::get_encoding("o200k_base").expect("the feature vocab-o200k_base of tiktoken is on");
    let mut packed = Vec::with_capacity(2 << 20);
    for rank in 0..TOKENS {
        let token = vocabulary.decode(&[rank]);
        assert!(!token.is_empty(), "o200k has no gap, but rank {rank} is none of its tokens");
        packed.push(u8::try_from(token.len()).expect("the longest token of o200k has 128 bytes"));
        packed.extend(token);
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("o200k.tokens"), packed).expect("OUT_DIR can be written");
}
