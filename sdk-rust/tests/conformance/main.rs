//! The cases of `openapi/conformance`, played to the async and to the blocking client: the same expectations as in
//! Python and Node. A family is a test; what fails is told by the names of its cases.
#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected has to fail")]

mod asynchronous;
mod blocking;
mod observe;
mod setup;
mod typed;

use std::collections::BTreeMap;

use agent_platform_conformance::{case::Case, cases};

/// This runner's name in the cases.
pub(crate) const LANGUAGE: &str = "rust";

/// How many cases are played at the same time; the slowest of them only wait.
pub(crate) const AT_ONCE: usize = 32;

/// A case's name, and what is wrong with what came of it.
pub(crate) type Failures = Vec<(String, Vec<String>)>;

/// The cases of a family that Rust can make.
pub(crate) fn cases_of(family: &str) -> Vec<Case> {
    let cases = cases().unwrap_or_else(|error| panic!("{error:#}"));
    cases.into_iter().filter(|case| case.family == family && !case.skip.contains_key(LANGUAGE)).collect()
}

/// Fails with the name of each case that did, and why.
pub(crate) fn report(family: &str, played: usize, failures: Failures) {
    let told: Vec<_> =
        failures.iter().map(|(name, problems)| format!("{name}\n    {}", problems.join("\n    "))).collect();
    assert!(played > 0, "there are no cases in {family}");
    assert!(told.is_empty(), "{} of {played} cases of {family} failed:\n  {}", told.len(), told.join("\n  "));
}

macro_rules! families {
    ($($family:ident)*) => {
        const FAMILIES: &[&str] = &[$(stringify!($family)),*];

        mod asynchronous_client {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $family() {
                crate::asynchronous::play(stringify!($family)).await;
            })*
        }

        mod blocking_client {
            $(#[test]
            fn $family() {
                crate::blocking::play(stringify!($family));
            })*
        }
    };
}

families! {
    bad_input connections errors forward_compatibility framing idempotency operations options pages raw rejoin retries
    retry_after streams timeouts
}

#[test]
fn no_family_is_left_out() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases().unwrap() {
        *counts.entry(case.family).or_default() += 1;
    }
    let mut listed: Vec<_> = FAMILIES.iter().map(|family| (*family).to_owned()).collect();
    listed.sort();
    assert_eq!(listed, counts.keys().cloned().collect::<Vec<_>>(), "add it to `families!`");
}
