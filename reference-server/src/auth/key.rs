//! The shape of a key: `pk_live_<public id>_<secret>`, both base 62 and of fixed length.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 71 bits: no two keys share a public part.
const PUBLIC_CHARS: usize = 12;
/// 190 bits: nobody guesses a secret, so that one round of SHA-256 is enough to store it.
const SECRET_CHARS: usize = 32;

/// What a key may do; each includes the ones before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Look at everything.
    Read,
    /// Run agents.
    Execute,
    /// Change everything.
    Admin,
}

impl Scope {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Execute => "execute",
            Self::Admin => "admin",
        }
    }
}

/// Which kind of work a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum Mode {
    /// The real thing.
    Live,
    /// The built-in model on the same data, not billed.
    Test,
}

impl Mode {
    /// The word on the wire and in the key.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
        }
    }
}

/// The part of a key that must not be told: printed as `…`, compared in constant time.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// SHA-256 of the secret, which is all that is stored.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }

    /// Whether this is the secret of which `hash` is stored, in a time that tells nothing.
    #[must_use]
    pub fn matches(&self, hash: &[u8]) -> bool {
        self.hash().ct_eq(hash).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A key just made: the only moment at which its whole text exists here.
#[derive(Debug)]
pub struct ApiKey {
    /// The part that may be logged.
    pub public_id: String,
    /// The part that may not.
    pub secret: Secret,
    kind: &'static str,
}

impl ApiKey {
    /// A new key for a tenant.
    #[must_use]
    pub fn generate(mode: Mode) -> Self {
        Self::of_kind(match mode {
            Mode::Live => "pk_live",
            Mode::Test => "pk_test",
        })
    }

    /// A new key for the operator.
    #[must_use]
    pub fn generate_operator() -> Self {
        Self::of_kind("op_live")
    }

    fn of_kind(kind: &'static str) -> Self {
        Self { public_id: random_base62(PUBLIC_CHARS), secret: Secret(random_base62(SECRET_CHARS)), kind }
    }

    /// The whole key, to be shown this once.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{}_{}_{}", self.kind, self.public_id, self.secret.0)
    }
}

/// The beginning of a key by which its owner can tell it apart: `pk_live_<public id>`.
#[must_use]
pub fn prefix(mode: Mode, public_id: &str) -> String {
    format!("pk_{}_{public_id}", mode.as_str())
}

/// A key as it came in, in its parts.
#[derive(Debug)]
pub struct ParsedKey {
    /// Which kind of work it says that it does.
    pub mode: Mode,
    /// The part that may be logged.
    pub public_id: String,
    /// The part that may not.
    pub secret: Secret,
}

impl ParsedKey {
    /// Takes a tenant's key apart; `None` where it is no such key.
    #[must_use]
    pub fn tenant(text: &str) -> Option<Self> {
        let live = text.strip_prefix("pk_live_").map(|rest| (Mode::Live, rest));
        let (mode, rest) = live.or_else(|| text.strip_prefix("pk_test_").map(|rest| (Mode::Test, rest)))?;
        Self::parts(mode, rest)
    }

    /// Takes an operator's key apart; `None` where it is no such key.
    #[must_use]
    pub fn operator(text: &str) -> Option<Self> {
        Self::parts(Mode::Live, text.strip_prefix("op_live_")?)
    }

    fn parts(mode: Mode, rest: &str) -> Option<Self> {
        let (public_id, secret) = rest.split_once('_')?;
        let base62 = |part: &str, chars: usize| part.len() == chars && part.bytes().all(|b| b.is_ascii_alphanumeric());
        (base62(public_id, PUBLIC_CHARS) && base62(secret, SECRET_CHARS)).then(|| Self {
            mode,
            public_id: public_id.to_owned(),
            secret: Secret(secret.to_owned()),
        })
    }
}

/// Characters drawn evenly: bytes from 248 up would favour the first eight, so they are drawn again.
fn random_base62(chars: usize) -> String {
    let mut text = String::with_capacity(chars);
    let mut bytes = [0; 64];
    while text.len() < chars {
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        let even = bytes.iter().filter(|&&b| b < 248).map(|&b| char::from(BASE62[usize::from(b % 62)]));
        text.extend(even.take(chars - text.len()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_taken_apart_as_it_was_made() {
        let key = ApiKey::generate(Mode::Live);
        let parsed = ParsedKey::tenant(&key.reveal()).unwrap();
        assert_eq!(parsed.public_id, key.public_id);
        assert!(parsed.secret.matches(&key.secret.hash()));
        assert!(!ParsedKey::tenant(&ApiKey::generate(Mode::Live).reveal()).unwrap().secret.matches(&key.secret.hash()));
        assert!(ParsedKey::operator(&key.reveal()).is_none());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "pk_live_", "pk_live_abc_def", "pk_live_aaaaaaaaaaaa_", "sk-abc", "pk_live_é"] {
            assert!(ParsedKey::tenant(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_secret_is_never_printed() {
        let key = ApiKey::generate(Mode::Test);
        assert!(!format!("{key:?}").contains(&key.secret.0));
    }
}
