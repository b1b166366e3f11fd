//! What was read a moment ago: trusted for so short that a change made on another server holds here within a second; for longer
//! where there is no other.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// How long something is trusted without asking the database again. Changes must hold on every server within a second; this
/// leaves a tenth of it for the question itself.
const TRUSTED: Duration = Duration::from_millis(900);
/// The same for a server that is alone at its database: it makes every change itself, and forgets what it changes.
const TRUSTED_ALONE: Duration = Duration::from_secs(30);
/// The most entries: bounds the memory.
const ENTRIES: usize = 20_000;

/// Whether this server is alone at its database; for all that it has read.
#[derive(Clone, Debug, Default)]
pub struct Trust(Arc<AtomicBool>);

impl Trust {
    /// Says whether the server is alone.
    pub fn set_alone(&self, is_alone: bool) {
        self.0.store(is_alone, Ordering::Relaxed);
    }

    fn lasts(&self) -> Duration {
        if self.0.load(Ordering::Relaxed) { TRUSTED_ALONE } else { TRUSTED }
    }
}

/// Values by key, each for a moment.
#[derive(Debug)]
pub struct Recent<K, V> {
    trust: Trust,
    state: Mutex<State<K, V>>,
}

#[derive(Debug)]
struct State<K, V> {
    entries: HashMap<K, (Arc<V>, Instant)>,
    /// When something was last changed here: what was asked before may be older than the change.
    changed: Option<Instant>,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self::new(Trust::default())
    }
}

impl<K, V> Recent<K, V> {
    /// Nothing was read yet.
    #[must_use]
    pub fn new(trust: Trust) -> Self {
        Self { trust, state: Mutex::new(State { entries: HashMap::new(), changed: None }) }
    }
}

impl<K: Eq + Hash, V> Recent<K, V> {
    /// The value of `key`, if it was read a moment ago.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<Arc<V>>
    where
        K: Borrow<Q>,
    {
        let lasts = self.trust.lasts();
        self.lock().entries.get(key).filter(|(_, at)| at.elapsed() < lasts).map(|(value, _)| value.clone())
    }

    /// Remembers what a question gave that was `asked` then: what changed while it was on its way is trusted no longer than the
    /// rest. What is not there is not remembered.
    pub fn put(&self, key: K, asked: Instant, value: Option<V>) -> Option<Arc<V>> {
        let value = value.map(Arc::new);
        let mut state = self.lock();
        if state.changed.is_some_and(|changed| asked <= changed) {
            return value;
        }
        let entries = &mut state.entries;
        if entries.len() >= ENTRIES {
            let lasts = self.trust.lasts();
            entries.retain(|_, (_, at)| at.elapsed() < lasts);
            // Where all of them are trusted, every other goes, so that this is not done again right away.
            if entries.len() > ENTRIES / 2 {
                let mut stays = false;
                entries.retain(|_, _| {
                    stays = !stays;
                    stays
                });
            }
        }
        match &value {
            Some(value) => drop(entries.insert(key, (value.clone(), asked))),
            None => drop(entries.remove(&key)),
        }
        value
    }

    /// Forgets what was changed here.
    pub fn forget<Q: Eq + Hash + ?Sized>(&self, key: &Q)
    where
        K: Borrow<Q>,
    {
        let mut state = self.lock();
        state.changed = Some(Instant::now());
        state.entries.remove(key);
    }

    /// Forgets everything that `is_changed`.
    pub fn forget_where(&self, is_changed: impl Fn(&V) -> bool) {
        let mut state = self.lock();
        state.changed = Some(Instant::now());
        state.entries.retain(|_, (value, _)| !is_changed(value));
    }

    fn lock(&self) -> MutexGuard<'_, State<K, V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_asked_before_a_change_brings_nothing_old_back() {
        let recent = Recent::default();
        let asked = Instant::now();
        recent.forget("agent");
        assert_eq!(recent.put("agent".to_owned(), asked, Some("old")).as_deref(), Some(&"old"));
        assert!(recent.get("agent").is_none());
        recent.put("agent".to_owned(), Instant::now() + Duration::from_nanos(1), Some("new"));
        assert_eq!(recent.get("agent").as_deref(), Some(&"new"));
    }
}
