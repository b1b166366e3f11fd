//! Where each tenant's data is: in the platform's database, or in a silo of its own; and how it is held back while it moves.
//!
//! A tenant's statements go through its place, which they hold for as long as they run. Whoever takes a place for himself alone
//! waits for those and holds back the next ones, of this tenant and of no other.

use std::{
    collections::{HashMap, HashSet},
    io,
    ops::Deref,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use tokio::sync::{Notify, OnceCell, OwnedRwLockReadGuard, RwLock, Semaphore};
use tokio_util::sync::CancellationToken;

use super::{Database, Result, Store, TenantStore, follow::HeldBack, journal::Writer, open};
use crate::{config::DatabaseUrl, ids::TenantId};

/// How long places are trusted that could not be compared with the platform's database: well under the half minute after which a
/// silent server is taken for gone, and a tenant moved without it.
const TRUSTED: Duration = Duration::from_secs(10);
/// How long a silo that could not be opened is not tried again: what asks meanwhile is refused at once.
const TRIED_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// How long a silo that did not answer the platform is not asked by it again: each question costs it its patience.
const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(10);
/// Moves at a time: each keeps one of an embedded database's four readers to itself.
const MOVES: usize = 2;
/// Beyond this many places those that nobody uses are forgotten: bounds the memory.
const PLACES: usize = 20_000;

/// A database that tenants' data lives in.
#[derive(Debug)]
pub(crate) struct Home {
    /// Where it is; `None` for the platform's.
    url: Option<DatabaseUrl>,
    database: OnceCell<Arc<Database>>,
    /// When it could not be opened the last time.
    failed: Mutex<Option<Instant>>,
    /// When it did not answer the platform the last time.
    silent: Mutex<Option<Instant>>,
    /// Who writes its journal.
    pub(super) writer: OnceLock<Writer>,
}

impl Home {
    fn platform(database: Arc<Database>) -> Self {
        Self { database: OnceCell::new_with(Some(database)), ..Self::silo(None) }
    }

    fn silo(url: Option<DatabaseUrl>) -> Self {
        Self {
            url,
            database: OnceCell::new(),
            failed: Mutex::default(),
            silent: Mutex::default(),
            writer: OnceLock::new(),
        }
    }

    pub(super) fn url(&self) -> Option<&DatabaseUrl> {
        self.url.as_ref()
    }

    pub(super) fn is_silo(&self) -> bool {
        self.url.is_some()
    }

    /// The database, opened when it is first needed.
    async fn database(&self, tenant_id: &TenantId) -> Result<Arc<Database>> {
        let opened = self.database.get_or_try_init(|| self.open(tenant_id));
        opened.await.cloned()
    }

    async fn open(&self, tenant_id: &TenantId) -> Result<Arc<Database>> {
        let unreachable = |why: String| sqlx::Error::Io(io::Error::other(why));
        let Some(url) = &self.url else { return Err(sqlx::Error::PoolClosed) };
        if is_within(&self.failed, TRIED_AGAIN_AFTER) {
            return Err(unreachable(format!("the silo {url} could not be opened a moment ago")));
        }
        open::silo(url, tenant_id).await.map_err(|error| {
            note_now(&self.failed);
            unreachable(error.to_string())
        })
    }

    /// Whether it did not answer the platform a moment ago.
    pub(super) fn is_silent(&self) -> bool {
        is_within(&self.silent, ASKED_AGAIN_AFTER)
    }

    pub(super) fn note_silence(&self) {
        note_now(&self.silent);
    }

    /// The database, if it was needed before.
    pub(super) fn opened(&self) -> Option<&Arc<Database>> {
        self.database.get()
    }

    pub(super) async fn close(&self) {
        if let Some(database) = self.database.get() {
            database.close().await;
        }
    }
}

fn note_now(noted: &Mutex<Option<Instant>>) {
    *noted.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
}

fn is_within(noted: &Mutex<Option<Instant>>, period: Duration) -> bool {
    let noted = *noted.lock().unwrap_or_else(PoisonError::into_inner);
    noted.is_some_and(|at| at.elapsed() < period)
}

/// Where one tenant's data is.
#[derive(Debug)]
pub(crate) struct Place {
    located: Arc<RwLock<Located>>,
}

/// A home, and since which version of the tenant's placement.
#[derive(Clone, Debug)]
pub(super) struct Located {
    pub(super) home: Arc<Home>,
    pub(super) version: i64,
}

impl Place {
    pub(super) fn located(&self) -> &Arc<RwLock<Located>> {
        &self.located
    }

    /// The tenant's home; `None` while that changes.
    pub(super) fn home(&self) -> Option<Arc<Home>> {
        self.located.try_read().ok().map(|located| located.home.clone())
    }
}

/// The places of all tenants.
#[derive(Debug)]
pub(super) struct Places {
    platform: Arc<Home>,
    tenants: Mutex<HashMap<TenantId, Arc<Place>>>,
    /// The tenants that are held back.
    pub(super) held_back: Mutex<HeldBack>,
    /// Whether this is a server, which follows what the platform's database says.
    pub(super) is_followed: AtomicBool,
    /// Whether others were told of this server before it last looked.
    pub(super) is_announced: AtomicBool,
    /// Held by whoever compares places with the platform's database.
    pub(super) comparing: tokio::sync::Mutex<()>,
    /// When places were last known to be as the platform's database says.
    confirmed: Mutex<Moment>,
    /// Moves that this process makes at a time.
    pub(super) moves: Semaphore,
    /// A tenant is held back that was to be.
    pub(super) noticed: Notify,
    pub(super) closed: CancellationToken,
}

impl Places {
    pub(super) fn new(platform: Arc<Database>) -> Self {
        Self {
            platform: Arc::new(Home::platform(platform)),
            tenants: Mutex::default(),
            held_back: Mutex::default(),
            is_followed: AtomicBool::new(false),
            is_announced: AtomicBool::new(false),
            comparing: tokio::sync::Mutex::default(),
            confirmed: Mutex::new(Moment::now()),
            moves: Semaphore::new(MOVES),
            noticed: Notify::new(),
            closed: CancellationToken::new(),
        }
    }

    /// A tenant's place. Those that ever moved are here from the beginning; another lives in the platform's database.
    pub(super) fn of(&self, tenant_id: &TenantId) -> Arc<Place> {
        let mut tenants = self.lock();
        if let Some(place) = tenants.get(tenant_id) {
            return place.clone();
        }
        if tenants.len() >= PLACES {
            let has_moved = |place: &Place| place.located.try_read().map_or(true, |located| located.version > 0);
            tenants.retain(|_, place| Arc::strong_count(place) > 1 || has_moved(place));
        }
        let located = Located { home: self.platform.clone(), version: 0 };
        let place = Arc::new(Place { located: Arc::new(RwLock::new(located)) });
        tenants.insert(tenant_id.clone(), place.clone());
        place
    }

    /// The home behind a URL, for a tenant that was elsewhere.
    pub(super) fn home(&self, url: Option<&DatabaseUrl>) -> Arc<Home> {
        url.map_or_else(|| self.platform.clone(), |url| Arc::new(Home::silo(Some(url.clone()))))
    }

    /// The tenants that live in silos, with these, as far as that is not changing.
    pub(super) fn silos(&self) -> Vec<(TenantId, Arc<Home>)> {
        let tenants = self.lock();
        let homes = tenants.iter().filter_map(|(tenant_id, place)| Some((tenant_id.clone(), place.home()?)));
        homes.filter(|(_, home)| home.is_silo()).collect()
    }

    /// The places of tenants that have moved, but for these, as far as that is not changing.
    pub(super) fn moved_but(&self, listed: &HashSet<&TenantId>) -> Vec<Arc<Place>> {
        let has_moved = |place: &Place| place.located.try_read().is_ok_and(|located| located.version > 0);
        let tenants = self.lock();
        let others = tenants.iter().filter(|(tenant_id, place)| !listed.contains(tenant_id) && has_moved(place));
        others.map(|(_, place)| place.clone()).collect()
    }

    /// Whether a tenant's data is in the platform's database.
    pub(super) fn is_pooled(&self, tenant_id: &TenantId) -> bool {
        self.of(tenant_id).home().is_some_and(|home| !home.is_silo())
    }

    pub(super) async fn close(&self) {
        self.closed.cancel();
        for (_, home) in self.silos() {
            home.close().await;
        }
    }

    /// Notes that places are as the platform's database said at `asked`.
    pub(super) fn confirm(&self, asked: Moment) {
        *self.confirmed.lock().unwrap_or_else(PoisonError::into_inner) = asked;
    }

    fn is_confirmed(&self) -> bool {
        let confirmed = *self.confirmed.lock().unwrap_or_else(PoisonError::into_inner);
        !self.is_followed.load(Ordering::Acquire) || confirmed.is_within(TRUSTED)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TenantId, Arc<Place>>> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A time by both clocks: one of them stands still while the machine sleeps, the other may be set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(Instant, SystemTime);

impl Moment {
    pub(super) fn now() -> Self {
        Self(Instant::now(), SystemTime::now())
    }

    fn is_within(self, period: Duration) -> bool {
        // Set back, the other clock tells nothing.
        self.0.elapsed() < period && self.1.elapsed().unwrap_or_default() < period
    }
}

/// A database that a tenant's statement has reached. The tenant stays there until this is dropped.
#[derive(Debug)]
pub(crate) struct Reached {
    database: Arc<Database>,
    held: Option<(OwnedRwLockReadGuard<Located>, Arc<Places>)>,
}

impl Reached {
    /// The tenant's home.
    pub(super) fn home(&self) -> Option<&Arc<Home>> {
        self.held.as_ref().map(|(located, _)| &located.home)
    }

    /// To be asked right before a commit: whoever was stopped for long in between may have been taken for gone, and the tenant moved.
    pub(super) fn is_still_there(&self) -> Result<()> {
        match &self.held {
            Some((_, places)) if !places.is_confirmed() => {
                let why = "this server was stopped for too long to know where the tenant lives";
                Err(sqlx::Error::Io(io::Error::other(why)))
            }
            _ => Ok(()),
        }
    }

    /// Whether it is not the platform's.
    pub(super) fn is_silo(&self) -> bool {
        self.home().is_some_and(|home| home.is_silo())
    }

    pub(super) fn database(&self) -> &Arc<Database> {
        &self.database
    }
}

impl Deref for Reached {
    type Target = Database;
    fn deref(&self) -> &Database {
        &self.database
    }
}

impl Store {
    /// The platform's database as the only place.
    pub(super) fn over(database: Arc<Database>) -> Self {
        Self { places: Arc::new(Places::new(database.clone())), database }
    }
}

impl TenantStore {
    /// Reaches the database of this handle's rows; waits while the tenant is held back.
    pub(crate) async fn reach(&self) -> Result<Reached> {
        let Some(place) = &self.place else { return Ok(Reached { database: self.store.database.clone(), held: None }) };
        loop {
            let held = place.located.clone().read_owned().await;
            // A server that was stopped for a while may have missed a move.
            if self.store.places.is_confirmed() {
                let database = held.home.database(&self.tenant_id).await?;
                return Ok(Reached { database, held: Some((held, self.store.places.clone())) });
            }
            drop(held);
            self.store.compare_places().await?;
        }
    }

    /// Whether the tenant lives in a silo.
    pub(super) fn is_siloed(&self) -> bool {
        !self.store.places.is_pooled(&self.tenant_id)
    }
}

#[cfg(test)]
mod tests {
    use chrono::Utc;

    use super::*;
    use crate::{
        ids::ExecutionId,
        store::{
            journal::{Journal, Outcome},
            settlement::Settlement,
        },
    };

    #[tokio::test]
    async fn who_was_stopped_for_long_commits_nothing_where_the_tenant_may_have_left() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("stopped.db").display());
        let store = Store::open(&url.parse().unwrap(), None).await.unwrap();
        let tenant = store.tenant("acme".parse().unwrap());
        store.places.is_followed.store(true, Ordering::Release);
        let write = async |stops: bool| {
            let statement = "INSERT INTO conversations (conversation_id, tenant_id, agent_id, created_at) VALUES ('conv-00000000000000000000', $1, 'agent-00000000000000000000', '2024-03-15T14:30:00+00:00')";
            write!(tenant, |connection| {
                sqlx::query(statement).bind(&tenant.tenant_id).execute(&mut *connection).await?;
                if stops {
                    let Moment(now, wall) = Moment::now();
                    let asleep = wall - 2 * TRUSTED;
                    store.places.confirm(Moment(now, asleep));
                }
            });
            super::Result::<()>::Ok(())
        };
        let error = write(true).await.unwrap_err();
        assert!(super::super::is_passing(&error), "{error}");
        assert_eq!(tenant.conversations(None, 10).await.unwrap().len(), 0);
        write(false).await.unwrap();
        assert_eq!(tenant.conversations(None, 10).await.unwrap().len(), 1);

        // The same where many are written together: it was handed in before.
        let (execution_id, now) = (ExecutionId::new(Utc::now()), Utc::now());
        let journal = Journal::start(store.clone());
        let settle = || journal.settle(Settlement::failed(&execution_id, &tenant.tenant_id, now, now));
        let mut settling = std::pin::pin!(settle());
        assert!(futures_util::poll!(&mut settling).is_pending());
        store.places.confirm(Moment(Instant::now(), SystemTime::now() - 2 * TRUSTED));
        let error = settling.await.unwrap_err();
        assert!(super::super::is_passing(&error), "{error}");
        assert_eq!(settle().await.unwrap(), Outcome::Nothing, "there is no such execution");
    }
}
