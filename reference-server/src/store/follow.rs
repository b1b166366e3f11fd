//! How a server follows where tenants live: it compares its places with the platform's database, holds back the tenants whose
//! move comes to its end, and says so to whoever moves them.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::{OwnedRwLockWriteGuard, oneshot};

use super::{
    Result, Store,
    place::{Home, Located, Moment, Place, Places},
    placements::{Placement, PlacementState},
};
use crate::{
    clock::Clock,
    config::DatabaseUrl,
    ids::{InstanceId, MoveId, TenantId},
};

/// How often a server looks whether a tenant is about to move.
const LOOK: Duration = Duration::from_millis(250);
/// How often while one does: how much of the pause is spent on hearing of its beginning and its end.
const LOOK_CLOSELY: Duration = Duration::from_millis(15);

/// How long a server leaves a database alone that it could not clear of what a move left: it may be gone for good.
const CLEARED_AGAIN_AFTER: Duration = Duration::from_secs(30);

/// The tenants that are held back in this process.
#[derive(Debug, Default)]
pub(super) struct HeldBack(HashMap<TenantId, Pause>);

/// A tenant that is held back, from a version of its placement on.
#[derive(Debug)]
struct Pause {
    version: i64,
    /// Whether nothing of the tenant's is under way any more.
    is_held: Arc<AtomicBool>,
    /// Takes where the tenant is afterwards.
    over: oneshot::Sender<Whereabouts>,
}

/// Where a tenant is by a version of its placement.
#[derive(Debug)]
struct Whereabouts {
    url: Option<DatabaseUrl>,
    version: i64,
}

impl Store {
    /// Follows where tenants live, as the server `instance`, until the store is closed.
    pub fn follow(&self, instance: InstanceId, clock: Clock) {
        let store = self.clone();
        self.places.is_followed.store(true, Ordering::Release);
        tokio::spawn(async move {
            let closed = store.places.closed.clone();
            closed.run_until_cancelled(store.follow_for_ever(&instance, &clock)).await;
        });
    }

    async fn follow_for_ever(&self, instance: &InstanceId, clock: &Clock) {
        let (mut told, mut cleared) = (HashSet::new(), HashMap::new());
        loop {
            let moves: Vec<_> = match self.compare_places().await {
                Ok(placements) => placements.into_iter().filter(Placement::is_moving).collect(),
                Err(error) => {
                    tracing::warn!(%error, "where tenants live could not be read");
                    Vec::new()
                }
            };
            for placement in &moves {
                if let Err(error) = self.tell(placement, instance, &mut told).await {
                    tracing::warn!(tenant_id = %placement.tenant_id, %error, "a move was not told that it is followed");
                }
                self.clear_up_behind(placement, clock, &mut cleared).await;
            }
            told.retain(|(move_id, _)| moves.iter().any(|placement| placement.move_id == *move_id));
            cleared.retain(|_, tried: &mut Instant| tried.elapsed() < CLEARED_AGAIN_AFTER);
            let pause = if moves.iter().any(|placement| !placement.is_over()) { LOOK_CLOSELY } else { LOOK };
            let _ = tokio::time::timeout(pause, self.places.noticed.notified()).await;
        }
    }

    /// Tells whoever moves a tenant that this server knows of it; of the pause, once nothing is written here any more.
    async fn tell(
        &self,
        placement: &Placement,
        instance: &InstanceId,
        told: &mut HashSet<(MoveId, i64)>,
    ) -> Result<()> {
        let is_ready = match placement.state {
            PlacementState::Copying => true,
            PlacementState::Paused => self.places.holds_back(&placement.tenant_id, placement.version),
            _ => false,
        };
        let news = (placement.move_id.clone(), placement.version);
        if is_ready && !told.contains(&news) {
            self.acknowledge(&placement.move_id, instance, placement.version).await?;
            told.insert(news);
        }
        Ok(())
    }

    /// Ends what somebody began who has been silent for too long: the tenant stays where it is, or has arrived.
    async fn clear_up_behind(&self, placement: &Placement, clock: &Clock, cleared: &mut HashMap<MoveId, Instant>) {
        if placement.lease_until > clock.now() {
            return;
        }
        if placement.is_over() {
            if cleared.contains_key(&placement.move_id) {
                return;
            }
            cleared.insert(placement.move_id.clone(), Instant::now());
            let (store, placement, clock) = (self.clone(), placement.clone(), clock.clone());
            tokio::spawn(async move { store.finish_move(&placement, &clock).await });
        } else if let Err(error) = self.tenant(placement.tenant_id.clone()).put_back_expired(clock.now()).await {
            tracing::warn!(tenant_id = %placement.tenant_id, %error, "a move that was given up was not put back");
        }
    }

    /// Compares the places with the platform's database, and gives what that says.
    pub(super) async fn compare_places(&self) -> Result<Vec<Placement>> {
        // One after the other: what is older must not be taken for what is newer, which a row that has gone could not tell.
        let _turn = self.places.comparing.lock().await;
        let asked = Moment::now();
        let placements = self.placements().await?;
        self.places.apply(&placements);
        self.places.confirm(asked);
        Ok(placements)
    }
}

impl Places {
    /// Brings the places to what the platform's database says.
    fn apply(self: &Arc<Self>, placements: &[Placement]) {
        let mut pauses = self.lock_held_back();
        for placement in placements {
            let place = self.of(&placement.tenant_id);
            if pauses.0.get(&placement.tenant_id).is_some_and(|pause| pause.version >= placement.version) {
                continue;
            }
            let pause = pauses.0.remove(&placement.tenant_id);
            // Nobody would say to another process than a server when that is over.
            if placement.state == PlacementState::Paused && self.is_followed.load(Ordering::Acquire) {
                pauses.0.insert(placement.tenant_id.clone(), self.hold_back(place, placement.version));
                continue;
            }
            let whereabouts = Whereabouts { url: placement.database_url.clone(), version: placement.version };
            match pause {
                Some(pause) => drop(pause.over.send(whereabouts)),
                None => self.relocate(&place, whereabouts),
            }
        }
        drop(pauses);
        self.forget_purged(placements);
    }

    /// Puts the tenants that are listed no more back to where one begins: they were purged, and their ids may be given again.
    fn forget_purged(&self, placements: &[Placement]) {
        let listed: HashSet<_> = placements.iter().map(|placement| &placement.tenant_id).collect();
        for place in self.moved_but(&listed) {
            // One that is in use is found again.
            if let Ok(mut guard) = place.located().clone().try_write_owned() {
                guard.version = 0;
                self.rehome(guard, None);
            }
        }
    }

    /// Takes a place for itself alone until the pause is over; at once where nothing of the tenant's is under way.
    fn hold_back(self: &Arc<Self>, place: Arc<Place>, version: i64) -> Pause {
        let (over, mut is_over) = oneshot::channel();
        let is_held = Arc::new(AtomicBool::new(false));
        let pause = Pause { version, is_held: is_held.clone(), over };
        let at_once = place.located().clone().try_write_owned().ok();
        let places = self.clone();
        tokio::spawn(async move {
            let guard = match at_once {
                Some(guard) => Ok(guard),
                None => tokio::select! {
                    guard = place.located().clone().write_owned() => Ok(guard),
                    whereabouts = &mut is_over => Err(whereabouts),
                },
            };
            match guard {
                Ok(guard) => {
                    is_held.store(true, Ordering::Release);
                    places.noticed.notify_one();
                    // Nobody says it where the next pause began meanwhile, which then takes its turn.
                    if let Ok(whereabouts) = is_over.await {
                        places.settle_down(guard, &whereabouts);
                    }
                }
                Err(Ok(whereabouts)) => places.relocate(&place, whereabouts),
                Err(Err(_)) => {}
            }
        });
        pause
    }

    /// Notes where a tenant is that was not held back: it did not move, or this server was not asked to wait.
    fn relocate(self: &Arc<Self>, place: &Arc<Place>, whereabouts: Whereabouts) {
        if place.located().try_read().is_ok_and(|located| located.version >= whereabouts.version) {
            return;
        }
        if let Ok(guard) = place.located().clone().try_write_owned() {
            return self.settle_down(guard, &whereabouts);
        }
        let (places, located) = (self.clone(), place.located().clone());
        tokio::spawn(async move { places.settle_down(located.write_owned().await, &whereabouts) });
    }

    fn settle_down(&self, mut guard: OwnedRwLockWriteGuard<Located>, whereabouts: &Whereabouts) {
        if guard.version >= whereabouts.version {
            return;
        }
        guard.version = whereabouts.version;
        self.rehome(guard, whereabouts.url.as_ref());
    }

    fn rehome(&self, mut guard: OwnedRwLockWriteGuard<Located>, url: Option<&DatabaseUrl>) {
        if guard.home.is_at(url) {
            return;
        }
        let left = std::mem::replace(&mut guard.home, self.home(url));
        drop(guard);
        if left.is_silo() {
            tokio::spawn(async move { left.close().await });
        }
    }

    fn holds_back(&self, tenant_id: &TenantId, version: i64) -> bool {
        let pauses = self.lock_held_back();
        let pause = pauses.0.get(tenant_id);
        pause.is_some_and(|pause| pause.version == version && pause.is_held.load(Ordering::Acquire))
    }

    fn lock_held_back(&self) -> MutexGuard<'_, HeldBack> {
        self.held_back.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Home {
    fn is_at(&self, url: Option<&DatabaseUrl>) -> bool {
        self.url() == url
    }
}
