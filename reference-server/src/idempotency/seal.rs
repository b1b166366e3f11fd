//! Answers are stored so that only who shows the Idempotency-Key again can read them: they may hold an API key.

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
};

/// Random bytes before each sealed text; each gives an encryption key of its own (RFC 5869, section 3.1).
const SALT_BYTES: usize = 32;
/// What the derived key is for, so that it equals nothing else that is derived of the same secret.
const PURPOSE: &[&[u8]] = &[b"agent-platform:idempotent-answer:aes-256-gcm"];

fn key(secret: &[u8], salt: &[u8]) -> LessSafeKey {
    let derived = Salt::new(HKDF_SHA256, salt).extract(secret);
    let okm = derived.expand(PURPOSE, &AES_256_GCM).expect("32 bytes are fewer than HKDF's most");
    LessSafeKey::new(UnboundKey::from(okm))
}

/// Every salt seals one text, so no nonce is ever used twice with a key.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

/// Seals `text` under `secret`, bound to `context`.
pub(super) fn seal(secret: &[u8], context: &[u8], text: &[u8]) -> Vec<u8> {
    let mut sealed = vec![0; SALT_BYTES];
    getrandom::fill(&mut sealed).expect("the operating system gives random bytes");
    let key = key(secret, &sealed);
    let mut body = text.to_vec();
    key.seal_in_place_append_tag(nonce(), Aad::from(context), &mut body)
        .expect("an answer is far from AES-GCM's limit");
    sealed.extend_from_slice(&body);
    sealed
}

/// What was sealed; `None` for another secret or context, and where it was changed.
pub(super) fn open(secret: &[u8], context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (salt, body) = sealed.split_at_checked(SALT_BYTES)?;
    let mut body = body.to_vec();
    let text = key(secret, salt).open_in_place(nonce(), Aad::from(context), &mut body).ok()?;
    Some(text.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_secret_and_context_open_it() {
        let sealed = seal(b"secret", b"request", b"pk_live_x");
        assert_eq!(open(b"secret", b"request", &sealed).as_deref(), Some(b"pk_live_x".as_slice()));
        assert_eq!(open(b"Secret", b"request", &sealed), None);
        assert_eq!(open(b"secret", b"another", &sealed), None);
        for at in [0, SALT_BYTES, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open(b"secret", b"request", &changed), None, "byte {at}");
        }
        assert_eq!(open(b"secret", b"request", b"short"), None);
        assert!(!sealed.windows(9).any(|window| window == b"pk_live_x"));
    }

    #[test]
    fn the_same_text_is_never_sealed_twice_alike() {
        assert_ne!(seal(b"secret", b"request", b"text"), seal(b"secret", b"request", b"text"));
    }
}
