//! Whom the client trusts. Loading the system's authorities takes 10 ms, so clients share one configuration.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_platform_verifier::Verifier;

use crate::error::{Error, Result};

/// Sets up whom a client trusts. `needed` is false where no connection can use TLS: a container without certificates
/// should still reach `http://localhost:8000`.
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
    // Elsewhere the verifier reads SSL_CERT_FILE by itself; these two ask the system only.
    if cfg!(any(target_vendor = "apple", windows))
        && let Some(path) = std::env::var_os("SSL_CERT_FILE")
    {
        extra.extend(authorities(&PathBuf::from(path))?);
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
    let unusable = |why: String| Error::configuration(format!("the CA bundle {} is not usable: {why}", path.display()));
    let found: Vec<_> =
        CertificateDer::pem_file_iter(path).and_then(Iterator::collect).map_err(|error| unusable(error.to_string()))?;
    if found.is_empty() {
        return Err(unusable("it holds no PEM certificate".to_owned()));
    }
    Ok(found)
}
