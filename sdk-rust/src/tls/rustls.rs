//! TLS by rustls with ring. Loading the system's authorities takes 10 ms, so clients share one configuration.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_platform_verifier::Verifier;

use super::{unusable_bundle, variable_the_system_ignores};
use crate::error::{Error, Result};

pub(crate) fn trusting(
    http: reqwest::ClientBuilder,
    needed: bool,
    ca_bundle: Option<&Path>,
) -> Result<reqwest::ClientBuilder> {
    config(needed, ca_bundle).map(|config| http.tls_backend_preconfigured(config))
}

fn config(needed: bool, ca_bundle: Option<&Path>) -> Result<ClientConfig> {
    static SYSTEM: OnceLock<ClientConfig> = OnceLock::new();
    static NONE: OnceLock<ClientConfig> = OnceLock::new();
    if let Some(path) = ca_bundle {
        return trusting_system_and(authorities(path)?);
    }
    if !needed {
        return Ok(NONE.get_or_init(trusting_nobody).clone());
    }
    if let Some(config) = SYSTEM.get() {
        return Ok(config.clone());
    }
    let config = trusting_system_and(Vec::new())?;
    Ok(SYSTEM.get_or_init(|| config).clone())
}

fn trusting_system_and(mut extra: Vec<CertificateDer<'static>>) -> Result<ClientConfig> {
    if let Some(path) = variable_the_system_ignores() {
        extra.extend(authorities(&path)?);
    }
    let verifier = Verifier::new_with_extra_roots(extra, provider()).map_err(|error| {
        Error::configuration(format!(
            "no certificate authorities could be loaded ({error}): install ca-certificates, or name a PEM file \
             by SSL_CERT_FILE or as the client's CA bundle"
        ))
    })?;
    Ok(builder()
        .dangerous() // the name for any verifier of one's own; this one is the platform's
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

fn trusting_nobody() -> ClientConfig {
    builder().with_root_certificates(RootCertStore::empty()).with_no_client_auth()
}

fn builder() -> rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier> {
    ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("ring supports TLS 1.2 and 1.3")
}

fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    Arc::clone(PROVIDER.get_or_init(|| Arc::new(ring::default_provider())))
}

fn authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let found: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| unusable_bundle(path, &error.to_string()))?;
    if found.is_empty() {
        return Err(unusable_bundle(path, "it holds no PEM certificate"));
    }
    Ok(found)
}
