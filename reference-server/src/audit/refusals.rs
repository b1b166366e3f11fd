//! Refused sign-ins: the first of its kind is written at once, further ones are counted and written together each minute. No
//! request waits for it, and whoever knocks a million times fills neither the memory nor the log.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use tokio::sync::mpsc;

use super::{Actor, ActorKind, Entry, Origin};
use crate::{
    address,
    ids::TenantId,
    store::{Result, Store, is_passing},
};

/// How often what was counted is written.
const WRITTEN_EVERY: Duration = Duration::from_secs(60);
/// Kinds that name a tenant and are told apart at a time; of what comes beyond the address is not told, and beyond twice as many it
/// is counted by its reason alone.
const KINDS: usize = 1_000;
/// The same for those that name none: whoever knocks from everywhere takes nobody's place. Beyond, the reason alone.
const NAMELESS_KINDS: usize = 100;

/// Why a sign-in was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No key is called that, or it is none at all.
    UnknownKey,
    /// The key exists, its secret is another.
    WrongSecret,
    /// The key's time is over.
    Expired,
    /// The key was revoked.
    Revoked,
    /// The key's tenant is suspended.
    Suspended,
    /// It is not the operator's key.
    OperatorKeyRefused,
}

/// What was refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Refused {
    /// Whose key it is, where that is known.
    pub tenant_id: Option<TenantId>,
    /// The public part of the key, where there is such a key: what else was shown may be anything.
    pub public_id: Option<String>,
    /// Why.
    pub reason: Reason,
}

/// What is counted together, by the network that counts as one address; without it where there are too many kinds.
type Kind = (Refused, Option<IpAddr>);

#[derive(Clone, Debug)]
struct Count {
    /// How many there were since the last was written.
    count: u64,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    /// From where, and by which request, the last one came.
    origin: Origin,
    /// Whether there is an entry of it since the last minute began.
    is_written: bool,
}

/// Counts refused sign-ins and has them written.
#[derive(Clone, Debug)]
pub struct Refusals {
    counts: Arc<Mutex<HashMap<Kind, Count>>>,
    store: Store,
    /// Tells the writer that there is a first one; it ends with the last of these.
    first: mpsc::Sender<()>,
}

impl Refusals {
    /// Starts the writer.
    #[must_use]
    pub fn start(store: Store) -> Self {
        let (first, woken) = mpsc::channel(1);
        let counts: Arc<Mutex<HashMap<Kind, Count>>> = Arc::default();
        tokio::spawn(write_as_they_come(counts.clone(), store.clone(), woken));
        Self { counts, store, first }
    }

    /// Counts one; it is written in the background.
    pub fn note(&self, refused: Refused, origin: &Origin, now: DateTime<Utc>) {
        let is_first = {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            let kind = (refused, Some(address::counted(origin.address)));
            let kind = if counts.contains_key(&kind) { kind } else { with_place(&counts, kind) };
            let fresh = Count { count: 0, first_at: now, last_at: now, origin: origin.clone(), is_written: false };
            let count = counts.entry(kind).or_insert(fresh);
            if count.count == 0 {
                count.first_at = now;
            }
            (count.count, count.last_at, count.origin) = (count.count + 1, now, origin.clone());
            !count.is_written
        };
        if is_first {
            // Where the writer was told already, it finds this one too.
            let _ = self.first.try_send(());
        }
    }

    /// Writes all that was counted: each minute, and before the server ends.
    pub async fn write_down(&self) {
        write(&self.counts, &self.store, |_| true).await;
        // What had nothing more to tell in this minute is forgotten: the next one is a first one again.
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.retain(|_, count| count.count > 0);
        counts.values_mut().for_each(|count| count.is_written = false);
    }

    /// Writes what was counted each minute, until the server stops.
    pub async fn keep_writing(self) {
        let mut minute = tokio::time::interval(WRITTEN_EVERY);
        loop {
            minute.tick().await;
            self.write_down().await;
        }
    }
}

/// As what a kind that is not counted yet is counted.
fn with_place(counts: &HashMap<Kind, Count>, (refused, address): Kind) -> Kind {
    let is_nameless = refused.tenant_id.is_none();
    let places = if is_nameless { NAMELESS_KINDS } else { KINDS };
    let taken = counts.keys().filter(|(refused, _)| refused.tenant_id.is_none() == is_nameless).count();
    if taken < places {
        return (refused, address);
    }
    if is_nameless || taken >= 2 * places {
        return (Refused { tenant_id: None, public_id: None, reason: refused.reason }, None);
    }
    (refused, None)
}

async fn write_as_they_come(counts: Arc<Mutex<HashMap<Kind, Count>>>, store: Store, mut woken: mpsc::Receiver<()>) {
    while woken.recv().await.is_some() {
        write(&counts, &store, |count| !count.is_written).await;
    }
}

/// Writes those counts that are `due`. What can't be written stays counted.
async fn write(counts: &Mutex<HashMap<Kind, Count>>, store: &Store, is_due: impl Fn(&Count) -> bool) {
    let due: Vec<_> = {
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        let due = counts.iter_mut().filter(|(_, count)| count.count > 0 && is_due(count));
        due.map(|(kind, count)| {
            let written = count.clone();
            (count.count, count.is_written) = (0, true);
            (kind.clone(), written)
        })
        .collect()
    };
    let mut is_down = false;
    for (kind, count) in due {
        if !is_down {
            match append(store, &kind, &count).await {
                Ok(()) => continue,
                Err(error) => {
                    // A database that is gone is not waited for once more for each.
                    is_down = is_passing(&error);
                    tracing::warn!(%error, "refused sign-ins were not written to the audit log; they stay counted");
                }
            }
        }
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = counts.entry(kind).or_insert_with(|| Count { count: 0, ..count.clone() });
        kept.count += count.count;
        (kept.first_at, kept.is_written) = (count.first_at.min(kept.first_at), true);
    }
}

async fn append(store: &Store, (refused, network): &Kind, count: &Count) -> Result<()> {
    let target = if refused.reason == Reason::OperatorKeyRefused { "operator_key" } else { "api_key" };
    let entry = Entry {
        action: "sign_in.refused",
        target,
        target_id: refused.public_id.clone(),
        at: count.last_at,
        before: None,
        after: Some(json!({
            "reason": refused.reason, "count": count.count, "first_at": count.first_at, "last_at": count.last_at,
        })),
    };
    let origin = network.map(|_| count.origin.clone());
    let actor = Actor { kind: ActorKind::Anonymous, id: None, origin };
    let tenant_id = refused.tenant_id.clone().unwrap_or_else(TenantId::platform);
    store.tenant(tenant_id).acting(actor).append(entry).await
}
