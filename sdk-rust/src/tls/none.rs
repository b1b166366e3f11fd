//! No TLS, for programs that reach their server by plain HTTP alone.

use std::path::Path;

use crate::error::{Error, Result};

pub(crate) fn trusting(
    http: reqwest::ClientBuilder,
    needed: bool,
    ca_bundle: Option<&Path>,
) -> Result<reqwest::ClientBuilder> {
    if needed || ca_bundle.is_some() {
        return Err(Error::configuration(
            "https and a CA bundle need TLS, which this program was built without: enable the feature `rustls` or \
             `native-tls` of agent-platform-sdk",
        ));
    }
    Ok(http)
}
