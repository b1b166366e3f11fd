//! Who gets in, who waits, and that nothing is lost whoever leaves.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use proptest::{collection::vec, prelude::*, sample::Index};

use super::*;

/// An execution that has asked.
type Asking<'a> = Pin<Box<dyn Future<Output = Result<Permit<'a>, Full>> + Send + 'a>>;

fn tenants(count: usize) -> Vec<TenantId> {
    (0..count).map(|at| format!("tenant-{at}").parse().unwrap()).collect()
}

fn look<'a>(asking: &mut Asking<'a>) -> Option<Result<Permit<'a>, Full>> {
    // Looked at so often within one task, tokio would have it yield.
    let asking = std::pin::pin!(tokio::task::unconstrained(asking.as_mut()));
    match asking.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Some(outcome),
        Poll::Pending => None,
    }
}

/// Asks, and gives the permit where there is one at once.
fn ask<'a>(admission: &'a Admission, tenant_id: &'a TenantId) -> Result<Permit<'a>, Asking<'a>> {
    let mut asking: Asking<'a> = Box::pin(admission.enter(tenant_id));
    match look(&mut asking) {
        Some(outcome) => Ok(outcome.unwrap()),
        None => Err(asking),
    }
}

fn flood<'a>(admission: &'a Admission, tenant_id: &'a TenantId, count: usize) -> (Vec<Permit<'a>>, Vec<Asking<'a>>) {
    let (mut permits, mut waiting) = (Vec::new(), Vec::new());
    for _ in 0..count {
        match ask(admission, tenant_id) {
            Ok(permit) => permits.push(permit),
            Err(asking) => waiting.push(asking),
        }
    }
    (permits, waiting)
}

/// Takes out those whose turn has come.
fn come_in<'a>(waiting: &mut Vec<Asking<'a>>) -> Vec<Permit<'a>> {
    let mut permits = Vec::new();
    waiting.retain_mut(|asking| look(asking).map(|outcome| permits.push(outcome.unwrap())).is_none());
    permits
}

#[track_caller]
fn is_at_rest(admission: &Admission) {
    let state = admission.lock();
    assert_eq!((state.held, state.busy, state.turns.len()), (0, 0, 0));
    assert!(state.tenants.values().all(Tenant::is_idle));
}

#[tokio::test(start_paused = true)]
async fn alone_a_tenant_may_hold_them_all() {
    let (admission, tenants) = (Admission::default(), tenants(1));
    let (mut permits, mut waiting) = flood(&admission, &tenants[0], PERMITS + 3);
    assert_eq!((permits.len(), waiting.len()), (PERMITS, 3));
    assert!(come_in(&mut waiting).is_empty());
    permits.pop();
    assert_eq!(come_in(&mut waiting).len(), 1);
    drop((permits, waiting));
    is_at_rest(&admission);
}

#[tokio::test(start_paused = true)]
async fn beside_another_a_flood_holds_its_share() {
    let (admission, tenants) = (Admission::default(), tenants(2));
    let (mut permits, mut waiting) = flood(&admission, &tenants[0], 500);
    let quiet = ask(&admission, &tenants[1]);
    assert!(quiet.is_ok(), "it does not wait for what the flood has begun");
    while permits.len() > SHARED / 2 {
        permits.pop();
        assert!(come_in(&mut waiting).is_empty());
    }
    permits.pop();
    assert_eq!(come_in(&mut waiting).len(), 1);
    permits.truncate(0);
    drop(quiet);
    // The other was there a moment ago, and is counted.
    tokio::time::advance(WINDOW - Duration::from_millis(1)).await;
    let (again, more) = flood(&admission, &tenants[0], 1);
    assert_eq!((again.len(), more.len()), (0, 1));
    permits.extend(come_in(&mut waiting));
    assert_eq!(permits.len(), SHARED / 2);
    // It is gone for long: a flood alone may hold them all again.
    tokio::time::advance(2 * WINDOW).await;
    waiting.extend(flood(&admission, &tenants[0], 1).1);
    permits.pop();
    permits.extend(come_in(&mut waiting));
    assert_eq!(permits.len(), PERMITS);
    drop((permits, waiting, more));
    is_at_rest(&admission);
}

#[tokio::test(start_paused = true)]
async fn of_those_who_wait_each_tenant_has_its_turn() {
    let (admission, tenants) = (Admission::default(), tenants(43));
    let mut permits: Vec<_> = tenants[..40].iter().flat_map(|tenant_id| flood(&admission, tenant_id, 2).0).collect();
    assert_eq!(permits.len(), PERMITS + SPARE);
    // The first of them brings a hundred, the others two each.
    let mut waiting: Vec<_> =
        [100, 2, 2].into_iter().zip(&tenants[40..]).map(|(count, t)| flood(&admission, t, count).1).collect();
    let mut came = Vec::new();
    for _ in 0..6 {
        permits.pop();
        for (at, waiting) in waiting.iter_mut().enumerate() {
            for permit in come_in(waiting) {
                came.push((at, permit));
            }
        }
    }
    assert_eq!(came.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 1, 2, 0, 1, 2]);
    drop((permits, came, waiting));
    is_at_rest(&admission);
}

#[tokio::test(start_paused = true)]
async fn who_leaves_the_queue_takes_nothing() {
    let (admission, tenants) = (Admission::default(), tenants(1));
    let (mut permits, mut waiting) = flood(&admission, &tenants[0], PERMITS + 4);
    drop(waiting.remove(0));
    permits.pop();
    // The turn has come to the second, which leaves before it sees that.
    drop(waiting.remove(0));
    assert_eq!(come_in(&mut waiting).len(), 1, "then it is the third's, which came and went");
    assert_eq!(come_in(&mut waiting).len(), 1);
    assert_eq!(admission.lock().held, PERMITS - 1);
    drop((permits, waiting));
    is_at_rest(&admission);
}

#[tokio::test(start_paused = true)]
async fn who_floods_beyond_the_queue_is_refused_alone() {
    let (admission, tenants) = (Admission::default(), tenants(2));
    let (permits, mut waiting) = flood(&admission, &tenants[0], PERMITS + QUEUE);
    assert_eq!(admission.waiting(), QUEUE);
    let mut refused: Asking<'_> = Box::pin(admission.enter(&tenants[0]));
    assert_eq!(look(&mut refused).unwrap().unwrap_err().waiting, QUEUE);
    assert!(ask(&admission, &tenants[1]).is_ok());
    waiting.pop();
    assert!(ask(&admission, &tenants[0]).is_err(), "a place that was left can be taken");
    drop((permits, waiting));
    is_at_rest(&admission);
}

#[tokio::test(start_paused = true)]
async fn tenants_that_went_are_forgotten() {
    let (admission, tenants) = (Admission::default(), tenants(20_000));
    let held = ask(&admission, &tenants[0]).ok().unwrap();
    for some in tenants.chunks(500) {
        for tenant_id in some {
            assert!(ask(&admission, tenant_id).is_ok());
        }
        tokio::time::advance(WINDOW).await;
    }
    assert!(admission.lock().tenants.len() <= REMEMBERED + 3 * 500, "{}", admission.lock().tenants.len());
    drop(held);
    is_at_rest(&admission);
}

/// What happens next.
#[derive(Clone, Debug)]
enum Event {
    /// The tenants with small numbers ask far more often.
    Ask(usize),
    Finish(Index),
    Leave(Index),
    Wait(u64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (0..3_usize).prop_map(Event::Ask),
        3 => (0..60_usize).prop_map(Event::Ask),
        4 => any::<Index>().prop_map(Event::Finish),
        1 => any::<Index>().prop_map(Event::Leave),
        1 => (1..2_500_u64).prop_map(Event::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn nobody_starves_and_nothing_is_lost(events in vec(event(), 1..800)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let (admission, tenants) = (Admission::default(), tenants(60));
            let mut permits: Vec<(usize, Permit<'_>)> = Vec::new();
            let mut waiting: Vec<(usize, Asking<'_>)> = Vec::new();
            for event in events {
                let mut has_released = false;
                match event {
                    Event::Ask(at) => match ask(&admission, &tenants[at]) {
                        Ok(permit) => permits.push((at, permit)),
                        Err(asking) => waiting.push((at, asking)),
                    },
                    Event::Finish(which) if !permits.is_empty() => {
                        drop(permits.swap_remove(which.index(permits.len())));
                        has_released = true;
                    }
                    Event::Leave(which) if !waiting.is_empty() => drop(waiting.remove(which.index(waiting.len()))),
                    Event::Wait(millis) => tokio::time::advance(Duration::from_millis(millis)).await,
                    _ => {}
                }
                let mut passed_over = std::collections::HashSet::new();
                waiting.retain_mut(|(at, asking)| match look(asking) {
                    Some(outcome) => {
                        assert!(!passed_over.contains(at), "a tenant's own come in their order");
                        permits.push((*at, outcome.unwrap()));
                        false
                    }
                    None => {
                        passed_over.insert(*at);
                        true
                    }
                });
                let state = admission.lock();
                prop_assert_eq!(state.held, permits.len());
                prop_assert!(state.held <= PERMITS + SPARE);
                let waits = |at: usize| waiting.iter().any(|(of, _)| *of == at);
                for (at, tenant_id) in tenants.iter().enumerate() {
                    let held = permits.iter().filter(|(of, _)| *of == at).count();
                    prop_assert!(held <= PERMITS);
                    // Where everybody's share has grown since, the next that is given back sees to it.
                    if has_released && waits(at) {
                        prop_assert!(!state.tenants[tenant_id].may_take(share(state.busy, state.recently.asked), state.held));
                    }
                    prop_assert!(held > 0 || !waits(at) || state.held == PERMITS + SPARE, "a tenant waits without need");
                }
            }
            // Whoever waits gets in, by nothing but others that finish.
            while !waiting.is_empty() {
                prop_assert!(!permits.is_empty(), "{} wait for nothing", waiting.len());
                permits.remove(0);
                waiting.retain_mut(|(at, asking)| look(asking).map(|outcome| permits.push((*at, outcome.unwrap()))).is_none());
            }
            permits.clear();
            is_at_rest(&admission);
            Ok(())
        })?;
    }
}
