//! Where the server is.

use url::{Host, Url};

use crate::{
    config::{BASE_URL_VARIABLE, DEFAULT_BASE_URL},
    error::{Error, Result},
};

/// How keys begin. Whoever puts one in place of the URL should not find it in a log.
const KEYS: [&str; 3] = ["pk_live_", "pk_test_", "op_live_"];

/// The base URL: a host, and maybe a path under which the API is found.
pub(crate) fn parse(text: &str) -> Result<Url> {
    let unusable = |why: &str| {
        Error::configuration(format!(
            "the base URL {} is not usable: {why}; set it, or {BASE_URL_VARIABLE}, to one like {DEFAULT_BASE_URL}",
            shown(text)
        ))
    };
    let url = Url::parse(text).map_err(|error| unusable(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(unusable("it does not begin with http:// or https:// and a host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unusable("it holds credentials, which have no place in it"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(unusable("it has a query or a fragment"));
    }
    Ok(url)
}

/// What of it can be repeated: what stands before an @ may be a password, and what is in a query a key.
fn shown(text: &str) -> &str {
    let secret = text.contains('@') || KEYS.iter().any(|key| text.contains(key));
    if secret { "(not shown)" } else { text.split(['?', '#']).next().unwrap_or_default() }
}

/// Whether it is on this machine, where no proxy leads.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
