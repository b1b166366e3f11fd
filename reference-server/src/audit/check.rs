//! Whether a chain is whole: every hash is computed again, and the last compared with the anchor outside of the chain.

use std::{collections::BTreeMap, fmt};

use super::{GENESIS, hash_of, hex};
use crate::{
    ids::TenantId,
    store::{Result, TenantStore, audit::AuditRow},
};

/// Entries that are read at a time.
const PAGE: i64 = 500;
/// How the platform's chain tells that a tenant's was taken away with all else that was the tenant's.
const PURGED: &str = "tenant.purged";
/// How a tenant's chain begins.
const CREATED: &str = "tenant.created";
/// Findings of one chain that are kept: one is enough to look closer.
const FINDINGS: usize = 10;

/// What was found of a chain.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many entries were read.
    pub entries: i64,
    /// What is wrong, in the order of the chain; at most ten.
    pub findings: Vec<Finding>,
    /// Tenants whose chains went with all else that was theirs, as this one tells.
    pub purged: Vec<String>,
}

/// Something that is wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The entry is not the one whose hash follows from the hash before.
    Changed(i64),
    /// What stands in this place is no entry.
    Unreadable(i64),
    /// What stands somewhere after this place has none of its own: what follows can't be read.
    Placeless(i64),
    /// The first entry is not the one that tells of the tenant's beginning.
    BegunAnew,
    /// Entries are not there, from the first to the last of these places.
    Missing(i64, i64),
    /// The chain ends before its anchor: so many entries too early, and where that is.
    CutOff { missing: i64, anchor: i64 },
    /// The anchor stands before the end of the chain.
    Unanchored { entries: i64, anchor: i64 },
    /// The anchor has another hash than the last entry.
    OtherHash,
    /// There is no anchor.
    NoAnchor,
    /// The server's log has another hash of this entry.
    OtherThanLogged(i64),
    /// The server's log has entries that come after the last: up to which place, and where the chain ends.
    Unwritten { logged: i64, entries: i64 },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(1) => f.write_str("entry 1 was changed"),
            Self::Changed(seq) => write!(f, "entry {seq} was changed, or entry {} together with its hash", seq - 1),
            Self::Unreadable(seq) => write!(f, "entry {seq} was changed: it can't be read"),
            Self::Placeless(seq) => write!(f, "after entry {seq} stands something that is no entry and has no place"),
            Self::BegunAnew => f.write_str("entry 1 does not tell that the tenant was created: the log was begun anew"),
            Self::Missing(first, last) if first == last => write!(f, "entry {first} is missing"),
            Self::Missing(first, last) => write!(f, "entries {first} to {last} are missing"),
            Self::CutOff { missing: 1, anchor } => write!(f, "the last entry is missing (the anchor is at {anchor})"),
            Self::CutOff { missing, anchor } => {
                write!(f, "the last {missing} entries are missing (the anchor is at {anchor})")
            }
            Self::Unanchored { entries, anchor } => {
                write!(f, "the anchor was set back: it is at {anchor}, and there are entries up to {entries}")
            }
            Self::OtherHash => f.write_str("the anchor was changed: its hash is not that of the last entry"),
            Self::NoAnchor => f.write_str("the anchor is missing"),
            Self::OtherThanLogged(seq) => write!(f, "entry {seq} is not the one that the server logged"),
            Self::Unwritten { logged, entries } => {
                write!(f, "the server logged entries up to {logged}, and there are {entries}")
            }
        }
    }
}

/// Walks a chain. `None` stands for a hash that can't be known: whatever follows it is not held against the entry.
struct Walk {
    outcome: Outcome,
    seq: i64,
    hash: Option<Vec<u8>>,
    /// Whether the first entry must tell of the tenant's beginning.
    has_beginning: bool,
    /// Whether nothing more can be read.
    is_stuck: bool,
    logged: BTreeMap<i64, String>,
}

impl Walk {
    fn note(&mut self, finding: Finding) {
        if self.outcome.findings.len() < FINDINGS {
            self.outcome.findings.push(finding);
        }
    }

    fn step(&mut self, store: &TenantStore, row: Result<AuditRow, Option<i64>>) {
        let next = self.seq.saturating_add(1);
        let seq = row.as_ref().map_or_else(|seq| *seq, |row| Some(row.seq));
        // Whatever has a place comes before what has none.
        let Some(seq) = seq else {
            if !self.is_stuck {
                self.note(Finding::Placeless(self.seq));
            }
            self.is_stuck = true;
            return;
        };
        if seq > next {
            self.note(Finding::Missing(next, seq - 1));
            self.hash = None;
        }
        let Ok(row) = row else {
            self.note(Finding::Unreadable(seq));
            (self.seq, self.hash) = (seq, None);
            return;
        };
        self.outcome.entries += 1;
        if row.seq == 1 && self.has_beginning && row.action != CREATED {
            self.note(Finding::BegunAnew);
        }
        if self.hash.as_ref().is_some_and(|previous| hash_of(previous, store.tenant_id(), &row) != row.hash) {
            self.note(Finding::Changed(row.seq));
        }
        if self.logged.remove(&row.seq).is_some_and(|hash| hash != hex(&row.hash)) {
            self.note(Finding::OtherThanLogged(row.seq));
        }
        if row.action == PURGED && *store.tenant_id() == TenantId::platform() {
            self.outcome.purged.extend(row.target_id);
        }
        (self.seq, self.hash) = (row.seq, Some(row.hash));
    }
}

/// Checks the chain of a tenant, also while it grows, and compares it with what was `logged` of it.
///
/// # Errors
/// The database failed.
pub async fn check(store: &TenantStore, logged: BTreeMap<i64, String>) -> Result<Outcome> {
    let has_beginning = store.is_younger_than_audit().await?;
    let (outcome, hash) = (Outcome::default(), Some(GENESIS.to_vec()));
    let mut walk = Walk { outcome, seq: 0, hash, has_beginning, is_stuck: false, logged };
    loop {
        // The anchor is read before the entries: what is appended meanwhile lies behind it, and is read in the next turn.
        let anchor = store.audit_head().await?;
        let rows = store.audit_entries_after(walk.seq, PAGE).await?;
        if !rows.is_empty() && !walk.is_stuck {
            rows.into_iter().for_each(|row| walk.step(store, row));
            continue;
        }
        match anchor {
            None => walk.note(Finding::NoAnchor),
            Some(anchor) if anchor.seq > walk.seq => {
                walk.note(Finding::CutOff { missing: anchor.seq - walk.seq, anchor: anchor.seq });
            }
            Some(anchor) if anchor.seq < walk.seq => {
                walk.note(Finding::Unanchored { entries: walk.seq, anchor: anchor.seq });
            }
            Some(anchor) if walk.hash.as_ref().is_some_and(|hash| *hash != anchor.hash) => {
                walk.note(Finding::OtherHash);
            }
            Some(_) => {}
        }
        if let Some((&logged, _)) = walk.logged.last_key_value().filter(|(seq, _)| **seq > walk.seq) {
            walk.note(Finding::Unwritten { logged, entries: walk.seq });
        }
        return Ok(walk.outcome);
    }
}
