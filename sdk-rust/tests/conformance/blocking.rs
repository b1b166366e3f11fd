//! The cases, played to `agent_platform::blocking::Client`.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use agent_platform::{
    Arguments, Result,
    blocking::{Client, EventStream},
    models,
    operation::{Answer, Operation},
};
use agent_platform_conformance::{
    FaultServer,
    case::{Call, Case, Read},
    expect::Observation,
};
use serde_json::Value;

use crate::{
    AT_ONCE, LANGUAGE, cases_of, observe, report,
    setup::{self, Run},
    typed::by_answer,
};

/// Plays the cases of a family and fails if any does.
pub(crate) fn play(family: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let server = runtime.block_on(FaultServer::start(cases_of(family))).unwrap();
    let cases: Vec<_> = server.cases().collect();
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(cases.len()) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let run = Run::new(&server.url(), &case.name);
                    let seen = observation(case, &run);
                    let problems = runtime.block_on(server.verdict(case, &run.id, &seen));
                    if !problems.is_empty() {
                        failures.lock().unwrap().push((case.name.clone(), problems));
                    }
                }
            });
        }
    });
    report(family, cases.len(), failures.into_inner().unwrap());
}

fn observation(case: &Case, run: &Run) -> Observation {
    let mut seen = Observation { language: LANGUAGE.to_owned(), ..Observation::default() };
    if let Some(client) = observe::keep(run.builder(&case.client).build_blocking(), &mut seen) {
        for _ in 0..case.call.times {
            seen.error = None;
            seen = make(&client, &case.call, seen);
        }
    }
    seen.waits_ms = run.waits_ms();
    seen
}

fn make(client: &Client, call: &Call, mut seen: Observation) -> Observation {
    let (operation, arguments) = setup::operation_and_arguments(call);
    let options = setup::options(&call.options);
    match call.read {
        Read::Answer => {
            let answer = answer(&client.with_options(options), operation, arguments);
            seen.value = observe::keep(answer, &mut seen).unwrap_or_default();
        }
        Read::Raw => {
            let answer = client.call(operation, arguments, &options);
            if let Some(answer) = observe::keep(answer, &mut seen) {
                (seen.raw, seen.value) = (observe::raw(&answer), observe::body(&answer));
            }
        }
        Read::Items => {
            let pager = client.with_options(options).pager::<models::Agent>(operation, arguments);
            let items = pager.filter_map(|item| observe::keep(item, &mut seen).map(|item| observe::plain(&item)));
            let items: Vec<_> = items.collect();
            seen.value = items.into();
        }
        Read::Events | Read::Text | Read::Final => {
            let opened = client.with_options(options).stream::<models::ExecutionEvent>(operation, arguments).send();
            if let Some(stream) = observe::keep(opened, &mut seen) {
                read(stream, call, &mut seen);
            }
        }
    }
    seen
}

fn answer(client: &Client, operation: &'static Operation, arguments: Arguments) -> Result<Value> {
    macro_rules! send {
        ($type:ty) => {
            client.send::<$type>(operation, arguments).send().map(|answer| observe::plain(&answer))
        };
    }
    match operation.answer {
        Answer::Empty => client.send_empty(operation, arguments).send().map(|()| Value::Null),
        _ => by_answer!(operation, send),
    }
}

fn read(mut stream: EventStream<models::ExecutionEvent>, call: &Call, seen: &mut Observation) {
    match call.read {
        Read::Events => {
            let events = stream.by_ref().take(call.leave_after.unwrap_or(usize::MAX));
            let events = events.filter_map(|event| observe::keep(event, seen).map(|event| observe::plain(&event)));
            let events: Vec<_> = events.collect();
            seen.events = Some(events);
        }
        Read::Text => {
            let text = stream.text_stream().filter_map(|piece| observe::keep(piece, seen)).collect();
            seen.text = Some(text);
        }
        _ => {}
    }
    if seen.error.is_none() && call.leave_after.is_none() {
        let response = stream.final_response();
        seen.final_response =
            observe::keep(response, seen).map(|response| observe::plain(&response)).unwrap_or_default();
    }
}
