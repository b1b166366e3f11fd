//! The counters against a plain model of them, over any order of what can happen to a tenant.

use std::collections::HashMap;

use chrono::TimeDelta;
use proptest::{collection::vec, prelude::*, sample::Index};

use super::*;

/// What happens next.
#[derive(Clone, Debug)]
enum Event {
    Reserve(Ask),
    TopUp(Index, i64),
    /// The execution ends having used this share, in percent, of what it held.
    Settle(Index, i64),
    GiveBack(Index),
    /// The clock moves; a clock that is corrected also goes back.
    Move(TimeDelta),
}

fn ask() -> impl Strategy<Value = Ask> {
    (prop::bool::weighted(0.8), 0..40_i64, 1..40_i64, any::<bool>(), 0..4_i64, 0..4_i64, 0..400_000_i64).prop_map(
        |(metered, input_tokens, max_output_tokens, output_is_fixed, input_price, output_price, message_bytes)| Ask {
            metered,
            input_tokens,
            max_output_tokens,
            output_is_fixed,
            input_price: Micros(input_price),
            output_price: Micros(output_price),
            message_bytes,
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    let moves = prop_oneof![
        6 => (1..90_i64).prop_map(TimeDelta::minutes),
        2 => (1..40_i64).prop_map(TimeDelta::days),
        1 => (1..90_i64).prop_map(|minutes| -TimeDelta::minutes(minutes)),
    ];
    prop_oneof![
        5 => ask().prop_map(Event::Reserve),
        2 => (any::<Index>(), 1..20_i64).prop_map(|(which, tokens)| Event::TopUp(which, tokens)),
        3 => (any::<Index>(), 0..=100_i64).prop_map(|(which, percent)| Event::Settle(which, percent)),
        1 => any::<Index>().prop_map(Event::GiveBack),
        1 => moves.prop_map(Event::Move),
    ]
}

fn limits() -> impl Strategy<Value = Limits> {
    (0..12_i64, 0..400_i64, 0..600_i64, 0..6_i64).prop_map(|(requests, tokens, spend, running)| Limits {
        max_requests_per_hour: requests,
        max_tokens_per_month: tokens,
        max_spend_per_month: Micros(spend),
        max_concurrent_agents: running,
        max_storage_mb: 1,
    })
}

/// The same books, kept in the plainest way: everything that ever happened, by its period.
#[derive(Default)]
struct Model {
    requests: HashMap<DateTime<Utc>, i64>,
    used: HashMap<DateTime<Utc>, (i64, i64)>,
    open: Vec<Reserved>,
    bytes: i64,
    latest: DateTime<Utc>,
}

impl Model {
    fn hour(&self) -> DateTime<Utc> {
        hour_of(self.latest)
    }

    fn month(&self) -> DateTime<Utc> {
        month_of(self.latest)
    }

    fn requests(&mut self) -> &mut i64 {
        let hour = self.hour();
        self.requests.entry(hour).or_default()
    }

    fn used(&self) -> (i64, i64) {
        self.used.get(&self.month()).copied().unwrap_or_default()
    }

    /// What this month's executions hold.
    fn held(&self) -> (i64, i64) {
        let this_month = self.open.iter().filter(|held| held.month == self.month());
        this_month.fold((0, 0), |(tokens, spend), held| (tokens + held.tokens, spend + held.spend.0))
    }

    /// How many tokens an execution may write, if it may begin.
    fn allows(&mut self, limits: &Limits, ask: Ask) -> Option<i64> {
        if *self.requests() >= limits.max_requests_per_hour || self.running() >= limits.max_concurrent_agents {
            return None;
        }
        let ((used, spent), (held, committed)) = (self.used(), self.held());
        let stored = self.bytes + self.held_bytes();
        let fits = |output: &i64| {
            let cost = ask.input_price.0 * ask.input_tokens + ask.output_price.0 * output;
            let is_paid = used + held + ask.input_tokens + output <= limits.max_tokens_per_month
                && spent + committed + cost <= limits.max_spend_per_month.0;
            let takes = ask.message_bytes + output * BYTES_PER_TOKEN;
            (is_paid || !ask.metered) && stored + takes <= limits.max_storage_mb * 1_000_000
        };
        let least = if ask.output_is_fixed { ask.max_output_tokens } else { 1 };
        (least..=ask.max_output_tokens).rev().find(fits)
    }

    fn held_bytes(&self) -> i64 {
        self.open.iter().map(|held| held.bytes).sum()
    }

    fn running(&self) -> i64 {
        i64::try_from(self.open.len()).unwrap()
    }

    /// Takes one of the open executions.
    fn take(&mut self, which: &Index) -> Option<Reserved> {
        (!self.open.is_empty()).then(|| self.open.swap_remove(which.index(self.open.len())))
    }
}

/// Lets an event happen to both, and compares what each says of it.
fn apply(event: &Event, counters: &mut Counters, model: &mut Model, now: &mut DateTime<Utc>, limits: &Limits) {
    let before = counters.snapshot(*now);
    match event {
        Event::Reserve(ask) => match (counters.reserve(*now, limits, *ask), model.allows(limits, *ask)) {
            (Ok((held, output)), Some(allowed)) => {
                assert_eq!(output, allowed, "the answer is cut to what remains, and no further");
                let tokens = if ask.metered { ask.input_tokens + output } else { 0 };
                assert_eq!(held.tokens, tokens);
                *model.requests() += 1;
                model.open.push(held);
            }
            (Err(problem), None) => {
                assert_eq!(problem.status, 429);
                assert_eq!(counters.snapshot(*now), before, "a refusal changes nothing");
            }
            (outcome, allowed) => panic!("{outcome:?} where the model says {allowed:?}"),
        },
        Event::TopUp(which, tokens) => {
            let Some(mut held) = model.take(which) else { return };
            let ((used, spent), (all_held, committed)) = (model.used(), model.held());
            let (seen, spend) = (held, Micros(tokens * 2));
            let fits = used + all_held + held.tokens + tokens <= limits.max_tokens_per_month
                && spent + committed + held.spend.0 + spend.0 <= limits.max_spend_per_month.0;
            let allowed = !held.metered || (held.month == model.month() && fits);
            assert_eq!(counters.top_up(*now, limits, &mut held, *tokens, spend), allowed);
            if !allowed {
                assert_eq!(counters.snapshot(*now), before, "a refusal changes nothing");
                assert_eq!((held.tokens, held.spend), (seen.tokens, seen.spend));
            }
            model.open.push(held);
        }
        Event::Settle(which, percent) => {
            let Some(held) = model.take(which) else { return };
            let (tokens, spend) = (held.tokens * percent / 100, held.spend.0 * percent / 100);
            let bytes = held.bytes * percent / 100;
            counters.release(*now, &held, Used { tokens, spend: Micros(spend), bytes });
            model.bytes += bytes;
            let used = model.used.entry(held.month).or_default();
            *used = (used.0 + tokens, used.1 + spend);
        }
        Event::GiveBack(which) => {
            let Some(held) = model.take(which) else { return };
            counters.give_back(*now, &held);
            *model.requests.entry(held.hour).or_default() -= 1;
        }
        Event::Move(by) => {
            *now += *by;
            model.latest = model.latest.max(*now);
        }
    }
}

fn agree(counters: &mut Counters, model: &mut Model, now: DateTime<Utc>, limits: &Limits) {
    let counted = counters.snapshot(now);
    assert_eq!((counted.hour, counted.month), (model.hour(), model.month()));
    assert_eq!((counted.requests, counted.running), (*model.requests(), model.running()));
    assert_eq!((counted.tokens, counted.spend.0), model.used());
    let (held, committed) = model.held();
    assert_eq!((counted.reserved_tokens, counters.reserved.cost_micros.0), (held, committed));
    assert_eq!((counted.bytes, counters.reserved_bytes), (model.bytes, model.held_bytes()));
    assert!(counted.bytes + model.held_bytes() <= limits.max_bytes(), "storage passes the cap");
    assert!(counted.tokens + held <= limits.max_tokens_per_month, "tokens pass the cap");
    assert!(counted.spend.0 + committed <= limits.max_spend_per_month.0, "spend passes the cap");
    assert!(counted.requests <= limits.max_requests_per_hour && counted.running <= limits.max_concurrent_agents);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_books_agree_and_no_cap_is_passed(limits in limits(), events in vec(event(), 1..120)) {
        let mut now: DateTime<Utc> = "2024-02-29T22:40:00Z".parse().unwrap();
        let mut counters = Counters::new((hour_of(now), 0), (month_of(now), UsageTotals::default()), 0);
        let mut model = Model { latest: now, ..Model::default() };
        for event in &events {
            apply(event, &mut counters, &mut model, &mut now, &limits);
            agree(&mut counters, &mut model, now, &limits);
        }
        // Whatever is open ends: nothing stays held.
        while let Some(held) = model.open.pop() {
            counters.release(now, &held, Used { tokens: held.tokens, spend: held.spend, bytes: held.bytes });
        }
        let ended = counters.snapshot(now);
        prop_assert_eq!((ended.running, ended.reserved_tokens, counters.reserved.cost_micros, counters.reserved_bytes), (0, 0, Micros::ZERO, 0));
    }

    #[test]
    fn storage_never_passes_its_cap(limits in limits(), sizes in vec(0..400_000_i64, 1..20)) {
        let now = "2024-02-29T22:40:00Z".parse().unwrap();
        let mut counters = Counters::new((hour_of(now), 0), (month_of(now), UsageTotals::default()), 0);
        let mut stored = 0;
        for bytes in sizes {
            let fits = stored + bytes <= limits.max_storage_mb * 1_000_000;
            prop_assert_eq!(counters.take_storage(&limits, bytes).is_ok(), fits);
            stored += if fits { bytes } else { 0 };
            prop_assert_eq!(counters.snapshot(now).bytes, stored);
        }
    }
}

#[test]
fn what_began_before_the_month_is_settled_in_its_own() {
    let limits = Limits {
        max_requests_per_hour: 10,
        max_tokens_per_month: 100,
        max_spend_per_month: Micros(10_000),
        max_concurrent_agents: 10,
        max_storage_mb: 1,
    };
    let ask = Ask {
        metered: true,
        input_tokens: 40,
        max_output_tokens: 60,
        output_is_fixed: true,
        input_price: Micros(1),
        output_price: Micros(1),
        message_bytes: 5,
    };
    let eve: DateTime<Utc> = "2024-02-29T23:59:59Z".parse().unwrap();
    let mut counters = Counters::new((hour_of(eve), 0), (month_of(eve), UsageTotals::default()), 0);
    let (held, _) = counters.reserve(eve, &limits, ask).unwrap();
    assert!(counters.reserve(eve, &limits, ask).is_err(), "February is full");

    let first = eve + TimeDelta::seconds(1);
    let (next, _) = counters.reserve(first, &limits, ask).expect("March has its own");
    counters.release(first, &held, Used { tokens: 100, spend: Micros(100), bytes: 5 });
    let march = counters.snapshot(first);
    assert_eq!((march.tokens, march.reserved_tokens, march.running, march.requests), (0, 100, 1, 1));
    counters.release(first, &next, Used { tokens: 70, spend: Micros(70), bytes: 5 });
    assert_eq!(counters.snapshot(first).tokens, 70);
}
