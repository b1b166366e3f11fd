//! The client's promises against the real server, behind a proxy that drops and cuts. The server's binary is the one that
//! the workspace's build puts beside this test, or `AGENT_PLATFORM_BINARY`.
#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected has to fail")]

mod exactly_once;
mod rejoin;

use std::sync::Arc;

use agent_platform::{ClientBuilder, RecordedDelays};
use agent_platform_conformance::{
    live::{self, Stage},
    proxy::Plan,
};

async fn stage(plan: Plan) -> Stage {
    Stage::set(live::binary().unwrap(), plan).await.unwrap_or_else(|error| panic!("{error:#}"))
}

/// A client of the stage that does not wait between attempts, at this URL.
fn builder(stage: &Stage, url: String) -> ClientBuilder {
    ClientBuilder::default().api_key(&stage.api_key).base_url(url).sleep(Arc::new(RecordedDelays::default()))
}
