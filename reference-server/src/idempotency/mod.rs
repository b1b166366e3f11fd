//! `Idempotency-Key`: the name that a caller gives a request, so that it is worked on once however often it is sent.
//!
//! Of a key only a hash is stored. What is kept is the answer of work that was done, written in the transaction of the work
//! itself and sealed under the key; of an execution its id, from whose row the answer is made again.

mod seal;

use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    auth::Mode,
    error::{Problem, Result},
    store::{
        idempotency::{KeptAnswer, KeyHolder, KnownKey},
        settlement::ExecutionClaim,
    },
};

/// How long an answer is kept.
const KEPT_FOR: chrono::Duration = chrono::Duration::hours(24);
/// The longest key, in characters: that of Stripe's.
const MAX_KEY: usize = 255;
/// How an answer is given is no part of what is asked: a retry may take as events what was first asked for as JSON.
const HOW_TO_ANSWER: &str = "stream";
/// A key of hexadecimal digits with this many has 128 random bits; a UUID of version 4, which has 122, is taken too.
const RANDOM_HEX_DIGITS: usize = 32;
/// Random keys of that length never have fewer different digits; `aaaa…` does.
const RANDOM_DISTINCT: usize = 7;

/// A caller's key. It opens what was sealed under it, so it is shown by no log.
#[derive(Clone)]
pub struct IdempotencyKey(String);

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey(…)")
    }
}

impl IdempotencyKey {
    /// Reads a header's value.
    ///
    /// # Errors
    /// 400, which names the header.
    pub fn parse(value: &[u8]) -> Result<Self> {
        let refused = |what: &str| {
            let detail = format!(
                "The header Idempotency-Key {what} Send 1 to {MAX_KEY} characters of ASCII that nobody guesses, like a UUID, and the same ones with each retry."
            );
            Err(Problem::bad_request(detail))
        };
        if value.iter().all(u8::is_ascii_whitespace) {
            return refused("is blank.");
        }
        if value.len() > MAX_KEY {
            return refused(&format!("has {} characters.", value.len()));
        }
        match std::str::from_utf8(value) {
            Ok(text) if value.iter().all(|byte| (b' '..=b'~').contains(byte)) => Ok(Self(text.to_owned())),
            _ => refused("holds characters that are not printable ASCII."),
        }
    }

    /// Whether the key can hold 128 random bits, as far as its form tells. Only forms that nobody writes by hand are taken: a name,
    /// an address or a time of day is long enough too, and is guessed.
    fn looks_random(&self) -> bool {
        let mut digits: Vec<u8> = self.0.bytes().filter(|byte| *byte != b'-').collect();
        let has_hyphens = digits.len() < self.0.len();
        let is_hexadecimal = digits.len() >= RANDOM_HEX_DIGITS && digits.iter().all(u8::is_ascii_hexdigit);
        let is_number = digits.iter().all(u8::is_ascii_digit);
        digits.sort_unstable();
        digits.dedup();
        is_hexadecimal && !is_number && digits.len() >= RANDOM_DISTINCT && (!has_hyphens || self.is_uuid_v4())
    }

    /// RFC 9562, section 5.4, given that all but the hyphens are hexadecimal digits.
    fn is_uuid_v4(&self) -> bool {
        let hyphens: Vec<usize> = self.0.match_indices('-').map(|(at, _)| at).collect();
        let byte = |at: usize| self.0.as_bytes().get(at).map(u8::to_ascii_lowercase);
        self.0.len() == 36
            && hyphens == [8, 13, 18, 23]
            && byte(14) == Some(b'4')
            && byte(19).is_some_and(|variant| b"89ab".contains(&variant))
    }

    fn require_random(&self) -> Result<()> {
        if self.looks_random() {
            return Ok(());
        }
        Err(Problem::bad_request(
            "The header Idempotency-Key must hold at least 128 random bits here, since whoever shows it again is answered with \
             the new API key: send a version 4 UUID or 32 random hexadecimal digits, or leave it out.",
        ))
    }

    fn hash(&self) -> String {
        hex(Sha256::new_with_prefix(b"agent-platform:idempotency-key\0").chain_update(&self.0).finalize().as_slice())
    }
}

/// What a caller asks for under a key.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Whose key it is.
    pub holder: KeyHolder,
    /// Of which operation: its method and its path's template.
    pub operation: String,
    /// The hash of the key.
    pub key_hash: String,
    /// The hash of the request: the same key with another is refused.
    pub request_hash: String,
    /// When it is asked for.
    pub asked_at: DateTime<Utc>,
    key: IdempotencyKey,
}

/// The request as far as it decides what is done.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The method and the path's template.
    pub operation: &'a str,
    /// The path as it was sent: ids are part of it.
    pub path: &'a str,
    /// Live or test, where a key was shown.
    pub mode: Option<Mode>,
    /// The body.
    pub body: &'a Value,
}

impl Claim {
    /// A claim on what is `asked`.
    #[must_use]
    pub fn new(holder: KeyHolder, key: IdempotencyKey, asked: Asked<'_>, asked_at: DateTime<Utc>) -> Self {
        let mut hash = Sha256::new();
        let mode = asked.mode.map_or("", Mode::as_str);
        for part in [asked.operation, asked.path, mode] {
            hash.update(part);
            hash.update([0]);
        }
        match asked.body {
            Value::Object(fields) => hash_fields(fields.iter().filter(|(name, _)| *name != HOW_TO_ANSWER), &mut hash),
            other => hash_value(other, &mut hash),
        }
        Self {
            holder,
            operation: asked.operation.to_owned(),
            key_hash: key.hash(),
            request_hash: hex(hash.finalize().as_slice()),
            asked_at,
            key,
        }
    }

    /// Demands a key that nobody guesses: for what is answered to whoever shows the key alone.
    ///
    /// # Errors
    /// 400, which names the header.
    pub fn require_random(&self) -> Result<()> {
        self.key.require_random()
    }

    /// Until when what comes of it is kept.
    #[must_use]
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.asked_at + KEPT_FOR
    }

    /// An answer as it is stored.
    #[must_use]
    pub fn keeping(&self, status: u16, body: &[u8]) -> KeptAnswer {
        KeptAnswer {
            holder: self.holder,
            operation: self.operation.clone(),
            key_hash: self.key_hash.clone(),
            request_hash: self.request_hash.clone(),
            status: i64::from(status),
            answer: seal::seal(self.key.0.as_bytes(), self.request_hash.as_bytes(), body),
            created_at: self.asked_at,
            expires_at: self.expires_at(),
        }
    }

    /// The key as an execution claims it.
    #[must_use]
    pub fn of_execution(&self) -> ExecutionClaim {
        ExecutionClaim {
            operation: self.operation.clone(),
            key_hash: self.key_hash.clone(),
            request_hash: self.request_hash.clone(),
            expires_at: self.expires_at(),
        }
    }

    /// Refuses a key that was used for another request.
    ///
    /// # Errors
    /// 422.
    pub fn require_same(&self, known: &KnownKey) -> Result<()> {
        if known.request_hash == self.request_hash { Ok(()) } else { Err(Problem::idempotency_key_reused()) }
    }

    /// The body of an answer that was kept.
    ///
    /// # Errors
    /// 500 where it can't be opened: what is stored was damaged.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>> {
        seal::open(self.key.0.as_bytes(), self.request_hash.as_bytes(), sealed)
            .ok_or_else(|| Problem::internal("the answer under an Idempotency-Key can't be opened"))
    }
}

/// Hashes a value so that the order of fields makes no difference.
fn hash_value(value: &Value, hash: &mut Sha256) {
    match value {
        Value::Array(items) => {
            hash.update([b'[']);
            hash.update(items.len().to_le_bytes());
            items.iter().for_each(|item| hash_value(item, hash));
        }
        Value::Object(fields) => hash_fields(fields.iter(), hash),
        Value::String(text) => hash_text(b'"', text, hash),
        plain => hash_text(b'#', &plain.to_string(), hash),
    }
}

fn hash_fields<'a>(fields: impl Iterator<Item = (&'a String, &'a Value)>, hash: &mut Sha256) {
    let mut fields: Vec<_> = fields.collect();
    fields.sort_unstable_by_key(|(name, _)| *name);
    hash.update([b'{']);
    hash.update(fields.len().to_le_bytes());
    for (name, field) in fields {
        hash_text(b':', name, hash);
        hash_value(field, hash);
    }
}

fn hash_text(kind: u8, text: &str, hash: &mut Sha256) {
    hash.update([kind]);
    hash.update(text.len().to_le_bytes());
    hash.update(text);
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes every text");
        text
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claim(path: &str, body: &Value) -> Claim {
        let asked = Asked { operation: "POST /agents/{agent_id}/execute", path, mode: Some(Mode::Live), body };
        Claim::new(KeyHolder::Tenant, IdempotencyKey::parse(b"key").unwrap(), asked, Utc::now())
    }

    #[test]
    fn a_request_is_the_same_whatever_the_order_of_its_fields_and_the_form_of_its_answer() {
        let first = claim("/a", &json!({ "message": "Hello!", "metadata": { "a": "1", "b": "2" } })).request_hash;
        for same in [
            json!({ "metadata": { "b": "2", "a": "1" }, "message": "Hello!" }),
            json!({ "message": "Hello!", "stream": true, "metadata": { "a": "1", "b": "2" } }),
        ] {
            assert_eq!(claim("/a", &same).request_hash, first, "{same}");
        }
        for other in [
            json!({ "message": "Hello", "metadata": { "a": "1", "b": "2" } }),
            json!({ "message": "Hello!", "metadata": { "a": "1", "b": 2 } }),
            json!({ "message": "Hello!", "metadata": { "a": "1", "b": "2", "stream": "" } }),
            json!({ "message": "Hello!" }),
            json!(null),
        ] {
            assert_ne!(claim("/a", &other).request_hash, first, "{other}");
        }
        assert_ne!(
            claim("/b", &json!({ "message": "Hello!", "metadata": { "a": "1", "b": "2" } })).request_hash,
            first
        );
    }

    #[test]
    fn nothing_slips_from_one_field_into_the_next() {
        let hash = |body: Value| claim("/a", &body).request_hash;
        assert_ne!(hash(json!({ "a": "1", "b": "2" })), hash(json!({ "a": "1b2" })));
        assert_ne!(hash(json!([["a"], "b"])), hash(json!(["a", ["b"]])));
        assert_ne!(hash(json!(["1"])), hash(json!([1])));
    }

    #[test]
    fn a_key_is_judged_by_what_it_can_hold() {
        for random in [
            "9f86d081884c7d659a2feaa0c55ad015",
            "0b6ea0d8-2cc2-4b6c-9b1b-1f0c4b9f5a51",
            "0B6EA0D82CC24B6C9B1B1F0C4B9F5A51",
        ] {
            assert!(IdempotencyKey::parse(random.as_bytes()).unwrap().require_random().is_ok(), "{random}");
        }
        for guessable in [
            "1",
            "order-1",
            "9f86d081884c7d65",
            "2024031500000000001",
            &"a".repeat(64),
            &"0123".repeat(16),
            "user@acme.com",
            "signup:alice@example-company.com",
            "SignUpOfAliceAtExampleCompany2026",
            "20240315143000123456789012345678",
            "0b6ea0d8-2cc2-1b6c-9b1b-1f0c4b9f5a51",
            "facade-decade-facade-decade-facade-decade",
        ] {
            assert!(IdempotencyKey::parse(guessable.as_bytes()).unwrap().require_random().is_err(), "{guessable}");
        }
    }

    #[test]
    fn a_malformed_key_is_refused_by_the_headers_name() {
        for bad in [b"".as_slice(), b"  ", b"\t", b"a\tb", "kü".as_bytes(), b"\xff", &[b'a'; 256]] {
            let problem = IdempotencyKey::parse(bad).unwrap_err();
            assert_eq!(problem.status, 400);
            assert!(problem.detail.contains("Idempotency-Key"), "{}", problem.detail);
        }
        assert!(IdempotencyKey::parse(&[b'a'; 255]).is_ok());
    }

    #[test]
    fn a_key_is_shown_nowhere() {
        let claim = claim("/a", &json!(null));
        assert!(!format!("{claim:?}").contains("\"key\""), "{claim:?}");
        assert!(!claim.key_hash.contains("key"));
    }
}
