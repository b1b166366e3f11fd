//! TLS by the system's library: OpenSSL, Secure Transport or SChannel.

use std::{fs, path::Path};

use reqwest::{Certificate, ClientBuilder};

use super::{unusable_bundle, variable_the_system_ignores};
use crate::error::Result;

pub(crate) fn trusting(http: ClientBuilder, _needed: bool, ca_bundle: Option<&Path>) -> Result<ClientBuilder> {
    let mut http = http.tls_backend_native();
    for path in [ca_bundle.map(Path::to_owned), variable_the_system_ignores()].into_iter().flatten() {
        let text = fs::read(&path).map_err(|error| unusable_bundle(&path, &error.to_string()))?;
        let found = Certificate::from_pem_bundle(&text).map_err(|error| unusable_bundle(&path, &error.to_string()))?;
        if found.is_empty() {
            return Err(unusable_bundle(&path, "it holds no PEM certificate"));
        }
        http = http.tls_certs_merge(found);
    }
    Ok(http)
}
