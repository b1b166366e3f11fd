//! The way to the server: straight, or through a proxy.

use std::env;

use url::Url;

use crate::{
    base_url,
    error::{Error, Result},
};

/// The variables that name a proxy for HTTP; the one for HTTPS comes before them where the server speaks that.
const FOR_HTTP: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
const FOR_HTTPS: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The way to the server.
pub(crate) enum Route {
    /// On this machine: the environment's proxies lead elsewhere.
    Straight,
    /// Through the proxy that the client was given.
    Through { proxy: reqwest::Proxy, tls: bool, shown: String },
    /// As the system's settings say.
    System { variable: Option<&'static str>, tls: bool },
}

impl Route {
    pub(crate) fn new(proxy: Option<&str>, base: &Url) -> Result<Self> {
        match proxy.map(str::trim).filter(|proxy| !proxy.is_empty()) {
            Some(proxy) => through(proxy),
            None if base_url::is_loopback(base) => Ok(Self::Straight),
            None => {
                let variables = if base.scheme() == "https" { FOR_HTTPS } else { FOR_HTTP };
                let set = variables.into_iter().find_map(|name| Some((name, env::var(name).ok()?)));
                let set = set.filter(|(_, proxy)| !proxy.trim().is_empty());
                let tls = set.as_ref().is_some_and(|(_, proxy)| proxy.trim().starts_with("https:"));
                Ok(Self::System { variable: set.map(|(name, _)| name), tls })
            }
        }
    }

    /// Whether the proxy itself is reached by TLS.
    pub(crate) fn needs_tls(&self) -> bool {
        matches!(self, Self::Through { tls: true, .. } | Self::System { tls: true, .. })
    }

    /// Where it leads, as an error tells of it.
    pub(crate) fn told(&self) -> String {
        match self {
            Self::Through { shown, .. } => format!(" through the proxy {shown}"),
            // NO_PROXY may say otherwise: this is where to look.
            Self::System { variable: Some(name), .. } => format!(" (with the proxy of {name})"),
            Self::Straight | Self::System { variable: None, .. } => String::new(),
        }
    }

    pub(crate) fn apply(&self, http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        match self {
            Self::Straight => http.no_proxy(),
            Self::Through { proxy, .. } => http.proxy(proxy.clone()),
            Self::System { .. } => http,
        }
    }
}

fn through(proxy: &str) -> Result<Route> {
    // The URL may hold a password: it is not repeated.
    let unusable = || Error::configuration("the proxy is not usable: it has to be a URL like http://proxy:3128");
    let url = Url::parse(proxy).map_err(|_| unusable())?;
    let (true, Some(host)) = (matches!(url.scheme(), "http" | "https"), url.host_str()) else {
        return Err(unusable());
    };
    let port = url.port_or_known_default().unwrap_or_default();
    Ok(Route::Through {
        proxy: reqwest::Proxy::all(proxy).map_err(|_| unusable())?,
        tls: url.scheme() == "https",
        shown: format!("{}://{host}:{port}", url.scheme()),
    })
}
