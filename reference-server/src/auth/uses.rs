//! When keys were last used: noted to the minute, in the background, many in one statement. No request waits for it.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};

use crate::{
    ids::{KeyId, TenantId},
    store::{Store, keys::KeyUse},
};

/// The most keys: bounds the memory.
const NOTED_KEYS: usize = 20_000;
/// How exactly a key's last use is noted.
const NOTED_EVERY: chrono::Duration = chrono::Duration::minutes(1);
/// How long uses are gathered before they are written.
const GATHERED_FOR: Duration = Duration::from_millis(200);

/// See the module.
#[derive(Debug)]
pub(super) struct Uses {
    store: Store,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    noted: HashMap<KeyId, DateTime<Utc>>,
    /// What is not written yet; somebody is about to, where it is not empty.
    pending: Vec<KeyUse>,
}

impl Uses {
    pub(super) fn new(store: Store) -> Arc<Self> {
        Arc::new(Self { store, state: Mutex::default() })
    }

    /// Notes that a key is used now.
    pub(super) fn note(self: &Arc<Self>, tenant_id: &TenantId, key_id: &KeyId, now: DateTime<Utc>) {
        let mut state = self.lock();
        // Also where the clock was set back.
        let is_noted = |at: DateTime<Utc>| (now - at).abs() < NOTED_EVERY;
        if state.noted.get(key_id).is_some_and(|&at| is_noted(at)) {
            return;
        }
        if state.noted.len() >= NOTED_KEYS {
            state.noted.retain(|_, at| is_noted(*at));
            // Where all of them were used just now, every other goes, so that this is not done again right away.
            if state.noted.len() > NOTED_KEYS / 2 {
                let mut stays = false;
                state.noted.retain(|_, _| {
                    stays = !stays;
                    stays
                });
            }
        }
        state.noted.insert(key_id.clone(), now);
        let is_first = state.pending.is_empty();
        state.pending.push(KeyUse { tenant_id: tenant_id.clone(), key_id: key_id.clone(), last_used_at: now });
        drop(state);
        if is_first {
            let uses = self.clone();
            tokio::spawn(async move { uses.write_soon().await });
        }
    }

    async fn write_soon(&self) {
        tokio::time::sleep(GATHERED_FOR).await;
        let pending = mem::take(&mut self.lock().pending);
        if let Err(error) = self.store.touch_keys(&pending).await {
            tracing::warn!(keys = pending.len(), %error, "when keys were last used was not noted");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
