//! The cases, played to `agent_platform::Client`.

use agent_platform::{
    Arguments, Client, Result, models,
    operation::{Answer, Operation},
};
use agent_platform_conformance::{
    FaultServer,
    case::{Call, Case, Read},
    expect::Observation,
};
use futures_util::{StreamExt, stream};
use serde_json::Value;

use crate::{
    AT_ONCE, LANGUAGE, cases_of, observe, report,
    setup::{self, Run},
    typed::by_answer,
};

/// Plays the cases of a family and fails if any does.
pub(crate) async fn play(family: &str) {
    let server = FaultServer::start(cases_of(family)).await.unwrap();
    let played = stream::iter(server.cases()).map(|case| async {
        let run = Run::new(&server.url(), &case.name);
        let seen = observation(case, &run).await;
        (case.name.clone(), server.verdict(case, &run.id, &seen).await)
    });
    let verdicts: Vec<_> = played.buffer_unordered(AT_ONCE).collect().await;
    report(family, verdicts.len(), verdicts.into_iter().filter(|(_, problems)| !problems.is_empty()).collect());
}

async fn observation(case: &Case, run: &Run) -> Observation {
    let mut seen = Observation { language: LANGUAGE.to_owned(), ..Observation::default() };
    if let Some(client) = observe::keep(run.builder(&case.client).build(), &mut seen) {
        for _ in 0..case.call.times {
            seen.error = None;
            seen = make(&client, &case.call, seen).await;
        }
    }
    seen.waits_ms = run.waits_ms();
    seen
}

async fn make(client: &Client, call: &Call, mut seen: Observation) -> Observation {
    let (operation, arguments) = setup::operation_and_arguments(call);
    let options = setup::options(&call.options);
    match call.read {
        Read::Answer => {
            let answer = answer(&client.with_options(options), operation, arguments).await;
            seen.value = observe::keep(answer, &mut seen).unwrap_or_default();
        }
        Read::Raw => {
            let answer = client.call(operation, arguments, &options).await;
            if let Some(answer) = observe::keep(answer, &mut seen) {
                (seen.raw, seen.value) = (observe::raw(&answer), observe::body(&answer));
            }
        }
        Read::Items => {
            let mut pager = client.with_options(options).pager::<models::Agent>(operation, arguments);
            let mut items = Vec::new();
            while let Some(item) = pager.next().await {
                items.extend(observe::keep(item, &mut seen).map(|item| observe::plain(&item)));
            }
            seen.value = items.into();
        }
        Read::Events | Read::Text | Read::Final => {
            let opened = client.with_options(options).stream::<models::ExecutionEvent>(operation, arguments).await;
            if let Some(stream) = observe::keep(opened, &mut seen) {
                read(stream, call, &mut seen).await;
            }
        }
    }
    seen
}

async fn answer(client: &Client, operation: &'static Operation, arguments: Arguments) -> Result<Value> {
    macro_rules! send {
        ($type:ty) => {
            client.send::<$type>(operation, arguments).await.map(|answer| observe::plain(&answer))
        };
    }
    match operation.answer {
        Answer::Empty => client.send_empty(operation, arguments).await.map(|()| Value::Null),
        _ => by_answer!(operation, send),
    }
}

async fn read(mut stream: agent_platform::EventStream<models::ExecutionEvent>, call: &Call, seen: &mut Observation) {
    match call.read {
        Read::Events => {
            let mut events = Vec::new();
            while call.leave_after.is_none_or(|most| events.len() < most)
                && let Some(event) = stream.next().await
            {
                events.extend(observe::keep(event, seen).map(|event| observe::plain(&event)));
            }
            seen.events = Some(events);
        }
        Read::Text => {
            let mut texts = stream.text_stream();
            let mut text = String::new();
            while let Some(piece) = texts.next().await {
                text.extend(observe::keep(piece, seen));
            }
            seen.text = Some(text);
        }
        _ => {}
    }
    if seen.error.is_none() && call.leave_after.is_none() {
        let response = stream.final_response().await;
        seen.final_response =
            observe::keep(response, seen).map(|response| observe::plain(&response)).unwrap_or_default();
    }
}
