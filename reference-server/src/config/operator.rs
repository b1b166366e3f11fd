//! The operator's key from the environment.

use std::{env::VarError, fmt};

use anyhow::bail;

/// The environment variable with the operator's key.
pub const OPERATOR_KEY_VARIABLE: &str = "AGENT_PLATFORM_OPERATOR_KEY";

/// What stands in examples until somebody fills it in.
const PLACEHOLDERS: [&str; 11] = [
    "changeme",
    "changethis",
    "replaceme",
    "replacewith",
    "example",
    "default",
    "password",
    "secret",
    "insert",
    "todo",
    "your",
];
/// Random texts of 24 characters hardly ever have fewer different ones, also in hexadecimal digits; `aaaa…` does.
const DISTINCT_CHARACTERS: usize = 7;

/// Why a text is no operator key that nobody else knows.
fn weakness(key: &str) -> Option<&'static str> {
    if key.len() < 24 {
        return Some("is shorter than 24 characters");
    }
    let plain: String = key.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let is_placeholder = PLACEHOLDERS.iter().any(|word| plain.starts_with(word));
    let secret = key.strip_prefix("op_live_").unwrap_or(key).as_bytes();
    let is_repeated = (1..=secret.len() / 2).any(|length| {
        let (word, rest) = secret.split_at(length);
        rest.chunks(length).all(|chunk| word.starts_with(chunk))
    });
    let mut distinct = secret.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if is_placeholder || is_repeated || distinct.len() < DISTINCT_CHARACTERS {
        return Some("is a default that everybody knows, or easily guessed");
    }
    None
}

/// A secret that can't be printed.
#[derive(Clone)]
pub struct OperatorSecret(String);

impl OperatorSecret {
    /// Reads [`OPERATOR_KEY_VARIABLE`]; absent or empty means that there is none.
    ///
    /// # Errors
    /// It is too short to be a secret, or one that others know.
    pub fn from_env() -> anyhow::Result<Option<Self>> {
        match std::env::var(OPERATOR_KEY_VARIABLE) {
            Ok(key) if key.is_empty() => Ok(None),
            Ok(key) => match weakness(&key) {
                Some(weakness) => {
                    bail!("{OPERATOR_KEY_VARIABLE} {weakness}; make one with `agent-platform operator-key create`")
                }
                None => Ok(Some(Self(key))),
            },
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => {
                bail!("{OPERATOR_KEY_VARIABLE} is no text; make one with `agent-platform operator-key create`")
            }
        }
    }

    /// A secret from a test or an embedding program.
    #[must_use]
    pub fn new(key: String) -> Self {
        Self(key)
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OperatorSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperatorSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_key_that_others_know_is_refused() {
        for known in [
            "operator",
            "changeme-changeme-changeme",
            "CHANGE_ME_before_you_go_to_production",
            "change-this-operator-key-now",
            "your-operator-key-goes-here",
            "example-operator-key-of-the-docs",
            "operatoroperatoroperator",
            "operator-operator-operator-",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "0123456789012345678901234567890123456789",
            "abababababababababababababab",
            "op_live_000000000000_00000000000000000000000000000000",
            "secretsecretsecretsecret",
            "password-of-the-operator-1",
        ] {
            assert!(weakness(known).is_some(), "{known}");
        }
        for good in [
            "9f86d081884c7d659a2feaa0",
            "an-operator-key-that-only-tests-know",
            "op_live_Zk3uR9wQ1xTb_8dKq2mVw5Yx7Zr1Nc4Bp6Lt9Hs3Jf0Gu",
        ] {
            assert_eq!(weakness(good), None, "{good}");
        }
    }
}
