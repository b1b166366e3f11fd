//! How entries hang together: SHA-256 over the hash before and an encoding in which no two entries are alike.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::{ids::TenantId, store::audit::AuditRow};

/// What stands before a chain's first entry.
pub const GENESIS: [u8; 32] = [0; 32];
/// What is hashed, so that the hash equals no other that is made of the same bytes.
const PURPOSE: &[u8] = b"agent-platform:audit-entry:1\0";

/// The hash of an entry that follows the one with the hash `previous`.
#[must_use]
pub fn hash_of(previous: &[u8], tenant_id: &TenantId, row: &AuditRow) -> Vec<u8> {
    let mut hash = Sha256::new_with_prefix(PURPOSE);
    let text = |text: &str| Some(text.as_bytes().to_vec());
    let fields = [
        Some(previous.to_vec()),
        text(tenant_id.as_str()),
        Some(row.seq.to_be_bytes().to_vec()),
        Some(row.created_at.timestamp_micros().to_be_bytes().to_vec()),
        text(row.actor.as_str()),
        row.actor_id.as_deref().and_then(text),
        row.address.as_deref().and_then(text),
        row.request_id.as_deref().and_then(text),
        text(&row.action),
        text(&row.target),
        row.target_id.as_deref().and_then(text),
        row.state_before.as_deref().and_then(text),
        row.state_after.as_deref().and_then(text),
    ];
    // Each field says whether it is there and how long it is, so that nothing slips from one into the next.
    for field in fields {
        match field {
            None => hash.update([0]),
            Some(bytes) => {
                hash.update([1]);
                hash.update(bytes.len().to_be_bytes());
                hash.update(bytes);
            }
        }
    }
    hash.finalize().to_vec()
}

/// The newest hash of a chain: whoever keeps it elsewhere can tell whether the chain was changed since, up to there.
#[derive(Debug)]
#[must_use = "an anchor is logged once its entry is committed"]
pub struct Anchor {
    /// Whose chain.
    pub tenant_id: TenantId,
    /// How many entries it had.
    pub seq: i64,
    /// The hash of the last.
    pub hash: Vec<u8>,
}

impl Anchor {
    /// Tells the log, from which a collector keeps it outside of the database's reach.
    pub fn log(&self) {
        tracing::info!(tenant_id = %self.tenant_id, seq = self.seq, hash = hex(&self.hash), "an audit entry was appended");
    }
}

/// Bytes as a person compares them.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes every text");
        text
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::audit::ActorKind;

    fn row() -> AuditRow {
        AuditRow {
            seq: 1,
            created_at: DateTime::UNIX_EPOCH,
            actor: ActorKind::System,
            actor_id: None,
            address: None,
            request_id: None,
            action: "agent.created".to_owned(),
            target: "agent".to_owned(),
            target_id: Some("agent-1".to_owned()),
            state_before: None,
            state_after: Some("{}".to_owned()),
            hash: Vec::new(),
        }
    }

    #[test]
    fn every_field_has_its_part_in_the_hash() {
        let acme: TenantId = "acme".parse().unwrap();
        let hash = |change: fn(&mut AuditRow)| {
            let mut row = row();
            change(&mut row);
            hash_of(&GENESIS, &acme, &row)
        };
        let changes: [fn(&mut AuditRow); 12] = [
            |_| (),
            |row| row.seq = 2,
            |row| row.created_at += chrono::Duration::microseconds(1),
            |row| row.actor = ActorKind::Operator,
            |row| row.actor_id = Some(String::new()),
            |row| row.address = Some("::1".to_owned()),
            |row| row.request_id = Some("::1".to_owned()),
            |row| (row.action, row.target) = ("agent".to_owned(), "agent.created".to_owned()),
            |row| (row.action, row.target) = ("agent.create".to_owned(), "dagent".to_owned()),
            |row| row.target_id = None,
            |row| row.state_before = Some("{}".to_owned()),
            |row| (row.state_before, row.state_after) = (Some("{}".to_owned()), None),
        ];
        let mut hashes: Vec<_> = changes.into_iter().map(hash).collect();
        hashes.push(hash_of(&[1; 32], &acme, &row()));
        hashes.push(hash_of(&GENESIS, &"other".parse().unwrap(), &row()));
        let all = hashes.len();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), all);
    }

    /// Chains that were written stay valid: the encoding may not change under them.
    #[test]
    fn a_hash_is_the_same_in_every_release() {
        let hash = hex(&hash_of(&GENESIS, &"acme".parse().unwrap(), &row()));
        assert_eq!(hash, "967a98d99926088714439c9670a6d3944f4a5946d4834c0e4eb89d0ec61a4042");
    }
}
