//! What was read a moment ago: trusted for under a second, so that a change made on another server holds here within one.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long something is trusted without asking the database again. Changes must hold on every server within a second; this
/// leaves a tenth of it for the question itself.
const TRUSTED: Duration = Duration::from_millis(900);
/// Beyond this many entries those that are no longer trusted are dropped: bounds the memory.
const ENTRIES: usize = 20_000;

/// Values by key, each for a moment.
#[derive(Debug)]
pub struct Recent<K, V> {
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
        Self { state: Mutex::new(State { entries: HashMap::new(), changed: None }) }
    }
}

impl<K: Eq + Hash, V> Recent<K, V> {
    /// The value of `key`, if it was read a moment ago.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<Arc<V>>
    where
        K: Borrow<Q>,
    {
        self.lock().entries.get(key).filter(|(_, at)| at.elapsed() < TRUSTED).map(|(value, _)| value.clone())
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
            entries.retain(|_, (_, at)| at.elapsed() < TRUSTED);
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
