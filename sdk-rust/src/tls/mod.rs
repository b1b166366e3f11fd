//! Whom the client trusts, by one of two TLS libraries, or none.

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
mod native;
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
mod none;
#[cfg(feature = "rustls")]
mod rustls;

use std::path::Path;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
use std::{env, path::PathBuf};

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
use self::native as backend;
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
use self::none as backend;
#[cfg(feature = "rustls")]
use self::rustls as backend;
use crate::error::Result;

/// Sets up whom a client trusts. `needed` is false where no connection can use TLS: a container without certificates
/// should still reach `http://localhost:8000`.
pub(crate) fn trusting(
    http: reqwest::ClientBuilder,
    needed: bool,
    ca_bundle: Option<&Path>,
) -> Result<reqwest::ClientBuilder> {
    backend::trusting(http, needed, ca_bundle)
}

/// `SSL_CERT_FILE`, where the system does not read it by itself.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn variable_the_system_ignores() -> Option<PathBuf> {
    let asked = cfg!(any(target_vendor = "apple", windows));
    env::var_os("SSL_CERT_FILE").filter(|_| asked).map(PathBuf::from)
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn unusable_bundle(path: &Path, why: &str) -> crate::error::Error {
    crate::error::Error::configuration(format!("the CA bundle {} is not usable: {why}", path.display()))
}
